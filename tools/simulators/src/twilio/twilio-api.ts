import type { Asked } from '../http/exchange.js';
import { json, type Answer } from '../http/site.js';
import { codeOfNumber, refusals } from './codes.js';
import { resourceOf, type Text } from './text.js';
import type { Outbound, TwilioSimulator } from './twilio-simulator.js';

/** Messages of API version 2010-04-01: send, one, list. */
export async function twilioApi(twilio: TwilioSimulator, asked: Asked): Promise<Answer> {
  twilio.concurrent += 1;
  try {
    const said = await answerTo(twilio, asked);
    if (said === 'hang-up') return said;
    return { ...said, headers: { ...said.headers, 'Twilio-Concurrent-Requests': String(twilio.concurrent) } };
  } finally {
    twilio.concurrent -= 1;
  }
}

async function answerTo(twilio: TwilioSimulator, { verb, path, query, headers, body }: Asked): Promise<Answer> {
  if (!isAllowed(twilio, headers.authorization)) return refusal(20003);
  const [, account, sid] = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages(?:\/([^/]+))?\.json$/.exec(path) ?? [];
  if (account !== twilio.access.accountSid) return refusal(20404, `The requested resource ${path} was not found`);
  if (verb === 'POST' && sid === undefined) return send(twilio, new URLSearchParams(body));
  if (verb !== 'GET') return refusal(20404, `The requested resource ${path} was not found`);
  if (sid === undefined) return list(twilio, query, path);
  const text = twilio.texts.get(sid);
  return text === undefined ? refusal(20404, `The requested resource ${path} was not found`) : json(resourceOf(text, account));
}

async function send(twilio: TwilioSimulator, form: URLSearchParams): Promise<Answer> {
  const read = outboundIn(twilio, form);
  if (typeof read === 'number') return refusal(read);
  const { to } = read;
  const { faults } = twilio;
  if (faults.met('rate-limited', to) !== undefined) return refusal(20429);
  const refused = faults.met('refuse', to);
  if (refused !== undefined) return refusal(refused.code);
  const broken = faults.met('broken', to);
  if (broken !== undefined) {
    if (broken.kept) twilio.accept(read);
    return refusal(20500);
  }
  const code = codeOfNumber(to);
  if (code !== null && code in refusals) return refusal(code);
  if (isOptedOut(twilio, read)) return refusal(21610);
  return taken(twilio, read);
}

async function taken(twilio: TwilioSimulator, outbound: Outbound): Promise<Answer> {
  const hang = twilio.faults.met('hang', outbound.to);
  const cut = twilio.faults.met('cut', outbound.to);
  if (hang?.kept === false || cut?.kept === false) {
    await later(hang?.ms ?? 0);
    return 'hang-up';
  }
  const text = twilio.accept(outbound);
  if (hang !== undefined) await later(hang.ms);
  if (hang !== undefined || cut !== undefined) return 'hang-up';
  twilio.texts.answered(text);
  return json(resourceOf({ ...text, status: 'queued' }, twilio.access.accountSid), 201);
}

/** Unreferenced, so that closing the simulator does not wait for it. */
const later = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());

function outboundIn({ access }: TwilioSimulator, form: URLSearchParams): Outbound | number {
  const given = (name: string): string | null => form.get(name) || null;
  const [to, from, service, body] = [given('To'), given('From'), given('MessagingServiceSid'), given('Body')];
  if (to === null) return 21604;
  if (from === null && service === null) return 21603;
  if (service !== null && service !== access.messagingServiceSid) return 21705;
  if (from !== null && from !== access.number) return 21606;
  if (body === null) return 21602;
  if (body.length > 1_600) return 21617;
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return 21211;
  return { to, from: from ?? access.number, messagingServiceSid: service, body, statusCallback: given('StatusCallback') };
}

function isOptedOut({ optOuts }: TwilioSimulator, { to, from, messagingServiceSid }: Outbound): boolean {
  return optOuts.has(to, messagingServiceSid ?? from);
}

/** `DateSent` filters by day, with `<` and `>` for that day and before or after it; newest first, in pages. */
function list(twilio: TwilioSimulator, query: URLSearchParams, path: string): Answer {
  const size = Math.min(Math.max(Number(query.get('PageSize') ?? 50), 1), 1_000);
  const page = Number(query.get('Page') ?? 0);
  const found = twilio.texts
    .list({ to: query.get('To') ?? undefined, from: query.get('From') ?? undefined })
    .filter((text) => isWithin(text, query) && !isHidden(twilio, text))
    .reverse();
  const shown = found.slice(page * size, (page + 1) * size);
  const uriOf = (number: number): string => {
    const params = new URLSearchParams(query);
    params.set('Page', String(number));
    params.set('PageSize', String(size));
    return `${path}?${params.toString()}`;
  };
  return json({
    first_page_uri: uriOf(0),
    end: page * size + Math.max(shown.length - 1, 0),
    previous_page_uri: page === 0 ? null : uriOf(page - 1),
    messages: shown.map((text) => resourceOf(text, twilio.access.accountSid)),
    uri: uriOf(page),
    page_size: size,
    start: page * size,
    next_page_uri: found.length > (page + 1) * size ? uriOf(page + 1) : null,
    page,
  });
}

/** `DateSent>=` arrives as the name `DateSent>` with the value after the sign. */
function isWithin({ createdAt }: Text, query: URLSearchParams): boolean {
  const sent = createdAt.getTime();
  const timeOf = (name: string): number | null => {
    const text = query.get(name);
    return text === null ? null : Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  };
  const [on, from, until] = [timeOf('DateSent'), timeOf('DateSent>'), timeOf('DateSent<')];
  const day = 86_400_000;
  if (on !== null && Math.floor(sent / day) !== Math.floor(on / day)) return false;
  if (from !== null && sent < from) return false;
  return until === null || sent <= until;
}

function isHidden({ faults, now }: TwilioSimulator, text: Text): boolean {
  return faults.list().some((fault) => fault.kind === 'unlisted' && now().getTime() - text.createdAt.getTime() < fault.ms);
}

function isAllowed({ access }: TwilioSimulator, authorization: string | undefined): boolean {
  const [user, password] = Buffer.from(authorization?.replace(/^Basic /i, '') ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return user === access.accountSid && password === access.authToken;
}

function refusal(code: number, message?: string): Answer {
  const { status, message: usual } = refusals[code] ?? { status: 400, message: 'Bad request' };
  const body = { code, message: message ?? usual, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return json(body, status);
}
