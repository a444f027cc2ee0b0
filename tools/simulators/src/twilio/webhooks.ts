import { randomUUID } from 'node:crypto';
import { signatureOf } from './signature.js';

/** One webhook that was posted, and what was answered. */
export interface Posted {
  readonly id: number;
  readonly sid: string;
  readonly what: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly signature: string;
  status: number | null;
  error: string | null;
}

const totalMs = 15_000;
const mostKept = 10_000;

/** Posts what happened to who asked for it. Like the vendor it tries once more when nobody could be reached, and then never again. */
export class Webhooks {
  #posted: Posted[] = [];
  #lastId = 0;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(private readonly authToken: string) {}

  post(sid: string, what: string, url: string, params: Readonly<Record<string, string>>, forged: boolean): Promise<void> {
    this.#lastId += 1;
    const signature = signatureOf(forged ? 'the token of somebody else' : this.authToken, url, params);
    const posted: Posted = { id: this.#lastId, sid, what, url, params, signature, status: null, error: null };
    this.#posted.push(posted);
    if (this.#posted.length > mostKept) this.#posted.shift();
    const sending = this.#send(posted, 2).finally(() => this.#running.delete(sending));
    this.#running.add(sending);
    return sending;
  }

  list(): readonly Posted[] {
    return this.#posted;
  }

  clear(): void {
    this.#posted = [];
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #send(posted: Posted, tries: number): Promise<void> {
    const headers = { 'X-Twilio-Signature': posted.signature, 'I-Twilio-Idempotency-Token': randomUUID() };
    try {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(totalMs)]);
      const reply = await fetch(posted.url, { method: 'POST', headers, body: new URLSearchParams(posted.params), signal });
      posted.status = reply.status;
      posted.error = null;
      await reply.body?.cancel();
    } catch (error) {
      posted.error = error instanceof Error ? error.message : String(error);
      if (tries > 1 && !this.#stop.signal.aborted) await this.#send(posted, tries - 1);
    }
  }
}
