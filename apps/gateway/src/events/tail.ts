import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionState, type Log } from '@leasewire/messaging';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { StreamRing, type StoredEvent } from './ring.js';
import type { StreamReader } from './stream-reader.js';

export interface TailListener {
  event?(event: StoredEvent): void;
  /** Read up to here. */
  reached?(position: number): void;
  /** Following begins here. What lay before was not heard: the stream was just found, was made anew, or lost events. */
  began?(position: number): void;
}

const batch = 500;
/** What no hint told of is found by looking. */
const usualPollMs = 1000;
/** After a hint that finds nothing: the event is on its way to the disk, or was a repetition that is not stored. */
const triesAfterHintMs = [1, 2, 4, 8, 15, 30, 60, 120, 250];
/** In a cluster any replica may answer a read; by then even one that lags has what was stored. */
const lagMs = 2000;

/**
 * The end of one stream, followed and kept in memory. A plain subscription tells that there is something new; what it is, is
 * read by position, so nothing is missed over a reconnect and every replica of the gateway sees everything.
 */
export class StreamTail {
  #ring = new StreamRing(0);
  #position = 0;
  #created: string | undefined;
  #settledAt = Infinity;
  /** Hints whose events have not been read yet. */
  #owed = 0;
  #closed = false;
  #wake: (() => void) | undefined;
  #subscription: Subscription | undefined;
  #stopWatching: (() => void) | undefined;
  readonly #state: ConnectionState;
  readonly #listeners: TailListener[] = [];
  #markBegun: () => void = () => undefined;
  /** Once the stream was found. */
  readonly begun = new Promise<void>((resolve) => {
    this.#markBegun = resolve;
  });

  constructor(
    private readonly connection: NatsConnection,
    private readonly reader: StreamReader,
    readonly service: string,
    private readonly log: Log,
    private readonly pollMs = usualPollMs,
  ) {
    this.#state = ConnectionState.of(connection);
  }

  get position(): number {
    return this.#position;
  }

  get ring(): StreamRing {
    return this.#ring;
  }

  /** Whether every replica of the broker has all that lies before what is in memory. */
  get settled(): boolean {
    return performance.now() >= this.#settledAt;
  }

  listen(listener: TailListener): void {
    this.#listeners.push(listener);
  }

  start(): void {
    const hint = (): void => {
      this.#owed++;
      this.#wake?.();
    };
    this.#subscription = this.connection.subscribe(`evt.${this.service}.>`, { callback: hint });
    this.#stopWatching = this.#state.onChange(hint);
    void this.#run();
  }

  stop(): void {
    this.#closed = true;
    this.#subscription?.unsubscribe();
    this.#stopWatching?.();
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let polledAt = -Infinity;
    while (!this.#closed) {
      try {
        if (performance.now() - polledAt >= this.pollMs) {
          await this.#look();
          polledAt = performance.now();
        }
        await this.#catchUp();
      } catch (error) {
        this.log.debug({ service: this.service, reason: String(error) }, 'its stream cannot be read at the moment; trying again');
        await sleep(100, undefined, { ref: false });
        await this.#state.whenConnected(this.pollMs);
      }
      await this.#idle(this.pollMs);
    }
  }

  /** Once a second: is it still the same stream, and where does it end? */
  async #look(): Promise<void> {
    const info = await this.reader.info(this.service);
    if (!info) return;
    const { created, state, config } = info;
    const known = this.#created;
    if (known === created && state.last_seq >= this.#position && state.first_seq <= this.#position + 1) return;
    this.#created = created;
    this.#position = state.last_seq;
    this.#ring = new StreamRing(state.last_seq);
    this.#settledAt = performance.now() + (config.num_replicas > 1 ? lagMs : 0);
    if (known !== undefined)
      this.log.warn(
        { service: this.service, position: this.#position },
        'its stream began anew or lost events; going on from its end',
      );
    for (const listener of this.#listeners) listener.began?.(this.#position);
    this.#markBegun();
  }

  /** Reads to the end, and again until what was hinted at is there or has had time to be. */
  async #catchUp(): Promise<void> {
    if (this.#created === undefined) {
      this.#owed = 0; // a hint of what is not there is none; the next look finds it
      return;
    }
    for (let tries = 0; !this.#closed;) {
      const events = await this.reader.read(this.service, this.#position, `evt.${this.service}.>`, batch);
      for (const event of events) this.#take(event);
      if (events.length === batch) continue;
      if (events.length > 0) tries = 0;
      const waitMs = triesAfterHintMs[tries++];
      if (waitMs === undefined) this.#owed = 0;
      if (this.#owed === 0) return;
      await sleep(waitMs, undefined, { ref: false });
    }
  }

  #take(event: StoredEvent): void {
    if (event.seq <= this.#position) return;
    this.#position = event.seq;
    this.#owed = Math.max(0, this.#owed - 1);
    this.#ring.push(event);
    for (const listener of this.#listeners) listener.event?.(event);
    for (const listener of this.#listeners) listener.reached?.(event.seq);
  }

  async #idle(ms: number): Promise<void> {
    if (this.#owed > 0 || this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
