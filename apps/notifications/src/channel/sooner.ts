import { setMaxListeners } from 'node:events';

/** Signals that come so long before those of attempts are given up: what is certain by then is still told. */
export class Sooner {
  /** One for each batch, whose attempts share a signal. */
  readonly #known = new WeakMap<AbortSignal, AbortSignal>();

  constructor(private readonly afterMs: number) {}

  than(signal: AbortSignal): AbortSignal {
    const known = this.#known.get(signal);
    if (known) return known;
    const sooner = AbortSignal.any([signal, AbortSignal.timeout(this.afterMs)]);
    setMaxListeners(0, sooner);
    this.#known.set(signal, sooner);
    return sooner;
  }
}
