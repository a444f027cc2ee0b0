import type { NatsConnection } from '@nats-io/transport-node';
import { silentLog, type Log } from './log.js';

type Change = 'connected' | 'disconnected' | 'closed';

const othersReturnWithinMs = 2000;
const states = new WeakMap<NatsConnection, ConnectionState>();

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  constructor() {
    super('the connection to NATS is lost');
  }
}

/** Whether the shared connection is up: for health, and for those who must act when it comes and goes. */
export class ConnectionState {
  #connected = true;
  #closed = false;
  #reconnectedAt = -Infinity;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #refusals = new Set<(subject: string) => void>();

  private constructor(
    connection: NatsConnection,
    private readonly log: Log,
    /** Under which this connection may listen for replies; the client does not show its own. */
    readonly inboxPrefix: string,
  ) {
    void this.#follow(connection);
  }

  /** One per connection, whoever asks first. */
  static of(connection: NatsConnection, log: Log = silentLog, inboxPrefix = '_INBOX'): ConnectionState {
    const known = states.get(connection);
    if (known) return known;
    const state = new ConnectionState(connection, log, inboxPrefix);
    states.set(connection, state);
    return state;
  }

  get connected(): boolean {
    return this.#connected && !this.#closed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** After an outage everyone comes back at their own moment: who does not listen yet may be about to. */
  get othersMayStillReturn(): boolean {
    return performance.now() - this.#reconnectedAt < othersReturnWithinMs;
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The broker refused to publish on a subject: this service's allow-list does not have it. */
  onPublishRefused(listener: (subject: string) => void): () => void {
    this.#refusals.add(listener);
    return () => this.#refusals.delete(listener);
  }

  /** True as soon as the connection is up; false when it is closed or the time is over. */
  whenConnected(timeoutMs: number): Promise<boolean> {
    if (this.connected) return Promise.resolve(true);
    if (this.#closed || timeoutMs <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (up: boolean): void => {
        clearTimeout(timer);
        stop();
        resolve(up);
      };
      const timer = setTimeout(() => {
        settle(false);
      }, timeoutMs);
      const stop = this.onChange((change) => {
        if (change !== 'disconnected') settle(change === 'connected');
      });
    });
  }

  /** Does not wait for an answer that cannot come: rejects as soon as the connection is lost, or at once without one. */
  whileConnected<T>(work: () => Promise<T>): Promise<T> {
    if (!this.connected) return Promise.reject(new ConnectionLost());
    return new Promise((resolve, reject) => {
      const stop = this.onChange((change) => {
        if (change !== 'connected') reject(new ConnectionLost());
      });
      void work().then(resolve, reject).finally(stop);
    });
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' && this.#connected) {
        this.#connected = false;
        this.log.warn({ server: status.server }, 'lost NATS; reconnecting');
        this.#tell('disconnected');
      } else if (status.type === 'reconnect') {
        this.#connected = true;
        this.#reconnectedAt = performance.now();
        this.log.info({ server: status.server }, 'NATS is back');
        this.#tell('connected');
      } else if (status.type === 'error') {
        this.#report(status.error);
      } else if (status.type === 'slowConsumer') {
        this.log.warn({ pending: status.pending }, 'a NATS subscription falls behind');
      }
    }
    this.#closed = true;
    this.#tell('closed');
  }

  #report(error: Error): void {
    const refused = /permissions violation for publish to "(\S+)"/i.exec(error.message)?.[1];
    if (refused !== undefined) {
      this.log.error(
        { subject: refused },
        'NATS does not let this service publish here; its row in libs/contracts services.ts says what it may do',
      );
      for (const listener of this.#refusals) listener(refused);
    } else {
      this.log.error({ reason: error.message }, 'NATS reports an error');
    }
  }

  #tell(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
