import { Database, defineCollection, systemDoc } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { RateLedger, Turn } from '../connector/rate-limit/rate-ledger.js';
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
    budgets: z.record(z.string(), State),
  }),
  { scope: 'system' },
);

interface LaneRow {
  readonly _id: string;
  readonly holder?: string;
  readonly heldUntil?: Date;
  readonly budgets?: Record<string, RateState>;
}
/** How soon somebody who waits for another's turn looks again. */
const lookAgainMs = 50;

/** Whose turn it is at a vendor, for all replicas: one row per credential. */
@Injectable()
export class MongoRateLedger implements RateLedger {
  constructor(private readonly db: Database) {}

  async take({ lane, budget, holder, now, holdMs }: Parameters<RateLedger['take']>[0]): Promise<Turn> {
    const heldUntil = new Date(now.getTime() + holdMs);
    const row = (await this.#hold(lane, holder, heldUntil, now)) ?? (await this.#begin(lane, holder, heldUntil));
    if (row === null) return { granted: false, waitMs: lookAgainMs };
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

  /** One command for both: a sweep of many pages asks as often. Whose turn was over already changes only the state. */
  async end({ lane, budget, holder, state }: Parameters<RateLedger['end']>[0]): Promise<void> {
    const mine = { $cond: [{ $eq: ['$holder', { $literal: holder }] }, '', '$holder'] };
    await this.#rows.updateOne({ _id: lane }, [{ $set: { [`budgets.${keyOf(budget)}`]: { $literal: state }, holder: mine } }]);
  }

  #hold(lane: string, holder: string, heldUntil: Date, now: Date): Promise<LaneRow | null> {
    const free = { $or: [{ holder: '' }, { holder }, { heldUntil: { $lte: now } }] };
    return this.#rows.findOneAndUpdate({ _id: lane, ...free }, { $set: { holder, heldUntil } }, { returnDocument: 'after' });
  }

  /** Where there is no such lane yet; null: there is, and somebody else holds it. */
  async #begin(lane: string, holder: string, heldUntil: Date): Promise<LaneRow | null> {
    const row = { holder, heldUntil, budgets: {} };
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

/** As a field name of MongoDB. */
const keyOf = (budget: string): string => budget.replaceAll(/[^A-Za-z0-9_-]/g, '_');
