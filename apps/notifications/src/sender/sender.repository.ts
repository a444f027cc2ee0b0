import { EmailAddress, PropertyId, QuietHours } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** One for the organization, whose id is its own, and one for each property that has its own. */
export const senderDef = defineCollection(
  'senders',
  tenantDoc.extend({
    _id: z.string(),
    propertyId: PropertyId.nullable(),
    name: z.string(),
    fromDomain: z.string().nullable(),
    replyTo: EmailAddress.nullable(),
    dailyLimit: z.int().nullable(),
    phone: z.string().nullable().default(null),
    quietHours: QuietHours.nullable().default(null),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, propertyId: 1 } }] },
);
export type SenderDoc = DocOf<typeof senderDef>;

@Injectable()
export class SenderRepository extends TenantRepository<typeof senderDef> {
  constructor(db: Database) {
    super(db, senderDef);
  }
}
