import type { RateState } from './rate-limit.rules.js';

/** One credential at one vendor. Nothing in it is secret: a connection's id, or a digest. */
export type Lane = string;

export type Turn =
  /** It is ours until we end it or `heldUntil` passes: whoever dies in the middle blocks nobody for long. */
  { readonly granted: true; readonly state: RateState } | { readonly granted: false; readonly waitMs: number };

export interface Taker {
  readonly lane: Lane;
  readonly budget: string;
  readonly holder: string;
  readonly now: Date;
  readonly holdMs: number;
  /** Somebody waits for it. When it finds the lane taken, those for whom nobody does leave it the next turn. */
  readonly urgent?: boolean;
}

/** How soon somebody who waits for another's turn looks again. */
export const lookAgainMs = 50;
/** How long the others step back: until whoever waits has looked again, on a busy machine too. */
export const stepBackMs = 3 * lookAgainMs;

/**
 * Whose turn it is, for all replicas. Kept in MongoDB by pms-sync (in memory in tests): one row per lane, changed atomically.
 * `take` grants only when nobody holds the lane, by the rules `nextAllowedAt` and `spendOne` on the state of the budget.
 */
export interface RateLedger {
  take(turn: Taker): Promise<Turn>;
  /** Goes on holding it; nothing happens when it is another's by now. */
  keep(turn: Pick<Taker, 'lane' | 'holder' | 'now' | 'holdMs'>): Promise<void>;
  /** Ends the turn and keeps what the vendor said. A holder whose turn was over already changes only the state. */
  end(turn: { lane: Lane; budget: string; holder: string; now: Date; state: RateState }): Promise<void>;
}
