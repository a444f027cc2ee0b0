/** What becomes of an event whose handler failed. Pure: the same for every bus. */

export type DeadLetterReason =
  /** Not JSON. */
  | 'undecodable'
  /** JSON, but no envelope of ours, or one that contradicts the subject it came on. */
  | 'invalid-envelope'
  /** The data does not fit the contract. */
  | 'invalid-data'
  /** An event type that this version of the handler does not know; a newer replica may. */
  | 'unknown-type'
  /** The handler failed on every try. */
  | 'failed'
  /** It was begun again and again and never ended: it probably kills the process. */
  | 'never-finished';

export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
  constructor(
    readonly reason: Exclude<DeadLetterReason, 'failed' | 'never-finished'>,
    message: string,
  ) {
    super(message);
  }
}

export interface Patience {
  readonly maxDeliver: number;
  readonly backoffMs: readonly number[];
}

/**
 * Twelve tries over an hour and twenty minutes; the first five within twenty seconds, so that a database that restarts is
 * hardly noticed.
 */
export const usualPatience: Patience = {
  maxDeliver: 12,
  backoffMs: [250, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 1_800_000],
};

export type Verdict =
  { readonly then: 'retry'; readonly afterMs: number } | { readonly then: 'set-aside'; readonly reason: DeadLetterReason };

/** `deliveries` counts the one that has just failed. */
export function afterFailure(error: unknown, deliveries: number, patience: Patience): Verdict {
  // Bytes do not get better by waiting. A type that is unknown here may be known to a newer replica during a roll-out.
  if (error instanceof Undeliverable && error.reason !== 'unknown-type') return { then: 'set-aside', reason: error.reason };
  if (deliveries >= patience.maxDeliver)
    return { then: 'set-aside', reason: error instanceof Undeliverable ? error.reason : 'failed' };
  return { then: 'retry', afterMs: backoffAfter(deliveries, patience) };
}

/** A failure sets an event aside at `maxDeliver`; one that comes again and again beyond it has never even failed. */
export function neverFinishes(deliveries: number, patience: Patience): boolean {
  return deliveries > patience.maxDeliver * 2;
}

export function backoffAfter(deliveries: number, { backoffMs }: Patience): number {
  return backoffMs[Math.min(deliveries, backoffMs.length) - 1] ?? 1000;
}
