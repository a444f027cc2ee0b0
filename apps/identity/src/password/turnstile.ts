import { DomainError } from '@leasewire/contracts';

/** So many at a time, so many waiting, and whoever comes then is sent away: a flood costs neither memory nor the others' time. */
export class Turnstile {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.atOnce) this.#running++;
    else if (this.#waiting.length >= this.mostWaiting)
      throw new DomainError('unavailable', 'Very many people are signing in right now. Try again in a few seconds.', {
        retryAfterSeconds: 2,
      });
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
