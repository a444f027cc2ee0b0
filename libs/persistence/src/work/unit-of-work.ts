import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { DomainError, type Fact } from '@leasewire/contracts';
import { faultPoint, type Call, type Cause, type Clock, type Ids, type SystemCause } from '@leasewire/messaging';
import type { Collection } from 'mongodb';
import { AbandonedTransactions } from './abandoned-transactions.js';
import { isNobodyThere, isUnavailable, unavailable } from '../database/availability.js';
import { backoffMs, sleep } from '../pace/backoff.js';
import type { Database } from '../database/database.js';
import type { EffectRow } from '../effects/effect-row.js';
import { Companions } from './companions.js';
import { ConflictLane } from './conflict-lane.js';
import { Inbox, onceFor, type Earlier, type Once } from './once.js';
import { OpenTx, SharedTx } from './open-tx.js';
import type { OutboxRow } from '../outbox/outbox.js';
import { effectsDef, outboxDef } from '../own-collections.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { betweenTries, isTransient, ServerTransaction } from './server-transaction.js';
import type { Tx } from './tx.js';

export interface UnitOfWorkSettings {
  readonly db: Database;
  readonly service: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** `readEpoch(db)` at boot. */
  readonly epoch: number;
  /** Seals the results that are kept for repeated calls. Without it they are kept as they are. */
  readonly box?: SecretBox;
  readonly observer?: UnitOfWorkObserver;
  /** How long conflicts and lost connections are retried before the caller is told. */
  readonly retryForMs?: number;
}

export interface UnitOfWorkObserver {
  /** `attempts` counts the runs it took; more than one means that others were at the same documents. */
  onCommitted?(what: { cause: Cause['kind']; ms: number; attempts: number; events: number; effects: number }): void;
  onFailed?(what: { cause: Cause['kind']; ms: number; attempts: number; error: unknown }): void;
}

export interface Committed {
  readonly events: number;
  /** Their kinds. */
  readonly effects: ReadonlySet<string>;
}

/** The handling of a fact that may be committed with that of others. */
interface Companion {
  readonly fact: Fact;
  readonly work: (tx: Tx) => Promise<void>;
  /** Runs something where the handling was asked for, so that what is logged there says of which fact it is. */
  readonly where: <R>(run: () => R) => R;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The whole guarantee: what a cause changes, the events that report it and the note that it was done are written in one
 * transaction. There is no other way to publish.
 */
export class UnitOfWork {
  static readonly #running = new AsyncLocalStorage<OpenTx>();
  readonly #outbox: Collection<OutboxRow>;
  readonly #effects: Collection<EffectRow>;
  readonly #abandoned: AbandonedTransactions;
  readonly #lane = new ConflictLane();
  readonly #inbox: Inbox;
  readonly #companions = new Companions<Companion>((together) => this.#runTogether(together));
  readonly #listeners = new Set<(what: Committed) => void>();

  constructor(private readonly settings: UnitOfWorkSettings) {
    const { db } = settings.db;
    this.#outbox = db.collection<OutboxRow>(outboxDef.name);
    this.#effects = db.collection<EffectRow>(effectsDef.name);
    this.#abandoned = new AbandonedTransactions(settings.db, settings.clock);
    this.#inbox = new Inbox(settings.db);
  }

  /**
   * Runs `work` until it commits once. It may run several times (others were at the same documents), so whatever it does
   * beside `tx` must bear that. When it throws, nothing of it stays. A fact that was handled before gives undefined; a
   * call whose idempotency key was used before gives the result of then and sets `call.replayed`. Facts of one handler that
   * come at once are committed together where they do not get in each other’s way.
   */
  run<R>(cause: Call | SystemCause, work: (tx: Tx) => Promise<R>): Promise<R>;
  run<R>(cause: Fact, work: (tx: Tx) => Promise<R>): Promise<R | undefined>;
  run<R>(cause: Cause, work: (tx: Tx) => Promise<R>): Promise<R | undefined>;
  async run<R>(cause: Cause, work: (tx: Tx) => Promise<R>): Promise<R | undefined> {
    if (UnitOfWork.#running.getStore()?.open)
      throw new Error('A unit of work was begun within another; hand its tx on instead, so that both commit together');
    return cause.kind === 'fact' && cause.attempt === 0 ? this.#accompanied(cause, work) : this.#alone(cause, work);
  }

  /** One that failed before, perhaps by itself, must not take others with it: it runs alone. */
  #accompanied<R>(fact: Fact, work: (tx: Tx) => Promise<R>): Promise<R | undefined> {
    let result: R | undefined;
    const keeping = async (tx: Tx): Promise<void> => {
      result = await work(tx);
    };
    return new Promise((resolve, failed) => {
      const done = () => {
        resolve(result);
      };
      const where = AsyncResource.bind(<T>(run: () => T): T => run());
      this.#companions.join(`${fact.orgId}:${fact.handler}`, { fact, work: keeping, where, done, failed });
    });
  }

