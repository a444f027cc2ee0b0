import {
  Channel,
  DeliveryFacts,
  DeliveryId,
  DeliveryState,
  FieldData,
  SkipReason,
  type Delivery,
  type MessageId,
  type OrgId,
  type PropertyId,
} from '@leasewire/contracts';
import {
  anyText,
  Database,
  defineCollection,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { noCounts } from '../message/message.repository.js';
import { isFinal, outOfTheOrdinary } from './delivery.rules.js';

const { messageId, propertyId, personId, residentId, staffId, category, template, key, service } = DeliveryFacts.shape;

export const deliveryDef = defineCollection(
  'deliveries',
  tenantDoc.extend({
    _id: DeliveryId,
    ...{ messageId, propertyId, personId, residentId, staffId, category, template, key, service },
    who: z.string().describe('Whom it reaches, once per message and channel: a person, a member of staff, an address'),
    channel: Channel,
    name: z.string(),
    address: z.string().nullable(),
    language: z.string(),
    fields: FieldData.describe('What is put into the text for them'),
    secrets: z.string().nullable(),
    whileActive: z.boolean().optional().describe('Only as long as they are an active resident: nobody gave their address'),
    archived: z
      .boolean()
      .optional()
      .describe('They left while somebody was at it: if that came to nothing, it was the last time'),
    effectId: z.string().nullable(),
    token: z.string().describe('Random; in the return path and in callbacks'),

    state: DeliveryState,
    skipReason: SkipReason.nullable(),
    reason: z.string().nullable(),
    nextStep: z.string().nullable(),
    providerReference: z.string().nullable(),
    attempts: z.int(),
    sentAt: z.date().nullable(),
    deliveredAt: z.date().nullable(),
  }),
  {
    scope: 'org',
    sealed: ['secrets'],
    indexes: [
      { keys: { orgId: 1, messageId: 1, who: 1, channel: 1 }, unique: true },
      { keys: { orgId: 1, messageId: 1, state: 1, _id: -1 } },
      { keys: { orgId: 1, personId: 1, _id: -1 }, partial: { personId: anyText } },
      { keys: { orgId: 1, residentId: 1, _id: -1 }, partial: { residentId: anyText } },
      { keys: { orgId: 1, propertyId: 1, _id: -1 } },
      // most are queued and then sent, and their list is the newest of all; only what is rare among them is looked for by its state
      { keys: { orgId: 1, state: 1, _id: -1 }, partial: { state: { $in: [...outOfTheOrdinary] } } },
      { keys: { token: 1 }, unique: true },
      { keys: { orgId: 1, address: 1, channel: 1 } },
    ],
  },
);
export type DeliveryDoc = DocOf<typeof deliveryDef>;

const Counted = z.object({ _id: DeliveryState, count: z.int() });

@Injectable()
export class DeliveryRepository extends TenantRepository<typeof deliveryDef> {
  constructor(db: Database) {
    super(db, deliveryDef);
  }

  /** Whose token it is tells the organization: reports of providers name none. */
  byToken(token: string): Promise<DeliveryDoc | null> {
    return systemScope(this).findOne({ token });
  }

  /** For reports that name the mail by our Message-ID. */
  byAnyId(_id: DeliveryId): Promise<DeliveryDoc | null> {
    return systemScope(this).findOne({ _id });
  }

  async counts(orgId: OrgId, ofMessage: MessageId) {
    const rows = await this.aggregate({ orgId, messageId: ofMessage }, [{ $group: { _id: '$state', count: { $sum: 1 } } }]);
    const found = rows.map((row) => Counted.parse(row)).map(({ _id, count }) => [_id, count] as const);
    return { ...noCounts, ...Object.fromEntries(found) };
  }
}

export function factsOf(doc: DeliveryDoc): DeliveryFacts {
  return {
    id: doc._id,
    messageId: doc.messageId,
    propertyId: doc.propertyId,
    personId: doc.personId,
    residentId: doc.residentId,
    staffId: doc.staffId,
    channel: doc.channel,
    category: doc.category,
    template: doc.template,
    key: doc.key,
    service: doc.service,
    state: doc.state,
    final: isFinal(doc.state),
    skipReason: doc.skipReason,
    reason: doc.reason,
    nextStep: doc.nextStep,
    providerReference: doc.providerReference,
    attempts: doc.attempts,
    sentAt: doc.sentAt?.toISOString() ?? null,
    deliveredAt: doc.deliveredAt?.toISOString() ?? null,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
    version: doc.version,
  };
}

export const toDelivery = (doc: DeliveryDoc): Delivery => ({ ...factsOf(doc), name: doc.name, address: doc.address });

export const placesOf = ({ propertyId }: Pick<DeliveryDoc, 'propertyId'>): PropertyId[] =>
  propertyId === null ? [] : [propertyId];
