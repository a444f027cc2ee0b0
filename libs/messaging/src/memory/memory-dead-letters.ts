import {
  deadLetterStreamOf,
  DomainError,
  type DeadLetter,
  type DeadLetterChoice,
  type DeadLetterDetail,
  type DeadLetterFilter,
  type DeadLetterPage,
} from '@leasewire/contracts';
import type { Clock } from '../clock.js';
import type { DeadLetterBox } from '../dead-letters.js';
import type { LetterToWrite, Postbox } from '../delivery.js';
import { readEnvelope } from '../read-fact.js';
import { utf8 } from '../wire.js';
import type { MemoryBroker } from './memory-broker.js';

interface Kept {
  readonly letter: DeadLetter;
  readonly bytes: Uint8Array;
}

export class MemoryDeadLetters implements DeadLetterBox, Postbox {
  readonly #letters = new Map<number, Kept>();
  #lastSeq = 0;

  constructor(
    private readonly broker: MemoryBroker,
    private readonly service: string,
    private readonly clock: Clock,
  ) {}

  put({ route, message, reason, error }: LetterToWrite): Promise<void> {
    this.broker.assertLettersCanBeStored(this.service);
    const seq = ++this.#lastSeq;
    const { bytes, subject, stream } = message;
    const letter: DeadLetter = {
      seq,
      handler: route.handler,
      reason,
      error,
      attempts: message.deliveries,
      at: this.clock.now().toISOString(),
      stream,
      subject,
      streamSeq: message.seq,
      ...identityOf(bytes),
    };
    this.#letters.set(seq, { letter, bytes });
    return Promise.resolve();
  }

  list({ handler, after = 0, limit = 100 }: DeadLetterFilter = {}): Promise<DeadLetterPage> {
    const found = this.#of(handler).filter(({ letter }) => letter.seq > after);
    const items = found.slice(0, limit).map(({ letter }) => letter);
    return Promise.resolve({ items, nextAfter: items.length < limit ? null : (items.at(-1)?.seq ?? null) });
  }

  show(seq: number): Promise<DeadLetterDetail> {
    return this.#get(seq).then(({ letter, bytes }) => ({ ...letter, body: utf8(bytes) }));
  }

  async replay(choice: DeadLetterChoice): Promise<{ replayed: number }> {
    const due = await this.#chosen(choice);
    for (const { letter, bytes } of due) {
      this.#letters.delete(letter.seq);
      const { stream, subject, streamSeq: seq } = letter;
      const identity = `${deadLetterStreamOf(this.service)}:${letter.seq}`;
      this.broker
        .durable(stream, `${this.service}__${letter.handler}`)
        .bringBack({ bytes, subject, stream, seq, identity, deliveries: 0 });
    }
    return { replayed: due.length };
  }

  async drop(choice: DeadLetterChoice): Promise<{ dropped: number }> {
    const due = await this.#chosen(choice);
    for (const { letter } of due) this.#letters.delete(letter.seq);
    return { dropped: due.length };
  }

  counts(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const { letter } of this.#letters.values()) counts[letter.handler] = (counts[letter.handler] ?? 0) + 1;
    return Promise.resolve(counts);
  }

  async #chosen(choice: DeadLetterChoice): Promise<Kept[]> {
    return 'seq' in choice ? [await this.#get(choice.seq)] : this.#of(choice.handler);
  }

  #of(handler: string | undefined): Kept[] {
    return [...this.#letters.values()].filter(({ letter }) => handler === undefined || letter.handler === handler);
  }

  #get(seq: number): Promise<Kept> {
    const kept = this.#letters.get(seq);
    if (kept) return Promise.resolve(kept);
    return Promise.reject(
      new DomainError('not-found', `${this.service} has no dead letter ${seq}. It may have been replayed or dropped; list them.`),
    );
  }
}

function identityOf(bytes: Uint8Array): { eventId?: string; correlationId?: string } {
  try {
    const { id, correlationid } = readEnvelope(bytes);
    return { eventId: id, correlationId: correlationid };
  } catch {
    return {};
  }
}
