import { PersonId, PropertyId, ResidentId } from '@leasewire/contracts';
import { Database, defineCollection, Due, dueIndexes, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';

/** Who arrived since the last digest: a row each, because hundreds may come with one sync. */
export const newcomerDef = defineCollection(
  'newcomers',
  tenantDoc.extend({ _id: ResidentId, personId: PersonId, propertyId: PropertyId }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, propertyId: 1, _id: 1 } }] },
);
/** When staff are told of those of a property. */
export const newcomerDigestDef = defineCollection(
  'newcomer_digests',
  tenantDoc.extend({ _id: PropertyId, due: Due.optional() }),
  { scope: 'org', indexes: [...dueIndexes] },
);
export type NewcomerDigestDoc = DocOf<typeof newcomerDigestDef>;

@Injectable()
export class NewcomerRepository extends TenantRepository<typeof newcomerDef> {
  constructor(db: Database) {
    super(db, newcomerDef);
  }
}

@Injectable()
export class NewcomerDigestRepository extends TenantRepository<typeof newcomerDigestDef> {
  constructor(db: Database) {
    super(db, newcomerDigestDef);
  }
}
