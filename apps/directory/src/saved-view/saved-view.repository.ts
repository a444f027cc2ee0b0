import { ActorRef, SavedView } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const savedViewDef = defineCollection(
  'saved_views',
  tenantDoc.extend({
    _id: SavedView.shape.id,
    owner: ActorRef,
    name: z.string(),
    nameKey: z.string().describe('The name as it is compared and sorted'),
    list: SavedView.shape.list,
    query: z.string().describe('As JSON: its keys are what a page makes them'),
    shared: z.boolean(),
  }),
  {
    scope: 'org',
    indexes: [
      {
        keys: { orgId: 1, owner: 1, list: 1, nameKey: 1 },
        unique: true,
        onDuplicate: { code: 'view.name-taken', message: 'You have a view of this name. Choose another.' },
      },
      { keys: { orgId: 1, shared: 1, nameKey: 1 } },
    ],
  },
);
export type SavedViewDoc = DocOf<typeof savedViewDef>;

@Injectable()
export class SavedViewRepository extends TenantRepository<typeof savedViewDef> {
  constructor(db: Database) {
    super(db, savedViewDef);
  }
}
