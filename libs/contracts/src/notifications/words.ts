import { z } from 'zod';
import { ResidentSelection } from '../directory/resident-list.rpcs.js';
import { AttachmentId, DeliveryId, MessageId, PersonId, PropertyId, ResidentId, StaffId, SuppressionId, UnitId } from '../ids.js';
import { ActorRef, EmailAddress, Instant, Money, TimeZone } from '../words.js';
import { LocalTime, TimeOfDay } from '../zoned-time.js';

const count = z.int().nonnegative();

export const Channel = z.enum(['email', 'sms']).meta({ id: 'Channel', description: 'How somebody is reached' });
export type Channel = z.infer<typeof Channel>;
export const MessageCategory = z.enum(['operational', 'emergency', 'marketing', 'security']).meta({
  id: 'MessageCategory',
  description:
    'Why somebody is written to. operational: their home; emergency: danger, now; marketing: only who agreed; security: their own account, by templates only',
});
export type MessageCategory = z.infer<typeof MessageCategory>;
export const MessageLanguage = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'is not a language such as en or es-MX')
  .describe('BCP 47');
export type MessageLanguage = z.infer<typeof MessageLanguage>;
export const E164 = z
  .string()
  .regex(/^\+[1-9]\d{4,14}$/, 'is not a phone number such as +61412345678')
  .describe('A phone number, E.164');

/** What is put into a text for a merge field. A day is YYYY-MM-DD, a moment ISO 8601. */
export const FieldValue = z.union([
  z.string().max(5000),
  Money,
  z.array(z.object({ text: z.string().max(500), link: z.string().max(2000).optional() })).max(100),
]);
export type FieldValue = z.infer<typeof FieldValue>;
export const FieldData = z
  .record(z.string().max(60), FieldValue)
  .describe('Merge field → value, by the names of the field registry: `activation.expires`');
export type FieldData = z.infer<typeof FieldData>;
export const SecretData = z
  .record(z.string().max(60), z.string().max(2000))
  .describe(
    'Merge field → value that is sealed, masked wherever the message is shown, and deleted once the delivery is final: a Wi-Fi key, a link with a token',
  );
export type SecretData = z.infer<typeof SecretData>;

/**
 * `scheduled`: also the fifteen seconds in which “now” can be taken back. `preparing`: recipients are being written down.
 * `waiting`: a person must decide, `reason` says what. `done`: every delivery has been tried; bounces may still come.
 */
export const MessageState = z
  .enum(['scheduled', 'waiting', 'preparing', 'sending', 'paused', 'done', 'cancelled'])
  .meta({ id: 'MessageState', description: 'What a message is at' });
export type MessageState = z.infer<typeof MessageState>;

export const DeliveryState = z
  .enum(['queued', 'sending', 'unknown', 'sent', 'delivered', 'delayed', 'bounced', 'failed', 'skipped', 'cancelled'])
  .meta({
    id: 'DeliveryState',
    description:
      'What became of one message to one person by one channel. sent: a provider accepted it. delayed: a provider still tries. unknown: it may or may not have gone out, and is not repeated blindly',
  });
export type DeliveryState = z.infer<typeof DeliveryState>;

export const SkipReason = z
  .enum([
    'no-address',
    'unusable-address',
    'suppressed',
    'opted-out',
    'no-consent',
    'pending-import',
    'archived',
    'service-not-started',
    'duplicate',
    'missing-field',
    'not-found',
    'not-in-scope',
    'channel-off',
    'erased',
  ])
  .meta({ id: 'SkipReason', description: 'Why somebody was not written to' });
export type SkipReason = z.infer<typeof SkipReason>;

export const MessageWhen = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('now') }),
  z.object({
    kind: z.literal('at'),
    local: LocalTime,
    timeZone: TimeZone.optional().describe('Without it the property’s; needed when the message has no property'),
  }),
]);

export const MessageAudience = z
  .object({
    residents: ResidentSelection.optional().describe('These residents, or all that match a filter'),
    unitIds: z.array(UnitId).min(1).max(2000).optional().describe('Everybody who lives in these units'),
    propertyIds: z.array(PropertyId).min(1).max(200).optional().describe('Everybody in these properties'),
    emails: z
      .array(z.object({ email: EmailAddress, name: z.string().trim().max(120).optional() }))
      .max(500)
      .optional()
      .describe('Additional recipients, each with a mail of their own'),
  })
  .meta({
    id: 'MessageAudience',
    description: 'Who is meant: the union of these. One person receives one, however often they are in it',
  });
export type MessageAudience = z.infer<typeof MessageAudience>;

