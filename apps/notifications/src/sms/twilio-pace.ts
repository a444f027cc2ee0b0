import type { Clock } from '@leasewire/messaging';

const firstPauseMs = 500;
const longestPauseMs = 60_000;

/**
 * How many requests this process has open. Twilio limits them for the whole account and says so only by refusing: then half as many,
 * after a pause that grows; one more after each dozen that went well. Replicas find their shares of the account alike.
 */
export class TwilioPace {
  #open = 0;
  #most: number;
  #well = 0;
  #refusals = 0;
  #pausedUntil = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {
    this.#most = limit;
  }

  get most(): number {
    return this.#most;
  }

  /** Until when nothing is asked; null: now is fine. */
  get pausedUntil(): Date | null {
    return this.#pausedUntil > this.clock.now().getTime() ? new Date(this.#pausedUntil) : null;
  }

  /** Null: the signal came before its turn, and nothing was asked. */
  async run<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
    if (signal.aborted || (this.#open >= this.#most && !(await this.#turn(signal)))) return null;
    this.#open += 1;
    try {
      return await ask();
    } finally {
      this.#open -= 1;
      if (this.#open < this.#most) this.#waiting.shift()?.();
    }
  }

  /** False: whoever waited is not there any more. */
  #turn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const isTurn = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(isTurn), 1);
        resolve(false);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(isTurn);
    });
  }

  went(): void {
    this.#refusals = 0;
    this.#well += 1;
    if (this.#well < 12 || this.#most >= this.limit) return;
    this.#well = 0;
    this.#most += 1;
  }

  /** Returns when to come back; with jitter, so that replicas do not come at once. */
  refused(): Date {
    this.#well = 0;
    this.#refusals += 1;
    this.#most = Math.max(1, Math.floor(this.#most / 2));
    const pause = Math.min(firstPauseMs * 2 ** (this.#refusals - 1), longestPauseMs);
    const until = this.clock.now().getTime() + pause * (0.5 + this.random() / 2);
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    return new Date(until);
  }
}
