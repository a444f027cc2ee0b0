import { createHash, randomBytes } from 'node:crypto';
import { Prng } from '../world/prng.js';
import { listeningFor } from '../http/site.js';
import { TwilioFaults } from './faults.js';
import { codeOfNumber, failures } from './codes.js';
import { keywordOf, keywordReplies, OptOuts } from './opt-outs.js';
import { segmentsIn, type Text, type TextStatus } from './text.js';
import { TextStore } from './text-store.js';
import { TwilioSite } from './twilio-site.js';
import { Webhooks } from './webhooks.js';

export interface TwilioAccess {
  readonly accountSid: string;
  readonly authToken: string;
  readonly messagingServiceSid: string;
  /** The number that belongs to the account; the messaging service sends by it too. */
  readonly number: string;
}

export interface TwilioWish {
  /** Where inbound texts are posted, as one would enter it in the vendor's console; it can be told later. */
  readonly inboundUrl?: string | null;
  /** Between one status and the next. */
  readonly paceMs?: number;
  readonly seed?: number;
  readonly now?: () => Date;
}

export interface Outbound {
  readonly to: string;
  readonly from: string;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly statusCallback: string | null;
}

const sidOf = (prefix: string, seed: string): string => prefix + createHash('md5').update(seed).digest('hex');

export const twilioAccess: TwilioAccess = {
  accountSid: sidOf('AC', 'simulated account'),
  authToken: 'simulated-twilio-token-1',
  messagingServiceSid: sidOf('MG', 'simulated messaging service'),
  number: '+12025550100',
};

/** Takes every text, delivers none; tells what “happened” to it as the vendor does. */
export class TwilioSimulator {
  readonly access = twilioAccess;
  readonly texts = new TextStore();
  readonly optOuts = new OptOuts();
  readonly faults: TwilioFaults;
  readonly webhooks = new Webhooks(twilioAccess.authToken);
  inboundUrl: string | null;
  paceMs: number;
  /** Requests that are being answered right now: the vendor tells it with each reply. */
  concurrent = 0;
  readonly now: () => Date;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(wish: TwilioWish = {}) {
    const chances = new Prng(wish.seed ?? 1);
    this.faults = new TwilioFaults((share) => chances.chance(share));
    this.inboundUrl = wish.inboundUrl ?? null;
    this.paceMs = wish.paceMs ?? 300;
    this.now = wish.now ?? (() => new Date());
  }

  /** Takes a text and lets its statuses come. */
  accept(outbound: Outbound, direction: 'outbound-api' | 'outbound-reply' = 'outbound-api'): Text {
    const text = this.#keep({ ...outbound, direction, status: 'queued' });
    const { to } = text;
    const told = this.faults.met('undelivered', to)?.code ?? codeOfNumber(to);
    const stay = this.faults.met('stay', to)?.at;
    const code = told !== null && told in failures ? told : null;
    const last: TextStatus = code === null ? 'delivered' : (failures[code]?.as ?? 'undelivered');
    const steps: TextStatus[] = ['queued'];
    if (stay !== 'queued') steps.push('sent');
    if (stay === undefined) steps.push(last);
    this.#play(text, steps, code);
    return text;
  }

