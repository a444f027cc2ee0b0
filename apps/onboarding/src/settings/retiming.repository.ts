import { PersonId, PropertyId } from '@leasewire/contracts';
import { Database, defineCollection, Due, dueIndexes, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';

/** A property whose accounts get their next dates anew, and how far that is. */
export const retimingDef = defineCollection(
  'retimings',
  tenantDoc.extend({ _id: PropertyId, behind: PersonId.nullable(), due: Due.optional() }),
  { scope: 'org', indexes: [...dueIndexes] },
);
export type RetimingDoc = DocOf<typeof retimingDef>;

@Injectable()
export class RetimingRepository extends TenantRepository<typeof retimingDef> {
  constructor(db: Database) {
    super(db, retimingDef);
  }
}
