import {
  deadLetterStreamOf,
  dlqSubject,
  DomainError,
  replaySubject,
  type DeadLetterChoice,
  type DeadLetterDetail,
  type DeadLetterFilter,
  type DeadLetterPage,
} from '@leasewire/contracts';
import { jetstream, jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { systemClock, type Clock } from './clock.js';
import { ConnectionState } from './connection-state.js';
import { copyOfLetter, headersOfLetter, letterFrom } from './dead-letter-wire.js';
import type { LetterToWrite, Postbox } from './delivery.js';
import { deadLetterStream, ensureStream } from './event-stream.js';
import type { JetStreamMessage } from './jetstream-message.js';
import { readSlice } from './stream-reader.js';
import { utf8 } from './wire.js';

/** What the handlers of a service could not handle, to look at, to try again or to drop. */
export interface DeadLetterBox {
  list(filter?: DeadLetterFilter): Promise<DeadLetterPage>;
  show(seq: number): Promise<DeadLetterDetail>;
  /** To the handler that failed and to no other; its inbox still keeps it from doing something twice. */
  replay(choice: DeadLetterChoice): Promise<{ replayed: number }>;
  drop(choice: DeadLetterChoice): Promise<{ dropped: number }>;
  /** How many wait, by handler: for metrics. */
  counts(): Promise<Readonly<Record<string, number>>>;
}

export interface DeadLettersOptions {
  readonly connection: NatsConnection;
  readonly service: string;
  readonly maxBytes?: number;
  readonly replicas?: number;
  readonly clock?: Clock;
}

const usualMaxBytes = 64 * 1024 * 1024;
const pageSize = 200;

export class DeadLetters implements DeadLetterBox, Postbox {
  readonly #stream: string;
  readonly #manager: Promise<JetStreamManager>;
  readonly #clock: Clock;
  #ready: Promise<void> | undefined;

  constructor(private readonly about: DeadLettersOptions) {
    this.#stream = deadLetterStreamOf(about.service);
    this.#clock = about.clock ?? systemClock;
    this.#manager = jetstreamManager(about.connection, { checkAPI: false });
  }

  async ensureStream(): Promise<void> {
    const { service, maxBytes = usualMaxBytes, replicas = 1 } = this.about;
    await ensureStream(await this.#manager, deadLetterStream(service, { maxBytes, replicas }));
  }

  /** A service that handles no events has never needed the stream; asked for its dead letters, it has none. */
  async #whereStreamIs(): Promise<JetStreamManager> {
    this.#ready ??= this.ensureStream();
    await this.#ready.catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#manager;
  }

  async put(letter: LetterToWrite): Promise<void> {
    const { handler, durable } = letter.route;
    await this.#publish(
      dlqSubject(this.about.service, handler),
      letter.message.bytes,
      headersOfLetter(letter, this.#clock.now()),
      `${durable}:${letter.message.identity}`,
    );
  }

  async list(filter: DeadLetterFilter = {}): Promise<DeadLetterPage> {
    await this.#whereStreamIs();
    const { handler = '*', after = 0, limit = 100 } = filter;
    const found = await this.#read(dlqSubject(this.about.service, handler), after + 1, limit);
    const items = found.map(letterFrom);
    return { items, nextAfter: items.length < limit ? null : (items.at(-1)?.seq ?? null) };
  }

  async show(seq: number): Promise<DeadLetterDetail> {
    const stored = await this.#get(seq);
    return { ...letterFrom(stored), body: utf8(stored.data) };
  }

  async replay(choice: DeadLetterChoice): Promise<{ replayed: number }> {
    if ('seq' in choice) {
      await this.#replayOne(await this.#get(choice.seq));
      return { replayed: 1 };
    }
    // One that fails again becomes a new letter at the end: only those that are there now are taken.
    const last = (await (await this.#whereStreamIs()).streams.info(this.#stream)).state.last_seq;
    let replayed = 0;
    for (;;) {
      const page = await this.#read(dlqSubject(this.about.service, choice.handler), 1, pageSize);
      const due = page.filter(({ seq }) => seq <= last);
      for (const stored of due) await this.#replayOne(stored);
      replayed += due.length;
      if (due.length < pageSize) return { replayed };
    }
  }

  async drop(choice: DeadLetterChoice): Promise<{ dropped: number }> {
    const manager = await this.#whereStreamIs();
    if ('handler' in choice) {
      const { purged } = await manager.streams.purge(this.#stream, { filter: dlqSubject(this.about.service, choice.handler) });
      return { dropped: purged };
    }
    await this.#get(choice.seq);
    await manager.streams.deleteMessage(this.#stream, choice.seq, false);
    return { dropped: 1 };
  }

  async counts(): Promise<Readonly<Record<string, number>>> {
    const info = await (
      await this.#whereStreamIs()
    ).streams.info(this.#stream, { deleted_details: false, subjects_filter: dlqSubject(this.about.service, '*'), offset: 0 });
    return Object.fromEntries(Object.entries(info.state.subjects ?? {}).map(([subject, count]) => [handlerIn(subject), count]));
  }

  /** A replay that still waits, at the end and as if it had never been delivered. */
  async putBack({ seq, message: { subject, data, headers } }: JetStreamMessage): Promise<void> {
    await this.#publish(subject, data, copyOfLetter(headers), `waits:${seq}`);
    await this.forget(seq);
  }

  /** A replayed letter that was handled leaves nothing behind. */
  async forget(seq: number): Promise<void> {
    await (await this.#manager).streams.deleteMessage(this.#stream, seq, false);
  }

  async #replayOne(stored: StoredMsg): Promise<void> {
    const subject = replaySubject(this.about.service, handlerIn(stored.subject));
    // Stored before it is deleted: a crash in between repeats the replay, which the message id makes harmless.
    await this.#publish(subject, stored.data, copyOfLetter(stored.header), `replay:${stored.seq}`);
    await this.forget(stored.seq);
  }

  async #publish(subject: string, bytes: Uint8Array, headers: MsgHdrs, msgID: string): Promise<void> {
    const { connection } = this.about;
    const expect = { streamName: this.#stream };
    await ConnectionState.of(connection).whileConnected(() =>
      jetstream(connection).publish(subject, bytes, { headers, msgID, expect }),
    );
  }

  #read(subject: string, from: number, limit: number): Promise<StoredMsg[]> {
    return readSlice(this.about.connection, { stream: this.#stream, subject, from, limit });
  }

  async #get(seq: number): Promise<StoredMsg> {
    await this.#whereStreamIs();
    const [stored] = await this.#read(dlqSubject(this.about.service, '*'), seq, 1);
    if (stored?.seq === seq) return stored;
    throw new DomainError(
      'not-found',
      `${this.about.service} has no dead letter ${seq}. It may have been replayed or dropped; list them.`,
    );
  }
}

const handlerIn = (subject: string): string => subject.split('.')[2] ?? '';
