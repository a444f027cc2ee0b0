import { z } from 'zod';
import type { Asked } from '../http/exchange.js';
import { json, missing, type Answer } from '../http/site.js';
import { TwilioFaultWish } from './faults.js';
import { statuses, type Text } from './text.js';
import type { TextQuery } from './text-store.js';
import type { TwilioSimulator } from './twilio-simulator.js';

const Query = z.object({
  to: z.string().optional(),
  from: z.string().optional(),
  body: z.string().optional(),
  direction: z.enum(['outbound-api', 'outbound-reply', 'inbound']).optional(),
});
const Waiting = z.object({
  count: z.coerce.number().int().min(1).default(1),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
});
const Inbound = z.strictObject({ from: z.string(), body: z.string(), to: z.string().optional() });
const Told = z.strictObject({
  status: z.enum(statuses),
  errorCode: z.int().nullable().default(null),
  forged: z.boolean().default(false),
});
const Settings = z.strictObject({
  inboundUrl: z.url().nullable().optional(),
  paceMs: z.int().nonnegative().optional(),
});

/** `/_control/…`: what tests and people ask and do. `null`: it is no address of this API. */
export async function twilioControl(twilio: TwilioSimulator, { verb, path, query, body }: Asked): Promise<Answer | null> {
  const [, root, what = '', id, more] = path.split('/');
  if (root !== '_control') return null;
  const told = (): unknown => (body === '' ? {} : JSON.parse(body));
  switch (`${verb} ${what}`) {
    case 'GET texts':
      return id === 'wait' ? wait(twilio, query) : list(twilio, queryOf(query));
    case 'POST texts':
      return more === 'status' ? tell(twilio, id, told()) : missing(path);
    case 'POST inbound': {
      const { from, to, body: text } = Inbound.parse(told());
      return json(shown(await twilio.inbound(from, text, to)));
    }
    case 'GET counts':
      return counts(twilio, query.has('all'));
    case 'GET webhooks':
      return json({ inboundUrl: twilio.inboundUrl, posted: twilio.webhooks.list() });
    case 'GET opt-outs':
      return json(twilio.optOuts.list());
    case 'POST settings': {
      const { inboundUrl, paceMs } = Settings.parse(told());
      if (inboundUrl !== undefined) twilio.inboundUrl = inboundUrl;
      if (paceMs !== undefined) twilio.paceMs = paceMs;
      return json({ inboundUrl: twilio.inboundUrl, paceMs: twilio.paceMs });
    }
    case 'GET faults':
      return json(twilio.faults.list());
    case 'POST faults':
      return json(twilio.faults.add(TwilioFaultWish.parse(told())));
    case 'DELETE faults':
      twilio.faults.clear(id === undefined ? undefined : Number(id));
      return json(twilio.faults.list());
    case 'POST reset':
      twilio.clear();
      return json({ deleted: true });
    default:
      return missing(`${verb} ${path}`);
  }
}

export const queryOf = (query: URLSearchParams): TextQuery =>
  Query.parse(Object.fromEntries([...query].filter(([, value]) => value !== '')));

function list(twilio: TwilioSimulator, query: TextQuery): Answer {
  const found = twilio.texts.list(query);
  return json({ total: found.length, texts: found.slice(-1_000).reverse().map(shown) });
}

async function wait(twilio: TwilioSimulator, query: URLSearchParams): Promise<Answer> {
  const { count, timeoutMs } = Waiting.parse(Object.fromEntries(query));
  const found = await twilio.texts.wait(queryOf(query), { count, timeoutMs });
  return json({ total: found.length, texts: found.map(shown) }, found.length >= count ? 200 : 408);
}

async function tell(twilio: TwilioSimulator, sid: string | undefined, body: unknown): Promise<Answer> {
  const text = twilio.texts.get(sid ?? '');
  if (text === undefined) return missing(`text ${sid ?? ''}`);
  const { status, errorCode, forged } = Told.parse(body);
  await twilio.tell(text, status, errorCode, forged);
  return json(shown(text));
}

function counts({ texts }: TwilioSimulator, all: boolean): Answer {
  const { accepted, answered, byRecipient } = texts.tally();
  const repeated = Object.fromEntries([...byRecipient].filter(([, times]) => times > 1));
  return json({
    accepted,
    answered,
    recipients: byRecipient.size,
    repeated,
    ...(all && { byRecipient: Object.fromEntries(byRecipient) }),
  });
}

const shown = (text: Text) => ({ ...text });
