import { newId, type Clock } from '@leasewire/messaging';
import type { Collection, Filter } from 'mongodb';
import type { Database } from '../database/database.js';
import type { OutboxRow } from './outbox.js';
import { outboxDef } from '../own-collections.js';
import { chainsOf } from './publish-in-order.js';
import { Trail, type TrailSettings } from './trail.js';

interface Found {
  readonly rows: OutboxRow[];
  readonly cut: boolean;
}

export interface BatchLimit {
  readonly rows: number;
  /** Events can be large; a batch is bounded in memory too. */
  readonly bytes: number;
}

/** The outbox as the relay uses it. */
export class OutboxStore {
  readonly #rows: Collection<OutboxRow>;
  readonly #trail: Trail;
  /** Read, and not yet said to be published. */
  #unsettled = 0;

  constructor(
    db: Database,
    private readonly clock: Clock,
    trail: Partial<TrailSettings> = {},
  ) {
    this.#rows = db.db.collection<OutboxRow>(outboxDef.name);
    this.#trail = new Trail(clock, trail);
  }

  /**
   * The oldest unpublished events, those of one aggregate in the order of its versions and without a gap. Each is read from
   * one snapshot, because an ordinary scan may pass the place of version 1 before it is committed and still meet version 2.
   * Ids are ordered by the clocks of replicas, which differ; so when the batch is cut, an earlier event may lie behind the
   * cut, and the events of its aggregates are read again by version, where only later ones can be cut off. So they are when the
   * search did not begin at the very beginning.
   */
  async next(limit: BatchLimit, without: readonly string[]): Promise<{ rows: OutboxRow[]; isAll: boolean }> {
    const from = without.length === 0 && this.#unsettled === 0 ? this.#trail.whereToGoOn() : null;
    const pending: Filter<OutboxRow> = {
      pending: true,
      ...(without.length > 0 && { aggregate: { $nin: [...without] } }),
      ...(from !== null && { _id: { $gt: from } }),
    };
    const oldest = await this.#read(pending, { _id: 1 }, limit);
    if (from === null) this.#trail.beganAtTheBeginning();
    this.#trail.reached(placeOf(oldest));
    const found = await this.#complete(oldest, from !== null, limit);
    this.#unsettled = found.rows.length;
    return found;
  }

  async #complete(oldest: Found, isLater: boolean, limit: BatchLimit): Promise<{ rows: OutboxRow[]; isAll: boolean }> {
    if (!oldest.cut && (!isLater || oldest.rows.length === 0)) return { rows: inOrder(oldest.rows), isAll: true };
    const aggregates = [...new Set(oldest.rows.map((row) => row.aggregate))];
    const byVersion = { aggregate: 1, epoch: 1, version: 1, n: 1 } as const;
    const all = await this.#read({ pending: true, aggregate: { $in: aggregates } }, byVersion, limit);
    return { rows: inOrder(all.rows), isAll: !oldest.cut && !all.cut };
  }

  async published(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    this.#unsettled -= ids.length;
    this.#trail.left(ids.length);
    await this.#rows.updateMany(
      { _id: { $in: [...ids] }, pending: true },
      { $set: { publishedAt: this.clock.now() }, $unset: { pending: '' } },
    );
  }

  /** Counts a failure that is the event's own; how many it has had. */
  async failed(id: string, reason: string): Promise<number> {
    const row = await this.#rows.findOneAndUpdate(
      { _id: id },
      { $inc: { attempts: 1 }, $set: { reason } },
      { returnDocument: 'after' },
    );
    return row?.attempts ?? 0;
  }

  async park(id: string, reason: string): Promise<void> {
    await this.#rows.updateOne(
      { _id: id, pending: true },
      { $set: { parkedAt: this.clock.now(), reason }, $unset: { pending: '' } },
    );
  }

  async unpark(ids: readonly string[] | 'all'): Promise<number> {
    this.#trail.forget();
    const which: Filter<OutboxRow> = { parkedAt: { $exists: true }, ...(ids !== 'all' && { _id: { $in: [...ids] } }) };
    return (await this.#rows.updateMany(which, { $set: { pending: true }, $unset: { parkedAt: '', attempts: '', reason: '' } }))
      .modifiedCount;
  }

  parked(limit: number): Promise<OutboxRow[]> {
    return this.#rows.find({ parkedAt: { $exists: true } }, { sort: { parkedAt: 1 }, limit }).toArray();
  }

  async oldestMs(): Promise<number> {
    const row = await this.#rows.findOne({ pending: true }, { sort: { _id: 1 }, projection: { at: 1 } });
    return row === null ? 0 : Math.max(0, this.clock.now().getTime() - row.at.getTime());
  }

  count(upTo: number): Promise<number> {
    return this.#rows.countDocuments({ pending: true }, { limit: upTo });
  }

  async #read(filter: Filter<OutboxRow>, sort: Readonly<Record<string, 1>>, limit: BatchLimit): Promise<Found> {
    const rows: OutboxRow[] = [];
    let bytes = 0;
    const cursor = this.#rows.find(filter, {
      sort,
      limit: limit.rows,
      batchSize: Math.min(limit.rows, 250),
      // named here and not by a snapshot session: the read concern of the connection silently replaces that one (driver 7.8)
      readConcern: { level: 'snapshot' },
    });
    for await (const row of cursor) {
      rows.push(row);
      bytes += row.envelope.length;
      if (bytes >= limit.bytes) break;
    }
    return { rows, cut: rows.length >= limit.rows || bytes >= limit.bytes };
  }
}

/** Up to where all was seen: by our own clock, for an id of one that is ahead would hide what comes after it. */
function placeOf({ rows, cut }: Found): string {
  const now = newId('evt');
  const last = cut ? rows.at(-1)?._id : undefined;
  return last !== undefined && last < now ? last : now;
}

/** Aggregates by their oldest event; within one by version. */
export function inOrder(rows: readonly OutboxRow[]): OutboxRow[] {
  const byArrival = [...rows].sort((a, b) => (a._id < b._id ? -1 : 1));
  return chainsOf(byArrival).flatMap((chain) => chain.sort((a, b) => a.epoch - b.epoch || a.version - b.version || a.n - b.n));
}
