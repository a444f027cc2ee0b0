import type { Clock, Log } from '@leasewire/messaging';
import { backoffMs, type Backoff } from '../pace/backoff.js';
import type { SystemDoc } from '../collections/collection.js';
import { raw, type Documents } from '../collections/documents.js';
import { valueAt } from '../collections/places.js';
import { DueStore, type Claimed, type DueRow } from './due-store.js';
import type { Due } from './due.js';
import { Pool } from '../pace/pool.js';
import { Wakeable } from '../pace/wakeable.js';

export type DueDoc = SystemDoc & { due?: Due | undefined };

export interface DueObserver {
  /** How late a handler began. */
  onLateness?(ms: number): void;
  onGaveUp?(id: string): void;
}

export interface DueSettings<D extends DueDoc> {
  readonly repository: { readonly [raw]: Documents<D> };
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Runs at the time. Loads the document again in its unit of work, decides, and saves it without `due` or with the next
   * one; then it happens exactly once. Where it does not, `due` is removed afterwards and a crash in between repeats it.
   */
  readonly handle: (doc: D) => Promise<unknown>;
  /**
   * For many at one instant: up to a hundred of one organization, to be decided and saved in one transaction. When it
   * throws, `handle` gets them one by one.
   */
  readonly handleMany?: (docs: readonly D[]) => Promise<unknown>;
  /** After the last attempt. `due` is removed when it returns. */
  readonly onGiveUp: (doc: D, error: unknown) => Promise<unknown>;
  readonly observer?: DueObserver;
  readonly maxAttempts?: number;
  readonly backoff?: Backoff;
  readonly concurrency?: number;
  readonly batch?: number;
  readonly pollMs?: number;
  /** How long before its time a document is claimed. It still runs at its time, if it is still due then. */
  readonly aheadMs?: number;
  readonly leaseMs?: number;
}

interface Begun<D> {
  readonly claimed: Claimed;
  readonly doc: D;
}

/** What fits into one transaction. */
const mostTogether = 100;
/** What one replica may hold claimed at once. */
const mostHeld = 10_000;

/** Runs what is due: each document on one replica, at its time, again with a growing pause when it fails. */
export class DueClaimer<D extends DueDoc> {
  readonly #store: DueStore;
  readonly #pool: Pool;
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
    this.#pool = new Pool(settings.concurrency ?? 32);
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
    const unbegun = [...this.#timers.values()].flat();
    for (const timer of this.#timers.keys()) clearTimeout(timer);
    this.#timers.clear();
    await this.#store.release(unbegun).catch(() => undefined); // else their lease ends
    await this.#pool.whenIdle();
    clearInterval(this.#renewals);
    this.#renewals = undefined;
    this.#held.clear();
  }

  /** Something became due soon: called after the commit that made it so. */
  wake(): void {
    this.#wakeable.wake();
  }

  async #run(): Promise<void> {
    const { log, batch = 500, pollMs = 1000 } = this.settings;
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
    const { clock, aheadMs = 2000 } = this.settings;
    const now = clock.now();
    const claimed = await this.#store.claim(now, plus(now, aheadMs), plus(now, this.#leaseMs), limit);
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

  #schedule(together: readonly Claimed[], at: number): void {
    const inMs = at - this.settings.clock.now().getTime();
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        // a timer may come a moment early, and a rule that asks whether it is time would then say no
        if (this.settings.clock.now().getTime() < at) this.#schedule(together, at);
        else void this.#fire(together);
      },
      Math.max(1, inMs),
    );
    this.#timers.set(timer, together);
  }

  async #fire(together: readonly Claimed[]): Promise<void> {
    try {
      const rows = await this.#store.stillOurs(together);
      const done: Claimed[] = [];
      await Promise.all(this.#groups(together, rows).map((group) => this.#pool.run(() => this.#handleGroup(group, done))));
      await this.#store.finish(done);
    } catch (error) {
      this.settings.log.warn(
        { err: error },
        'what was claimed cannot be finished for the moment; it is claimed again when its lease ends',
      );
    } finally {
      for (const { claim } of together) this.#letGo(claim);
    }
  }

  /** One by one, or by organization where the handler takes many. */
  #groups(claimed: readonly Claimed[], rows: readonly DueRow[]): Begun<D>[][] {
    const { repository, handleMany } = this.settings;
    const byId = new Map(claimed.map((one) => [one.id, one]));
    const groups = new Map<string, Begun<D>[]>();
    const full: Begun<D>[][] = [];
    for (const row of rows) {
      const claim = byId.get(row._id);
      if (!claim) continue;
      const begun = { claimed: claim, doc: repository[raw].shape.read(row) };
      const name = handleMany ? String(valueAt(row, 'orgId')) : row._id;
      const group = groups.get(name);
      if (!group || group.length >= mostTogether) groups.set(name, full[full.push([begun]) - 1] ?? []);
      else group.push(begun);
    }
    return full;
  }

  async #handleGroup(group: readonly Begun<D>[], done: Claimed[]): Promise<void> {
    const { clock, observer, log, handle, handleMany } = this.settings;
    for (const { claimed } of group) observer?.onLateness?.(Math.max(0, clock.now().getTime() - claimed.at.getTime()));
    if (handleMany)
      try {
        await handleMany(group.map(({ doc }) => doc));
        done.push(...group.map(({ claimed }) => claimed));
        return;
      } catch (error) {
        log.debug({ err: error, count: group.length }, 'many that are due failed together; handling them one by one');
      }
    for (const { claimed, doc } of group)
      try {
        await handle(doc);
        done.push(claimed);
      } catch (error) {
        if (await this.#failed(claimed, doc, error)) done.push(claimed);
      }
  }

  /** True when it was given up. */
  async #failed(claimed: Claimed, doc: D, error: unknown): Promise<boolean> {
    const { clock, log, observer, onGiveUp, maxAttempts = 10, backoff = { firstMs: 1000, mostMs: 600_000 } } = this.settings;
    const attempts = doc.due?.attempts ?? 1;
    if (attempts >= maxAttempts) {
      try {
        await onGiveUp(doc, error);
        log.error({ err: error, id: claimed.id, attempts }, 'something due failed for the last time; it is not tried again');
        observer?.onGaveUp?.(claimed.id);
        return true;
      } catch (givingUp) {
        log.error({ err: givingUp, id: claimed.id }, 'giving up on something due failed too; both are tried again');
      }
    }
    const message = error instanceof Error ? error.message : String(error);
    await this.#store.retryAt(claimed, plus(clock.now(), backoffMs(attempts, backoff)), message.slice(0, 500));
    log.warn({ err: error, id: claimed.id, attempts }, 'something due failed; it is tried again');
    return false;
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

  get #leaseMs(): number {
    return this.settings.leaseMs ?? 30_000;
  }
}

const plus = (date: Date, ms: number): Date => new Date(date.getTime() + ms);
