import { z } from 'zod';
import { defineRpc } from '../define.js';
import { AttachmentId, DeliveryId, MessageId, PersonId, PropertyId, ResidentId } from '../ids.js';
import { Instant, PageQuery, pageOf } from '../words.js';
import {
  Attachment,
  Channel,
  Delivery,
  DeliveryEvent,
  DeliveryState,
  Message,
  MessageContent,
  MessageDraft,
  MessageLanguage,
  MessageState,
  Reach,
  SkipReason,
} from './words.js';

const view = 'communication.messages:view';
const full = 'communication.messages:full';
const one = z.object({ messageId: MessageId });
const version = z.int().nonnegative().optional().describe('The version that is changed; refused when it is not the newest');

export const NotReached = z
  .object({
    personId: PersonId.nullable(),
    residentId: ResidentId.nullable(),
    name: z.string(),
    channel: Channel,
    reason: SkipReason,
    message: z.string(),
  })
  .meta({ id: 'NotReached' });
export const RenderedSample = z
  .object({
    residentId: ResidentId.nullable(),
    name: z.string(),
    language: MessageLanguage,
    subject: z.string().nullable(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    sms: z.string().nullable(),
  })
  .meta({ id: 'RenderedSample', description: 'The message as this recipient gets it' });
export const MessagePreview = z
  .object({
    token: z.string().describe('Says that this was seen; give it when you send. It fits this draft and these people only'),
    reach: Reach,
    notReached: z
      .array(NotReached)
      .max(200)
      .describe('The first of those who do not receive it; all: POST /v1/messages/unreached'),
    lacks: z
      .array(z.object({ field: z.string(), describe: z.string(), count: z.int(), examples: z.array(z.string()).max(20) }))
      .describe('Merge fields that some lack; they do not receive it'),
    sample: RenderedSample.nullable(),
    sms: z
      .object({
        encoding: z.enum(['gsm-7', 'ucs-2']),
        segments: z.int().describe('Of the sample'),
        total: z.int().describe('Segments over all who are texted, each with their own text'),
        most: z.int().optional().describe('Segments of the longest text'),
        spread: z
          .array(z.object({ segments: z.int(), people: z.int() }))
          .optional()
          .describe('How many people get how many segments, the fewest segments first'),
        ucs2: z
          .int()
          .optional()
          .describe('How many people’s texts hold a letter outside of the GSM alphabet, which halves what fits into a segment'),
        advice: z.string().nullable(),
      })
      .nullable(),
    when: z.object({
      startsAt: Instant,
      words: z.string().describe('With the zone: Tuesday 24 November 2026, 4:45 pm (Brisbane, GMT+10)'),
      timeZone: z.string(),
      warning: z.string().nullable(),
    }),
    warnings: z.array(z.string()),
    problems: z.array(z.string()).describe('It cannot be sent like this; empty: it can'),
    confirmBy: z.enum(['press', 'number']).describe('`number`: it reaches so many that the number of them must be typed'),
  })
  .meta({ id: 'MessagePreview' });

export const previewMessage = defineRpc('notifications.preview-message', {
  does: 'query',
  input: z.object({ draft: MessageDraft, sampleResidentId: ResidentId.optional() }),
  output: MessagePreview,
  errors: ['not-found'],
  permission: view,
  describe: 'How many would receive it, who would not and why, and what it looks like: by the code that sends it.',
  timeoutMs: 15_000,
});
export const listUnreached = defineRpc('notifications.list-unreached', {
  does: 'query',
  input: PageQuery.extend({ draft: MessageDraft }),
  output: pageOf(NotReached),
  errors: ['not-found', 'cursor.invalid'],
  permission: view,
  describe: 'All who would not receive it, and why.',
  timeoutMs: 15_000,
});
const confirmed = {
  token: z.string().max(200).describe('Of the preview that was seen'),
  typed: z.int().optional().describe('The number of people it reaches, where the preview says `confirmBy: number`'),
};
export const createMessage = defineRpc('notifications.create-message', {
  does: 'command',
  input: z.object({ draft: MessageDraft, ...confirmed }),
  output: Message,
  errors: [
    'not-found',
    'message.invalid',
    'message.not-previewed',
    'message.audience-changed',
    'message.confirm-number',
    'message.daily-limit',
  ],
  permission: full,
  describe: 'Send what was previewed, at its time. “Now” can be taken back for fifteen seconds.',
  timeoutMs: 15_000,
});
export const editMessage = defineRpc('notifications.edit-message', {
  does: 'command',
  input: one.extend({ draft: MessageDraft, ...confirmed, version }),
  output: Message,
  errors: [
    'not-found',
    'conflict.version',
    'message.started',
    'message.invalid',
    'message.not-previewed',
    'message.audience-changed',
    'message.confirm-number',
    'message.daily-limit',
  ],
  permission: full,
  describe: 'Put another draft in the place of a message that has not begun, or that waits for a person; preview it first.',
  timeoutMs: 15_000,
});
export const listMessages = defineRpc('notifications.list-messages', {
  does: 'query',
  input: PageQuery.extend({
    propertyId: PropertyId.optional(),
    state: z.array(MessageState).min(1).max(10).optional(),
    kind: z.enum(['composed', 'template', 'test']).optional(),
    template: z.string().max(60).optional(),
    personId: PersonId.optional().describe('Messages that were meant for this person'),
    residentId: ResidentId.optional(),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Message),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Messages, newest first. Tests and messages of services only when they are asked for by kind.',
});
export const getMessage = defineRpc('notifications.get-message', {
  does: 'query',
  input: one,
  output: MessageContent,
  errors: ['not-found'],
  permission: view,
  describe: 'A message with what was written; secrets are masked.',
});
export const listDeliveries = defineRpc('notifications.list-deliveries', {
  does: 'query',
  input: PageQuery.extend({
    messageId: MessageId.optional(),
    personId: PersonId.optional(),
    residentId: ResidentId.optional(),
    propertyId: PropertyId.optional(),
    state: z.array(DeliveryState).min(1).max(10).optional(),
    channel: Channel.optional(),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Delivery),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Who was written to and what became of it, newest first.',
});
export const getDelivery = defineRpc('notifications.get-delivery', {
  does: 'query',
  input: z.object({ deliveryId: DeliveryId }),
  output: Delivery.extend({ events: z.array(DeliveryEvent), rendered: RenderedSample.nullable() }),
  errors: ['not-found'],
  permission: view,
  describe: 'One delivery with everything that its provider said, and the content as it was sent, secrets masked.',
});
const act = (name: `notifications.${string}`, describe: string) =>
  defineRpc(name, {
    does: 'command',
    input: one.extend({ version }),
    output: Message,
    errors: ['not-found', 'conflict.version', 'message.started', 'conflict.state'],
    permission: full,
    describe,
    timeoutMs: 10_000,
  });
export const cancelMessage = act(
  'notifications.cancel-message',
  'Cancel a message: what has not begun to go out never will. What has gone out cannot be taken back.',
);
export const pauseMessage = act('notifications.pause-message', 'Hold what has not gone out yet of a running message.');
export const resumeMessage = act('notifications.resume-message', 'Go on with a paused message.');
export const copyMessage = defineRpc('notifications.copy-message', {
  does: 'query',
  input: one.extend({
    to: z.array(DeliveryState).min(1).max(10).optional().describe('Only to those whose delivery is in one of these states'),
  }),
  output: MessageDraft,
  errors: ['not-found', 'conflict.state'],
  permission: view,
  describe: 'A draft with what a message said, to send it as a new one: to the same audience, or to those it did not reach.',
});
export const testMessage = defineRpc('notifications.test-message', {
  does: 'command',
  input: z.object({ draft: MessageDraft, sampleResidentId: ResidentId.optional() }),
  output: z.object({ messageId: MessageId, to: z.string() }),
  errors: ['not-found', 'message.invalid', 'message.no-own-address'],
  permission: full,
  describe: 'Send it to oneself as a resident would get it, marked as a test.',
  timeoutMs: 15_000,
});
export const resolveDelivery = defineRpc('notifications.resolve-delivery', {
  does: 'command',
  input: z.object({
    deliveryId: DeliveryId,
    as: z.enum(['sent', 'failed', 'send-again']).describe('`send-again` may reach them twice; that is for a person to decide'),
  }),
  output: Delivery,
  errors: ['not-found', 'delivery.not-unknown', 'delivery.content-gone'],
  permission: full,
  describe: 'Say what became of a delivery whose outcome nobody knows.',
});
export const beginAttachment = defineRpc('notifications.begin-attachment', {
  does: 'command',
  input: z.object({ name: z.string().trim().min(1).max(300) }),
  output: z.object({ id: AttachmentId }),
  permission: full,
  describe: 'Begin to upload a file for a message.',
});
/** How much of a file one call brings, before base64. */
export const attachmentPartBytes = 384 * 1024;
export const addAttachmentPart = defineRpc('notifications.add-attachment-part', {
  does: 'command',
  input: z.object({
    attachmentId: AttachmentId,
    part: z.int().min(0).max(30),
    data: z.base64().max(Math.ceil(attachmentPartBytes / 3) * 4),
  }),
  output: z.object({}),
  errors: ['not-found', 'conflict.state', 'payload-too-large'],
  permission: full,
  describe: 'The next bytes of a file.',
  timeoutMs: 10_000,
});
export const endAttachment = defineRpc('notifications.end-attachment', {
  does: 'command',
  input: z.object({ attachmentId: AttachmentId, parts: z.int().min(1).max(31) }),
  output: Attachment,
  errors: ['not-found', 'conflict.state', 'attachment.refused'],
  permission: full,
  describe: 'The file is whole: check its kind and size.',
  timeoutMs: 10_000,
});

export const messageRpcs = [
  previewMessage,
  listUnreached,
  createMessage,
  editMessage,
  listMessages,
  getMessage,
  listDeliveries,
  getDelivery,
  cancelMessage,
  pauseMessage,
  resumeMessage,
  copyMessage,
  testMessage,
  resolveDelivery,
  beginAttachment,
  addAttachmentPart,
  endAttachment,
] as const;
