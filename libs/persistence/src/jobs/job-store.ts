import { DomainError, jobChanged, type EventContract, type JobId, type JobItemState, type JobView } from '@leasewire/contracts';
import type { Collection } from 'mongodb';
import type { Database } from '../database/database.js';
import {
  isOver,
  standing,
  viewOf,
  waitingItem,
  type ItemResult,
  type JobItemRow,
  type JobItemSeed,
  type JobRow,
} from './job-rows.js';
import { jobItemsDef, jobsDef } from '../own-collections.js';
import type { Tx } from '../work/tx.js';

/** At most one progress event in this time. */
const announceEveryMs = 1000;

/** The rows of jobs and their items, always changed together in one transaction. */
export class JobStore {
  readonly jobs: Collection<JobRow>;
  readonly items: Collection<JobItemRow>;
  /** Set by whoever knows what the end of a job means. */
  whenOver: (tx: Tx, row: JobRow) => Promise<unknown> = () => Promise.resolve();
  readonly #changed: EventContract<ReturnType<typeof jobChanged>['schema']>;

  constructor(db: Database, service: string) {
    this.jobs = db.db.collection<JobRow>(jobsDef.name);
    this.items = db.db.collection<JobItemRow>(jobItemsDef.name);
    this.#changed = jobChanged(service);
  }

  async read(tx: Tx, id: JobId): Promise<JobRow> {
    const row = await tx.do((session) => this.jobs.findOne({ _id: id, orgId: tx.orgId }, { session }));
    if (row === null) throw new DomainError('not-found', `There is no job ${id}.`);
    return row;
  }

  async create(tx: Tx, row: JobRow, seeds: readonly JobItemSeed[]): Promise<JobView> {
    const { fresh } = await this.#unlessThere(tx, row, seeds);
    const counts = { ...row.counts, waiting: fresh.length };
    const full = settled({ ...row, counts, total: fresh.length }, tx.now);
    await tx.do((session) => this.jobs.insertOne(full, { session }));
    await this.#insertItems(tx, full, fresh, 0);
    if (isOver(full.state)) await this.whenOver(tx, full);
    return this.#announce(tx, full);
  }

  /** Adds what its source gave; what is there already is passed over, so a source may repeat itself after a crash. */
  async add(tx: Tx, job: JobRow, seeds: readonly JobItemSeed[], change: Pick<JobRow, 'after' | 'sourced'>): Promise<JobRow> {
    const { fresh } = await this.#unlessThere(tx, job, seeds);
    await this.#insertItems(tx, job, fresh, job.total);
    const counts = { ...job.counts, waiting: job.counts.waiting + fresh.length };
    return await this.update(tx, job, { ...change, counts, total: job.total + fresh.length });
  }

  itemsIn(tx: Tx, job: JobRow, state: JobItemState, limit: number): Promise<JobItemRow[]> {
    return tx.do((session) => this.items.find({ jobId: job._id, state }, { sort: { n: 1 }, limit, session }).toArray());
  }

  itemOf(tx: Tx, job: JobRow, key: string, state: JobItemState): Promise<JobItemRow | null> {
    return tx.do((session) => this.items.findOne({ jobId: job._id, key, state }, { session }));
  }

  async note(tx: Tx, results: readonly (readonly [JobItemRow, ItemResult])[]): Promise<void> {
    if (results.length === 0) return;
    const operations = results.map(([item, result]) => ({
      updateOne: {
        filter: { _id: item._id, state: item.state },
        update: {
          $set: {
            state: result.state,
            at: tx.now,
            ...('outcome' in result && result.outcome !== undefined && { outcome: result.outcome }),
            ...('reason' in result && { reason: result.reason }),
          },
          ...(!('reason' in result) && { $unset: { reason: '' as const } }),
        },
      },
    }));
    const { matchedCount } = await tx.do((session) => this.items.bulkWrite(operations, { session }));
    if (matchedCount !== results.length) throw new Error('An item of a job was changed by somebody else within one snapshot');
  }

  /** Puts many items of one state into another at once. */
  async move(tx: Tx, items: readonly JobItemRow[], change: Pick<JobItemRow, 'state' | 'reason'>): Promise<void> {
    const { state, reason } = change;
    await tx.do((session) =>
      this.items.updateMany(
        { _id: { $in: items.map((item) => item._id) } },
        reason ? { $set: { state, reason, at: tx.now } } : { $set: { state, at: tx.now }, $unset: { reason: '' } },
        { session },
      ),
    );
  }

  /** Saves what changed, with the state that follows from the counts, and publishes it when it is news. */
  async update(tx: Tx, job: JobRow, change: Partial<JobRow>): Promise<JobRow> {
    const next = settled({ ...job, ...change, version: job.version + 1, updatedAt: tx.now }, tx.now);
    const news = next.state !== job.state || tx.now.getTime() - job.announcedAt.getTime() >= announceEveryMs;
    const row = news ? { ...next, announcedAt: tx.now } : next;
    const { matchedCount } = await tx.do((session) =>
      this.jobs.replaceOne({ _id: job._id, version: job.version }, row, { session }),
    );
    if (matchedCount !== 1) throw new DomainError('conflict.version', `The job ${job._id} was changed meanwhile.`);
    if (news) this.#announce(tx, row);
    if (isOver(row.state) && !isOver(job.state)) await this.whenOver(tx, row);
    return row;
  }

  #announce(tx: Tx, row: JobRow): JobView {
    const view = viewOf(row);
    tx.publish(this.#changed, view, { _id: row._id, version: row.version });
    return view;
  }

  async #unlessThere(tx: Tx, job: JobRow, seeds: readonly JobItemSeed[]): Promise<{ fresh: JobItemSeed[] }> {
    const byKey = new Map(seeds.map((seed) => [seed.key, seed]));
    if (job.total > 0) {
      const keys = [...byKey.keys()];
      const there = await tx.do((session) =>
        this.items.find({ jobId: job._id, key: { $in: keys } }, { projection: { key: 1 }, session }).toArray(),
      );
      for (const { key } of there) byKey.delete(key);
    }
    return { fresh: [...byKey.values()] };
  }

  async #insertItems(tx: Tx, job: JobRow, seeds: readonly JobItemSeed[], from: number): Promise<void> {
    const rows = seeds.map((seed, at) => waitingItem(job, seed, from + at, tx.now));
    for (let at = 0; at < rows.length; at += 1000)
      await tx.do((session) => this.items.insertMany(rows.slice(at, at + 1000), { session }));
  }
}

function settled(job: JobRow, now: Date): JobRow {
  const { state, active } = standing(job);
  const { active: _active, finishedAt, ...rest } = job;
  const ended = isOver(state) ? (finishedAt ?? now) : undefined;
  return { ...rest, state, ...(active && { active: true as const }), ...(ended && { finishedAt: ended }) };
}
