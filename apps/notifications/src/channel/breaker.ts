import type { Clock } from '@leasewire/messaging';

const opensAfter = 3;
const firstMs = 1_000;
const mostMs = 60_000;

/**
 * While a provider is away nothing is tried: what is to go out waits in its queue instead of failing one by one. After a pause one batch
 * tries; when that fails the pause is twice as long.
 */
export class Breaker {
  #failures = 0;
  #until = -Infinity;
  #reason: string | null = null;

  constructor(private readonly clock: Clock) {}

  get isOpen(): boolean {
    return this.clock.monotonicMs() < this.#until;
  }

  /** Why nothing goes out; null: it does. */
  get reason(): string | null {
    return this.#failures >= opensAfter ? this.#reason : null;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = -Infinity;
    this.#reason = null;
  }

  failed(reason: string): void {
    this.#reason = reason;
    // a batch that was on its way fails as one
    if (this.isOpen) return;
    this.#failures += 1;
    if (this.#failures < opensAfter) return;
    this.#until = this.clock.monotonicMs() + Math.min(mostMs, firstMs * 2 ** (this.#failures - opensAfter));
  }

  /** When to come back with what was not tried. */
  get againInMs(): number {
    return Math.max(firstMs, this.#until - this.clock.monotonicMs());
  }
}
