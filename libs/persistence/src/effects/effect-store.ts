import { randomUUID } from 'node:crypto';
import type { OrgId } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import type { Collection } from 'mongodb';
import type { Database } from '../database/database.js';
import type { EffectRow, EffectState } from './effect-row.js';
import { effectsDef } from '../own-collections.js';
import type { Tx } from '../work/tx.js';

/** What becomes of a row. */
export interface Verdict {
  readonly row: EffectRow;
  readonly change: Partial<EffectRow>;
}

export class EffectStore {
  readonly #rows: Collection<EffectRow>;

  constructor(
    db: Database,
    private readonly clock: Clock,
  ) {
    this.#rows = db.db.collection<EffectRow>(effectsDef.name);
  }

  /** Takes the next intended ones. From here on a crash leaves them unknown. */
  async claim(kind: string, limit: number, leaseMs: number): Promise<EffectRow[]> {
    const now = this.clock.now();
    const due = { kind, state: 'intended', dueAt: { $lte: now } } as const;
    const candidates = await this.#rows.find(due, { sort: { dueAt: 1 }, limit }).toArray();
    if (candidates.length === 0) return [];
    const claim = randomUUID();
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const claimed = { state: 'attempting', claim, leaseUntil, updatedAt: now } as const;
    const { modifiedCount } = await this.#rows.updateMany(
      { _id: { $in: candidates.map((row) => row._id) }, ...due },
      { $set: claimed, $inc: { attempts: 1 } },
    );
    if (modifiedCount === candidates.length) return candidates.map((row) => ({ ...row, ...claimed, attempts: row.attempts + 1 }));
    // another replica was at the same ones
    return await this.#rows.find({ claim, state: 'attempting' }).toArray();
  }

  /** Whoever is attempting these is gone, or hangs. */
  lost(kind: string, limit: number): Promise<EffectRow[]> {
    const due = { kind, state: 'attempting', leaseUntil: { $lt: this.clock.now() } } as const;
    return this.#rows.find(due, { sort: { leaseUntil: 1 }, limit }).toArray();
  }

  look(ids: readonly string[], tx?: Tx): Promise<EffectRow[]> {
    const where = { _id: { $in: [...ids] } };
    return tx ? tx.do((session) => this.#rows.find(where, { session }).toArray()) : this.#rows.find(where).toArray();
  }

  /** Takes unknown ones to find out about; they come again later unless that succeeds. */
  async claimUnknown(kind: string, limit: number, againInMs: number): Promise<EffectRow[]> {
    const now = this.clock.now();
    const due = { kind, state: 'unknown', reconcileAt: { $lte: now } } as const;
    const taken: EffectRow[] = [];
    while (taken.length < limit) {
      const row = await this.#rows.findOneAndUpdate(
        due,
        { $set: { reconcileAt: new Date(now.getTime() + againInMs) }, $inc: { reconciled: 1 } },
        { sort: { reconcileAt: 1 }, returnDocument: 'after' },
      );
      if (row === null) break;
      taken.push(row);
    }
    return taken;
  }

  /**
   * Notes outcomes; false, and the transaction is of no use, when somebody resolved some of them meanwhile: almost never, and
   * looking each time before would cost a blast a sixth of its questions to the database.
   */
  async settleAll(tx: Tx, verdicts: readonly Verdict[]): Promise<boolean> {
    const operations = verdicts.map(({ row, change }) => ({
      updateOne: { filter: { ...isStill(row), state: { $in: [...open] } }, update: { $set: { ...change, updatedAt: tx.now } } },
    }));
    const { matchedCount } = await tx.do((session) => this.#rows.bulkWrite(operations, { session, ordered: false }));
    return matchedCount === verdicts.length;
  }

  /** Those of which nothing was noted meanwhile. */
  async stillOpen(tx: Tx, verdicts: readonly Verdict[]): Promise<Verdict[]> {
    const where = { _id: { $in: verdicts.map(({ row }) => row._id) }, state: { $in: [...open] } };
    const rows = await tx.do((session) => this.#rows.find(where, { session, projection: { attempts: 1, claim: 1 } }).toArray());
    const now = new Map(rows.map((row) => [row._id, row]));
    return verdicts.filter(({ row }) => {
      const found = now.get(row._id);
      return found !== undefined && (row.claim === undefined ? found.attempts === row.attempts : found.claim === row.claim);
    });
  }

  async withdraw(tx: Tx, _id: string, reason: string): Promise<boolean> {
    const change = { state: 'failed', reason, updatedAt: tx.now, settledAt: tx.now } as const;
    return await this.#move(tx, { _id, state: 'intended' }, change);
  }

  unknown(orgId: OrgId, limit: number): Promise<EffectRow[]> {
    return this.#rows.find({ orgId, state: 'unknown' }, { sort: { _id: 1 }, limit }).toArray();
  }

  async resolve(tx: Tx, _id: string, state: 'done' | 'failed' | 'intended', reason: string): Promise<boolean> {
    const when = state === 'intended' ? { dueAt: tx.now } : { settledAt: tx.now };
    return await this.#move(tx, { _id, state: 'unknown' }, { state, reason, updatedAt: tx.now, ...when });
  }

  moveGroup(tx: Tx, group: string, from: readonly EffectState[], change: Partial<EffectRow>): Promise<number> {
    return tx.do(async (session) => {
      const where = { orgId: tx.orgId, group, state: { $in: [...from] } };
      return (await this.#rows.updateMany(where, { $set: { ...change, updatedAt: tx.now } }, { session })).modifiedCount;
    });
  }

  #move(tx: Tx, from: { _id: string; state: 'intended' | 'unknown' }, change: Partial<EffectRow>): Promise<boolean> {
    return tx.do(async (session) => {
      const where = { ...from, orgId: tx.orgId };
      return (await this.#rows.updateOne(where, { $set: change }, { session })).modifiedCount === 1;
    });
  }
}

/** A late answer is better than none: it also settles what was given up as unknown meanwhile. */
const open = ['attempting', 'unknown'] as const satisfies readonly EffectState[];
/** The same attempt, and not a later one: each claim has a name of its own. */
const isStill = ({ _id, attempts, claim }: EffectRow) => (claim === undefined ? { _id, attempts } : { _id, claim });
