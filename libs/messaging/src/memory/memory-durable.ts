import type { Deliverer, Delivered, Route } from '../delivery.js';
import type { MemoryBroker } from './memory-broker.js';

export interface Item {
  readonly bytes: Uint8Array;
  readonly subject: string;
  readonly stream: string;
  readonly seq: number;
  readonly identity: string;
  deliveries: number;
}

export interface Reader {
  readonly route: Route;
  readonly deliverer: Deliverer;
  readonly wants: (subject: string) => boolean;
  running: number;
  onIdle: (() => void)[];
}

/** One durable consumer: its place in the stream, and the replicas that read from it. */
export class MemoryDurable {
  readonly #readers = new Set<Reader>();
  readonly #returned: Item[] = [];
  #place = 0;
  #pumping = false;

  constructor(
    private readonly broker: MemoryBroker,
    private readonly stream: string,
  ) {}

  add(reader: Reader): void {
    this.#readers.add(reader);
    this.pump();
  }

  remove(reader: Reader, deadlineMs: number): Promise<boolean> {
    this.#readers.delete(reader);
    if (reader.running === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(false);
      }, deadlineMs);
      reader.onIdle.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** A dead letter comes back to this handler only. */
  bringBack(item: Item): void {
    this.#returned.push(item);
    this.pump();
  }

  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      for (;;) {
        const reader = this.#freeReader();
        const item = reader && this.#next(reader);
        if (!item) return;
        this.#hand(item, reader);
      }
    });
  }

  #freeReader(): Reader | undefined {
    let best: Reader | undefined;
    for (const reader of this.#readers)
      if (reader.running < reader.route.concurrency && (!best || reader.running < best.running)) best = reader;
    return best;
  }

  #next(reader: Reader): Item | undefined {
    const returned = this.#returned.shift();
    if (returned) return returned;
    for (;;) {
      const event = this.broker.after(this.stream, this.#place);
      if (!event) return undefined;
      this.#place = event.seq;
      if (reader.wants(event.subject))
        return { ...event, stream: this.stream, identity: `${this.stream}:${event.seq}`, deliveries: 0 };
    }
  }

  #hand(item: Item, reader: Reader): void {
    item.deliveries++;
    reader.running++;
    void reader.deliverer.deliver(this.#delivered(item), reader.route).finally(() => {
      reader.running--;
      if (reader.running === 0) for (const tell of reader.onIdle.splice(0)) tell();
      this.pump();
    });
  }

  #delivered(item: Item): Delivered {
    const nothing = (): void => undefined;
    return {
      bytes: item.bytes,
      subject: item.subject,
      stream: item.stream,
      seq: item.seq,
      deliveries: item.deliveries,
      identity: item.identity,
      ack: nothing,
      discard: nothing,
      working: nothing,
      retry: (afterMs) => {
        setTimeout(() => {
          this.bringBack(item);
        }, afterMs).unref();
      },
    };
  }
}
