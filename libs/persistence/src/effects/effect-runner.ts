import type { OrgId } from '@leasewire/contracts';
import type { SystemCause } from '@leasewire/messaging';
import { faultPoint } from '@leasewire/messaging';
import type { z } from 'zod';
import { backoffMs, sleep } from '../pace/backoff.js';
import type { EffectRow } from './effect-row.js';
import type { EffectStore, Verdict } from './effect-store.js';
import type { Attempted, Effect, EffectKind, EffectsSettings, SettledEffect } from './effects.js';
import { untilWokenMs, Wakeable } from '../pace/wakeable.js';
import { timeLimit, type TimeLimit } from './time-limit.js';

type Outcome = Attempted | { readonly state: 'unknown'; readonly reason: string };
const againMs = 2_000;
const interrupted = 'The process that attempted it ended before it could say how it went.';
const reconcileAgain = { firstMs: 5_000, mostMs: 3_600_000 };

/** Attempts the effects of one kind, a batch at a time, on any replica. */
export class EffectRunner<S extends z.ZodType> {
  readonly #lanes: readonly Wakeable[];
  readonly #effects = new WeakMap<EffectRow, Effect<z.output<S>> | null>();
  /** What this process is at. Its clock may jump past a lease (a machine that slept); what comes of these is known all the same. */
  readonly #mine = new Set<string>();
  #running: Promise<unknown> | undefined;
  #stopping = false;
  #lookedAt = -Infinity;
  /** One lane at a time looks for work: two would find the same rows, and one of them nothing. */
  #claiming: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly kind: string,
    private readonly about: EffectKind<S>,
    private readonly store: EffectStore,
    private readonly settings: EffectsSettings,
  ) {
    this.#lanes = Array.from({ length: about.lanes ?? 1 }, () => new Wakeable());
  }

  get findsOut(): boolean {
    return this.about.reconcile !== undefined;
  }

  start(): void {
    this.#stopping = false;
    this.#running ??= Promise.all(this.#lanes.map((lane) => this.#run(lane)));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    this.#running = undefined;
  }

  wake(): void {
    for (const lane of this.#lanes) lane.wake();
  }

  async #run(lane: Wakeable): Promise<void> {
    const { log } = this.settings;
    for (let failures = 0; !this.#stopping;) {
      try {
        const busy = await this.#attemptSome();
        await this.#findOut();
        failures = 0;
        if (!busy) await lane.pause(untilWokenMs);
      } catch (error) {
        if (failures++ % 30 === 0)
          log.warn({ err: error, kind: this.kind }, 'effects cannot be attempted for the moment; they are kept');
        await lane.pause(backoffMs(failures, { firstMs: 200, mostMs: 2000 }));
      }
    }
  }

  async #attemptSome(): Promise<boolean> {
    const { timeoutMs = 30_000 } = this.about;
    const turn = this.#claiming.then(() => this.#claim());
    this.#claiming = turn.catch(() => undefined);
    const rows = await turn;
    if (rows.length === 0) return false;
    try {
      await faultPoint('effect-attempting');
      const unprepared = await this.#prepare(rows);
      const limit = timeLimit(timeoutMs);
      const outcomes = await Promise.all(
        rows.map(async (row) => [row, unprepared ?? (await this.#attempt(row, limit))] as const),
      );
      await faultPoint('effect-attempted');
      await this.#settleForSure(outcomes, timeoutMs);
      return true;
    } finally {
      for (const { _id } of rows) this.#mine.delete(_id);
    }
  }

  async #claim(): Promise<EffectRow[]> {
    const { batch = 50, timeoutMs = 30_000, pace, leaseMs = timeoutMs + 30_000 } = this.about;
    const wanted = Math.ceil(batch / this.#lanes.length);
    const room = pace ? await pace.take(wanted) : wanted;
    if (room < 1 || this.#stopping) return [];
    const rows = await this.store.claim(this.kind, room, leaseMs);
    for (const { _id } of rows) this.#mine.add(_id);
    if (rows.length < room) await pace?.giveBack(room - rows.length);
    return rows;
  }

  /** What happened is known, and only the note of it failed: it is noted when the database is back, else nobody would know. */
  async #settleForSure(outcomes: readonly (readonly [EffectRow, Outcome])[], forMs: number): Promise<void> {
    const { clock, log } = this.settings;
    const until = clock.monotonicMs() + forMs;
    for (let failures = 1; ; failures++)
      try {
        await this.#settle(outcomes);
        return;
      } catch (error) {
        if (this.#stopping || clock.monotonicMs() > until) throw error;
        log.warn({ err: error, kind: this.kind }, 'what came of effects could not be noted; trying again');
        await sleep(backoffMs(failures, { firstMs: 100, mostMs: 2000 }));
      }
  }

  /** What to say of all of them when nothing could be prepared: nothing was attempted. */
  async #prepare(rows: readonly EffectRow[]): Promise<Outcome | undefined> {
    const readable = rows.flatMap((row) => this.#read(row) ?? []);
    try {
      await this.about.prepare?.(readable);
      return undefined;
    } catch (error) {
      this.settings.log.warn({ err: error, kind: this.kind }, 'effects could not be prepared; nothing was attempted yet');
      const reason = error instanceof Error ? error.message : String(error);
      return { state: 'later', at: new Date(this.settings.clock.now().getTime() + againMs), reason: reason.slice(0, 500) };
    }
  }

  async #attempt(row: EffectRow, { signal, tooLate }: TimeLimit): Promise<Outcome> {
    const effect = this.#read(row);
    if (!effect) return { state: 'not-done', retry: false, reason: 'Its payload does not fit the schema of its kind.' };
    try {
      return await Promise.race([this.about.attempt(effect, signal), tooLate]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.settings.log.warn({ err: error, effect: row._id, kind: this.kind }, 'nobody knows whether this effect happened');
      return { state: 'unknown', reason: reason.slice(0, 500) };
    }
  }

  /** What was left unknown: by a crash, or by an attempt that could not say. */
  async #findOut(): Promise<void> {
    const { clock, pollMs = 1000 } = this.settings;
    if (clock.monotonicMs() - this.#lookedAt < pollMs) return;
    this.#lookedAt = clock.monotonicMs();
    await this.#claiming; // what another lane is claiming is not seen as its own before
    const lost = (await this.store.lost(this.kind, 100)).filter(({ _id }) => !this.#mine.has(_id));
    if (lost.length > 0) {
      this.settings.log.warn(
        { count: lost.length, kind: this.kind },
        'effects were interrupted in the middle; nobody knows whether they happened',
      );
      await this.#settle(lost.map((row) => [row, { state: 'unknown', reason: interrupted }]));
    }
    if (!this.about.reconcile) return;
    for (const row of await this.store.claimUnknown(this.kind, 20, reconcileAgain)) {
      const effect = this.#read(row);
      if (!effect) continue;
      try {
        const found = await this.about.reconcile(effect);
        if (found.state !== 'unknown') await this.#settle([[row, found]]);
      } catch (error) {
        this.settings.log.warn(
          { err: error, effect: row._id, kind: this.kind },
          'what became of an effect could not be found out; asking again later',
        );
      }
    }
  }

  async #settle(outcomes: readonly (readonly [EffectRow, Outcome])[]): Promise<void> {
    const byOrg = new Map<OrgId, (readonly [EffectRow, Outcome])[]>();
    for (const outcome of outcomes) {
      const together = byOrg.get(outcome[0].orgId);
      if (together) together.push(outcome);
      else byOrg.set(outcome[0].orgId, [outcome]);
    }
    for (const together of byOrg.values()) await this.#settleOneOrg(together);
    const now = this.settings.clock.now();
    for (const state of ['done', 'intended', 'failed', 'unknown'] as const) {
      const count = outcomes.filter(([row, outcome]) => this.#verdict(row, outcome, now).change.state === state).length;
      if (count > 0) this.settings.observer?.onSettled?.({ kind: this.kind, state, count });
    }
  }

  async #settleOneOrg(outcomes: readonly (readonly [EffectRow, Outcome])[]): Promise<void> {
    const [first] = outcomes[0] ?? [];
    if (!first) return;
    const now = this.settings.clock.now();
    const verdicts = outcomes.map(([row, outcome]) => this.#verdict(row, outcome, now));
    const note = (ofAll: boolean) =>
      this.settings.work.run(this.#cause(first), async (tx) => {
        const noted = ofAll ? verdicts : await this.store.stillOpen(tx, verdicts);
        if (noted.length > 0 && !(await this.store.settleAll(tx, noted))) throw new ResolvedMeanwhile();
        const settled = noted.flatMap((verdict) => this.#settled(verdict));
        if (settled.length > 0) await this.about.onSettled?.(tx, settled);
      });
    try {
      await note(true);
    } catch (error) {
      if (!(error instanceof ResolvedMeanwhile)) throw error;
      await note(false);
    }
  }

  #verdict(row: EffectRow, outcome: Outcome, now: Date): Verdict {
    const { maxAttempts = 5, backoff = { firstMs: 5_000, mostMs: 600_000 } } = this.about;
    if (outcome.state === 'done')
      return {
        row,
        change: { state: 'done', settledAt: now, ...(outcome.outcome !== undefined && { outcome: outcome.outcome }) },
      };
    const { reason } = outcome;
    if (outcome.state === 'later')
      return { row, change: { state: 'intended', reason, dueAt: outcome.at, attempts: row.attempts - 1 } };
    if (outcome.state === 'unknown') return { row, change: { state: 'unknown', reason, reconcileAt: now, reconciled: 0 } };
    if (outcome.retry === false || row.attempts >= maxAttempts)
      return { row, change: { state: 'failed', reason, settledAt: now } };
    return { row, change: { state: 'intended', reason, dueAt: new Date(now.getTime() + backoffMs(row.attempts, backoff)) } };
  }

  #settled({ row, change: { state = 'intended', outcome, reason } }: Verdict): SettledEffect<z.output<S>>[] {
    if (state === 'intended' || state === 'held' || state === 'attempting') return [];
    const effect = this.#read(row);
    if (!effect) return [];
    return [
      {
        ...effect,
        state,
        ...(outcome !== undefined && { outcome }),
        ...(reason !== undefined && { reason }),
      },
    ];
  }

  /** Null: its payload does not fit. Each row is read once, however often it is asked for. */
  #read(row: EffectRow): Effect<z.output<S>> | null {
    const known = this.#effects.get(row);
    if (known !== undefined) return known;
    const { _id: id, orgId, attempts, correlationId } = row;
    const payload = this.about.payload.safeParse(row.payload);
    const effect = payload.success ? { id, orgId, payload: payload.data, attempts, correlationId } : null;
    this.#effects.set(row, effect);
    return effect;
  }

  #cause(row: EffectRow): SystemCause {
    const { orgId, correlationId, actor } = row;
    return { kind: 'system', service: this.settings.service, orgId, correlationId, actor, causationId: row._id };
  }
}

/** What somebody resolved while it was attempted stays as it is. */
class ResolvedMeanwhile extends Error {}
