import { setTimeout as sleep } from 'node:timers/promises';
import { streamOf, type Envelope, type OrgId } from '@leasewire/contracts';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { ConnectionState } from './connection-state.js';
import type { Log } from './log.js';
import { readEnvelope } from './read-fact.js';
import { readSlice } from './stream-reader.js';

export interface TailedEvent {
  readonly service: string;
  readonly seq: number;
  readonly envelope: Envelope;
}

export interface Slice {
  readonly events: TailedEvent[];
  readonly place: number;
  /** There may be more right now. */
  readonly more: boolean;
}

export interface Tail {
  close(): void;
}

const batch = 256;
const pollMs = 1000;
/** A hint comes when an event is published, a moment before it is stored. */
const notYetStoredMs = [5, 10, 20, 50, 100, 200];

/**
 * Reads the events of any service from any place, without a consumer: for feeds and live updates, where each reader keeps
 * its own place. A plain subscription tells that there is something new; what it is, is read from the stream with its
 * sequence, so nothing is missed over a reconnect. It needs no right to create consumers, which could take others' events.
 */
export class EventTail {
  readonly #manager: Promise<JetStreamManager>;

  constructor(
    private readonly connection: NatsConnection,
    private readonly log: Log,
  ) {
    this.#manager = jetstreamManager(connection, { checkAPI: false });
  }

  /** What comes after `after`, oldest first; of one organization, or of all. */
  async read(service: string, after: number, what: { orgId?: OrgId; limit?: number } = {}): Promise<TailedEvent[]> {
    return (await this.slice(service, after, what)).events;
  }

  /** As `read`, with the place that was reached: it is further on when an event could not be read. */
  async slice(service: string, after: number, { orgId, limit = batch }: { orgId?: OrgId; limit?: number } = {}): Promise<Slice> {
    const subject = orgId === undefined ? `evt.${service}.>` : `evt.${service}.*.*.*.${orgId}`;
    const stored = await readSlice(this.connection, {
      stream: streamOf(service),
      subject,
      from: after + 1,
      limit,
    });
    const events = stored.flatMap(({ seq, data }) => {
      try {
        return [{ service, seq, envelope: readEnvelope(data) }];
      } catch {
        this.log.debug({ service, seq }, 'an event that cannot be read is left out');
        return [];
      }
    });
    return { events, place: stored.at(-1)?.seq ?? after, more: stored.length === limit };
  }

  /** The first and last sequence there is: a place before the first has expired. Another `created`: another stream, other places. */
  async bounds(service: string): Promise<{ first: number; last: number; created: string }> {
    const manager = await this.#manager;
    const { state, created } = await ConnectionState.of(this.connection).whileConnected(() =>
      manager.streams.info(streamOf(service)),
    );
    return { first: state.first_seq, last: state.last_seq, created };
  }

  /** Every event after `after`, in order, as it comes, for as long as it is open. `take` must not throw. */
  follow(service: string, after: number, take: (event: TailedEvent) => void): Tail {
    const following = new Following(this, this.connection, service, after, take, this.log);
    return {
      close: () => {
        following.close();
      },
    };
  }
}

class Following {
  #place: number;
  /** Events that were announced and not seen yet. */
  #expected = 0;
  #reading = false;
  #again = false;
  /** The broker may have come back with another stream of that name. */
  #unsure = true;
  #created: string | undefined;
  #closed = false;
  readonly #hints: Subscription;
  readonly #poll: NodeJS.Timeout;
  readonly #stopWatching: () => void;

  constructor(
    private readonly tail: EventTail,
    connection: NatsConnection,
    private readonly service: string,
    after: number,
    private readonly take: (event: TailedEvent) => void,
    private readonly log: Log,
  ) {
    this.#place = after;
    const look = (): void => {
      void this.#catchUp();
    };
    this.#hints = connection.subscribe(`evt.${service}.>`, {
      callback: () => {
        this.#expected++;
        look();
      },
    });
    // A hint may be lost over a reconnect.
    this.#poll = setInterval(look, pollMs);
    this.#poll.unref();
    this.#stopWatching = ConnectionState.of(connection).onChange(() => {
      this.#unsure = true;
      look();
    });
    look();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#poll);
    this.#stopWatching();
    this.#hints.unsubscribe();
  }

  async #catchUp(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        if (this.#unsure) await this.#assure();
        await this.#readAll();
        await this.#readExpected();
      }
    } catch (error) {
      this.log.debug({ service: this.service, reason: String(error) }, 'cannot read events to follow yet');
    } finally {
      this.#reading = false;
    }
  }

  async #assure(): Promise<void> {
    const { created } = await this.tail.bounds(this.service);
    this.#unsure = false;
    const before = this.#created;
    this.#created = created;
    if (before === undefined || before === created) return;
    this.log.warn({ service: this.service, place: this.#place }, 'the stream has begun anew; following it from its beginning');
    this.#place = 0;
  }

  async #readExpected(): Promise<void> {
    for (const pauseMs of notYetStoredMs) {
      if (this.#expected === 0 || this.#closed) return;
      await sleep(pauseMs);
      await this.#readAll();
    }
    this.#expected = 0; // announced and never stored: a duplicate
  }

  async #readAll(): Promise<void> {
    for (let more = true; more && !this.#closed;) {
      const slice = await this.tail.slice(this.service, this.#place);
      this.#expected = Math.max(0, this.#expected - slice.events.length);
      this.#hand(slice.events);
      this.#place = slice.place;
      more = slice.more;
    }
  }

  #hand(events: readonly TailedEvent[]): void {
    for (const event of events) if (!this.#closed) this.take(event);
  }
}
