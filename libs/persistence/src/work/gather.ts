import type { ClientSession } from 'mongodb';
import type { Tx } from './tx.js';

interface Batch<T, R> {
  readonly items: T[];
  readonly results: Promise<readonly R[]>;
}

/**
 * Operations of one kind that are asked for in parallel in a transaction go to the server as one. A session does one thing
 * at a time, so whoever does something for a hundred documents with `Promise.all` would otherwise wait for a hundred answers.
 */
export class Gather<T, R> {
  readonly #waiting = new WeakMap<object, Batch<T, R>>();

  constructor(private readonly perform: (session: ClientSession, items: readonly T[]) => Promise<readonly R[]>) {}

  /** The result at the place of the item. */
  async add(tx: Tx, item: T): Promise<R | undefined> {
    let batch = this.#waiting.get(tx.within);
    if (!batch) {
      batch = this.#begin(tx);
      this.#waiting.set(tx.within, batch);
    }
    const place = batch.items.push(item) - 1;
    return (await batch.results)[place];
  }

  /** Open until its turn comes. */
  #begin(tx: Tx): Batch<T, R> {
    const items: T[] = [];
    const results = tx.do((session) => {
      this.#waiting.delete(tx.within);
      return this.perform(session, items);
    });
    return { items, results };
  }
}
