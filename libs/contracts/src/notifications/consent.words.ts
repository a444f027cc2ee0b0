import { z } from 'zod';
import { ConsentId, InboundTextId, PersonId } from '../ids.js';
import { ActorRef, Instant } from '../words.js';
import { Channel, E164, MessageCategory } from './words.js';

export const ConsentAnswer = z
  .enum(['granted', 'refused'])
  .meta({ id: 'ConsentAnswer', description: 'What somebody said about being written to' });
export type ConsentAnswer = z.infer<typeof ConsentAnswer>;

export const ConsentHow = z
  .enum(['written', 'spoken', 'online', 'pms', 'keyword', 'reply', 'unsubscribe-page', 'one-click', 'provider'])
  .meta({
    id: 'ConsentHow',
    description:
      'How it was said. keyword: a text that is one word, as STOP; reply: a text that a person read; one-click: the button of the mailbox; provider: the carrier or Twilio told us',
  });
export type ConsentHow = z.infer<typeof ConsentHow>;

/** One line of the ledger. Lines are added, never changed. */
export const ConsentEntry = z
  .object({
    id: ConsentId,
    personId: PersonId.nullable().describe('Who said it; null: whoever has the number or address'),
    channel: Channel,
    address: z.string().nullable().describe('The number or e-mail address it is about; null: no longer kept'),
    category: MessageCategory.nullable().describe('Which messages; null: all of them'),
    answer: ConsentAnswer,
    how: ConsentHow,
    wording: z.string().nullable().describe('What they agreed to, or what they wrote, word for word'),
    at: Instant.describe('When it was said'),
    by: ActorRef.describe('Who recorded it'),
    recordedAt: Instant,
  })
  .meta({ id: 'ConsentEntry' });
export type ConsentEntry = z.infer<typeof ConsentEntry>;

/** Events say what was said and by whom, not the address. */
export const ConsentFacts = ConsentEntry.omit({ address: true, wording: true })
  .extend({ version: z.int().nonnegative() })
  .meta({ id: 'ConsentFacts' });
export type ConsentFacts = z.infer<typeof ConsentFacts>;

export const ConsentStanding = z
  .object({
    channel: Channel,
    address: z.string(),
    blocked: z
      .object({ since: Instant, how: ConsentHow })
      .nullable()
      .describe('Nothing is sent there, whatever was agreed: they said STOP, or asked to be left alone'),
    categories: z.array(
      z.object({
        category: MessageCategory,
        answer: ConsentAnswer,
        personId: PersonId.nullable(),
        since: Instant,
        how: ConsentHow,
      }),
    ),
  })
  .meta({ id: 'ConsentStanding', description: 'What counts for a number or address now' });
export type ConsentStanding = z.infer<typeof ConsentStanding>;

export const InboundText = z
  .object({
    id: InboundTextId,
    from: E164,
    to: z.string(),
    body: z.string().nullable().describe('null: no longer kept'),
    reading: z
      .enum(['opt-out', 'opt-in', 'help', 'maybe-opt-out', 'other'])
      .describe('What it seems to mean. opt-out, opt-in and help acted at once; maybe-opt-out and other wait for a person'),
    state: z.enum(['waiting', 'acted', 'done']).describe('waiting: a person should read it'),
    personIds: z.array(PersonId).describe('Whose number it is, as far as we wrote there'),
    receivedAt: Instant,
    doneBy: ActorRef.nullable(),
    note: z.string().nullable(),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'InboundText', description: 'A text that somebody sent us' });
export type InboundText = z.infer<typeof InboundText>;
export const InboundTextFacts = InboundText.omit({ from: true, to: true, body: true, note: true }).meta({
  id: 'InboundTextFacts',
});
