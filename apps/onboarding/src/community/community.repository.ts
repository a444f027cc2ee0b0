import { ImportMode, PropertyId, PropertyKind, TimeZone } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const Known = z.object({ epoch: z.int(), version: z.int() });

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
    /** With its organization, as identity tells it. */
    closing: z.object({ closed: z.boolean(), known: Known }).optional(),
    known: Known,
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