  /** A person sends a text: posted to the webhook, and a keyword acts at once, whatever the webhook does. */
  async inbound(from: string, body: string, to: string = this.access.number): Promise<Text> {
    const text = this.#keep({ from, to, body, ...{ messagingServiceSid: null, statusCallback: null }, ...received });
    const keyword = keywordOf(body);
    for (const sender of [to, this.access.messagingServiceSid]) {
      if (keyword === 'STOP') this.optOuts.add(from, sender);
      if (keyword === 'START') this.optOuts.remove(from, sender);
    }
    if (keyword !== null) this.accept({ to: from, from: to, ...silent, body: keywordReplies[keyword] }, 'outbound-reply');
    const url = this.inboundUrl;
    if (url === null) return text;
    const forged = this.faults.met('forge', from) !== undefined;
    const times = this.faults.met('duplicate', from) === undefined ? 1 : 2;
    for (let time = 1; time <= times; time += 1)
      await this.webhooks.post(text.sid, 'inbound', url, this.#inboundParams(text), forged);
    return text;
  }

  /** By hand: what became of a text, with its callback. */
  async tell(text: Text, status: TextStatus, errorCode: number | null = null, forged = false): Promise<void> {
    text.status = status;
    text.errorCode = errorCode;
    text.updatedAt = this.now();
    this.texts.changed();
    if (text.statusCallback === null) return;
    await this.webhooks.post(text.sid, status, text.statusCallback, this.#statusParams(text, status, errorCode), forged);
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.texts.clear();
    this.optOuts.clear();
    this.webhooks.clear();
    this.faults.clear();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.webhooks.close();
  }

  #keep(about: Omit<Text, 'sid' | 'segments' | 'createdAt' | 'updatedAt' | 'errorCode' | 'answered'>): Text {
    const at = this.now();
    const sid = `SM${randomBytes(16).toString('hex')}`;
    const segments = segmentsIn(about.body);
    const text: Text = { ...about, sid, segments, createdAt: at, updatedAt: at, errorCode: null, answered: false };
    this.texts.add(text);
    return text;
  }

  #play(text: Text, steps: readonly TextStatus[], code: number | null): void {
    const { to, statusCallback: url } = text;
    const has = (kind: 'duplicate' | 'reorder' | 'forge' | 'lose') => this.faults.met(kind, to) !== undefined;
    const [twice, reordered, forged, lost] = [has('duplicate'), has('reorder'), has('forge'), has('lose')];
    const told = reordered ? [...steps].reverse() : steps;
    steps.forEach((status, at) => {
      this.#in(this.paceMs * at, () => {
        text.status = status;
        text.errorCode = isFailed(status) ? code : null;
        text.updatedAt = this.now();
        this.texts.changed();
      });
    });
    if (url === null || lost) return;
    // one after the other, so that who listens hears them in the order that was asked for
    let before = Promise.resolve();
    told.forEach((status, at) => {
      const params = this.#statusParams(text, status, isFailed(status) ? code : null);
      this.#in(this.paceMs * (reordered ? at + steps.length : at), () => {
        const post = () => this.webhooks.post(text.sid, status, url, params, forged);
        before = before.then(post);
        if (twice) before = before.then(post);
      });
    });
  }

  #statusParams(text: Text, status: TextStatus, errorCode: number | null): Record<string, string> {
    return {
      AccountSid: this.access.accountSid,
      ApiVersion: '2010-04-01',
      From: text.from,
      MessageSid: text.sid,
      MessageStatus: status,
      SmsSid: text.sid,
      SmsStatus: status,
      To: text.to,
      ...(text.messagingServiceSid !== null && { MessagingServiceSid: text.messagingServiceSid }),
      ...(errorCode !== null && { ErrorCode: String(errorCode), ErrorMessage: failures[errorCode]?.message ?? '' }),
      // of those that appear without notice
      ...(status === 'delivered' && { RawDlrDoneDate: this.now().toISOString().slice(2, 16).replaceAll(/\D/g, '') }),
    };
  }

  #inboundParams(text: Text): Record<string, string> {
    return {
      AccountSid: this.access.accountSid,
      ApiVersion: '2010-04-01',
      Body: text.body,
      From: text.from,
      FromCity: 'WASHINGTON',
      FromCountry: 'US',
      FromState: 'DC',
      FromZip: '',
      MessageSid: text.sid,
      MessagingServiceSid: this.access.messagingServiceSid,
      NumMedia: '0',
      NumSegments: String(text.segments),
      SmsMessageSid: text.sid,
      SmsSid: text.sid,
      SmsStatus: 'received',
      To: text.to,
      ToCountry: 'US',
    };
  }

  #in(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

const received = { direction: 'inbound', status: 'received' } as const;
const silent = { messagingServiceSid: null, statusCallback: null };
const isFailed = (status: TextStatus): boolean => status === 'undelivered' || status === 'failed';

/** Alone, on a port of its own; `startSimulators` has one too. */
export async function startTwilioSimulator({ port = 0, ...wish }: TwilioWish & { readonly port?: number } = {}) {
  const twilio = new TwilioSimulator(wish);
  const web = await listeningFor(new TwilioSite(twilio), port);
  const close = async () => {
    await Promise.all([web.close(), twilio.close()]);
  };
  return { twilio, url: `http://127.0.0.1:${web.port}`, access: twilio.access, close };
}