export const MessageText = z.object({
  language: MessageLanguage,
  subject: z.string().trim().max(300).optional(),
  body: z.string().max(100_000).optional().describe('Rich text as HTML; what is not safe to mail is refused with the reason'),
  sms: z.string().max(2000).optional(),
});

/** What staff write. The same is previewed and sent. */
export const MessageDraft = z
  .object({
    propertyId: PropertyId.nullable()
      .default(null)
      .describe('Whose name is on it and whose clocks count; null: the organization’s'),
    audience: MessageAudience,
    channels: z.array(Channel).min(1).max(2).default(['email']),
    category: MessageCategory.exclude(['security']).default('operational'),
    subject: z
      .string()
      .trim()
      .max(300)
      .default('')
      .describe('May have merge fields: {{ resident.firstName | default: "there" }}'),
    body: z.string().max(100_000).default('').describe('Rich text as HTML, with merge fields'),
    sms: z.string().max(2000).default('').describe('What is texted, where the channels have sms'),
    language: MessageLanguage.default('en').describe('In which language subject and body are'),
    translations: z.array(MessageText).max(10).default([]).describe('The same in other languages, for who reads those'),
    attachmentIds: z.array(AttachmentId).max(5).default([]),
    when: MessageWhen.default({ kind: 'now' }),
    ifAudienceChanges: z
      .enum(['send', 'ask'])
      .default('send')
      .describe('Of a planned message: send to whoever it is then, or wait for a person when it is not who was confirmed'),
  })
  .meta({
    id: 'MessageDraft',
    example: {
      propertyId: 'prop_01jd3k8x9e7m2q4r5s6t7v8w9y',
      audience: { propertyIds: ['prop_01jd3k8x9e7m2q4r5s6t7v8w9y'] },
      channels: ['email'],
      category: 'operational',
      subject: 'Water is off on Tuesday',
      body: '<p>Dear {{ resident.firstName | default: "resident" }}, water is off on Tuesday from 9 to 12.</p>',
      sms: '',
      language: 'en',
      translations: [],
      attachmentIds: [],
      when: { kind: 'at', local: '2026-11-24T09:00' },
      ifAudienceChanges: 'send',
    },
  });
export type MessageDraft = z.infer<typeof MessageDraft>;

export const DeliveryCounts = z
  .object({
    queued: count,
    sending: count,
    unknown: count,
    sent: count,
    delivered: count,
    delayed: count,
    bounced: count,
    failed: count,
    skipped: count,
    cancelled: count,
  })
  .meta({ id: 'DeliveryCounts', description: 'How many deliveries are in each state' });
export type DeliveryCounts = z.infer<typeof DeliveryCounts>;

export const ChannelReach = z.object({
  will: count.describe('How many receive it'),
  not: z.partialRecord(SkipReason, count).describe('How many do not, by reason'),
});
export const Reach = z
  .object({
    people: count.describe('Different people and addresses who were meant'),
    reached: count.describe('Of them, who receive it by at least one channel'),
    channels: z.partialRecord(Channel, ChannelReach),
  })
  .meta({ id: 'Reach' });
export type Reach = z.infer<typeof Reach>;

/** What events say of a message: never what is in it. */
export const MessageFacts = z
  .object({
    id: MessageId,
    propertyId: PropertyId.nullable(),
    kind: z.enum(['composed', 'template', 'test']).describe('Written by staff, sent by a service, or a try to oneself'),
    template: z.string().nullable(),
    key: z.string().nullable().describe('What the service that sent it calls it'),
    service: z.string().nullable().describe('The service that sent it'),
    category: MessageCategory,
    channels: z.array(Channel),
    state: MessageState,
    reason: z.string().nullable().describe('Why it waits, or was cancelled'),
    startsAt: Instant,
    local: LocalTime.nullable().describe('What was planned, by the clocks of `timeZone`; null: at once'),
    timeZone: TimeZone,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    reach: Reach.nullable().describe('As it was confirmed'),
    counts: DeliveryCounts.describe('Brought up to date every second or so while it is sent'),
    createdBy: ActorRef,
    createdAt: Instant,
    updatedAt: Instant,
    version: z.int().nonnegative(),
  })
  .meta({ id: 'MessageFacts' });
export type MessageFacts = z.infer<typeof MessageFacts>;

export const Message = MessageFacts.extend({
  subject: z.string().describe('Merge fields as they were written'),
  startsAtWords: z.string().describe('Tuesday 24 November 2026, 4:45 pm (Brisbane, GMT+10)'),
  can: z.array(z.enum(['cancel', 'edit', 'pause', 'resume', 'confirm', 'copy'])).describe('What may be done with it now'),
}).meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

