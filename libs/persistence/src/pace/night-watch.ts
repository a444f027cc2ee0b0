import { untilWokenMs, type Wakeable } from './wakeable.js';

/**
 * Of several in a process that wait for the same work, one looks for it now and then, and the others sleep until they are woken. Who
 * finds something wakes the others: the first of them that finds nothing then keeps the watch.
 */
export class NightWatch {
  #isKept = false;

  async pause(sleeper: Wakeable, pollMs: number): Promise<void> {
    if (this.#isKept) {
      await sleeper.pause(untilWokenMs);
      return;
    }
    this.#isKept = true;
    try {
      await sleeper.pause(pollMs);
    } finally {
      this.#isKept = false;
    }
  }
}
