import type { OrgId } from '@leasewire/contracts';
import type { Clock, Ids, Log } from '@leasewire/messaging';
import type { z } from 'zod';
import type { Backoff } from '../pace/backoff.js';
import type { Database } from '../database/database.js';
import type { EffectRow, EffectState } from './effect-row.js';
import { EffectRunner } from './effect-runner.js';
import { EffectStore } from './effect-store.js';
import type { Tx } from '../work/tx.js';
import { Wakeable } from '../pace/wakeable.js';
import type { UnitOfWork } from '../work/unit-of-work.js';

interface Runner {
  readonly findsOut: boolean;
  start(): void;
  stop(): Promise<void>;
  wake(): void;
}

export interface Effect<P> {
  readonly id: string;
  readonly orgId: OrgId;
  readonly payload: P;
  /** The how-manieth attempt this is. */
  readonly attempts: number;
  readonly correlationId: string;
}

/**
 * What is certain after an attempt. `not-done`: it certainly did not happen; it is tried again unless `retry` is false.
 * `later`: it was not even tried, for it is not its time; that counts as no attempt. Whoever cannot be certain throws, and the effect is `unknown`.
 */
export type Attempted =
  | { readonly state: 'done'; readonly outcome?: unknown }
  | { readonly state: 'later'; readonly at: Date; readonly reason: string }
  | { readonly state: 'not-done'; readonly reason: string; readonly retry?: boolean };

export interface SettledEffect<P> extends Effect<P> {
  readonly state: Exclude<EffectState, 'intended' | 'held' | 'attempting'>;
  readonly outcome?: unknown;
  readonly reason?: string;
}

/** What the replicas share: so many at a time, so many in a second, none while a provider is away. */
export interface EffectPace {
  /** How many of so many may be attempted now. */
  take(most: number): Promise<number>;
  /** There were fewer. */
  giveBack(count: number): Promise<void>;
}

export interface EffectKind<S extends z.ZodType> {
  readonly payload: S;
  /** Does it. Give up when the signal says so; what then happened is unknown. */
  attempt(effect: Effect<z.output<S>>, signal: AbortSignal): Promise<Attempted>;
  /** Reads what the attempts of a batch need, in one go; what fails here was not attempted, and comes again. */
  prepare?(effects: readonly Effect<z.output<S>>[]): Promise<void>;
  /** How fast: asked before a batch is claimed. */
  readonly pace?: EffectPace;
  /** Finds out what became of an attempt whose end nobody saw. `unknown`: ask again later. */
  reconcile?(effect: Effect<z.output<S>>): Promise<Attempted | { readonly state: 'unknown' }>;
  /** In the transaction that notes the outcomes: what they mean to the domain. All of one organization. */
  onSettled?(tx: Tx, effects: readonly SettledEffect<z.output<S>>[]): Promise<unknown>;
  readonly maxAttempts?: number;
  readonly backoff?: Backoff;
  /** How many are attempted together, and how many become unknown when the process is killed meanwhile. */
  readonly batch?: number;
  /** Into how many parts that attempt in turn a batch is divided: while one is noted, the next is on its way. */
  readonly lanes?: number;
  readonly timeoutMs?: number;
  /** How long nobody else asks whether the process is still there; longer than an attempt may take. */
  readonly leaseMs?: number;
}

export type EffectLook = Pick<EffectRow, '_id' | 'state' | 'attempts' | 'dueAt' | 'reason'>;

export interface EffectsSettings {
  readonly db: Database;
  readonly service: string;
  readonly work: UnitOfWork;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly pollMs?: number;
  readonly observer?: { onSettled?(what: { kind: string; state: EffectState; count: number }): void };
}

/** Side effects outside of the database: intended in a transaction, attempted after it, never blindly repeated. */
export class Effects {
  readonly #store: EffectStore;
  readonly #runners = new Map<string, Runner>();
  readonly #lookout = new Wakeable();
  #looking: Promise<void> | undefined;
  #stopping = false;

  constructor(private readonly settings: EffectsSettings) {
    this.#store = new EffectStore(settings.db, settings.clock);
    settings.work.onCommit(({ effects }) => {
      for (const kind of effects) this.#runners.get(kind)?.wake();
    });
  }

  define<S extends z.ZodType>(kind: string, about: EffectKind<S>): void {
    if (this.#runners.has(kind)) throw new Error(`The effect “${kind}” is defined twice; rename one of them`);
    this.#runners.set(kind, new EffectRunner(kind, about, this.#store, this.settings));
  }

  start(): void {
    this.#stopping = false;
    for (const runner of this.#runners.values()) runner.start();
    if (this.#runners.size > 0) this.#looking ??= this.#look();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#lookout.wake();
    await Promise.all([this.#looking, ...[...this.#runners.values()].map((runner) => runner.stop())]);
    this.#looking = undefined;
  }

  wake(): void {
    for (const runner of this.#runners.values()) runner.wake();
  }

  /** For all kinds at once: what another replica intended or left behind, and whose time has come. */
  async #look(): Promise<void> {
    const { log, pollMs = 1000 } = this.settings;
    const kinds = [...this.#runners.keys()];
    const foundOut = kinds.filter((kind) => this.#runners.get(kind)?.findsOut);
    for (let failures = 0; ;) {
      await this.#lookout.pause(pollMs);
      if (this.#stopping) return;
      try {
        if (await this.#store.isSomethingToDo(kinds, foundOut)) this.wake();
        failures = 0;
      } catch (error) {
        if (failures++ % 30 === 0) log.warn({ err: error }, 'effects cannot be looked for at the moment; they are kept');
      }
    }
  }

  /** Not begun yet: then it never will be. False when it is too late. */
  withdraw(tx: Tx, id: string, reason: string): Promise<boolean> {
    return this.#store.withdraw(tx, id, reason);
  }

  /** Those of a group that have not begun wait until it is let go. Returns how many. */
  hold(tx: Tx, group: string): Promise<number> {
    return this.#store.moveGroup(tx, group, ['intended'], { state: 'held' });
  }

  letGo(tx: Tx, group: string): Promise<number> {
    tx.afterCommit(() => {
      this.wake();
    });
    return this.#store.moveGroup(tx, group, ['held'], { state: 'intended' });
  }

  /** Those of a group that have not begun never will. Returns how many. */
  withdrawGroup(tx: Tx, group: string, reason: string): Promise<number> {
    return this.#store.moveGroup(tx, group, ['intended', 'held'], { state: 'failed', reason, settledAt: tx.now });
  }

  /** What some are at now: also why they wait, and until when. */
  async look(ids: readonly string[], tx?: Tx): Promise<Map<string, EffectLook>> {
    return new Map((await this.#store.look(ids, tx)).map((row) => [row._id, row]));
  }

  /** What nobody knows the outcome of, for staff to look into. */
  unknown(orgId: OrgId, limit = 100): Promise<EffectRow[]> {
    return this.#store.unknown(orgId, limit);
  }

  /** What a person found out, or decided. `intended` attempts it again. */
  resolve(tx: Tx, id: string, verdict: 'done' | 'failed' | 'intended', reason: string): Promise<boolean> {
    return this.#store.resolve(tx, id, verdict, reason);
  }
}