export const Attachment = z
  .object({
    id: AttachmentId,
    name: z.string(),
    contentType: z.string(),
    size: count,
    travelsAs: z.enum(['file', 'link']).optional().describe('In the mail, or as a link to it'),
  })
  .meta({ id: 'MessageAttachment' });
export const MessageContent = Message.extend({
  body: z.string().nullable().describe('As it was written; null: no longer kept, or of a template'),
  sms: z.string().nullable(),
  language: MessageLanguage.nullable(),
  translations: z.array(MessageText),
  audience: MessageAudience.nullable(),
  attachments: z.array(Attachment),
  ifAudienceChanges: z.enum(['send', 'ask']),
}).meta({ id: 'MessageContent' });

/** The truth about one message to one person by one channel. No content, no address: events carry it. */
export const DeliveryFacts = z
  .object({
    id: DeliveryId,
    messageId: MessageId,
    propertyId: PropertyId.nullable(),
    personId: PersonId.nullable(),
    residentId: ResidentId.nullable(),
    staffId: StaffId.nullable(),
    channel: Channel,
    category: MessageCategory,
    template: z.string().nullable(),
    key: z.string().nullable().describe('What the service that sent the message calls it: the `key` of notifications.send'),
    service: z.string().nullable().describe('The service that sent the message'),
    state: DeliveryState,
    final: z.boolean().describe('Nothing more is expected; a bounce may still come after `sent`'),
    skipReason: SkipReason.nullable(),
    reason: z.string().nullable().describe('Why it is in this state, in plain words'),
    nextStep: z.string().nullable().describe('What a person can do about it'),
    providerReference: z.string().nullable(),
    attempts: count,
    sentAt: Instant.nullable().describe('When a provider accepted it'),
    deliveredAt: Instant.nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    version: z.int().nonnegative(),
  })
  .meta({ id: 'DeliveryFacts' });
export type DeliveryFacts = z.infer<typeof DeliveryFacts>;
export const Delivery = DeliveryFacts.extend({
  name: z.string(),
  address: z.string().nullable().describe('Where it went; null: none was known, or it is no longer kept'),
}).meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryEvent = z
  .object({
    at: Instant,
    what: z.string().describe('What happened, or what the provider said'),
    state: DeliveryState.nullable().describe('The state it led to; null: it changed nothing'),
    code: z.string().nullable().describe('The provider’s code'),
    detail: z.string().nullable(),
  })
  .meta({ id: 'DeliveryEvent' });

export const SuppressionReason = z.enum(['hard-bounce', 'soft-bounces', 'complaint', 'unreachable-number', 'staff']);
export const Suppression = z
  .object({
    id: SuppressionId,
    channel: Channel,
    address: z.string().describe('Addresses are kept as long as they are suppressed'),
    reason: SuppressionReason,
    detail: z.string().nullable().describe('What the provider said'),
    personIds: z.array(PersonId).describe('Whose address it was'),
    state: z.enum(['active', 'released']),
    by: ActorRef,
    releasedBy: ActorRef.nullable(),
    releasedBecause: z.string().nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    version: z.int().nonnegative(),
  })
  .meta({ id: 'Suppression', description: 'An address that is not written to any more, and why' });
export type Suppression = z.infer<typeof Suppression>;

/** Under whose name a property, or the organization, writes. */
export const QuietHours = z.object({ from: TimeOfDay, until: TimeOfDay }).meta({
  id: 'QuietHours',
  description: 'When nobody is texted, on the clocks of the property; over midnight where from is later. Equal: never quiet',
});
export type QuietHours = z.infer<typeof QuietHours>;

export const Sender = z
  .object({
    propertyId: PropertyId.nullable().describe('null: the organization, for properties that have none of their own'),
    name: z.string().trim().max(70).describe('Shown before the address'),
    fromDomain: z.string().nullable().describe('Mail comes from an address of this domain; null: the platform’s'),
    replyTo: EmailAddress.nullable().describe('Where answers go; null: nowhere, mail says so'),
    dailyLimit: count.nullable().describe('Most messages a day; null: the platform’s. A text counts as many as it has segments'),
    phone: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .nullable()
      .default(null)
      .describe('Of the office, as people read it: the merge field `property.phone`'),
    quietHours: QuietHours.nullable()
      .default(null)
      .describe('When nobody is texted, emergencies and security apart; null: from 21:00 until 08:00'),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'MessageSender' });
export type Sender = z.infer<typeof Sender>;
