import { z } from 'zod';
import { defineRpc } from '../define.js';
import { InboundTextId, PersonId } from '../ids.js';
import { EmailAddress, Instant, PageQuery, pageOf } from '../words.js';
import { ConsentAnswer, ConsentEntry, ConsentStanding, InboundText } from './consent.words.js';
import { Channel, E164, MessageCategory } from './words.js';

const view = 'communication.messages:view';
const full = 'communication.messages:full';
/** What people may agree to or refuse; security is never refused, emergency only with everything. */
export const ConsentCategory = MessageCategory.extract(['operational', 'marketing']);

export const listConsents = defineRpc('notifications.list-consents', {
  does: 'query',
  input: PageQuery.extend({
    personId: PersonId.optional(),
    channel: Channel.optional(),
    address: z.string().trim().toLowerCase().max(254).optional(),
    answer: ConsentAnswer.optional(),
  }),
  output: pageOf(ConsentEntry),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'The consent ledger, newest first: who agreed to what or refused it, when, how and in which words.',
});
export const getConsentStanding = defineRpc('notifications.get-consent-standing', {
  does: 'query',
  input: z.object({
    personId: PersonId.optional(),
    channel: Channel.optional(),
    address: z.string().trim().toLowerCase().max(254).optional(),
  }),
  output: z.object({ items: z.array(ConsentStanding) }),
  permission: view,
  describe: 'What counts now for a number or address, or for all of a person.',
});
export const recordConsent = defineRpc('notifications.record-consent', {
  does: 'command',
  input: z
    .object({
      personId: PersonId.nullable().default(null),
      phone: E164.optional(),
      email: EmailAddress.optional(),
      categories: z
        .array(ConsentCategory)
        .min(1)
        .max(2)
        .optional()
        .describe('Without it: operational when agreed, everything when refused'),
      answer: ConsentAnswer,
      how: z.enum(['written', 'spoken', 'online', 'pms']),
      wording: z.string().trim().min(1).max(2000).describe('What they agreed to, or what they said, word for word'),
      at: Instant.optional().describe('When it was said; without it now'),
    })
    .refine(({ phone, email }) => (phone === undefined) !== (email === undefined), 'Give a phone number or an e-mail address.')
    .refine(({ answer, personId }) => answer === 'refused' || personId !== null, 'Say who agreed: give personId.')
    .meta({
      example: {
        personId: 'per_01jd3k8x9e7m2q4r5s6t7v8w9y',
        phone: '+61412345678',
        answer: 'granted',
        how: 'written',
        wording: 'Yes, text me when something happens in my building.',
      },
    }),
  output: z.object({ items: z.array(ConsentEntry) }),
  errors: ['not-found', 'consent.stopped', 'consent.future'],
  permission: full,
  describe: 'Write down that somebody agreed to be written to, or does not want it. It counts at once, also for what is queued.',
});
export const listInboundTexts = defineRpc('notifications.list-inbound-texts', {
  does: 'query',
  input: PageQuery.extend({
    state: InboundText.shape.state.optional(),
    personId: PersonId.optional(),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(InboundText),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Texts that people sent us, newest first. Those that wait are for a person to read.',
});
const one = z.object({ inboundTextId: InboundTextId });
export const optOutByText = defineRpc('notifications.opt-out-by-text', {
  does: 'command',
  input: one,
  output: InboundText,
  errors: ['not-found', 'conflict.state'],
  permission: full,
  describe:
    'Record that whoever wrote this text does not want to be texted. They are told so once, by one last text, and never texted again.',
});
export const finishInboundText = defineRpc('notifications.finish-inbound-text', {
  does: 'command',
  input: one.extend({ note: z.string().trim().max(500).optional() }),
  output: InboundText,
  errors: ['not-found', 'conflict.state'],
  permission: full,
  describe: 'Mark a text as read and dealt with.',
});

const token = z.string().min(30).max(500);
export const UnsubscribePageFacts = z.object({
  category: ConsentCategory,
  mail: z.string().describe('The address, mostly hidden'),
  standing: z.partialRecord(ConsentCategory, ConsentAnswer.nullable()),
});
export const showUnsubscribe = defineRpc('notifications.show-unsubscribe', {
  does: 'query',
  input: z.object({ token }),
  output: UnsubscribePageFacts,
  errors: ['unsubscribe.invalid'],
  permission: 'service',
  describe: 'What a link at the end of a mail is about. Looking changes nothing.',
});
export const unsubscribe = defineRpc('notifications.unsubscribe', {
  does: 'command',
  input: z.object({
    token,
    how: z.enum(['one-click', 'unsubscribe-page']),
    choice: z.enum(['stop', 'stop-all', 'receive']).default('stop'),
    wording: z.string().max(500).describe('What was shown beside what they chose'),
  }),
  output: UnsubscribePageFacts,
  errors: ['unsubscribe.invalid'],
  permission: 'service',
  describe: 'Stop mails of a category, or receive them again. Again changes nothing more.',
});
/** Twilio posts forms; the values are as they came, and what is new in them is kept. */
const twilioForm = z.record(z.string().max(100), z.string().max(10_000));
const signed = {
  signature: z.string().max(200),
  path: z.string().max(500).describe('Path and query as they were asked; the host is ours, never the request’s'),
  params: twilioForm,
};
export const receiveSmsStatus = defineRpc('notifications.receive-sms-status', {
  does: 'command',
  input: z.object({ ...signed, reference: z.string().max(100) }),
  output: z.object({ accepted: z.boolean() }),
  errors: ['webhook.forged', 'sms.off'],
  permission: 'service',
  timeoutMs: 10_000,
  describe: 'Twilio says what became of a text.',
});
export const receiveSms = defineRpc('notifications.receive-sms', {
  does: 'command',
  input: z.object(signed),
  output: z.object({ accepted: z.boolean() }),
  errors: ['webhook.forged', 'sms.off'],
  permission: 'service',
  timeoutMs: 10_000,
  describe: 'Somebody sent us a text.',
});

export const consentRpcs = [
  listConsents,
  getConsentStanding,
  recordConsent,
  listInboundTexts,
  optOutByText,
  finishInboundText,
  showUnsubscribe,
  unsubscribe,
  receiveSmsStatus,
  receiveSms,
] as const;
