import { ImportMode, PropertyId, PropertyKind, TimeZone } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** What counts here of a property, as directory tells it. */
export const communityDef = defineCollection(
  'communities',
  tenantDoc.extend({
    _id: PropertyId,
    name: z.string(),
    kind: PropertyKind,
    timeZone: TimeZone,
    importMode: ImportMode,
    started: z.boolean(),
    archived: z.boolean(),
    known: z.object({ epoch: z.int(), version: z.int() }),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, name: 1, _id: 1 } }] },
);
export type CommunityDoc = DocOf<typeof communityDef>;

@Injectable()
export class CommunityRepository extends TenantRepository<typeof communityDef> {
  constructor(db: Database) {
    super(db, communityDef);
  }
}
