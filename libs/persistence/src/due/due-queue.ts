import type { Claimed } from './due-store.js';

/** What is claimed and whose time has come: in lanes of those that may go together, and the lanes take turns. */
export class DueQueue {
  readonly #lanes = new Map<string, Claimed[]>();

  add(lane: string, one: Claimed): void {
    const waiting = this.#lanes.get(lane);
    if (waiting) waiting.push(one);
    else this.#lanes.set(lane, [one]);
  }

  /** Up to so many of one lane. */
  take(most: number): Claimed[] {
    for (const [lane, waiting] of this.#lanes) {
      const taken = waiting.splice(0, most);
      this.#lanes.delete(lane);
      if (waiting.length > 0) this.#lanes.set(lane, waiting);
      return taken;
    }
    return [];
  }

  clear(): Claimed[] {
    const all = [...this.#lanes.values()].flat();
    this.#lanes.clear();
    return all;
  }
}
