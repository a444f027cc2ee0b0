import { systemClock, type Clock } from '@leasewire/messaging';

export interface Span {
  readonly ms?: number;
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
}

export const millisecondsOf = ({ ms = 0, seconds = 0, minutes = 0, hours = 0, days = 0 }: Span): number =>
  ms + 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));

/** Runs like the real one and can be moved on: for whole services, in which leases and time-outs need time to pass. */
export class RunningClock implements Clock {
  #aheadMs = 0;

  now(): Date {
    return new Date(systemClock.now().getTime() + this.#aheadMs);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }

  advance(by: Span): void {
    this.#aheadMs += millisecondsOf(by);
  }
}

export const runningClock = (): RunningClock => new RunningClock();
