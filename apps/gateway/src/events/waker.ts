/** Wakes those who wait for events of their organization. */
export class Waker {
  readonly #waiting = new Map<string, Set<() => void>>();

  wake(orgId: string): void {
    const waiting = this.#waiting.get(orgId);
    if (waiting) for (const wake of [...waiting]) wake();
  }

  wakeAll(): void {
    for (const orgId of [...this.#waiting.keys()]) this.wake(orgId);
  }

  /** Calls back each time, until the returned function is called. */
  on(orgId: string, wake: () => void): () => void {
    const waiting = this.#waiting.get(orgId) ?? new Set();
    this.#waiting.set(orgId, waiting);
    waiting.add(wake);
    return () => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(orgId) === waiting) this.#waiting.delete(orgId);
    };
  }
}
