import { z } from 'zod';
import { PropertyId } from '../ids.js';
import { ActorRef, Instant } from '../words.js';

/** Every message that the platform knows how to write. A service names one when it sends. */
export const SystemTemplateName = z
  .enum([
    'message',
    'welcome',
    'reminder',
    'password-reset',
    'password-changed',
    'new-sign-in',
    'email-change',
    'email-changed',
    'wifi-password',
    'wifi-changed',
    'rent-block',
    'rent-block-lifted',
    'staff-invitation',
    'staff-password-reset',
    'staff-password-changed',
    'staff-two-factor-off',
    'staff-sign-in-locked',
    'alert-hold-waiting',
    'alert-connection-failing',
    'alert-connection-recovered',
    'alert-controller-down',
    'alert-block-undeliverable',
    'alert-deliveries-unknown',
    'alert-dead-letters',
    'alert-people-not-invited',
    'alert-import-automatic',
    'alert-digest',
  ])
  .meta({ id: 'SystemTemplateName', description: 'A message that the platform knows how to write' });
export type SystemTemplateName = z.infer<typeof SystemTemplateName>;

/** The languages that every system text is written in. */
export const TemplateLanguage = z.enum(['en', 'es', 'fr']).meta({ id: 'TemplateLanguage' });
export type TemplateLanguage = z.infer<typeof TemplateLanguage>;

export const TemplateText = z
  .object({
    subject: z.string().trim().min(1).max(200).describe('One line; merge fields allowed, but no secret ones'),
    preheader: z.string().trim().max(200).default('').describe('What mailboxes show beside the subject'),
    body: z
      .string()
      .min(1)
      .max(100_000)
      .describe('HTML as an editor writes it: paragraphs, headings, lists, links, boxes (`<pre>`), merge fields'),
    sms: z.string().trim().max(1000).nullable().default(null).describe('The text message; null: none is sent by this template'),
  })
  .meta({ id: 'TemplateText' });
export type TemplateText = z.infer<typeof TemplateText>;

export const TemplateTexts = z
  .partialRecord(TemplateLanguage, TemplateText)
  .describe('By language. What is not named keeps the text of the organization, or the system’s');
export type TemplateTexts = z.infer<typeof TemplateTexts>;

export const TemplateField = z
  .object({
    field: z.string().describe('As it is written between {{ and }}'),
    describe: z.string(),
    requiredIn: z.array(z.enum(['email', 'sms'])).describe('Where a text must use it, or it would be of no use'),
    secret: z.boolean().describe('Never in a subject; sealed, masked in history, deleted when the delivery is final'),
  })
  .meta({ id: 'TemplateField' });
export type TemplateField = z.infer<typeof TemplateField>;

/** Whose text it is: the platform’s own, or one that staff wrote for the organization or one property. */
export const TemplateSource = z.enum(['system', 'organization', 'property']).meta({ id: 'TemplateSource' });
export type TemplateSource = z.infer<typeof TemplateSource>;

const about = {
  name: SystemTemplateName,
  label: z.string(),
  describe: z.string(),
  audience: z.enum(['resident', 'staff']),
  category: z.string().nullable().describe('Decides consent and unsubscribing; null: whoever writes the message chooses it'),
  channels: z.array(z.enum(['email', 'sms'])),
  propertyId: PropertyId.nullable().describe('The property that was asked about; null: the organization as a whole'),
  sources: z.partialRecord(TemplateLanguage, TemplateSource).describe('Whose text each language is'),
  version: z.int().nonnegative().describe('Of the own text of what was asked about; 0: it never had one'),
  changedAt: Instant.nullable(),
  changedBy: ActorRef.nullable(),
};
export const TemplateSummary = z.object(about).meta({ id: 'TemplateSummary' });
export type TemplateSummary = z.infer<typeof TemplateSummary>;

export const Template = z
  .object({
    ...about,
    fields: z.array(TemplateField).describe('What its texts may use'),
    texts: z.object({ en: TemplateText, es: TemplateText, fr: TemplateText }).describe('As they are sent'),
    own: TemplateTexts.describe('What staff wrote for exactly what was asked about; empty: nothing'),
  })
  .meta({ id: 'Template' });
export type Template = z.infer<typeof Template>;

export const TemplateVersion = z
  .object({
    version: z.int().positive(),
    texts: TemplateTexts.describe('Empty: it was reset'),
    changedAt: Instant,
    changedBy: ActorRef,
  })
  .meta({ id: 'TemplateVersion' });
export type TemplateVersion = z.infer<typeof TemplateVersion>;

export const RenderedMessage = z
  .object({
    language: TemplateLanguage,
    subject: z.string(),
    html: z.string().describe('The whole mail, as mail programs get it'),
    text: z.string().describe('Its plain text part'),
    sms: z.string().nullable(),
    smsSegments: z.int().nonnegative().describe('What the text message costs'),
    bytes: z.int().describe('Of the HTML part; Gmail cuts off what is beyond 102 kB'),
    warnings: z.array(z.string()).describe('What was left out of the text, what it costs more than it must'),
  })
  .meta({ id: 'RenderedMessage' });
export type RenderedMessage = z.infer<typeof RenderedMessage>;
