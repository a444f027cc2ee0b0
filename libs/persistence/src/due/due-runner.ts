import type { ClientSession } from 'mongodb';
import { raw } from '../collections/documents.js';
import { backoffMs, type Backoff } from '../pace/backoff.js';
import { Gathered } from '../pace/gathered.js';
import { isPassing } from '../pace/passing.js';
import { systemCause } from '../work/system-cause.js';
import type { DueDoc, DueHandling, DueSettings } from './due-settings.js';
import { DueQueue } from './due-queue.js';
import type { Claimed, DueStore } from './due-store.js';

/** What fits into one transaction. */
const mostTogether = 100;
/** Begun this often without an end, it may be what the process died of: no other shares its transaction. */
const suspiciousAfter = 3;
/** What is away is asked again at least this often. */
const whileAway = { firstMs: 1000, mostMs: 60_000 };
/** Five thousand at one instant all begin at once when they go together, and connections are left for others. */
const mostAtOnce = 50;

type Handle<D extends DueDoc> = NonNullable<DueHandling<D>['handle']>;
type HandleAlone<D extends DueDoc> = NonNullable<DueHandling<D>['handleAlone']>;

/**
 * Runs the handlers of what is claimed and whose time has come. What waits while all are busy gathers, and goes together
 * where the handler takes many: the more there is, the less each costs.
 */
export class DueRunner<D extends DueDoc> {
  readonly #queue = new DueQueue();
  readonly #running = new Set<Promise<void>>();
  readonly #begun = new WeakSet<Claimed>();
  readonly #looked = new Gathered((some: readonly Claimed[]) => this.#safely(() => this.#read(some)));
  readonly #finished = new Gathered((done: readonly Claimed[]) => this.#safely(() => this.store.finish(done)));
  #soon: NodeJS.Immediate | undefined;
  #free: number;

  constructor(
    private readonly settings: DueSettings<D>,
    private readonly store: DueStore,
    private readonly letGo: (one: Claimed) => void,
  ) {
    this.#free = settings.concurrency ?? mostAtOnce;
  }

