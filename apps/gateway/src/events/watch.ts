import type { Authenticator } from '../auth/authenticator.js';
import type { Caller } from '../auth/caller.js';
import type { CallerCache } from '../auth/caller-cache.js';
import type { Credential } from '../auth/credentials.js';
import { concerns } from '../auth/invalidation.js';
import type { Waker } from './waker.js';

/**
 * Someone who stays longer than a request: woken by events of their organization and by anything that changes who they are,
 * and looked at again before anything is given to them.
 */
export class Watch {
  /** Set by a change that concerns them; taken back when they are looked at. */
  #doubted = false;
  #woken = false;
  #closed = false;
  #resume: (() => void) | undefined;
  readonly #stop: (() => void)[];

  constructor(
    private caller: Caller,
    private readonly credential: Credential,
    private readonly correlationId: string,
    private readonly auth: Authenticator,
    cache: CallerCache,
    waker: Waker,
  ) {
    this.#stop = [
      waker.on(caller.principal.orgId, () => {
        this.#wake();
      }),
      cache.onInvalidated((what) => {
        if (what !== 'all' && !concerns(what, this.caller.principal)) return;
        this.#doubted = true;
        this.#wake();
      }),
    ];
  }

  get doubted(): boolean {
    return this.#doubted;
  }

  isClosed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stop) stop();
    this.#wake();
  }

  /** Who it is now; throws when they may not be here any more. */
  async look(): Promise<Caller> {
    this.#doubted = false;
    this.caller = this.auth.remembered(this.credential) ?? (await this.auth.ask(this.credential, this.correlationId));
    return this.caller;
  }

  /** Until something happens, or the time is over (false). What happened since the last wait counts too. */
  async wait(ms: number): Promise<boolean> {
    if (!this.#woken && !this.#closed)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#resume = undefined;
    const woken = this.#woken;
    this.#woken = false;
    return woken;
  }

  #wake(): void {
    this.#woken = true;
    this.#resume?.();
  }
}
