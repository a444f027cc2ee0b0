import { createInbox, type Msg, type MsgHdrs, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { ConnectionState } from './connection-state.js';
import type { Log } from './log.js';
import { isSignOfLife } from './signs-of-life.js';
import { isNoResponders } from './wire.js';

export type NoReplyReason = 'no-responders' | 'unreachable' | 'timeout' | 'silent' | 'connection-lost' | 'not-allowed' | 'closed';

/** No answer came. Only `no-responders`, `unreachable` and `not-allowed` mean for certain that nobody began the work. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
  constructor(
    readonly reason: NoReplyReason,
    readonly subject: string,
  ) {
    super(`${subject}: ${reason}`);
  }
}

interface Pending {
  readonly subject: string;
  readonly expiresAt: number;
  /** So long without a sign of life; undefined where none was asked for. */
  readonly silenceMs: number | undefined;
  heardAt: number;
  readonly resolve: (message: Msg) => void;
  readonly reject: (error: unknown) => void;
}

interface Outgoing {
  readonly id: string;
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: MsgHdrs;
}

const sweepEveryMs = 250;

/**
 * Request and reply by hand: one wildcard inbox, one map, one coarse sweep for timeouts. The client's own `request()` builds
 * an error, a timer and a race of promises for each call and reaches half of this (research/perf-reliability 1.1).
 */
export class ReplyMux {
  readonly #pending = new Map<string, Pending>();
  readonly #inbox: string;
  readonly #stopWatching: (() => void)[];
  #subscription: Subscription | undefined;
  #next = 0;
  #outgoing: Outgoing[] = [];
  #closed = false;
  #sweptAt = performance.now();
  readonly #sweep: NodeJS.Timeout;

  constructor(
    private readonly connection: NatsConnection,
    private readonly log: Log,
  ) {
    const state = ConnectionState.of(connection, log);
    this.#inbox = `${createInbox(state.inboxPrefix)}.`;
    this.#stopWatching = [
      state.onChange((change) => {
        if (change !== 'connected') this.#failAll('connection-lost');
      }),
      state.onPublishRefused((subject) => {
        this.#failAll('not-allowed', subject);
      }),
    ];
    this.#sweep = setInterval(() => {
      this.#expire();
    }, sweepEveryMs);
    this.#sweep.unref();
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  request(subject: string, body: Uint8Array, headers: MsgHdrs, timeoutMs: number, silenceMs?: number): Promise<Msg> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new NoReply('closed', subject));
        return;
      }
      this.#subscription ??= this.#subscribe();
      const id = (this.#next++).toString(36);
      const now = performance.now();
      this.#pending.set(id, { subject, expiresAt: now + timeoutMs, silenceMs, heardAt: now, resolve, reject });
      // Together with all others of this turn of the event loop: the client writes to its socket once per microtask, and that
      // write costs more than all else in a call (a quarter of a busy gateway's time).
      if (this.#outgoing.push({ id, subject, body, headers }) === 1) setImmediate(this.#publishAll);
    });
  }

  readonly #publishAll = (): void => {
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    for (const { id, subject, body, headers } of outgoing) {
      const waiting = this.#pending.get(id);
      if (!waiting) continue; // it was given up in between
      try {
        this.connection.publish(subject, body, { reply: this.#inbox + id, headers });
      } catch (error) {
        this.#pending.delete(id);
        waiting.reject(this.connection.isClosed() ? new NoReply('closed', subject) : error);
      }
    }
  };

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const stop of this.#stopWatching) stop();
    if (!this.connection.isClosed()) this.#subscription?.unsubscribe();
    this.#failAll('closed');
  }

  #subscribe(): Subscription {
    // An error thrown in here would end the client's read loop for good: nothing below throws.
    return this.connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error) {
          this.log.error(
            { reason: error.message },
            'NATS does not let this service listen for replies; its allow-list must have its inbox',
          );
          this.#subscription = undefined;
          this.#failAll('not-allowed');
          return;
        }
        const id = message.subject.slice(this.#inbox.length);
        const waiting = this.#pending.get(id);
        if (!waiting) return; // it gave up already
        if (waiting.silenceMs !== undefined && isSignOfLife(message)) {
          waiting.heardAt = performance.now();
          return;
        }
        this.#pending.delete(id);
        if (isNoResponders(message)) waiting.reject(new NoReply('no-responders', waiting.subject));
        else waiting.resolve(message);
      },
    });
  }

  #expire(): void {
    const now = performance.now();
    // After this process itself stood still, what others said meanwhile is yet to be read.
    const listened = now - this.#sweptAt < sweepEveryMs * 2;
    this.#sweptAt = now;
    for (const [id, waiting] of this.#pending) {
      const silent = listened && waiting.silenceMs !== undefined && now - waiting.heardAt >= waiting.silenceMs;
      if (waiting.expiresAt > now && !silent) continue;
      this.#pending.delete(id);
      waiting.reject(new NoReply(waiting.expiresAt <= now ? 'timeout' : 'silent', waiting.subject));
    }
  }

  #failAll(reason: NoReplyReason, subject?: string): void {
    for (const [id, waiting] of this.#pending)
      if (subject === undefined || waiting.subject === subject) {
        this.#pending.delete(id);
        waiting.reject(new NoReply(reason, waiting.subject));
      }
  }
}
