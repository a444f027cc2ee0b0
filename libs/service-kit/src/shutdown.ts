import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.js';

/**
 * Steps of a shutdown, one after the other within one deadline. A step that fails or takes too long is told and left: what
 * it leaves behind is what a crash would leave, and everything here survives crashes.
 */
export class Shutdown {
  readonly #giveUpAt: number;

  constructor(
    private readonly logger: Logger,
    withinMs: number,
  ) {
    this.#giveUpAt = performance.now() + withinMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#giveUpAt - performance.now());
  }

  async step(name: string, work: () => unknown): Promise<void> {
    const done = (async () => {
      await work();
      return true;
    })();
    const stopWaiting = new AbortController();
    const late = sleep(Math.max(50, this.leftMs), false, { signal: stopWaiting.signal });
    late.catch(() => undefined);
    try {
      if (!(await Promise.race([done, late])))
        this.logger.warn({ step: name }, 'the shutdown does not wait any longer for this step');
    } catch (error) {
      this.logger.error({ err: error, step: name }, 'a step of the shutdown failed');
    } finally {
      stopWaiting.abort();
      done.catch(() => undefined);
    }
  }
}
