import { raw } from '../collections/documents.js';
import { backoffMs } from '../pace/backoff.js';
import { untilWokenMs, Wakeable } from '../pace/wakeable.js';
import { DueRunner } from './due-runner.js';
import type { DueDoc, DueSettings } from './due-settings.js';
import { DueStore, type Claimed } from './due-store.js';

/** What one replica may hold claimed at once. */
const mostHeld = 10_000;

/** Runs what is due: each document on one replica, at its time, again with a growing pause when it fails. */
export class DueClaimer<D extends DueDoc> {
  readonly #store: DueStore;
  readonly #runner: DueRunner<D>;
  readonly #wakeable = new Wakeable();
  readonly #timers = new Map<NodeJS.Timeout, readonly Claimed[]>();
  /** Claims of which something is still to be done here, and of how much. */
  readonly #held = new Map<string, number>();
  #renewals: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopping = false;

  constructor(private readonly settings: DueSettings<D>) {
    const { db, def } = settings.repository[raw];
    this.#store = new DueStore(db, def.name);
    this.#runner = new DueRunner(settings, this.#store, ({ claim }) => {
      this.#letGo(claim);
    });
    const wake = () => {
      this.wake();
    };
    settings.lookout?.watch({ collection: def.name, aheadMs: this.#aheadMs, wake });
  }

  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
    this.#renewals ??= setInterval(() => void this.#renew(), this.#leaseMs / 3).unref();
  }

  /** Awaits what runs, and gives back what it had claimed ahead. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wakeable.wake();
    await this.#running;
    this.#running = undefined;
    const unbegun = [...this.#timers.values(), this.#runner.unbegun()].flat();
    for (const timer of this.#timers.keys()) clearTimeout(timer);
    this.#timers.clear();
    await this.#store.release(unbegun).catch(() => undefined); // else their lease ends
    await this.#runner.whenIdle();
    clearInterval(this.#renewals);
    this.#renewals = undefined;
    this.#held.clear();
  }

  /** Something became due soon: called after the commit that made it so. */
  wake(): void {
    this.#wakeable.wake();
  }

  async #run(): Promise<void> {
    const { log, batch = 500, lookout, pollMs = lookout ? untilWokenMs : 1000 } = this.settings;
    for (let failures = 0; !this.#stopping;) {
      try {
        const claimed = this.#heldCount() < mostHeld ? await this.#claim(batch) : 0;
        failures = 0;
        if (claimed < batch) await this.#wakeable.pause(pollMs);
      } catch (error) {
        if (failures++ % 30 === 0) log.warn({ err: error }, 'what is due cannot be claimed for the moment; trying again');
        await this.#wakeable.pause(backoffMs(failures, { firstMs: 200, mostMs: 2000 }));
      }
    }
  }

  async #claim(limit: number): Promise<number> {
    const { clock } = this.settings;
    const now = clock.now();
    const claiming = this.#store.claim(now, plus(now, this.#aheadMs), plus(now, this.#leaseMs), limit);
    const claimed = await this.#clearingTheWay(claiming);
    for (const { claim } of claimed) this.#held.set(claim, (this.#held.get(claim) ?? 0) + 1);
    const byTime = new Map<number, Claimed[]>();
    for (const one of claimed) {
      const at = Math.max(one.at.getTime(), now.getTime()); // all that is late already goes together
      const together = byTime.get(at);
      if (together) together.push(one);
      else byTime.set(at, [one]);
    }
    for (const [at, together] of byTime) this.#schedule(together, at);
    return claimed.length;
  }

  /** Rows that a process had in hand when it died are locked for a minute, and the claim would wait as long. */
  async #clearingTheWay<R>(claiming: Promise<R>): Promise<R> {
    const { work, clock } = this.settings;
    const began = clock.monotonicMs();
    const timer = setInterval(() => {
      work.clearTheWay(clock.monotonicMs() - began).catch(() => undefined); // the claim itself says what is wrong
    }, 500);
    try {
      return await claiming;
    } finally {
      clearInterval(timer);
    }
  }

  #schedule(together: readonly Claimed[], at: number): void {
    const inMs = at - this.settings.clock.now().getTime();
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        // a timer may come a moment early, and a rule that asks whether it is time would then say no
        if (this.settings.clock.now().getTime() < at) this.#schedule(together, at);
        else this.#runner.begin(together);
      },
      Math.max(1, inMs),
    );
    this.#timers.set(timer, together);
  }

  async #renew(): Promise<void> {
    const until = plus(this.settings.clock.now(), this.#leaseMs);
    await this.#store.renew([...this.#held.keys()], until).catch((error: unknown) => {
      this.settings.log.warn({ err: error }, 'claims on what is due could not be renewed');
    });
  }

  #letGo(claim: string): void {
    const left = (this.#held.get(claim) ?? 0) - 1;
    if (left > 0) this.#held.set(claim, left);
    else this.#held.delete(claim);
  }

  #heldCount(): number {
    let count = 0;
    for (const held of this.#held.values()) count += held;
    return count;
  }

  get #aheadMs(): number {
    return this.settings.aheadMs ?? 2000;
  }

  get #leaseMs(): number {
    return this.settings.leaseMs ?? 30_000;
  }
}

const plus = (date: Date, ms: number): Date => new Date(date.getTime() + ms);
