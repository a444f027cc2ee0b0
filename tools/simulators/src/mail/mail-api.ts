import { z } from 'zod';
import type { Asked } from '../http/exchange.js';
import { json, missing, type Answer } from '../http/site.js';
import { contentOf } from './content.js';
import { verifyDkim } from './dkim/verify.js';
import { AutoReply, Bounce, Complaint } from './faults.js';
import type { MailCatcher, Reaction } from './mail-catcher.js';
import type { Mail } from './mail.js';
import type { MailQuery } from './mailbox.js';
import type { Sent } from './returns/courier.js';

const Query = z.object({
  to: z.string().optional(),
  sender: z.string().optional(),
  returnPath: z.string().optional(),
  subject: z.string().optional(),
  messageId: z.string().optional(),
  after: z.string().optional(),
});
const Listing = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  order: z.enum(['newest', 'oldest']).default('newest'),
});
const Waiting = z.object({
  count: z.coerce.number().int().min(1).default(1),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
});
const Returns = z.strictObject({ host: z.string(), port: z.int().min(1).max(65_535) }).nullable();
const DkimKey = z.strictObject({ domain: z.string(), selector: z.string(), publicKey: z.string() });
const ReactionWish = z
  .discriminatedUnion('kind', [
    Bounce.extend({ kind: z.literal('bounce') }),
    Complaint.extend({ kind: z.literal('complaint') }),
    AutoReply.extend({ kind: z.literal('auto-reply') }),
  ])
  .and(z.object({ recipient: z.string().optional(), ms: z.int().nonnegative().default(0) }));

export const mailQueryOf = (query: URLSearchParams): MailQuery => Query.parse(given(query));

/** Everything that tests ask and do. `null`: it is no address of this API. */
export async function mailApi(catcher: MailCatcher, { verb, path, query, body }: Asked): Promise<Answer | null> {
  const [root, first, second, third] = path.split('/').slice(1);
  const told = (): unknown => (body === '' ? {} : JSON.parse(body));
  switch (`${verb} ${root ?? ''}`) {
    case 'GET mails':
      if (first === undefined) return list(catcher, query);
      return first === 'wait' ? wait(catcher, query) : one(catcher, first, second, third);
    case 'POST mails':
      return second === 'reactions' ? react(catcher, first, told()) : null;
    case 'DELETE mails':
      return json({ deleted: catcher.mailbox.clear(query.size === 0 ? undefined : mailQueryOf(query)) });
    case 'GET counts':
      return counts(catcher, query);
    case 'GET senders':
      return json(Object.fromEntries(catcher.mailbox.senders()));
    case 'GET faults':
      return json(catcher.faults.list());
    case 'POST faults':
      return json(await catcher.fault(told()));
    case 'DELETE faults':
      await catcher.clearFaults(first === undefined ? undefined : Number(first));
      return json(catcher.faults.list());
    case 'GET returns':
      return json({ deliverTo: catcher.courier.address, returns: catcher.returns().map(shown) });
    case 'POST returns':
      catcher.courier.deliverTo(Returns.parse(told()));
      return json({ deliverTo: catcher.courier.address });
    case 'GET dkim-keys':
      return json(catcher.dkimKeys.list());
    case 'POST dkim-keys':
      catcher.dkimKeys.add(DkimKey.parse(told()));
      return json(catcher.dkimKeys.list());
    case 'POST reset':
      await catcher.clear();
      return json({ deleted: true });
    default:
      return null;
  }
}

function list(catcher: MailCatcher, query: URLSearchParams): Answer {
  const { limit, order } = Listing.parse(given(query));
  const found = catcher.mails(mailQueryOf(query));
  const page = order === 'oldest' ? found.slice(0, limit) : found.slice(-limit).reverse();
  return json({ total: found.length, mails: page.map(summaryOf) });
}

async function wait(catcher: MailCatcher, query: URLSearchParams): Promise<Answer> {
  const { count, timeoutMs } = Waiting.parse(given(query));
  const found = await catcher.mailbox.wait(mailQueryOf(query), { count, timeoutMs });
  return json({ total: found.length, mails: found.map(summaryOf) }, found.length >= count ? 200 : 408);
}

async function one(catcher: MailCatcher, id: string, what?: string, which?: string): Promise<Answer> {
  const mail = catcher.mailbox.get(id);
  if (mail === undefined) return missing(`mail ${id}`);
  switch (what) {
    case undefined:
      return json(await detailsOf(catcher, mail));
    case 'source':
      return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: mail.raw };
    case 'attachments':
      return attachment(mail, Number(which));
    default:
      return missing(what);
  }
}

/** Never shown in the browser as what it says it is: it is somebody's upload. */
async function attachment(mail: Mail, at: number): Promise<Answer> {
  const found = (await contentOf(mail)).attachments[at];
  if (found === undefined) return missing(`attachment ${at}`);
  const name = encodeURIComponent(found.filename ?? `attachment-${at}`);
  const inline = /^image\/(png|jpeg|gif|webp)$/.test(found.mimeType);
  return {
    status: 200,
    headers: {
      'Content-Type': found.mimeType,
      'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
    },
    body: found.bytes,
  };
}

function counts(catcher: MailCatcher, query: URLSearchParams): Answer {
  const asked = mailQueryOf(query);
  const { accepted, answered, dropped, byMessageId, byRecipient } = catcher.tally(
    Object.keys(asked).length === 0 ? undefined : asked,
  );
  const repeated = (counted: ReadonlyMap<string, number>) => Object.fromEntries([...counted].filter(([, times]) => times > 1));
  return json({
    ...{ accepted, answered, dropped },
    messageIds: byMessageId.size,
    recipients: byRecipient.size,
    repeated: { byMessageId: repeated(byMessageId), byRecipient: repeated(byRecipient) },
    ...(query.has('all') && { byMessageId: Object.fromEntries(byMessageId), byRecipient: Object.fromEntries(byRecipient) }),
  });
}

function react(catcher: MailCatcher, id: string | undefined, body: unknown): Answer {
  const mail = catcher.mailbox.get(id ?? '');
  if (mail === undefined) return missing(`mail ${id ?? ''}`);
  const { recipient, ms, ...reaction } = ReactionWish.parse(body);
  reactOf(catcher, mail, recipient, reaction, ms);
  return json({ queued: reaction.kind }, 202);
}

export function reactOf(catcher: MailCatcher, mail: Mail, recipient: string | undefined, reaction: Reaction, ms: number): void {
  const by = recipient === undefined ? mail.envelope.to : [recipient];
  for (const one of by) catcher.react(mail, one, reaction, ms);
}

export function summaryOf({ id, at, envelope, head, raw, answered, user, tls }: Mail) {
  return { id, at, envelope, ...head, size: raw.length, answered, user, tls };
}

export async function detailsOf(catcher: MailCatcher, mail: Mail) {
  const { attachments, ...content } = await contentOf(mail);
  return {
    ...summaryOf(mail),
    ...content,
    attachments: attachments.map(({ bytes, ...about }, at) => ({
      ...about,
      size: bytes.length,
      path: `/mails/${mail.id}/attachments/${at}`,
    })),
    dkim: verifyDkim(mail.raw, catcher.dkimKeys, mail.at),
  };
}

function shown({ raw, ...sent }: Sent) {
  return { ...sent, source: raw.toString('utf8') };
}

function given(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].filter(([, value]) => value !== ''));
}
