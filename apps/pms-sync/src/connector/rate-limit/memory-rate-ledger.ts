import { nextAllowedAt, spendOne, unlimited, type RateState } from './rate-limit.rules.js';
import { lookAgainMs, stepBackMs, type RateLedger, type Taker, type Turn } from './rate-ledger.js';

/** For tests and for one process alone: what the ledger in MongoDB does, without other replicas. */
export class MemoryRateLedger implements RateLedger {
  readonly #held = new Map<string, { holder: string; until: Date }>();
  readonly #wantedUntil = new Map<string, number>();
  readonly #states = new Map<string, RateState>();

  take({ lane, budget, holder, now, holdMs, urgent = false }: Taker): Promise<Turn> {
    const held = this.#held.get(lane);
    if (held && held.until > now && held.holder !== holder) {
      if (urgent) this.#wantedUntil.set(lane, now.getTime() + stepBackMs);
      return Promise.resolve({ granted: false, waitMs: Math.min(held.until.getTime() - now.getTime(), lookAgainMs) });
    }
    if (!urgent && (this.#wantedUntil.get(lane) ?? 0) > now.getTime())
      return Promise.resolve({ granted: false, waitMs: lookAgainMs });
    const state = this.stateOf(lane, budget);
    const at = nextAllowedAt(state, now);
    if (at !== null) return Promise.resolve({ granted: false, waitMs: at.getTime() - now.getTime() });
    const spent = spendOne(state, now);
    this.#states.set(`${lane} ${budget}`, spent);
    this.#held.set(lane, { holder, until: new Date(now.getTime() + holdMs) });
    return Promise.resolve({ granted: true, state: spent });
  }

  keep({ lane, holder, now, holdMs }: Parameters<RateLedger['keep']>[0]): Promise<void> {
    if (this.#held.get(lane)?.holder === holder) this.#held.set(lane, { holder, until: new Date(now.getTime() + holdMs) });
    return Promise.resolve();
  }

  end({ lane, budget, holder, state }: Parameters<RateLedger['end']>[0]): Promise<void> {
    if (this.#held.get(lane)?.holder === holder) this.#held.delete(lane);
    this.#states.set(`${lane} ${budget}`, state);
    return Promise.resolve();
  }

  stateOf(lane: string, budget: string): RateState {
    return this.#states.get(`${lane} ${budget}`) ?? unlimited;
  }
}
