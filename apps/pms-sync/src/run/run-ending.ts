import {
  connectionFailing,
  connectionRecovered,
  syncRunCompleted,
  syncRunStarted,
  type OrgId,
  type PmsName,
  type PropertyId,
} from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { Jobs, systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { CONFIG, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionRepository, type ConnectionDoc } from '../connection/connection.repository.js';
import { ConnectionViews } from '../connection/connection-views.js';
import { afterRun, isStuck, troubleOf, type EndedRun, type Failure } from '../connection/health.rules.js';
import { policyOf } from '../connection/policy.rules.js';
import { SyncedPropertyRepository } from '../connection/synced-property.repository.js';
import type { PmsSyncConfig } from '../config.js';
import { growthWarning } from '../hold/brake.rules.js';
import { HoldKeeping } from '../hold/hold-keeping.js';
import type { ForRun } from './directory-client.js';
import type { FlowResult } from './people-flow.about.js';
import type { Progress } from './run-watch.js';
import { resultOf } from './run-result.rules.js';
import { RunOutcomeRepository } from './run-outcome.repository.js';
import type { UnitsResult } from './unit-flow.js';
import { UpstreamRecordRepository } from './upstream-record.repository.js';
import { SyncRunRepository, toSyncRun, type SyncRunDoc } from './sync-run.repository.js';

export interface RunResult extends FlowResult {
  readonly complete: boolean;
  /** Everything arrived; what shows nobody where people live is whole and not complete. */
  readonly whole: boolean;
  readonly units: UnitsResult;
  readonly pages: number;
  readonly why?: string;
  readonly platform: PmsName;
}

/** How runs begin and end: one document, one event, and whoever waits for it is told. */
@Injectable()
export class RunEnding {
  constructor(
    private readonly runs: SyncRunRepository,
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly records: UpstreamRecordRepository,
    private readonly outcomes: RunOutcomeRepository,
    private readonly views: ConnectionViews,
    private readonly holds: HoldKeeping,
    private readonly jobs: Jobs,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(CONFIG) private readonly config: PmsSyncConfig,
  ) {}

  async begin(run: SyncRunDoc, { attempt, fetchedAt, orgId }: ForRun): Promise<void> {
    const startedAt = run.startedAt ?? fetchedAt;
    await this.runs.touch({ orgId, _id: run._id }, { state: 'running', startedAt, fetchedAt, attempt });
    if ((run.cause !== 'staff' && run.cause !== 'csv') || run.startedAt !== null) return;
    await this.#change(run._id, orgId, async (tx, now) => {
      const saved = await this.runs.save(tx, now);
      tx.publish(syncRunStarted, { run: toSyncRun(saved) }, saved);
    });
  }

  async done(runId: SyncRunDoc['_id'], orgId: OrgId, result: RunResult): Promise<void> {
    await this.#change(runId, orgId, async (tx, run) => {
      const { counts, complete, pages } = result;
      const warnings = await this.#warnings(tx, run, result);
      if (run.holdId === null)
        await this.holds.settle(tx, run, { ...result, units: result.units.held, missingUnits: result.units.missing });
      const ended = await this.#end(tx, { ...run, state: 'done', counts, complete, pages, warnings });
      if (run.holdId === null) await this.#health(tx, ended, null);
    });
  }

  failed(runId: SyncRunDoc['_id'], orgId: OrgId, error: Failure, came: Progress, isVendors: boolean): Promise<void> {
    return this.#change(runId, orgId, async (tx, run) => {
      const ended = await this.#end(tx, { ...run, ...came, state: 'failed', complete: false, error });
      if (isVendors) await this.#health(tx, ended, error);
    });
  }

  cancelled(runId: SyncRunDoc['_id'], orgId: OrgId, came: Progress): Promise<void> {
    return this.#change(runId, orgId, (tx, run) => this.#cancel(tx, { ...run, ...came }));
  }

  /** Within a unit of work that does more. */
  async cancelQueued(tx: Tx, run: SyncRunDoc): Promise<SyncRunDoc> {
    return this.#cancel(tx, run);
  }

  /** Who was chosen and not reached is said to be; of a sweep the counts alone say how far it came. */
  async #cancel(tx: Tx, run: SyncRunDoc): Promise<SyncRunDoc> {
    const { orgId, _id: runId, propertyId, people } = run;
    const chosen = run.holdId === null && people !== null ? people : [];
    const done = await this.outcomes.find({ orgId, runId, upstreamId: { $in: [...chosen] } }, { tx, fields: ['upstreamId'] });
    const reached = new Set(done.map(({ upstreamId }) => upstreamId));
    const missed = chosen.filter((id) => !reached.has(id));
    const known = await this.records.find({ orgId, propertyId, upstreamId: { $in: missed } }, { tx });
    const byId = new Map(known.map((record) => [record.upstreamId, record]));
    await this.outcomes.note(
      tx,
      { orgId, runId },
      missed.map((upstreamId) => ({
        upstreamId,
        residentId: byId.get(upstreamId)?.residentId ?? null,
        name: byId.get(upstreamId)?.name ?? upstreamId,
        unit: byId.get(upstreamId)?.unit ?? null,
        outcome: 'skipped',
        decision: 'none',
        reason: { code: 'sync.cancelled', message: 'The sync was cancelled before it came to this person.' },
      })),
    );
    const counts = { ...run.counts, skipped: run.counts.skipped + missed.length };
    return this.#end(tx, { ...run, counts, state: 'cancelled', complete: false });
  }

  async #end(tx: Tx, { active: _, ...run }: SyncRunDoc): Promise<SyncRunDoc> {
    const saved = await this.runs.save(tx, { ...run, finishedAt: tx.now, waiting: [] });
    tx.publish(syncRunCompleted, { run: toSyncRun(saved) }, saved);
    for (const { jobId, key } of run.waiting) await this.jobs.settle(tx, jobId, key, resultOf(toSyncRun(saved)));
    return saved;
  }

  async #warnings(tx: Tx, run: SyncRunDoc, result: RunResult): Promise<SyncRunDoc['warnings']> {
    const { orgId, propertyId, scope, cause } = run;
    const property = await this.properties.findOne({ orgId, _id: propertyId }, { tx });
    const before = result.registered > 0 && (await this.runs.newest(orgId, propertyId, { complete: true }));
    const growth = property && before ? growthWarning(result.registered, result.livingHere, policyOf(property)) : null;
    const partial =
      scope === 'sweep' && cause !== 'webhook' && !result.complete
        ? [{ code: 'sync.incomplete', message: `Not everything arrived, so nobody counts as gone. ${result.why ?? ''}`.trim() }]
        : [];
    const seen = Object.values(result.counts).reduce((sum, count) => sum + count, 0);
    const nobody =
      scope === 'sweep' && result.complete && seen === 0
        ? [
            {
              code: 'sync.nobody',
              message: 'The PMS shows nobody in this property. Check that it is the right one, and permitted.',
            },
          ]
        : [];
    return [...(growth ? [growth] : []), ...partial, ...nobody, ...interrupted(run)];
  }

  async #health(tx: Tx, run: SyncRunDoc, failure: Failure | null): Promise<void> {
    const { orgId, connectionId } = run;
    const connection = await this.connections.findOne({ orgId, _id: connectionId }, { tx });
    const next = connection && afterRun(connection, await this.#ended(tx, run, connection, failure), tx.now, this.#failingAfter);
    if (!next) return;
    const saved = await this.connections.save(tx, next.health);
    if (next.news === null) return;
    const contract = next.news === 'failing' ? connectionFailing : connectionRecovered;
    tx.publish(contract, { connection: await this.views.connection(saved) }, saved);
  }

  /** That others of the connection can be swept says nothing of a property that cannot. */
  async #ended(
    tx: Tx,
    run: SyncRunDoc,
    { failing, _id: connectionId }: ConnectionDoc,
    failure: Failure | null,
  ): Promise<EndedRun> {
    const { orgId, propertyId, scope } = run;
    const isStuckHere = async (_id: PropertyId) =>
      isStuck(await this.runs.lastSweeps(orgId, _id, this.#failingAfter, tx), this.#failingAfter);
    const trouble = scope === 'sweep' ? troubleOf(run) : null;
    if (trouble !== null && (await isStuckHere(propertyId))) {
      const property = await this.properties.findOne({ orgId, _id: propertyId }, { tx });
      return { failure, stuck: true, trouble: { ...trouble, message: `${property?.name ?? propertyId}: ${trouble.message}` } };
    }
    if (!failing) return { failure, stuck: false, trouble: null };
    const all = await this.properties.find({ orgId, connectionId }, { tx, fields: ['_id'] });
    for (const { _id } of all) if (await isStuckHere(_id)) return { failure, stuck: true, trouble: null };
    return { failure, stuck: false, trouble: null };
  }

  get #failingAfter(): number {
    return this.config.LEASEWIRE_PMS_FAILING_AFTER;
  }

  async #change(_id: SyncRunDoc['_id'], orgId: OrgId, change: (tx: Tx, run: SyncRunDoc) => Promise<unknown>): Promise<void> {
    await this.work.run(systemCause('pms-sync', orgId, this.ids, _id), async (tx) => {
      const run = await this.runs.get({ orgId, _id }, { tx });
      // Written first: with thousands of people this takes seconds, and a sign of life of the process, noted in the same
      // document meanwhile, would make it begin again each time. So those wait.
      if (run.active === true) await change(tx, await this.runs.save(tx, run));
    });
  }
}

/** It began again from its first page each time; whoever wonders why it took so long reads this. */
function interrupted({ attempt }: SyncRunDoc): SyncRunDoc['warnings'] {
  const times = attempt - 1;
  if (times < 1) return [];
  const how = times === 1 ? 'once' : `${times} times`;
  return [
    {
      code: 'sync.interrupted',
      message: `It was interrupted ${how}, by a restart or because a part of Leasewire was away, and was taken up again.`,
    },
  ];
}
