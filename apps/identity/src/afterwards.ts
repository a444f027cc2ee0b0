import { Logger } from '@leasewire/service-kit';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/**
 * For what an answer must not wait for, because waiting would tell something (a refused sign-in is recorded only where
 * there is an account) or cost something (when a key was last used). Awaited at shutdown.
 */
@Injectable()
export class Afterwards implements BeforeApplicationShutdown {
  readonly #running = new Set<Promise<void>>();

  constructor(private readonly log: Logger) {}

  run(what: string, task: () => Promise<unknown>): void {
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
