import { PropertyId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Who was let go unannounced of late, a document for each property: runs that judge at the same time meet in it. */
export const brakeDef = defineCollection(
  'brakes',
  tenantDoc.extend({ _id: PropertyId, letGo: z.array(z.object({ upstreamId: z.string(), at: z.date() })) }),
  { scope: 'org' },
);
export type BrakeDoc = DocOf<typeof brakeDef>;

@Injectable()
export class BrakeRepository extends TenantRepository<typeof brakeDef> {
  constructor(db: Database) {
    super(db, brakeDef);
  }
}
