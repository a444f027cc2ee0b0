import {
  ActorRef,
  AttachmentId,
  Channel,
  DeliveryCounts,
  FieldData,
  LocalTime,
  MessageAudience,
  MessageCategory,
  MessageId,
  MessageLanguage,
  MessageState,
  MessageText,
  PropertyId,
  PropertyScope,
  Reach,
  Recipient,
  StaffId,
  TimeZone,
} from '@leasewire/contracts';
import {
  anyText,
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** A recipient whose secrets are sealed. */
const kept = { secrets: z.string().optional(), secretNames: z.array(z.string()).optional() };
export const KeptRecipient = z.discriminatedUnion('kind', [
  Recipient.options[0].extend(kept),
  Recipient.options[1].extend(kept),
  Recipient.options[2].extend(kept),
  Recipient.options[3].extend(kept),
]);
export type KeptRecipient = z.infer<typeof KeptRecipient>;

export const messageDef = defineCollection(
  'messages',
  tenantDoc.extend({
    _id: MessageId,
    kind: z.enum(['composed', 'template', 'test']),
    propertyId: PropertyId.nullable(),
    category: MessageCategory,
    channels: z.array(Channel),
    state: MessageState,
    reason: z.string().nullable(),

    texts: z
      .array(MessageText)
      .nullable()
      .describe('Of composed ones, the first in the language of the message; null: no longer kept'),
    attachmentIds: z.array(AttachmentId),
    audience: MessageAudience.nullable(),
    scope: PropertyScope.describe('The properties that whoever wrote it may see'),
    ifAudienceChanges: z.enum(['send', 'ask']),
    digest: z.string().nullable().describe('Of the audience that was confirmed'),

    template: z.string().nullable(),
    templateVersion: z.string().nullable(),
    key: z.string().nullable(),
    service: z.string().nullable(),
    recipients: z.array(KeptRecipient).describe('Of templates; emptied once deliveries are written'),
    data: FieldData,
    many: z.boolean().default(false).describe('Its service sends many like it; others go before it'),
    secrets: z.string().nullable(),
    secretFields: z.array(z.string()).describe('Names of the fields that are secret, of anybody'),
    sharedSecrets: z.array(z.string()).optional().describe('Those of them that everybody gets'),
    language: MessageLanguage.nullable(),

    startsAt: z.date(),
    local: LocalTime.nullable(),
    timeZone: TimeZone,
    startedAt: z.date().nullable(),
    finishedAt: z.date().nullable(),
    reach: Reach.nullable(),
    smsSegments: z.int().default(1).describe('Of its longest text'),
    smsTotal: z.int().optional().describe('Of all its texts as they were confirmed: what a day’s limit counts'),
    counts: DeliveryCounts,
    senderName: z.string().nullable().describe('Who of the staff sends it'),
    createdBy: ActorRef,
    staffId: StaffId.nullable(),
    contentGone: z.boolean().default(false),
    due: Due.optional(),
  }),
  {
    scope: 'org',
    sealed: ['secrets', 'recipients.secrets'],
    indexes: [
      ...dueIndexes,
      { keys: { orgId: 1, service: 1, key: 1 }, unique: true, partial: { key: anyText } },
      { keys: { orgId: 1, kind: 1, _id: -1 } },
      { keys: { orgId: 1, propertyId: 1, kind: 1, _id: -1 } },
      { keys: { orgId: 1, state: 1, _id: -1 } },
      { keys: { orgId: 1, propertyId: 1, startsAt: 1 } },
      { keys: { orgId: 1, attachmentIds: 1 }, partial: { attachmentIds: anyText } },
      { keys: { finishedAt: 1 }, partial: { contentGone: false } },
    ],
  },
);
export type MessageDoc = DocOf<typeof messageDef>;

@Injectable()
export class MessageRepository extends TenantRepository<typeof messageDef> {
  constructor(db: Database) {
    super(db, messageDef);
  }

  /** Across organizations: those whose content is older than it is kept. */
  finishedBefore(before: Date, limit: number): Promise<MessageDoc[]> {
    return systemScope(this).find({ finishedAt: { $lt: before }, contentGone: false }, { limit });
  }
}

export const noCounts = {
  queued: 0,
  sending: 0,
  unknown: 0,
  sent: 0,
  delivered: 0,
  delayed: 0,
  bounced: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
} as const;
