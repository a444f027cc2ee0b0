import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const knownOrganizationDef = defineCollection(
  'known_organizations',
  tenantDoc.extend({ _id: z.string(), name: z.string(), source: z.object({ epoch: z.int(), version: z.int() }) }),
  { scope: 'org' },
);
export type KnownOrganizationDoc = DocOf<typeof knownOrganizationDef>;

@Injectable()
export class KnownOrganizationRepository extends TenantRepository<typeof knownOrganizationDef> {
  constructor(db: Database) {
    super(db, knownOrganizationDef);
  }
}
