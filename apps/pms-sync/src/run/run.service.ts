import {
  DomainError,
  JobId,
  type cancelSyncRun,
  type listJobOutcomes,
  type listRunOutcomes,
  type listSyncRuns,
  type ParsedInputOf,
  type SyncRun,
  type SyncRunId,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Jobs, UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { assertSees, visible } from '../property-scope.rules.js';
import { RunEnding } from './run-ending.js';
import { RunOutcomeRepository, toRunOutcome } from './run-outcome.repository.js';
import { SyncRunRepository, toSyncRun, type SyncRunDoc } from './sync-run.repository.js';

@Injectable()
export class RunService {
  constructor(
    private readonly runs: SyncRunRepository,
    private readonly outcomes: RunOutcomeRepository,
    private readonly ending: RunEnding,
    private readonly jobs: Jobs,
    private readonly work: UnitOfWork,
  ) {}

  async list(input: ParsedInputOf<typeof listSyncRuns>, { orgId, actor }: Call) {
    const { limit, cursor, propertyId: asked, connectionId, state, jobId } = input;
    const propertyId = visible(actor.properties, asked);
    const job = jobId === undefined ? undefined : (JobId.safeParse(jobId).data ?? null);
    if (propertyId === null || job === null) return { items: [], nextCursor: null };
    const filter = {
      orgId,
      ...(propertyId !== undefined && { propertyId }),
      ...(connectionId && { connectionId }),
      ...(state && { state }),
      ...(job !== undefined && { askedBy: job }),
    };
    const { items, nextCursor } = await this.runs.page(filter, { sort: { _id: -1 }, limit, cursor });
    return { items: items.map(toSyncRun), nextCursor };
  }

  async get(runId: SyncRunId, call: Call): Promise<SyncRun> {
    return toSyncRun(await this.#seen(runId, call));
  }

  async listOutcomes({ runId, outcome, limit, cursor }: ParsedInputOf<typeof listRunOutcomes>, call: Call) {
    await this.#seen(runId, call);
    const filter = { orgId: call.orgId, runId, ...(outcome && { outcome }) };
    const { items, nextCursor } = await this.outcomes.page(filter, { sort: { _id: 1 }, limit, cursor });
    return { items: items.map(toRunOutcome), nextCursor };
  }

  /** Over all properties that the job touched and the caller sees. */
  async listJobOutcomes({ jobId, outcome, limit, cursor }: ParsedInputOf<typeof listJobOutcomes>, call: Call) {
    const { orgId, actor } = call;
    await this.jobs.get(call, jobId);
    const propertyId = visible(actor.properties);
    const seen = { orgId, ...(propertyId != null && { propertyId }), askedBy: jobId };
    const runs = propertyId === null ? [] : await this.runs.find(seen, { fields: ['propertyId'] });
    const places = new Map(runs.map(({ _id, propertyId: place }) => [_id, place]));
    const filter = { orgId, runId: { $in: [...places.keys()] }, ...(outcome && { outcome }) };
    const page = await this.outcomes.page(filter, { sort: { _id: 1 }, limit, cursor, asked: [jobId, outcome] });
    const items = page.items.flatMap((doc) => {
      const place = places.get(doc.runId);
      return place === undefined ? [] : [{ ...toRunOutcome(doc), runId: doc.runId, propertyId: place }];
    });
    return { items, nextCursor: page.nextCursor };
  }

  /** What has not begun ends at once; what runs ends at its next step, whoever works at it. */
  async cancel({ runId }: ParsedInputOf<typeof cancelSyncRun>, call: Call): Promise<SyncRun> {
    await this.#seen(runId, call);
    return this.work.run(call, async (tx) => {
      const run = await this.runs.get({ orgId: call.orgId, _id: runId }, { tx });
      if (run.active !== true) throw new DomainError('conflict.state', 'This run is over; there is nothing left to cancel.');
      if (run.state === 'queued') return toSyncRun(await this.ending.cancelQueued(tx, run));
      return toSyncRun(await this.runs.save(tx, { ...run, cancelling: true }));
    });
  }

  async #seen(_id: SyncRunId, { orgId, actor }: Call): Promise<SyncRunDoc> {
    const run = await this.runs.get({ orgId, _id });
    assertSees(actor.properties, run.propertyId);
    return run;
  }
}