  /** Together if that works at once; else each by itself, which knows how to wait for others and to say what is wrong. */
  async #runTogether(companions: readonly [Companion, ...Companion[]]): Promise<void> {
    if (companions.length > 1 && (await this.#committedTogether(companions))) return;
    const alone = companions.map(({ fact, work, where, done, failed }) =>
      where(() => this.#alone(fact, work)).then(done, failed),
    );
    await Promise.all(alone);
  }

  async #committedTogether(companions: readonly [Companion, ...Companion[]]): Promise<boolean> {
    const { db, clock, ids, service, epoch, observer } = this.settings;
    const started = clock.monotonicMs();
    const transaction = new ServerTransaction(db, this.#abandoned);
    const { session } = transaction;
    const tx = new OpenTx({ session, cause: companions[0].fact, now: clock.now(), ids, service, epoch });
    try {
      transaction.begin();
      await tx.do(() =>
        this.#inbox.note(
          companions.map(({ fact }) => fact),
          tx.now,
          session,
        ),
      );
      await this.#allWithin(tx, companions);
      await this.#write(tx);
      await faultPoint('before-commit');
      tx.open = false;
      if (!(await transaction.commit(() => this.#left(started)))) return false;
      await faultPoint('after-commit');
      const ms = clock.monotonicMs() - started;
      for (const [n, { done }] of companions.entries()) {
        const [events, effects] = n === 0 ? [tx.events.length, tx.effects.length] : [0, 0];
        observer?.onCommitted?.({ cause: 'fact', ms, attempts: 1, events, effects });
        done();
      }
      this.#afterCommit(tx);
      return true;
    } catch (error) {
      await tx.close();
      if (isUnavailable(error)) transaction.giveUp();
      await transaction.abort();
      return false;
    } finally {
      transaction.end();
    }
  }

  /** Waits for all of them also when one fails: each may run again, and not beside itself. */
  async #allWithin(tx: OpenTx, companions: readonly Companion[]): Promise<void> {
    const runs = companions.map(({ fact, work, where }) =>
      where(() => UnitOfWork.#running.run(tx, () => work(new SharedTx(tx, fact)))).catch((error: unknown) => {
        tx.broken ??= { error };
        throw error;
      }),
    );
    await Promise.allSettled(runs);
    if (tx.broken) throw tx.broken.error;
  }

  async #alone<R>(cause: Cause, work: (tx: Tx) => Promise<R>): Promise<R | undefined> {
    const { db, clock, observer } = this.settings;
    const once = onceFor(cause, db, this.settings.box);
    const started = clock.monotonicMs();
    const transaction = new ServerTransaction(db, this.#abandoned);
    let attempts = 0;
    try {
      for (;;) {
        attempts += 1;
        const attempt = () => this.#attempt(transaction, cause, once, work, started);
        const outcome = await (attempts === 1 ? attempt() : this.#lane.run(attempt));
        if ('retry' in outcome) {
          await this.#pause(attempts, started, outcome.retry);
          continue;
        }
        const { tx, result } = outcome;
        const ms = clock.monotonicMs() - started;
        observer?.onCommitted?.({ cause: cause.kind, ms, attempts, events: tx.events.length, effects: tx.effects.length });
        this.#afterCommit(tx);
        return result;
      }
    } catch (error) {
      observer?.onFailed?.({ cause: cause.kind, ms: clock.monotonicMs() - started, attempts, error });
      throw error;
    } finally {
      transaction.end();
    }
  }

  /** For writes outside of a unit of work that have waited for so long: what a process that died left open is ended. */
  clearTheWay(waitedMs: number): Promise<void> {
    return this.#abandoned.endIfInTheWay(waitedMs);
  }

  /** Tells the relay and the executors of effects of this process that there is something for them. */
  onCommit(listener: (what: Committed) => void): void {
    this.#listeners.add(listener);
  }

  async #attempt<R>(
    transaction: ServerTransaction,
    cause: Cause,
    once: Once | undefined,
    work: (tx: Tx) => Promise<R>,
    started: number,
  ): Promise<{ tx: OpenTx; result: R | undefined } | { retry: unknown }> {
    const { clock, ids, service, epoch } = this.settings;
    const tx = new OpenTx({ session: transaction.session, cause, now: clock.now(), ids, service, epoch });
    transaction.begin();
    try {
      const earlier = await once?.begin(tx);
      if (earlier) {
        await transaction.abort();
        return { tx, result: replayed<R>(cause, earlier) };
      }
      const result = await UnitOfWork.#running.run(tx, () => work(tx));
      if (tx.broken) throw tx.broken.error;
      await this.#write(tx);
      await once?.end(tx, result);
      await faultPoint('before-commit');
      tx.open = false;
      const committed = await transaction.commit(() => this.#left(started));
      await faultPoint('after-commit');
      return { tx, result: committed ? result : replayed<R>(cause, await this.#resolve(once)) };
    } catch (error) {
      await tx.close();
      return await this.#failed(transaction, error, tx.broken?.error);
    }
  }

  /** What the work threw, and what went wrong below it, decide together. */
  async #failed(transaction: ServerTransaction, error: unknown, broken: unknown): Promise<{ retry: unknown }> {
    const isAway = isUnavailable(error) || isUnavailable(broken);
    if (isAway) transaction.giveUp();
    if (isNobodyThere(error) || isNobodyThere(broken)) throw unavailable(error);
    await transaction.abort();
    if (isTransient(error) || isTransient(broken)) return { retry: broken ?? error };
    throw isAway ? unavailable(error) : error;
  }

  /** Nobody knows whether it was committed: the note that the cause left decides, and where there is none, the caller is told. */
  async #resolve(once: Once | undefined): Promise<Earlier> {
    const found = await once?.look().catch(() => undefined);
    if (found) return found;
    throw new DomainError(
      'timeout',
      'The database went away while the change was being stored; it may or may not be there. Repeat with the same Idempotency-Key.',
    );
  }

  async #write(tx: OpenTx): Promise<void> {
    const { events, effects } = tx;
    if (events.length > 0) await tx.do((session) => this.#outbox.insertMany(events, { session }));
    if (effects.length > 0) await this.#intend(tx);
  }

  /** An effect whose key is taken was intended before, here or in this unit of work; it is not intended again. */
  async #intend(tx: OpenTx): Promise<void> {
    const keyed = tx.effects.flatMap(({ orgId, kind, key }) => (key === undefined ? [] : [{ orgId, kind, key }]));
    const taken = keyed.length === 0 ? [] : await tx.do((session) => this.#effects.find({ $or: keyed }, { session }).toArray());
    const names = new Set(taken.map(nameOf));
    const fresh = tx.effects.filter((effect) => {
      if (effect.key === undefined) return true;
      const isNew = !names.has(nameOf(effect));
      names.add(nameOf(effect));
      return isNew;
    });
    if (fresh.length > 0) await tx.do((session) => this.#effects.insertMany(fresh, { session }));
  }

  async #pause(attempt: number, started: number, reason: unknown): Promise<void> {
    if (this.#left(started) <= 0) {
      if (isUnavailable(reason)) throw unavailable(reason);
      throw new DomainError(
        'unavailable',
        'Too many changes to the same things at once; try again shortly.',
        {},
        { cause: reason },
      );
    }
    await this.#abandoned.endIfInTheWay(this.settings.clock.monotonicMs() - started);
    await sleep(backoffMs(attempt, betweenTries));
  }

  #left(started: number): number {
    return (this.settings.retryForMs ?? 10_000) - (this.settings.clock.monotonicMs() - started);
  }

  #afterCommit(tx: OpenTx): void {
    const what = { events: tx.events.length, effects: new Set(tx.effects.map(({ kind }) => kind)) };
    const hooks = [
      ...tx.hooks,
      ...(what.events + what.effects.size > 0
        ? [...this.#listeners].map((listener) => () => {
            listener(what);
          })
        : []),
    ];
    for (const hook of hooks)
      try {
        UnitOfWork.#running.exit(hook);
      } catch (error) {
        this.settings.db.log.error({ err: error }, 'a hook after a commit failed; the commit stands');
      }
  }
}

/** The result was put there by an equal call, whose type is the same. */
function replayed<R>(cause: Cause, earlier: Earlier): R | undefined {
  if (cause.kind === 'call') cause.replayed = true;
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- see above
  return earlier.result as R | undefined;
}

const nameOf = ({ orgId, kind, key = '' }: Pick<EffectRow, 'orgId' | 'kind' | 'key'>): string =>
  JSON.stringify([orgId, kind, key]);
