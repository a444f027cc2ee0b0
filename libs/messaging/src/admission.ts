interface Waiting {
  readonly work: () => Promise<void>;
  readonly expiresAt: number;
}

/**
 * So many at a time, so many waiting, the rest refused at once: an overloaded service answers some in time instead of
 * all too late. Who has waited longer than its caller does is dropped: nobody listens for the answer.
 */
export class Admission {
  #running = 0;
  readonly #waiting: Waiting[] = [];
  readonly #idle: (() => void)[] = [];

  constructor(
    private readonly mostRunning: number,
    private readonly mostWaiting: number,
  ) {}

  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  /** False when there is no room. `work` must not reject. */
  admit(work: () => Promise<void>, patienceMs: number): boolean {
    if (this.#running < this.mostRunning) {
      this.#run(work);
      return true;
    }
    if (this.#waiting.length >= this.mostWaiting) return false;
    this.#waiting.push({ work, expiresAt: performance.now() + patienceMs });
    return true;
  }

  /** True when nothing is left to do, false when the deadline came first. */
  whenIdle(deadlineMs: number): Promise<boolean> {
    if (this.#running === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(false);
      }, deadlineMs);
      this.#idle.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  #run(work: () => Promise<void>): void {
    this.#running++;
    void work().finally(() => {
      this.#running--;
      this.#next();
    });
  }

  #next(): void {
    const now = performance.now();
    for (;;) {
      const next = this.#waiting.shift();
      if (!next) break;
      if (next.expiresAt <= now) continue;
      this.#run(next.work);
      return;
    }
    if (this.#running === 0) for (const tell of this.#idle.splice(0)) tell();
  }
}
