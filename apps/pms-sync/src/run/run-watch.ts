import type { Clock } from '@leasewire/messaging';
import { noCounts, type Counts } from './run.rules.js';

export interface Progress {
  readonly counts: Counts;
  /** Answers of the PMS; parts of a file. */
  readonly pages: number;
}
interface Watched {
  /** Throws when the run must end here. */
  readonly check: () => Promise<void>;
  readonly show: (progress: Progress) => Promise<unknown>;
  readonly clock: Clock;
}
const everyMs = 1_000;

/** Looks after one run, also while it fetches, which may take longer than all the rest: how far it is, and whether it is still wanted. */
export class RunWatch {
  #lookedAt = -Infinity;
  #answers = 0;
  #flowing = (): Progress => ({ counts: noCounts, pages: 0 });

  constructor(private readonly watched: Watched) {}

  /** From now on people are told. */
  follow(flowing: () => Progress): void {
    this.#flowing = flowing;
  }

  answered(): void {
    this.#answers += 1;
  }

  get progress(): Progress {
    const { counts, pages } = this.#flowing();
    return { counts, pages: Math.max(pages, this.#answers) };
  }

  /** Before each step of which others hear. */
  async check(): Promise<void> {
    await this.watched.check();
    if (this.#isTime()) await this.watched.show(this.progress);
  }

  /** Before each request, and again and again while one waits for its turn: too often to ask each time. */
  async glance(): Promise<void> {
    if (!this.#isTime()) return;
    await this.watched.check();
    await this.watched.show(this.progress);
  }

  #isTime(): boolean {
    const now = this.watched.clock.monotonicMs();
    if (now - this.#lookedAt < everyMs) return false;
    this.#lookedAt = now;
    return true;
  }
}
