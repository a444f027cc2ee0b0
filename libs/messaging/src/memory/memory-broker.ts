import { DomainError, deadLetterStreamOf, streamOf } from '@leasewire/contracts';
import { MemoryDurable } from './memory-durable.js';

export interface StoredEvent {
  readonly seq: number;
  readonly subject: string;
  readonly bytes: Uint8Array;
}

interface MemoryStream {
  readonly events: StoredEvent[];
  readonly seqById: Map<string, number>;
  lastSeq: number;
}

/** What nats-server is to the services of one process in a unit test: streams and durables, kept in memory. */
export class MemoryBroker {
  readonly #streams = new Map<string, MemoryStream>();
  readonly #durables = new Map<string, MemoryDurable>();
  #lettersAway = false;

  createStream(name: string): void {
    if (this.#streams.has(name)) return;
    this.#streams.set(name, { events: [], seqById: new Map(), lastSeq: 0 });
    this.#wake();
  }

  store(stream: string, subject: string, bytes: Uint8Array, id?: string): { seq: number; duplicate: boolean } {
    const into = this.#streams.get(stream);
    if (!into) throw new DomainError('unavailable', `No stream takes ${subject} at the moment; the event waits in the outbox.`);
    const known = id === undefined ? undefined : into.seqById.get(id);
    if (known !== undefined) return { seq: known, duplicate: true };
    const seq = ++into.lastSeq;
    into.events.push({ seq, subject, bytes });
    if (id !== undefined) into.seqById.set(id, seq);
    this.#wake();
    return { seq, duplicate: false };
  }

  lastSeq(stream: string): number {
    return this.#streams.get(stream)?.lastSeq ?? 0;
  }

  /** The first event after `seq`, undefined when there is none (yet). */
  after(stream: string, seq: number): StoredEvent | undefined {
    const events = this.#streams.get(stream)?.events;
    if (!events?.length) return undefined;
    const first = events[0]?.seq ?? 1;
    return events[Math.max(0, seq + 1 - first)];
  }

  /** As when all events have expired. */
  purge(service: string): void {
    this.#streams.get(streamOf(service))?.events.splice(0);
  }

  durable(stream: string, durable: string): MemoryDurable {
    const key = `${stream} ${durable}`;
    const known = this.#durables.get(key);
    if (known) return known;
    const created = new MemoryDurable(this, stream);
    this.#durables.set(key, created);
    return created;
  }

  /** For tests of what happens when a dead letter cannot be stored. */
  set deadLettersAway(away: boolean) {
    this.#lettersAway = away;
  }

  assertLettersCanBeStored(service: string): void {
    if (this.#lettersAway) throw new DomainError('unavailable', `${deadLetterStreamOf(service)} does not answer.`);
  }

  #wake(): void {
    for (const durable of this.#durables.values()) durable.pump();
  }
}
