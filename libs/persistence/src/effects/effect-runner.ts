import type { OrgId } from '@leasewire/contracts';
import type { SystemCause } from '@leasewire/messaging';
import { faultPoint } from '@leasewire/messaging';
import type { z } from 'zod';
import { backoffMs } from '../pace/backoff.js';
import type { EffectRow } from './effect-row.js';
import type { EffectStore, Verdict } from './effect-store.js';
import type { Attempted, Effect, EffectKind, EffectsSettings, SettledEffect } from './effects.js';
import { Wakeable } from '../pace/wakeable.js';

type Outcome = Attempted | { readonly state: 'unknown'; readonly reason: string };
const againMs = 2_000;
const reconcileAgain = { firstMs: 5_000, mostMs: 3_600_000 };

/** Attempts the effects of one kind, a batch at a time, on any replica. */
export class EffectRunner<S extends z.ZodType> {
  readonly #wakeable = new Wakeable();
  #running: Promise<void> | undefined;
  #stopping = false;
  #lookedAt = -Infinity;

  constructor(
    private readonly kind: string,
    private readonly about: EffectKind<S>,
    private readonly store: EffectStore,
    private readonly settings: EffectsSettings,
  ) {}

  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wakeable.wake();
    await this.#running;
    this.#running = undefined;
  }

  wake(): void {
    this.#wakeable.wake();
  }

  async #run(): Promise<void> {
    const { log, pollMs = 1000 } = this.settings;
    for (let failures = 0; !this.#stopping;) {
      try {
        const busy = await this.#attemptSome();
        await this.#findOut();
        failures = 0;
        if (!busy) await this.#wakeable.pause(pollMs);
      } catch (error) {
        if (failures++ % 30 === 0)
          log.warn({ err: error, kind: this.kind }, 'effects cannot be attempted for the moment; they are kept');
        await this.#wakeable.pause(backoffMs(failures, { firstMs: 200, mostMs: 2000 }));
      }
    }
  }

  async #attemptSome(): Promise<boolean> {
    const { batch = 50, timeoutMs = 30_000 } = this.about;
    const { pace } = this.about;
    const room = pace ? await pace.take(batch) : batch;
    if (room < 1) return false;
    const rows = await this.store.claim(this.kind, room, timeoutMs + 30_000);
    if (rows.length < room) await pace?.giveBack(room - rows.length);
    if (rows.length === 0) return false;
    await faultPoint('effect-attempting');
    const unprepared = await this.#prepare(rows);
    const outcomes = await Promise.all(
      rows.map(async (row) => [row, unprepared ?? (await this.#attempt(row, timeoutMs))] as const),
    );
    await faultPoint('effect-attempted');
    await this.#settle(outcomes);
    return true;
  }

  /** What to say of all of them when nothing could be prepared: nothing was attempted. */
  async #prepare(rows: readonly EffectRow[]): Promise<Outcome | undefined> {
    const readable = rows.flatMap((row) => {
      const payload = this.about.payload.safeParse(row.payload);
      return payload.success ? [effectOf(row, payload.data)] : [];
    });
    try {
      await this.about.prepare?.(readable);
      return undefined;
    } catch (error) {
      this.settings.log.warn({ err: error, kind: this.kind }, 'effects could not be prepared; nothing was attempted yet');
      const reason = error instanceof Error ? error.message : String(error);
      return { state: 'later', at: new Date(this.settings.clock.now().getTime() + againMs), reason: reason.slice(0, 500) };
    }
  }

  async #attempt(row: EffectRow, timeoutMs: number): Promise<Outcome> {
    const payload = this.about.payload.safeParse(row.payload);
    if (!payload.success) return { state: 'not-done', retry: false, reason: 'Its payload does not fit the schema of its kind.' };
    const signal = AbortSignal.timeout(timeoutMs);
    const tooLate = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error(`No answer within ${timeoutMs} ms`));
      });
    });
    try {
      return await Promise.race([this.about.attempt(effectOf(row, payload.data), signal), tooLate]);
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
    const lost = await this.store.loseTrack(this.kind);
    if (lost > 0)
      this.settings.log.warn(
        { count: lost, kind: this.kind },
        'effects were interrupted in the middle; nobody knows whether they happened',
      );
    if (!this.about.reconcile) return;
    for (const row of await this.store.claimUnknown(this.kind, 20, backoffMs(1, reconcileAgain))) {
      const payload = this.about.payload.safeParse(row.payload);
      if (!payload.success) continue;
      try {
        const found = await this.about.reconcile(effectOf(row, payload.data));
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
    for (const state of ['done', 'intended', 'failed', 'unknown'] as const) {
      const count = outcomes.filter(([row, outcome]) => this.#verdict(row, outcome).change.state === state).length;
      if (count > 0) this.settings.observer?.onSettled?.({ kind: this.kind, state, count });
    }
  }

  async #settleOneOrg(outcomes: readonly (readonly [EffectRow, Outcome])[]): Promise<void> {
    const [first] = outcomes[0] ?? [];
    if (!first) return;
    await this.settings.work.run(this.#cause(first), async (tx) => {
      const noted = await this.store.settle(
        tx,
        outcomes.map(([row, outcome]) => this.#verdict(row, outcome)),
      );
      const settled = noted.flatMap((verdict) => this.#settled(verdict));
      if (settled.length > 0) await this.about.onSettled?.(tx, settled);
    });
  }

  #verdict(row: EffectRow, outcome: Outcome): Verdict {
    const now = this.settings.clock.now();
    const { maxAttempts = 5, backoff = { firstMs: 5_000, mostMs: 600_000 } } = this.about;
    if (outcome.state === 'done')
      return {
        row,
        change: { state: 'done', settledAt: now, ...(outcome.outcome !== undefined && { outcome: outcome.outcome }) },
      };
    const { reason } = outcome;
    if (outcome.state === 'later')
      return { row, change: { state: 'intended', reason, dueAt: outcome.at, attempts: row.attempts - 1 } };
    if (outcome.state === 'unknown') return { row, change: { state: 'unknown', reason, reconcileAt: now } };
    if (outcome.retry === false || row.attempts >= maxAttempts)
      return { row, change: { state: 'failed', reason, settledAt: now } };
    return { row, change: { state: 'intended', reason, dueAt: new Date(now.getTime() + backoffMs(row.attempts, backoff)) } };
  }

  #settled({ row, change: { state = 'intended', outcome, reason } }: Verdict): SettledEffect<z.output<S>>[] {
    if (state === 'intended' || state === 'held' || state === 'attempting') return [];
    const payload = this.about.payload.safeParse(row.payload);
    if (!payload.success) return [];
    return [
      {
        ...effectOf(row, payload.data),
        state,
        ...(outcome !== undefined && { outcome }),
        ...(reason !== undefined && { reason }),
      },
    ];
  }

  #cause(row: EffectRow): SystemCause {
    const { orgId, correlationId, actor } = row;
    return { kind: 'system', service: this.settings.service, orgId, correlationId, actor, causationId: row._id };
  }
}

function effectOf<P>(row: EffectRow, payload: P): Effect<P> {
  return { id: row._id, orgId: row.orgId, payload, attempts: row.attempts, correlationId: row.correlationId };
}
