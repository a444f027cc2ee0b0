import { Logger } from '@leasewire/service-kit';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** Under a flood some of it is left undone rather than let memory grow. */
const mostRunning = 500;

/**
 * For what an answer must not wait for, because waiting would tell something (a refused sign-in is recorded only where
 * there is an account) or cost something (when a key was last used). Awaited at shutdown.
 */
@Injectable()
export class Afterwards implements BeforeApplicationShutdown {
  readonly #running = new Set<Promise<void>>();
  #skipped = 0;

  constructor(private readonly log: Logger) {}

  run(what: string, task: () => Promise<unknown>): void {
    if (this.#running.size >= mostRunning) {
      if (this.#skipped++ % 1000 === 0) this.log.warn({ skipped: this.#skipped }, `too much at once: ${what} was skipped`);
      return;
    }
    const running = task().then(
      () => undefined,
      (error: unknown) => {
        this.log.warn({ err: error }, `${what} failed`);
      },
    );
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.idle();
  }
}
