import type { Clock } from '@leasewire/messaging';
import { millisecondsOf, type Span } from './running-clock.js';

/** A clock that a test moves. `monotonicMs` moves with it. */
export class FixedClock implements Clock {
  #ms: number;

  constructor(at: Date | string) {
    this.#ms = new Date(at).getTime();
  }

  now(): Date {
    return new Date(this.#ms);
  }

  monotonicMs(): number {
    return this.#ms;
  }

  set(at: Date | string): void {
    this.#ms = new Date(at).getTime();
  }

  advance(by: Span): void {
    this.#ms += millisecondsOf(by);
  }
}

export const fixedClock = (at: Date | string = '2026-11-20T09:00:00.000Z'): FixedClock => new FixedClock(at);
