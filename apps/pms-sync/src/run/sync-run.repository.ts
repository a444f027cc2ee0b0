import { ActorRef, ConnectionId, CsvImportId, HoldId, JobId, OrgId, PropertyId, SyncRun, SyncRunId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const { scope, cause, state, complete, counts, pages, warnings, error } = SyncRun.shape;
export const Lane = z.enum(['sweep', 'targeted']);
export type Lane = z.output<typeof Lane>;

const fetching = ['schedule', 'staff', 'adoption'] as const;
const keptSeconds = 400 * 86_400;
export const syncRunDef = defineCollection(
  'sync_runs',
  tenantDoc.extend({
    _id: SyncRunId,
    propertyId: PropertyId,
    connectionId: ConnectionId,
    scope,
    cause,
    state,
    complete,
    counts,
    pages,
    warnings,
    error,
    startedBy: ActorRef,
    startedAt: z.date().nullable(),
    finishedAt: z.date().nullable(),
    fetchedAt: z.date().nullable(),
    lane: Lane,
    /** What it is about: there is one active run of a target, and whoever asks for it again joins. */
    target: z.string(),
    people: z.array(z.string()).nullable(),
    units: z.array(z.string()).nullable(),
    active: z.literal(true).optional().describe('Not over'),
    cancelling: z.boolean(),
    attempt: z.int(),
    notBefore: z.date(),
    /** While somebody works at it this lies ahead. */
    aliveUntil: z.date(),
    jobId: JobId.nullable().describe('The job that it was begun for'),
    askedBy: z
      .array(JobId)
      .default([])
      .describe('Every job that wanted it: the one that it was begun for, and those that joined'),
    waiting: z.array(z.object({ jobId: JobId, key: z.string() })).describe('Items of jobs that want to know how it ended'),
    holdId: HoldId.nullable(),
    importId: CsvImportId.nullable(),
    removeMissing: z.boolean(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, target: 1 }, unique: true, partial: { active: true } },
      { keys: { active: 1, lane: 1, orgId: 1, notBefore: 1 }, partial: { active: true } },
      { keys: { orgId: 1, _id: -1 } },
      { keys: { orgId: 1, propertyId: 1, _id: -1 } },
      { keys: { orgId: 1, connectionId: 1, _id: -1 } },
      { keys: { orgId: 1, connectionId: 1, createdAt: -1 } },
      { keys: { orgId: 1, askedBy: 1, _id: -1 } },
      // a property that is swept each half an hour has 17,000 of them a year
      { keys: { finishedAt: 1 }, expireAfterSeconds: keptSeconds },
    ],
  },
);
export type SyncRunDoc = DocOf<typeof syncRunDef>;

@Injectable()
export class SyncRunRepository extends TenantRepository<typeof syncRunDef> {
  constructor(db: Database) {
    super(db, syncRunDef);
  }

  /** Across organizations: the next organization behind this one, in their order, that has something ready to be worked at. */
  async ready(lane: Lane, behind: OrgId | null, now: Date): Promise<SyncRunDoc[]> {
    const system = systemScope(this);
    const waiting = { active: true as const, lane, notBefore: { $lte: now }, aliveUntil: { $lte: now } };
    const next = await system.find(behind === null ? waiting : { ...waiting, orgId: { $gt: behind } }, {
      sort: { orgId: 1, notBefore: 1 },
      limit: 1,
    });
    const orgId = next[0]?.orgId;
    if (orgId === undefined) return [];
    const sort = { notBefore: 1 } as const;
    if (lane === 'targeted') return this.find({ ...waiting, orgId }, { sort, limit: 50 });
    // of each connection the oldest: a hundred properties of one must not hide the others
    const oldest = await this.aggregate({ ...waiting, orgId }, [
      { $sort: { ...sort, _id: 1 } },
      { $group: { _id: '$connectionId', run: { $first: '$_id' } } },
    ]);
    const ids = oldest.flatMap(({ run }) => SyncRunId.safeParse(run).data ?? []);
    return this.find({ ...waiting, orgId, _id: { $in: ids } }, { sort });
  }

  newest(orgId: OrgId, propertyId: PropertyId, more: { complete?: boolean } = {}): Promise<SyncRunDoc | null> {
    return this.find({ orgId, propertyId, ...more }, { sort: { _id: -1 }, limit: 1 }).then(([found]) => found ?? null);
  }

  /** Those that fetched and are over, newest first. */
  lastSweeps(orgId: OrgId, propertyId: PropertyId, limit: number, tx: Tx): Promise<SyncRunDoc[]> {
    const over = { state: { $in: ['done' as const, 'failed' as const] }, cause: { $in: [...fetching] } };
    return this.find({ orgId, propertyId, scope: 'sweep', ...over }, { sort: { _id: -1 }, limit, tx });
  }

  /** Of each property of a connection the last complete sweep after `since`. */
  async completeSince(orgId: OrgId, connectionId: SyncRunDoc['connectionId'], since: Date): Promise<Map<string, Date>> {
    const found = await this.aggregate({ orgId, connectionId, complete: true, createdAt: { $gt: since } }, [
      { $group: { _id: '$propertyId', at: { $max: '$fetchedAt' } } },
    ]);
    return new Map(found.flatMap(({ _id, at }) => (typeof _id === 'string' && at instanceof Date ? [[_id, at] as const] : [])));
  }

  activeOn(orgId: OrgId, target: string, tx: Tx): Promise<SyncRunDoc | null> {
    return this.findOne({ orgId, target, active: true }, { tx });
  }
}

export function toSyncRun(doc: SyncRunDoc): z.output<typeof SyncRun> {
  return {
    id: doc._id,
    propertyId: doc.propertyId,
    connectionId: doc.connectionId,
    scope: doc.scope,
    cause: doc.cause,
    state: doc.state,
    complete: doc.complete,
    counts: doc.counts,
    pages: doc.pages,
    warnings: doc.warnings,
    error: doc.error,
    startedBy: doc.startedBy,
    createdAt: doc.createdAt.toISOString(),
    startedAt: doc.startedAt?.toISOString() ?? null,
    finishedAt: doc.finishedAt?.toISOString() ?? null,
    fetchedAt: doc.fetchedAt?.toISOString() ?? null,
    version: doc.version,
  };
}
