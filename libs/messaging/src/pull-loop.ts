import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamStatus } from '@nats-io/jetstream/internal';
import { createInbox, nanos, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { ConnectionState } from './connection-state.js';
import { JetStreamMessage } from './jetstream-message.js';

export interface PullFrom {
  readonly stream: string;
  readonly durable: string;
  /** A new request is only worth it when so many slots are free, unless none is open. */
  readonly worthAsking: number;
}

export interface PullFor {
  /** How many more messages could be handled right now. */
  free(): number;
  message(message: JetStreamMessage): void;
  /** It gets nothing any more: the consumer is gone, the server has changed or is silent. Bind again. */
  lost(reason: string): void;
}

const requestExpiresMs = 30_000;
const heartbeatMs = 5000;
const silenceMs = heartbeatMs * 2.5;

/**
 * Asks a pull consumer for exactly as many messages as there are free slots. The client's own `consume()` fetches ahead
 * (what it holds waits for ack_wait when the process dies), drops what is on its way when it is closed, and waits for ever
 * for a consumer that was deleted.
 */
export class PullLoop {
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #watch: NodeJS.Timeout;
  #outstanding = 0;
  #heardAt = performance.now();
  #over = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly from: PullFrom,
    private readonly forWhom: PullFor,
  ) {
    this.#inbox = createInbox(ConnectionState.of(connection).inboxPrefix);
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error) this.#lose(error.message);
        else this.#take(message);
      },
    });
    this.#watch = setInterval(() => {
      if (this.#outstanding > 0 && performance.now() - this.#heardAt > silenceMs) this.#lose('the server is silent');
    }, heartbeatMs);
    this.#watch.unref();
    this.topUp();
  }

  /** Nothing comes any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Call when a slot has become free. */
  topUp(): void {
    if (this.#over) return;
    const batch = this.forWhom.free() - this.#outstanding;
    if (batch <= 0 || (this.#outstanding > 0 && batch < this.from.worthAsking)) return;
    if (this.#outstanding === 0) this.#heardAt = performance.now();
    this.#outstanding += batch;
    const request = JSON.stringify({ batch, expires: nanos(requestExpiresMs), idle_heartbeat: nanos(heartbeatMs) });
    try {
      this.connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${this.from.stream}.${this.from.durable}`, request, {
        reply: this.#inbox,
      });
    } catch (error) {
      this.#lose(String(error));
    }
  }

  /** Asks for no more. What the server has already sent still arrives before this resolves. */
  async stop(): Promise<void> {
    this.#over = true;
    clearInterval(this.#watch);
    if (this.connection.isClosed() || this.#subscription.isClosed()) return;
    if (!ConnectionState.of(this.connection).connected) this.#subscription.unsubscribe();
    // a server that hangs must not keep us from binding again when it is back
    else await Promise.race([this.#subscription.drain().catch(() => undefined), sleep(silenceMs, undefined, { ref: false })]);
  }

  #take(message: Msg): void {
    this.#heardAt = performance.now();
    const status = JetStreamStatus.maybeParseStatus(message);
    if (status) {
      this.#heed(status);
      return;
    }
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.forWhom.message(new JetStreamMessage(message));
  }

  #heed(status: JetStreamStatus): void {
    if (status.isIdleHeartbeat()) return;
    const expired = status.code === 404 || status.code === 408;
    if (!expired) {
      this.#lose(status.description);
      return;
    }
    this.#outstanding = Math.max(0, this.#outstanding - status.parseDiscard().msgsLeft);
    this.topUp();
  }

  #lose(reason: string): void {
    if (this.#over) return;
    void this.stop();
    this.forWhom.lost(reason);
  }
}
