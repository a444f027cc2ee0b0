import { randomUUID } from 'node:crypto';
import type { OrgId } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import type { Collection, Filter } from 'mongodb';
import { indexName } from '../collections/collection.js';
import type { Database } from '../database/database.js';
import { backoffMs, type Backoff } from '../pace/backoff.js';
import type { EffectRow, EffectState } from './effect-row.js';
import { effectsDef, unknownEffects } from '../own-collections.js';
import type { Tx } from '../work/tx.js';

/** What becomes of a row. */
export interface Verdict {
  readonly row: EffectRow;
  readonly change: Partial<EffectRow>;
}

export class EffectStore {
  readonly #rows: Collection<EffectRow>;
  /** Of each kind: what is due before it was not there a moment ago. */
  readonly #places = new Map<string, { readonly from: Date; readonly until: Date }>();

  constructor(
    db: Database,
    private readonly clock: Clock,
  ) {
    this.#rows = db.db.collection<EffectRow>(effectsDef.name);
  }

  /** Whether there is something to attempt, to give up, or to find out about: one question for all kinds. */
  async isSomethingToDo(kinds: readonly string[], foundOut: readonly string[]): Promise<boolean> {
    const now = { $lte: this.clock.now() };
    const kind = { $in: [...kinds] };
    const todo: Filter<EffectRow>[] = [
      { kind, state: 'intended', dueAt: now },
      { kind, state: 'attempting', leaseUntil: now },
      ...(foundOut.length > 0 ? [{ kind: { $in: [...foundOut] }, state: 'unknown' as const, reconcileAt: now }] : []),
    ];
    return (await this.#rows.findOne({ $or: todo }, { projection: { _id: 1 } })) !== null;
  }

  /** Takes the next intended ones. From here on a crash leaves them unknown. */
  async claim(kind: string, limit: number, leaseMs: number): Promise<EffectRow[]> {
    const now = this.clock.now();
    const due = { kind, state: 'intended', dueAt: { $lte: now } } as const;
    const candidates = await this.#next(kind, now, limit);
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
    return await this.#rows.find({ kind, leaseUntil, claim, state: 'attempting' }).toArray();
  }

  /**
   * The longest due first. The server keeps what was taken off an index for minutes and steps over all of it each time, so for a
   * second the search goes on where the one before stopped, as long as there are enough from there on.
   */
  async #next(kind: string, now: Date, limit: number): Promise<EffectRow[]> {
    const search = (from: Date | null): Promise<EffectRow[]> => {
      const dueAt = { ...(from && { $gte: from }), $lte: now };
      return this.#rows.find({ kind, state: 'intended', dueAt }, { sort: { dueAt: 1 }, limit }).toArray();
    };
    const place = this.#places.get(kind);
    if (place && place.until > now) {
      const rows = await search(place.from);
      const last = rows.at(-1);
      if (last && rows.length === limit) {
        this.#places.set(kind, { ...place, from: last.dueAt });
        return rows;
      }
    }
    const rows = await search(null);
    const last = rows.at(-1);
    if (last) this.#places.set(kind, { from: last.dueAt, until: new Date(now.getTime() + goesOnForMs) });
    else this.#places.delete(kind);
    return rows;
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

  /** Takes unknown ones to find out about; unless that succeeds they come again, each time later. */
  async claimUnknown(kind: string, limit: number, { firstMs, mostMs }: Backoff): Promise<EffectRow[]> {
    const now = this.clock.now();
    const due = { kind, state: 'unknown', reconcileAt: { $lte: now } } as const;
    const before = { $ifNull: ['$reconciled', 0] };
    const taken: EffectRow[] = [];
    while (taken.length < limit) {
      const row = await this.#rows.findOneAndUpdate(
        due,
        [
          {
            $set: {
              reconcileAt: {
                $add: [
                  now,
                  {
                    $min: [
                      mostMs,
                      { $multiply: [Math.round(backoffMs(1, { firstMs, mostMs: firstMs })), { $pow: [2, before] }] },
                    ],
                  },
                ],
              },
              reconciled: { $add: [before, 1] },
            },
          },
        ],
        { sort: { reconcileAt: 1 }, returnDocument: 'after' },
      );
      if (row === null) break;
      taken.push(row);
    }
    return taken;
  }

  /**
   * Notes outcomes, equal ones together; false, and the transaction is of no use, when somebody resolved some of them meanwhile:
   * almost never, and looking each time before would cost a blast a sixth of its questions to the database.
   */
  async settleAll(tx: Tx, verdicts: readonly Verdict[]): Promise<boolean> {
    for (const [first, ...others] of equal(verdicts)) {
      const { _id, ...still } = isStill(first.row);
      const ids = [_id, ...others.map(({ row }) => row._id)];
      const where = { _id: { $in: ids }, ...still, state: { $in: [...open] } };
      const change = { $set: { ...first.change, updatedAt: tx.now } };
      const { matchedCount } = await tx.do((session) => this.#rows.updateMany(where, change, { session }));
      if (matchedCount !== ids.length) return false;
    }
    return true;
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
    return await this.#move(tx, _id, ['intended', 'held'], change);
  }

  unknown(orgId: OrgId, limit: number): Promise<EffectRow[]> {
    const hint = indexName(unknownEffects);
    return this.#rows.find({ orgId, state: 'unknown' }, { sort: { _id: 1 }, limit, hint }).toArray();
  }

  async resolve(tx: Tx, _id: string, state: 'done' | 'failed' | 'intended', reason: string): Promise<boolean> {
    const when = state === 'intended' ? { dueAt: tx.now } : { settledAt: tx.now };
    return await this.#move(tx, _id, ['unknown'], { state, reason, updatedAt: tx.now, ...when });
  }

  moveGroup(tx: Tx, group: string, from: readonly EffectState[], change: Partial<EffectRow>): Promise<number> {
    return tx.do(async (session) => {
      const where = { orgId: tx.orgId, group, state: { $in: [...from] } };
      return (await this.#rows.updateMany(where, { $set: { ...change, updatedAt: tx.now } }, { session })).modifiedCount;
    });
  }

  #move(tx: Tx, _id: string, from: readonly EffectState[], change: Partial<EffectRow>): Promise<boolean> {
    return tx.do(async (session) => {
      const where = { _id, orgId: tx.orgId, state: { $in: [...from] } };
      return (await this.#rows.updateOne(where, { $set: change }, { session })).modifiedCount === 1;
    });
  }
}

/** A late answer is better than none: it also settles what was given up as unknown meanwhile. */
const open = ['attempting', 'unknown'] as const satisfies readonly EffectState[];
/** The same attempt, and not a later one: each claim has a name of its own. */
const isStill = ({ _id, attempts, claim }: EffectRow) => (claim === undefined ? { _id, attempts } : { _id, claim });

/** Of the same claim and with the same outcome. */
function equal(verdicts: readonly Verdict[]): Together[] {
  const groups = new Map<string, Together>();
  for (const verdict of verdicts) {
    const { _id: _, ...still } = isStill(verdict.row);
    const key = JSON.stringify([still, verdict.change]);
    const together = groups.get(key);
    if (together) together.push(verdict);
    else groups.set(key, [verdict]);
  }
  return [...groups.values()];
}
type Together = [first: Verdict, ...others: Verdict[]];
const goesOnForMs = 1000;
