import type { Clock } from '@leasewire/messaging';

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

  advance(by: {
    readonly ms?: number;
    readonly seconds?: number;
    readonly minutes?: number;
    readonly hours?: number;
    readonly days?: number;
  }): void {
    const { ms = 0, seconds = 0, minutes = 0, hours = 0, days = 0 } = by;
    this.#ms += ms + 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
  }
}

export const fixedClock = (at: Date | string = '2026-11-20T09:00:00.000Z'): FixedClock => new FixedClock(at);
