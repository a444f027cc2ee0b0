import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@leasewire/contracts';
import { JetStreamApiError } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConnectionState } from './connection-state.js';
import type { JetStreamMessage } from './jetstream-message.js';
import type { Log } from './log.js';
import { PullLoop } from './pull-loop.js';

export interface ConsumptionSpec {
  readonly stream: string;
  readonly durable: string;
  readonly concurrency: number;
  /** Makes sure that stream and consumer are there; rejects with a DomainError when no waiting will help. */
  bind(first: boolean): Promise<void>;
  /** Takes one message to its end; never rejects. */
  handle(message: JetStreamMessage): Promise<void>;
}

const longestPauseMs = 5000;
const attemptsIn1500Ms = 4;
const attemptsIn30s = 11;
const streamNotFound = 10059;

/**
 * One durable consumer, consumed for ever: bound again after a reconnect, a deleted consumer, a stream that is not there
 * yet. Never more than `concurrency` messages are held by this process.
 */
export class Consumption {
  #loop: PullLoop | undefined;
  #running = 0;
  readonly #backlog: JetStreamMessage[] = [];
  #stopping = false;
  #bound = false;
  #rebinding = false;
  /** An attempt that was overtaken by another must not open a second loop. */
  #attempts = 0;
  readonly #idle: (() => void)[] = [];
  readonly #stopWatching: () => void;
  readonly #interrupt = new AbortController();

  readonly #state: ConnectionState;

  private constructor(
    private readonly connection: NatsConnection,
    private readonly spec: ConsumptionSpec,
    private readonly log: Log,
  ) {
    this.#state = ConnectionState.of(connection);
    // After an outage the server has forgotten our requests, and perhaps the consumer.
    this.#stopWatching = this.#state.onChange((change) => {
      if (change === 'connected') this.#rebind('the connection was lost');
    });
  }

  /** Fails only on what waiting does not mend; a stream that is missing is waited for in the background. */
  static async start(connection: NatsConnection, spec: ConsumptionSpec, log: Log): Promise<Consumption> {
    const consumption = new Consumption(connection, spec, log);
    try {
      await consumption.#bind();
    } catch (error) {
      if (error instanceof DomainError) {
        consumption.#stopWatching();
        throw error;
      }
      const about = { durable: spec.durable, stream: spec.stream, reason: String(error) };
      // Whose events they are has not started yet: usual when all of us begin at once.
      if (isMissing(error)) log.debug(about, 'there are no events yet; trying on');
      else log.warn(about, 'cannot read events yet; trying on');
      consumption.#rebind(undefined);
    }
    return consumption;
  }

  /** Gives back what was fetched but not begun, so that another replica takes it at once; awaits what has begun. */
  async stop(deadlineMs: number): Promise<boolean> {
    this.#stopping = true;
    this.#interrupt.abort();
    this.#stopWatching();
    for (const message of this.#backlog.splice(0)) message.nak();
    await this.#loop?.stop();
    const finished = await this.#whenIdle(deadlineMs);
    if (this.#state.connected) await this.connection.flush().catch(() => undefined);
    return finished;
  }

  async #bind(): Promise<void> {
    const attempt = ++this.#attempts;
    await this.spec.bind(!this.#bound);
    this.#bound = true;
    if (this.#stopping || attempt !== this.#attempts) return;
    this.#loop = new PullLoop(
      this.connection,
      { ...this.spec, worthAsking: Math.ceil(this.spec.concurrency / 2) },
      {
        free: () => this.spec.concurrency - this.#running - this.#backlog.length,
        message: (message) => {
          this.#take(message);
        },
        lost: (reason) => {
          this.#rebind(reason);
        },
      },
    );
  }

  #rebind(reason: string | undefined): void {
    if (this.#stopping || this.#rebinding || this.#state.closed) return;
    this.#rebinding = true;
    if (reason !== undefined) this.log.debug({ durable: this.spec.durable, reason }, 'binding again');
    void this.#bindUntilItWorks().finally(() => {
      this.#rebinding = false;
      if (this.#loop?.over) this.#rebind('what was bound was lost at once');
    });
  }

  async #bindUntilItWorks(): Promise<void> {
    for (let attempt = 0; !this.#stopping && !this.#state.closed; attempt++) {
      try {
        await this.#loop?.stop();
        await this.#state.whenConnected(longestPauseMs);
        // What was asked over a connection that broke is never answered: do not wait for its timeout.
        await this.#state.whileConnected(() => this.#bind());
        return;
      } catch (error) {
        const pauseMs = Math.min(100 * 2 ** attempt, longestPauseMs);
        if (attempt % 20 === (isMissing(error) ? attemptsIn30s : attemptsIn1500Ms))
          this.log.warn(
            { durable: this.spec.durable, stream: this.spec.stream, reason: String(error) },
            'cannot read events; trying on',
          );
        await sleep(pauseMs, undefined, { signal: this.#interrupt.signal }).catch(() => undefined);
      }
    }
  }

  #take(message: JetStreamMessage): void {
    if (this.#stopping) message.nak();
    else if (this.#running < this.spec.concurrency) this.#run(message);
    else this.#backlog.push(message); // requests from before a reconnect were answered too
  }

  #run(message: JetStreamMessage): void {
    this.#running++;
    void this.spec.handle(message).finally(() => {
      this.#running--;
      const next = this.#backlog.shift();
      if (next) this.#take(next);
      else this.#loop?.topUp();
      if (this.#running === 0) for (const tell of this.#idle.splice(0)) tell();
    });
  }

  #whenIdle(deadlineMs: number): Promise<boolean> {
    if (this.#running === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(false);
      }, deadlineMs);
      this.#idle.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === streamNotFound;
}
