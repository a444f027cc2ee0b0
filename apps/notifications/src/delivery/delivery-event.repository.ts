import { DeliveryId, DeliveryState } from '@leasewire/contracts';
import { anyText, Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Everything that a provider said about a delivery, also what changed nothing. */
export const deliveryEventDef = defineCollection(
  'delivery_events',
  tenantDoc.extend({
    _id: z.string(),
    deliveryId: DeliveryId,
    at: z.date(),
    what: z.string().max(300),
    state: DeliveryState.nullable(),
    code: z.string().max(100).nullable(),
    detail: z.string().max(2000).nullable(),
    once: z.string().nullable().describe('What the same report, told again, has too'),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, deliveryId: 1, at: 1, _id: 1 } },
      { keys: { orgId: 1, deliveryId: 1, once: 1 }, unique: true, partial: { once: anyText } },
    ],
  },
);
export type DeliveryEventDoc = DocOf<typeof deliveryEventDef>;

@Injectable()
export class DeliveryEventRepository extends TenantRepository<typeof deliveryEventDef> {
  constructor(db: Database) {
    super(db, deliveryEventDef);
  }
}
