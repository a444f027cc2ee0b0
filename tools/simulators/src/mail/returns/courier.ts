import { createTransport, type Transporter } from 'nodemailer';
import type { Return } from './return.js';

export interface ReturnsAddress {
  readonly host: string;
  readonly port: number;
}

export interface Sent {
  readonly id: number;
  readonly about: string;
  readonly what: string;
  readonly to: string;
  readonly raw: Buffer;
  state: 'waiting' | 'sent' | 'refused';
  tries: number;
  error: string | null;
}

const mostKept = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** Takes reports to where returns are received, and tries again while nobody is there. */
export class Courier {
  #address: ReturnsAddress | null;
  #transport: Transporter | null = null;
  #sent: Sent[] = [];
  #lastId = 0;
  #closed = false;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(address: ReturnsAddress | null) {
    this.#address = address;
  }

  get address(): ReturnsAddress | null {
    return this.#address;
  }

  /** What waits goes there too. */
  deliverTo(address: ReturnsAddress | null): void {
    this.#transport?.close();
    this.#transport = null;
    this.#address = address;
    for (const sent of this.#sent) if (sent.state === 'waiting') void this.#try(sent);
  }

  /** `make` writes it when its time has come. */
  later(ms: number, about: string, what: string, make: () => Return): void {
    this.#in(ms, () => {
      const { to, raw } = make();
      // nothing comes back to the null sender (RFC 5321, 4.5.5)
      if (to !== '') this.take(about, what, { to, raw });
    });
  }

  take(about: string, what: string, { to, raw }: Return): Sent {
    this.#lastId += 1;
    const sent: Sent = { id: this.#lastId, about, what, to, raw, state: 'waiting', tries: 0, error: null };
    this.#sent.push(sent);
    if (this.#sent.length > mostKept) this.#sent.shift();
    void this.#try(sent);
    return sent;
  }

  list(): readonly Sent[] {
    return this.#sent;
  }

  clear(): void {
    this.#sent = [];
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  close(): void {
    this.#closed = true;
    this.clear();
    this.#transport?.close();
  }

  async #try(sent: Sent): Promise<void> {
    const address = this.#address;
    if (address === null || this.#closed) return;
    sent.tries += 1;
    this.#transport ??= createTransport({ ...address, pool: true, maxMessages: Infinity, ignoreTLS: true });
    try {
      await this.#transport.sendMail({ envelope: { from: '', to: [sent.to] }, raw: sent.raw });
      sent.state = 'sent';
    } catch (error) {
      sent.error = error instanceof Error ? error.message : String(error);
      if (isFinal(error)) sent.state = 'refused';
      else if (this.#sent.includes(sent))
        this.#in(Math.min(firstPauseMs * 2 ** (sent.tries - 1), longestPauseMs), () => void this.#try(sent));
    }
  }

  #in(ms: number, act: () => void): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error)) return false;
  return typeof error.responseCode === 'number' && error.responseCode >= 500;
}
