export interface BatchSettings<K, T> {
  readonly most: number;
  /** Batches of different keys at once. */
  readonly parallel: number;
  readonly work: (key: K, items: readonly T[]) => Promise<void>;
  /** After such a failure of a batch each item is tried alone, so that one bad item fails alone. */
  readonly isBlameable: (error: unknown) => boolean;
  /** What has not ended by then is not waited for any longer: its items fail with what this makes of it, and the queue goes on. */
  readonly longestMs: number;
  readonly overdue: (key: K, items: number) => Error;
}

interface Waiting<T> {
  readonly item: T;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Gathers what comes while the batch before is worked on. The first item of a pause is worked on at once, so an idle
 * system has no delay and a busy one large batches. Of one key there is one batch at a time, in the order of arrival.
 */
export class Batches<K, T> {
  /** Of keys with something to do: in line, or at work. */
  readonly #queues = new Map<K, Waiting<T>[]>();
  readonly #line: K[] = [];
  #working = 0;

  constructor(private readonly settings: BatchSettings<K, T>) {}

  /** Resolves when the item is worked off, in whichever batch. */
  submit(key: K, item: T): Promise<void> {
    return new Promise((done, failed) => {
      const queue = this.#queues.get(key);
      if (queue) queue.push({ item, done, failed });
      else {
        this.#queues.set(key, [{ item, done, failed }]);
        this.#line.push(key);
        // after what else has arrived with it
        setImmediate(() => {
          this.#next();
        });
      }
    });
  }

  #next(): void {
    const key = this.#working < this.settings.parallel ? this.#line.shift() : undefined;
    if (key === undefined) return;
    const batch = this.#queues.get(key)?.splice(0, this.settings.most) ?? [];
    this.#working += 1;
    void this.#settle(key, batch).then(() => {
      this.#working -= 1;
      // back to the end of the line: a busy key keeps no other from its turn
      if (this.#queues.get(key)?.length === 0) this.#queues.delete(key);
      else this.#line.push(key);
      this.#next();
    });
  }

  #inTime(key: K, items: readonly T[]): Promise<void> {
    const { work, longestMs, overdue } = this.settings;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(overdue(key, items.length));
      }, longestMs);
      void work(key, items)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
        });
    });
  }

  async #settle(key: K, batch: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.#inTime(
        key,
        batch.map(({ item }) => item),
      );
      for (const { done } of batch) done();
    } catch (error) {
      if (batch.length > 1 && this.settings.isBlameable(error)) for (const one of batch) await this.#settle(key, [one]);
      else for (const { failed } of batch) failed(error);
    }
  }
}
