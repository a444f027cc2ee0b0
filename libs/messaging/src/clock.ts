/** Time is injected, so that a rule about a week is tested in a millisecond. */
export interface Clock {
  now(): Date;
  /** Never jumps, whatever happens to the wall clock: for durations and timeouts. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
