import { z } from 'zod';
import { FaultList, type Placed } from '../faults/fault-list.js';
import { bounceFormats } from './returns/bounce.js';

/** Where in a conversation something goes wrong, in the order in which they come. */
export const moments = ['connect', 'auth', 'mail', 'rcpt', 'data', 'content', 'end'] as const;
export type Moment = (typeof moments)[number];

const moment = (...of: readonly Moment[]) => z.enum(of);
const extent = {
  to: z.string().optional().describe('Only for recipients like this; * stands for anything.'),
  from: z.string().optional().describe('Only for envelope senders like this; * stands for anything.'),
  times: z.int().positive().optional().describe('For so many; without it until it is cleared.'),
  after: z.int().nonnegative().default(0).describe('Let so many pass first.'),
  probability: z.number().min(0).max(1).optional().describe('Of those it could meet, by the seed.'),
};
const later = z.int().nonnegative().default(0).describe('So many milliseconds after the mail was accepted.');

export const Bounce = z.strictObject({
  format: z.enum(bounceFormats).default('rfc3464'),
  action: z.enum(['failed', 'delayed', 'delivered', 'relayed', 'expanded']).default('failed'),
  status: z
    .string()
    .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
    .default('5.1.1'),
  diagnostic: z.string().max(500).optional().describe('What the last server said; by default what fits the status.'),
  finalRecipient: z.string().optional().describe('Where it was forwarded to, when that is what bounced.'),
});
export type Bounce = z.infer<typeof Bounce>;

export const Complaint = z.strictObject({
  feedback: z.enum(['abuse', 'fraud', 'virus', 'not-spam', 'other']).default('abuse'),
  redacted: z.boolean().default(false).describe('Without the recipient’s address, as most providers report.'),
});
export type Complaint = z.infer<typeof Complaint>;

export const AutoReply = z.strictObject({
  legacy: z.boolean().default(false).describe('Without the headers that say what it is.'),
});
export type AutoReply = z.infer<typeof AutoReply>;

export const MailFaultWish = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('refuse'),
      ms: z.int().positive().optional().describe('For so long; without it until it is cleared.'),
      after: z.literal(0).default(0),
    })
    .describe('Nobody listens, and who is connected is cut off: an outage.'),
  z
    .strictObject({ kind: z.literal('drop'), at: z.enum(moments).default('end'), ...extent })
    .describe('The connection is cut. At `content` the mail is lost, at `end` it is kept: the sender cannot know which.'),
  z
    .strictObject({
      kind: z.literal('slow'),
      at: moment('connect', 'auth', 'mail', 'rcpt', 'end').default('end'),
      ms: z.int().positive().default(2_000),
      ...extent,
    })
    .describe('The reply waits. At `end` the mail is kept before the wait.'),
  z
    .strictObject({
      kind: z.literal('reject'),
      at: moment('connect', 'auth', 'mail', 'rcpt', 'end').default('rcpt'),
      code: z.int().min(400).max(599).default(550),
      text: z.string().max(500).optional(),
      ...extent,
    })
    .describe('A 4xx or 5xx; the mail is not kept.'),
  z
    .strictObject({
      kind: z.literal('greylist'),
      ms: z.int().nonnegative().default(0).describe('It is accepted so long after the first try, at the earliest at the second.'),
      ...extent,
    })
    .describe('450 to the first try for each recipient.'),
  z
    .strictObject({ kind: z.literal('rate-limit'), perMinute: z.int().nonnegative(), ...extent })
    .describe('421 and the end of the connection to who sends more.'),
  z
    .strictObject({ kind: z.literal('bounce'), ms: later, ...Bounce.shape, ...extent })
    .describe('Accepted; then a report comes to the envelope sender.'),
  z
    .strictObject({ kind: z.literal('complaint'), ms: later, ...Complaint.shape, ...extent })
    .describe('Accepted; then the recipient calls it spam (RFC 5965).'),
  z
    .strictObject({ kind: z.literal('auto-reply'), ms: later, ...AutoReply.shape, ...extent })
    .describe('Accepted; then an out-of-office note comes.'),
]);
export type MailFaultWish = z.infer<typeof MailFaultWish>;
export type MailFault = Placed<MailFaultWish>;
type Kind = MailFaultWish['kind'];
export type FaultOf<K extends Kind> = Extract<MailFault, { kind: K }>;

export const mailFaultKinds = MailFaultWish.options.map(({ shape }) => shape.kind.value);

/** Whom it is about, as far as the conversation has told. */
export interface About {
  readonly from?: string;
  readonly to?: readonly string[];
}

export class MailFaults extends FaultList<MailFaultWish> {
  /** What a conversation meets at this moment. */
  meeting(at: Moment, about: About): MailFault[] {
    return this.take((wish) => momentOf(wish) === at && concerns(wish, about));
  }

  /** What comes back to the sender of an accepted mail, asked for each recipient. */
  returning(about: About): MailFault[] {
    return this.take((wish) => momentOf(wish) === 'afterwards' && concerns(wish, about));
  }

  get refusing(): boolean {
    return this.list().some(({ kind }) => kind === 'refuse');
  }
}

function momentOf(wish: MailFaultWish): Moment | 'always' | 'afterwards' {
  switch (wish.kind) {
    case 'refuse':
      return 'always';
    case 'greylist':
      return 'rcpt';
    case 'rate-limit':
      return 'mail';
    case 'drop':
    case 'slow':
    case 'reject':
      return wish.at;
    case 'bounce':
    case 'complaint':
    case 'auto-reply':
      return 'afterwards';
  }
}

function concerns(wish: MailFaultWish, { from, to }: About): boolean {
  if (wish.kind === 'refuse') return false;
  if (wish.from !== undefined && !isLike(wish.from, from ?? '')) return false;
  const wanted = wish.to;
  return wanted === undefined || (to ?? []).some((one) => isLike(wanted, one));
}

/** `*` stands for anything; upper and lower case are one. */
export function isLike(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern.toLowerCase() === text.toLowerCase();
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(text);
}
