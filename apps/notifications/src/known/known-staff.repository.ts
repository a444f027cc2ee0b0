import { EmailAddress, PropertyScope, RoleId, StaffId, StaffStateWord } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** What notifications knows of staff, from identity’s events: where they are reached. */
export const knownStaffDef = defineCollection(
  'known_staff',
  tenantDoc.extend({
    _id: StaffId,
    name: z.string(),
    email: EmailAddress,
    locale: z.string(),
    state: StaffStateWord,
    roleIds: z.array(RoleId),
    properties: PropertyScope,
    source: z.object({ epoch: z.int(), version: z.int() }),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, state: 1 } }] },
);
export type KnownStaffDoc = DocOf<typeof knownStaffDef>;

@Injectable()
export class KnownStaffRepository extends TenantRepository<typeof knownStaffDef> {
  constructor(db: Database) {
    super(db, knownStaffDef);
  }
}
