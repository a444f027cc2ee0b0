import {
  DomainError,
  permits,
  type InputOf,
  type JobContract,
  type JobId,
  type JobItemState,
  type JobItemView,
  type JobState,
  type JobView,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import type { Filter } from 'mongodb';
import { reaching } from '../database/availability.js';
import {
  isOver,
  itemViewOf,
  moved,
  noItems,
  viewOf,
  type ItemResult,
  type JobItemRow,
  type JobItemSeed,
  type JobRow,
} from './job-rows.js';
import type { JobHandler, JobsSettings } from './job-handler.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import { decodeCursor, encodeCursor, queryHash, after as comesAfter } from '../collections/paging.js';
import type { Tx } from '../work/tx.js';

export interface JobListOptions {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Anything done to many: items, each with its outcome, done by any replica and not lost by any crash. */
export class Jobs {
  /** Works on jobs while the service runs. */
  readonly runner: JobRunner;
  readonly #store: JobStore;
  readonly #settling = new WeakMap<object, Promise<unknown>>();

  constructor(private readonly settings: JobsSettings) {
    this.#store = new JobStore(settings.db, settings.service);
    this.runner = new JobRunner(this.#store, settings);
  }

  define<C extends JobContract>(contract: C, handler: JobHandler<C>): void {
    this.runner.define(contract, handler);
  }

  /** Creates a job for these items (ten thousand at most), or for those that its handler's `items` finds. It begins within a second. */
  start<C extends JobContract>(call: Call, contract: C, input: InputOf<C>, items?: readonly JobItemSeed[]): Promise<JobView> {
    return this.settings.work.run(call, (tx) => this.begin(tx, contract, input, items));
  }

  /** The same within a unit of work that does more. */
  async begin<C extends JobContract>(tx: Tx, contract: C, input: InputOf<C>, items?: readonly JobItemSeed[]): Promise<JobView> {
    const { service, ids } = this.settings;
    if (contract.service !== service) throw new Error(`${contract.name} is a job of ${contract.service}, not of ${service}`);
    const { cause, now } = tx;
    const row: JobRow = {
      _id: ids.next(`job_${service}`),
      orgId: tx.orgId,
      name: contract.name,
      input: contract.input.parse(input),
      state: 'preparing',
      total: 0,
      counts: noItems,
      sourced: items !== undefined,
      after: null,
      correlationId: cause.correlationId,
      createdBy: cause.kind === 'call' ? cause.actor.ref : cause.actor,
      announcedAt: now,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    tx.afterCommit(() => {
      this.runner.wake();
    });
    return await this.#store.create(tx, row, items ?? []);
  }

  async get(call: Call, id: JobId): Promise<JobView> {
    return viewOf(await this.#visible(call, id));
  }

  /** Newest first. */
  async list(call: Call, filter: { name?: string; state?: JobState }, { limit, cursor }: JobListOptions) {
    const sort: [string, 1 | -1][] = [
      ['createdAt', -1],
      ['_id', -1],
    ];
    const { orgId, actor } = call;
    const query = { orgId, ...filter };
    const hash = queryHash(['jobs', query, actor.ref]);
    const seen: Filter<JobRow> = this.#seesOthers(call)
      ? {
          $or: [
            { createdBy: actor.ref },
            {
              name: {
                $in: this.runner
                  .contracts()
                  .filter((c) => mayDo(call, c))
                  .map((c) => c.name),
              },
            },
          ],
        }
      : { createdBy: actor.ref };
    const later = cursor === undefined ? [] : [{ $or: comesAfter(sort, decodeCursor(cursor, hash, sort), () => false) }];
    const found = await reaching(() =>
      this.#store.jobs.find({ ...query, $and: [seen, ...later] }, { sort: Object.fromEntries(sort), limit: limit + 1 }).toArray(),
    );
    return pageOf(found, limit, (row) => encodeCursor(hash, sort, { ...row }), viewOf);
  }

  /** In the order of the job. */
  async listItems(call: Call, id: JobId, filter: { state?: JobItemState }, { limit, cursor }: JobListOptions) {
    await this.#visible(call, id);
    const sort: [string, 1 | -1][] = [['n', 1]];
    const hash = queryHash([id, filter]);
    const later = cursor === undefined ? {} : { $or: comesAfter(sort, decodeCursor(cursor, hash, sort), () => false) };
    const found = await reaching(() =>
      this.#store.items.find({ jobId: id, ...filter, ...later }, { sort: { n: 1 }, limit: limit + 1 }).toArray(),
    );
    return pageOf<JobItemRow, JobItemView>(found, limit, (row) => encodeCursor(hash, sort, { ...row }), itemViewOf);
  }

  /** What has not begun is skipped, what is under way is told to stop; what is done stays done. */
  async cancel(call: Call, id: JobId): Promise<JobView> {
    return await this.#change(call, id, async (tx, job) => {
      if (isOver(job.state) && job.state !== 'cancelled')
        throw new DomainError('conflict.state', 'This job is over; there is nothing left to cancel.');
      return this.#stop(tx, job);
    });
  }

  /** The same within a unit of work that does more, and has decided that it may. One that is over stays what it is. */
  async stop(tx: Tx, id: JobId): Promise<JobView> {
    tx.afterCommit(() => {
      this.runner.wake();
    });
    return this.#stop(tx, await this.#store.read(tx, id));
  }

  async #stop(tx: Tx, job: JobRow): Promise<JobView> {
    if (job.state === 'cancelling' || isOver(job.state)) return viewOf(job);
    await this.runner.cancel(tx, await this.#store.update(tx, job, { state: 'cancelling' }));
    return viewOf(await this.#store.read(tx, job._id));
  }

  async retryFailed(call: Call, id: JobId): Promise<JobView> {
    return await this.#change(call, id, async (tx, job) => {
      if (!isOver(job.state))
        throw new DomainError('conflict.state', 'This job is still running; retry what failed when it is over.');
      if (job.counts.failed === 0 && job.state !== 'failed')
        throw new DomainError('conflict.state', 'Nothing in this job failed.');
      const { reason: _reason, finishedAt: _finishedAt, ...rest } = job;
      return viewOf(await this.#store.update(tx, { ...rest, state: 'running' }, { retrying: true }));
    });
  }

  /** What came of an item that was left `doing`. False when it was settled before. */
  async settle(tx: Tx, id: JobId, key: string, result: Exclude<ItemResult, { state: 'doing' }>): Promise<boolean> {
    // several facts that are committed together may each settle an item of one job: one after the other, so that each sees its counts
    const before = this.#settling.get(tx.within) ?? Promise.resolve();
    const settled = before.then(() => this.#settle(tx, id, key, result));
    this.#settling.set(
      tx.within,
      settled.catch(() => undefined),
    );
    return settled;
  }

  async #settle(tx: Tx, id: JobId, key: string, result: Exclude<ItemResult, { state: 'doing' }>): Promise<boolean> {
    const job = await this.#store.read(tx, id);
    const item = await this.#store.itemOf(tx, job, key, 'doing');
    if (item === null) return false;
    await this.#store.note(tx, [[item, result]]);
    await this.#store.update(tx, job, { counts: moved(job.counts, 'doing', [result.state]) });
    return true;
  }

  /** How many jobs are in each state that is not over; for metrics. */
  async countByState(): Promise<Partial<Record<JobState, number>>> {
    const rows = await reaching(() =>
      this.#store.jobs
        .aggregate<{ _id: JobState; count: number }>([
          { $match: { finishedAt: null } },
          { $group: { _id: '$state', count: { $sum: 1 } } },
        ])
        .toArray(),
    );
    return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]));
  }

  async #change(call: Call, id: JobId, change: (tx: Tx, job: JobRow) => Promise<JobView>): Promise<JobView> {
    return await this.settings.work.run(call, async (tx) => {
      const job = await this.#store.read(tx, id);
      this.#mustSee(call, job);
      const its = this.runner.contract(job.name);
      if (!its || !mayDo(call, its))
        throw new DomainError(
          'forbidden',
          `You may see this job, but not change it: it needs ${its?.permission ?? 'a service that knows it'}.`,
        );
      tx.afterCommit(() => {
        this.runner.wake();
      });
      return await change(tx, job);
    });
  }

  async #visible(call: Call, id: JobId): Promise<JobRow> {
    const row = await reaching(() => this.#store.jobs.findOne({ _id: id, orgId: call.orgId }));
    if (row === null) throw noSuchJob(id);
    this.#mustSee(call, row);
    return row;
  }

  #mustSee(call: Call, job: JobRow): void {
    if (job.createdBy === call.actor.ref) return;
    const contract = this.runner.contract(job.name);
    if (!contract || !mayDo(call, contract) || !this.#seesOthers(call)) throw noSuchJob(job._id);
  }

  /** A job may be about any property; whoever sees only some sees only the jobs they started. */
  #seesOthers(call: Call): boolean {
    return call.actor.properties === 'all';
  }
}

const noSuchJob = (id: JobId): DomainError => new DomainError('not-found', `There is no job ${id}, or you may not see it.`);

function mayDo(call: Call, contract: JobContract): boolean {
  const { permissions } = call.actor;
  return permissions === 'all' || permits(permissions, contract.permission);
}

function pageOf<R, V>(
  rows: readonly R[],
  limit: number,
  cursorOf: (last: R) => string,
  view: (row: R) => V,
): { items: V[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(view), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
