import { AlertKind, AlertMode, FieldData, Permissions, PropertyId, RoleId, StaffId } from '@leasewire/contracts';
import { Database, defineCollection, Due, dueIndexes, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const what = { kind: AlertKind, propertyId: PropertyId.nullable(), data: FieldData, place: z.string() };

/** What staff were told of: once, however often it is raised. */
export const alertDef = defineCollection(
  'alerts',
  tenantDoc.extend({ _id: z.string(), key: z.string(), ...what, told: z.int(), purgeAt: z.date() }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, kind: 1, key: 1 }, unique: true },
      { keys: { purgeAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);

export const alertChoiceDef = defineCollection(
  'alert_choices',
  tenantDoc.extend({ _id: StaffId, modes: z.partialRecord(AlertKind, AlertMode), edition: z.int().positive() }),
  { scope: 'org' },
);
export type AlertChoiceDoc = DocOf<typeof alertChoiceDef>;

/** What waits for the morning of somebody of the staff. */
export const alertDigestDef = defineCollection(
  'alert_digests',
  tenantDoc.extend({
    _id: StaffId,
    lines: z.array(z.object(what)),
    nth: z.int().nonnegative().describe('Which digest of theirs this is'),
    due: Due.optional(),
  }),
  { scope: 'org', indexes: [...dueIndexes] },
);
export type AlertDigestDoc = DocOf<typeof alertDigestDef>;

/** What notifications knows of roles, from identity’s events: who is concerned by what. */
export const knownRoleDef = defineCollection(
  'known_roles',
  tenantDoc.extend({
    _id: RoleId,
    preset: z.string().nullable(),
    permissions: Permissions,
    source: z.object({ epoch: z.int(), version: z.int() }),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, _id: 1 } }] },
);

@Injectable()
export class AlertRepository extends TenantRepository<typeof alertDef> {
  constructor(db: Database) {
    super(db, alertDef);
  }
}
@Injectable()
export class AlertChoiceRepository extends TenantRepository<typeof alertChoiceDef> {
  constructor(db: Database) {
    super(db, alertChoiceDef);
  }
}
@Injectable()
export class AlertDigestRepository extends TenantRepository<typeof alertDigestDef> {
  constructor(db: Database) {
    super(db, alertDigestDef);
  }
}
@Injectable()
export class KnownRoleRepository extends TenantRepository<typeof knownRoleDef> {
  constructor(db: Database) {
    super(db, knownRoleDef);
  }
}
