import { setTimeout as sleep } from 'node:timers/promises';
import { streamOf } from '@leasewire/contracts';
import type { Log } from '@leasewire/messaging';
import { jetstream, jetstreamManager, type ConsumerMessages, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { StoredEvent, StreamRing } from './ring.js';

export interface TailListener {
  event?(event: StoredEvent): void;
  /** Read up to here, or begun here. */
  reached?(position: number): void;
  /** The stream is another one than before, or has lost what was not read yet: what was learned from it may be out of date. */
  restarted?(position: number): void;
}

const checkEveryMs = 5000;
const retryMs = { first: 200, most: 2000 };

/**
 * One stream, followed from its end by one consumer that only this replica has: every event reaches every replica. It heals
 * by itself: a lost consumer, a broker that restarted, a stream that is not there yet or was made anew.
 */
export class StreamTail {
  #ring = new StreamRing(0);
  #position = 0;
  #created: string | undefined;
  #stopped = false;
  #messages: ConsumerMessages | undefined;
  readonly #abort = new AbortController();
  readonly #listeners: TailListener[] = [];
  #markBegun: () => void = () => undefined;
  /** Once the stream was found. */
  readonly begun = new Promise<void>((resolve) => {
    this.#markBegun = resolve;
  });

  constructor(
    private readonly connection: NatsConnection,
    readonly service: string,
    private readonly log: Log,
  ) {}

  get position(): number {
    return this.#position;
  }

  get ring(): StreamRing {
    return this.#ring;
  }

  listen(listener: TailListener): void {
    this.#listeners.push(listener);
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#abort.abort();
    this.#messages?.stop();
  }

  async #run(): Promise<void> {
    let waitMs = retryMs.first;
    while (!this.#stopped) {
      try {
        await this.#follow();
        waitMs = retryMs.first;
      } catch (error) {
        this.log.debug({ service: this.service, reason: String(error) }, 'its stream cannot be followed at the moment; trying again');
        waitMs = Math.min(waitMs * 2, retryMs.most);
      }
      if (!this.#stopped) await sleep(waitMs, undefined, { signal: this.#abort.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Until the consumer ends or is no longer to be trusted. */
  async #follow(): Promise<void> {
    const manager = await jetstreamManager(this.connection, { checkAPI: false });
    await this.#begin(manager);
    const consumer = await jetstream(this.connection).consumers.get(streamOf(this.service), {
      // Always a number: told to begin with what is new, the client begins at 1 when it has to make its consumer again.
      opt_start_seq: this.#position + 1,
      inactive_threshold: 30_000,
    });
    const messages = await consumer.consume({
      max_messages: 1000,
      expires: 10_000,
      idle_heartbeat: 2000,
      callback: (message) => {
        this.#take(new StoredEvent(message.seq, message.subject, message.data));
      },
    });
    this.#messages = messages;
    if (this.#stopped) messages.stop();
    const check = setInterval(() => void this.#check(manager, messages), checkEveryMs).unref();
    void stopWhenInDoubt(messages);
    try {
      await messages.closed();
    } finally {
      clearInterval(check);
    }
  }

  async #begin(manager: JetStreamManager): Promise<void> {
    const { created, state } = await manager.streams.info(streamOf(this.service));
    const known = this.#created;
    const goesOn = known === created && state.last_seq >= this.#position && state.first_seq <= this.#position + 1;
    this.#created = created;
    if (!goesOn) {
      this.#position = state.last_seq;
      this.#ring = new StreamRing(this.#position);
      if (known !== undefined) {
        this.log.warn({ service: this.service, position: this.#position }, 'its stream began anew or lost events; starting from its end');
        for (const listener of this.#listeners) listener.restarted?.(this.#position);
      }
    }
    for (const listener of this.#listeners) listener.reached?.(this.#position);
    this.#markBegun();
  }

  #take(event: StoredEvent): void {
    if (event.seq <= this.#position) return;
    this.#position = event.seq;
    this.#ring.push(event);
    for (const listener of this.#listeners) listener.event?.(event);
    for (const listener of this.#listeners) listener.reached?.(event.seq);
  }

  /** A consumer that stands still while its stream grows, or whose stream is another one now, is left. */
  async #check(manager: JetStreamManager, messages: ConsumerMessages): Promise<void> {
    const before = this.#position;
    try {
      const { created, state } = await manager.streams.info(streamOf(this.service));
      if (created === this.#created && state.last_seq <= before) return;
      await sleep(1000, undefined, { signal: this.#abort.signal, ref: false });
      if (created !== this.#created || this.#position === before) messages.stop();
    } catch {
      // The broker is away, or we are stopping: the consumer itself goes on when it is back.
    }
  }
}

/** The client makes a lost consumer again by itself, without a look at whether the stream is still the same. */
async function stopWhenInDoubt(messages: ConsumerMessages): Promise<void> {
  for await (const { type } of messages.status())
    if (type === 'ordered_consumer_recreated' || type === 'stream_not_found' || type === 'consumer_deleted') messages.stop();
}
