import { Database, defineCollection, systemDoc } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { lookAgainMs, stepBackMs, type RateLedger, type Taker, type Turn } from '../connector/rate-limit/rate-ledger.js';
import { budgetLeft, nextAllowedAt, spendOne, unlimited, type RateState } from '../connector/rate-limit/rate-limit.rules.js';

const State = z.object({
  windows: z.array(
    z.object({
      unit: z.enum(['second', 'minute', 'hour', 'day']),
      limit: z.number(),
      remaining: z.number(),
      resetAt: z.date(),
    }),
  ),
  blockedUntil: z.date().nullable(),
});
/** Not versioned and without transactions: what is lost in it costs one request, not a fact. */
export const rateLaneDef = defineCollection(
  'rate_lanes',
  systemDoc.extend({
    holder: z.string(),
    heldUntil: z.date(),
    wantedUntil: z.date().optional().describe('Somebody waits for it: until then whoever nobody waits for steps back'),
    budgets: z.record(z.string(), State),
  }),
  { scope: 'system' },
);

interface LaneRow {
  readonly _id: string;
  readonly holder?: string;
  readonly heldUntil?: Date;
  readonly wantedUntil?: Date;
  readonly budgets?: Record<string, RateState>;
}
/** Whose turn it is at a vendor, for all replicas: one row per credential. */
@Injectable()
export class MongoRateLedger implements RateLedger {
  constructor(private readonly db: Database) {}

  async take(taker: Taker): Promise<Turn> {
    const { lane, budget, holder, now } = taker;
    const row = (await this.#hold(taker)) ?? (await this.#begin(taker));
    if (row === null) {
      if (taker.urgent) await this.#rows.updateOne({ _id: lane }, { $max: { wantedUntil: later(now, stepBackMs) } });
      return { granted: false, waitMs: lookAgainMs };
    }
    const state = row.budgets?.[keyOf(budget)] ?? unlimited;
    const at = nextAllowedAt(state, now);
    if (at !== null) {
      await this.#rows.updateOne({ _id: lane, holder }, { $set: { holder: '' } });
      return { granted: false, waitMs: at.getTime() - now.getTime() };
    }
    const spent = spendOne(state, now);
    // where the vendor told of no limit there is nothing to spend
    if (spent.windows.length > 0 || state.windows.length > 0)
      await this.#rows.updateOne({ _id: lane, holder }, { $set: { [`budgets.${keyOf(budget)}`]: spent } });
    return { granted: true, state: spent };
  }

  async keep({ lane, holder, now, holdMs }: Parameters<RateLedger['keep']>[0]): Promise<void> {
    await this.#rows.updateOne({ _id: lane, holder }, { $set: { heldUntil: later(now, holdMs) } });
  }

  /** One command for both: a sweep of many pages asks as often. Whose turn was over already changes only the state. */
  async end({ lane, budget, holder, state }: Parameters<RateLedger['end']>[0]): Promise<void> {
    const mine = { $cond: [{ $eq: ['$holder', { $literal: holder }] }, '', '$holder'] };
    await this.#rows.updateOne({ _id: lane }, [{ $set: { [`budgets.${keyOf(budget)}`]: { $literal: state }, holder: mine } }]);
  }

  #hold({ lane, holder, now, holdMs, urgent }: Taker): Promise<LaneRow | null> {
    const free = { $or: [{ holder: '' }, { holder }, { heldUntil: { $lte: now } }] };
    const notWanted = urgent ? {} : { wantedUntil: { $not: { $gt: now } } };
    return this.#rows.findOneAndUpdate(
      { _id: lane, ...free, ...notWanted },
      { $set: { holder, heldUntil: later(now, holdMs) } },
      { returnDocument: 'after' },
    );
  }

  /** Where there is no such lane yet; null: there is, and it is not ours to take. */
  async #begin({ lane, holder, now, holdMs }: Taker): Promise<LaneRow | null> {
    const row = { holder, heldUntil: later(now, holdMs), budgets: {} };
    const { upsertedCount } = await this.#rows.updateOne({ _id: lane }, { $setOnInsert: row }, { upsert: true });
    return upsertedCount === 1 ? { _id: lane, ...row } : null;
  }

  /** Of the tightest window of a lane; null: the vendor said nothing. */
  async left(lane: string, now: Date): Promise<number | null> {
    const row = await this.#rows.findOne({ _id: lane });
    const shares = Object.values(row?.budgets ?? {}).flatMap((state) => budgetLeft(state, now) ?? []);
    return shares.length === 0 ? null : Math.min(...shares);
  }

  get #rows() {
    return this.db.db.collection<LaneRow>(rateLaneDef.name);
  }
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
/** As a field name of MongoDB. */
const keyOf = (budget: string): string => budget.replaceAll(/[^A-Za-z0-9_-]/g, '_');