  begin(claimed: readonly Claimed[]): void {
    for (const one of claimed) this.#queue.add(this.#laneOf(one), one);
    // timers of one instant come one after the other: first all of it is here, then it goes by full hundreds
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      this.#next();
    });
  }

  /** Takes back what has not begun. */
  unbegun(): Claimed[] {
    return this.#queue.clear();
  }

  async whenIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** What failed before goes by itself, or it would hold up others each time. */
  #laneOf({ id, orgId, failedBefore, tries }: Claimed): string {
    if (!this.settings.handle) return 'all';
    return failedBefore || tries > suspiciousAfter || orgId === undefined ? id : orgId;
  }

  #next(): void {
    const { handle, handleAlone } = this.settings;
    while (this.#free > 0) {
      const some = this.#queue.take(handle ? mostTogether : 1);
      const [first] = some;
      if (!first) return;
      this.#free -= 1;
      const run = (handle ? this.#together(some, handle) : this.#alone(first, handleAlone)).finally(() => {
        this.#running.delete(run);
      });
      this.#running.add(run);
    }
  }

  async #together(some: readonly Claimed[], handle: Handle<D>): Promise<void> {
    await this.#safely(() => this.#decide(some, handle));
    for (const one of some) this.letGo(one);
    this.#release();
  }

  /** All or none; and when none, each half for itself, until what fails is alone. */
  async #decide(some: readonly Claimed[], handle: Handle<D>): Promise<void> {
    const [first] = some;
    if (!first) return;
    try {
      if (some.length === 1) this.#mustEnd(first);
      await this.#inOneWork(first, some, handle);
    } catch (error) {
      if (some.length === 1) {
        if (await this.#failed(first, error)) await this.store.finish(some);
        return;
      }
      this.settings.log.debug({ err: error, count: some.length }, 'what is due together failed; each half is tried for itself');
      const half = Math.ceil(some.length / 2);
      await this.#decide(some.slice(0, half), handle);
      await this.#decide(some.slice(half), handle);
    }
  }

  async #inOneWork({ orgId }: Claimed, some: readonly Claimed[], handle: Handle<D>): Promise<void> {
    const { work, service, ids } = this.settings;
    if (orgId === undefined) throw new Error('What belongs to no organization has no unit of work of its own: use handleAlone');
    await work.run(systemCause(service, orgId, ids), async (tx) => {
      const docs = await tx.do((session) => this.#read(some, session));
      if (docs.size === 0) return;
      for (const one of some) if (docs.has(one.id)) this.#begins(one);
      await handle(tx, [...docs.values()]);
      await tx.do((session) => this.store.finish(some, session));
    });
  }

  async #alone(one: Claimed, handle: HandleAlone<D>): Promise<void> {
    const doc = (await this.#looked.add(one))?.get(one.id);
    const isOver = doc && (await this.#safely(() => this.#handleAlone(one, doc, handle)));
    this.#release();
    if (isOver) await this.#finished.add(one);
    this.letGo(one);
  }

  /** False when it is to be tried again. */
  async #handleAlone(one: Claimed, doc: D, handle: HandleAlone<D>): Promise<boolean> {
    this.#begins(one);
    try {
      this.#mustEnd(one);
      await handle(doc);
      return true;
    } catch (error) {
      return this.#failed(one, error);
    }
  }

  /** A handler that ends the process never fails; so that it does not end it for ever, it is not begun any more. */
  #mustEnd({ tries }: Claimed): void {
    if (tries > 2 * this.#maxAttempts) throw new NeverEnds(tries - 1);
  }

  /** True when it was given up. */
  async #failed(one: Claimed, error: unknown): Promise<boolean> {
    const { clock, log, backoff = { firstMs: 1000, mostMs: 600_000 } } = this.settings;
    const { id, attempts, tries } = one;
    const passing = isPassing(error);
    if (!passing && tries >= this.#maxAttempts && (await this.#givesUp(one, error))) return true;
    const message = error instanceof Error ? error.message : String(error);
    const pauseMs = passing ? backoffMs(attempts, shorter(backoff, whileAway)) : backoffMs(tries, backoff);
    await this.store.retryAt(one, new Date(clock.now().getTime() + pauseMs), message.slice(0, 500), !passing);
    log.warn({ err: error, id, attempts, passing }, 'something due failed; it is tried again');
    return false;
  }

  get #maxAttempts(): number {
    return this.settings.maxAttempts ?? 10;
  }

  async #givesUp(one: Claimed, error: unknown): Promise<boolean> {
    const { log, observer, onGiveUp } = this.settings;
    const { id, attempts } = one;
    try {
      const doc = (await this.#read([one])).get(id);
      if (!doc) return true;
      await onGiveUp(doc, error);
      log.error({ err: error, id, attempts }, 'something due failed for the last time; it is not tried again');
      observer?.onGaveUp?.(id);
      return true;
    } catch (givingUp) {
      log.error({ err: givingUp, id }, 'giving up on something due failed too; both are tried again');
      return false;
    }
  }

  /** Without those that somebody cancelled or moved meanwhile. */
  async #read(some: readonly Claimed[], session?: ClientSession): Promise<Map<string, D>> {
    const { shape } = this.settings.repository[raw];
    const rows = await this.store.stillOurs(some, session);
    return new Map(rows.map((row) => [row._id, shape.read(row)]));
  }

  /** Once, however often it is tried. */
  #begins(one: Claimed): void {
    if (this.#begun.has(one)) return;
    this.#begun.add(one);
    const { clock, observer } = this.settings;
    observer?.onLateness?.(Math.max(0, clock.now().getTime() - one.at.getTime()));
  }

  #release(): void {
    this.#free += 1;
    this.#next();
  }

  /** What cannot be noted now, because the database is away, is claimed again when its lease ends. */
  async #safely<R>(task: () => Promise<R>): Promise<R | undefined> {
    try {
      return await task();
    } catch (error) {
      this.settings.log.warn(
        { err: error },
        'what was claimed cannot be finished for the moment; it is claimed again when its lease ends',
      );
      return undefined;
    }
  }
}

class NeverEnds extends Error {
  constructor(times: number) {
    super(`It was begun ${times} times and never ended: whatever process took it died of it, or was stopped`);
  }
}

const shorter = (one: Backoff, other: Backoff): Backoff => ({
  firstMs: Math.min(one.firstMs, other.firstMs),
  mostMs: Math.min(one.mostMs, other.mostMs),
});
