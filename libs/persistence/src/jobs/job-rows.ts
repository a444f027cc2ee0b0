import type { ActorRef, JobCounts, JobId, JobItemState, JobItemView, JobState, JobView, OrgId } from '@leasewire/contracts';

export interface JobRow {
  readonly _id: JobId;
  readonly orgId: OrgId;
  readonly name: string;
  readonly input: unknown;
  readonly state: JobState;
  readonly total: number;
  readonly counts: JobCounts;
  /** All of its items are known. */
  readonly sourced: boolean;
  /** The key of the last item that its source gave. */
  readonly after: string | null;
  /** There is something to do for a runner. */
  readonly active?: true;
  /** Failed items are being put back. */
  readonly retrying?: true;
  readonly reason?: string;
  readonly correlationId: string;
  readonly createdBy: ActorRef;
  /** When its progress was last published. */
  readonly announcedAt: Date;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface JobItemRow {
  readonly _id: string;
  readonly jobId: JobId;
  readonly orgId: OrgId;
  readonly n: number;
  readonly key: string;
  readonly data?: unknown;
  readonly state: JobItemState;
  readonly outcome?: unknown;
  readonly reason?: Reason;
  readonly at: Date;
  readonly expiresAt: Date;
}

/** An item as it is found: what it is about, and what its handler needs to know beyond that. */
export interface JobItemSeed {
  readonly key: string;
  readonly data?: unknown;
}

/** What came of an item. `doing`: it is under way, and `Jobs.settle` says later what came of it. */
export type ItemResult<O = unknown> =
  | { readonly state: 'done'; readonly outcome: O }
  | { readonly state: 'skipped' | 'held' | 'failed'; readonly reason: Reason; readonly outcome?: O }
  | { readonly state: 'doing' };

export const noItems: JobCounts = { waiting: 0, doing: 0, done: 0, skipped: 0, failed: 0, held: 0 };
const itemDays = 120;

export function waitingItem(job: Pick<JobRow, '_id' | 'orgId'>, { key, data }: JobItemSeed, n: number, now: Date): JobItemRow {
  return {
    _id: `${job._id}:${n}`,
    jobId: job._id,
    orgId: job.orgId,
    n,
    key,
    ...(data !== undefined && { data }),
    state: 'waiting',
    at: now,
    expiresAt: new Date(now.getTime() + itemDays * 86_400_000),
  };
}

/** Items moved from one state to others: the counts that follow. */
export function moved(counts: JobCounts, from: JobItemState, to: readonly JobItemState[]): JobCounts {
  const next = { ...counts, [from]: counts[from] - to.length };
  for (const state of to) next[state] += 1;
  return next;
}

/**
 * What the counts say about the job: a runner is needed while anything waits or is still to be found; it is over when
 * nothing is under way either.
 */
export function standing(job: Pick<JobRow, 'state' | 'counts' | 'sourced' | 'retrying'>): { state: JobState; active: boolean } {
  const { state, counts, sourced, retrying } = job;
  if (state === 'failed') return { state, active: false };
  const cancelling = state === 'cancelling' || state === 'cancelled';
  if (counts.waiting > 0 || retrying || (!sourced && !cancelling))
    return { state: cancelling ? 'cancelling' : sourced ? 'running' : 'preparing', active: true };
  if (counts.doing > 0) return { state: cancelling ? 'cancelling' : 'running', active: false };
  return { state: cancelling ? 'cancelled' : 'done', active: false };
}

export const isOver = (state: JobState): boolean => state === 'done' || state === 'cancelled' || state === 'failed';

export function viewOf(row: JobRow): JobView {
  return {
    id: row._id,
    orgId: row.orgId,
    name: row.name,
    state: row.state,
    total: row.total,
    counts: row.counts,
    ...(row.reason !== undefined && { reason: row.reason }),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.finishedAt && { finishedAt: row.finishedAt.toISOString() }),
    version: row.version,
  };
}

export function itemViewOf(row: JobItemRow): JobItemView {
  return {
    key: row.key,
    state: row.state,
    ...(row.outcome !== undefined && { outcome: row.outcome }),
    ...(row.reason && { reason: row.reason }),
    at: row.at.toISOString(),
  };
}
