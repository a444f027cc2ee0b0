import {
  DomainError,
  resolveResidents,
  resolveUnits,
  syncJob,
  SyncRunId,
  type JobView,
  type OrgId,
  type ParsedInputOf,
  type PropertyId,
  type startSync,
} from '@leasewire/contracts';
import { Assertions, RpcClient, via, type Call } from '@leasewire/messaging';
import { Jobs, UnitOfWork, type ItemResult, type JobItem, type JobOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ConnectionRepository } from '../connection/connection.repository.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import { visible } from '../property-scope.rules.js';
import { RunMaker } from '../run/run-maker.js';
import { RunEnding } from '../run/run-ending.js';
import { leftToOthers, resultOf } from '../run/run-result.rules.js';
import { SyncRunRepository, toSyncRun } from '../run/sync-run.repository.js';

type Target = ParsedInputOf<typeof startSync>['target'];
interface Part {
  readonly property: SyncedPropertyDoc;
  readonly scope: 'sweep' | 'residents' | 'units';
  readonly people?: readonly string[];
  readonly units?: readonly string[];
}
const ItemData = z.object({ runId: SyncRunId });
const pageSize = 1000;

/** A sync that somebody asked for: a job with one run for each property that it touches. */
@Injectable()
export class StartSync {
  constructor(
    private readonly jobs: Jobs,
    private readonly work: UnitOfWork,
    private readonly properties: SyncedPropertyRepository,
    private readonly connections: ConnectionRepository,
    private readonly runs: SyncRunRepository,
    private readonly maker: RunMaker,
    private readonly ending: RunEnding,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {
    jobs.define(syncJob, {
      run: (tx, items, job) => this.#begun(tx, items, job),
      cancel: (tx, items, job) => this.#cancelled(tx, items, job),
    });
  }

  async start(target: Target, call: Call): Promise<JobView> {
    const parts = await this.#partsOf(target, call);
    if (parts.length === 0)
      throw new DomainError(
        'sync.not-linked',
        'Nothing of this is kept in step with a PMS. Connect one and adopt its properties, or upload a newer CSV file.',
      );
    const started = await this.work.run(call, async (tx) => {
      const queued = [];
      for (const part of parts) queued.push(await this.maker.queue(tx, { ...part, cause: 'staff', startedBy: call.actor.ref }));
      const running = queued[0]?.run.jobId;
      if (running && queued.every(({ joined, run }) => joined && run.jobId === running)) return { joined: running };
      const items = queued.map(({ run }) => ({ key: run.propertyId, data: { runId: run._id } }));
      const job = await this.jobs.begin(tx, syncJob, { target }, items);
      for (const { run, joined } of queued) {
        const begunFor = joined ? run.jobId : job.id;
        await this.runs.save(tx, { ...run, jobId: begunFor, askedBy: [...run.askedBy, job.id] });
      }
      return { job };
    });
    return started.job ?? this.jobs.get(call, started.joined);
  }

  /** The runs of these items may be over already; whoever saves the run last sees what the other did. */
  async #begun(
    tx: Tx,
    items: readonly JobItem[],
    { orgId, id: jobId }: JobOf<typeof syncJob>,
  ): Promise<ItemResult<z.input<typeof syncJob.item>>[]> {
    const results: ItemResult<z.input<typeof syncJob.item>>[] = [];
    for (const { key, data } of items) {
      const { runId } = ItemData.parse(data);
      const run = await this.runs.get({ orgId, _id: runId }, { tx });
      if (run.active !== true) {
        results.push(resultOf(toSyncRun(run)));
        continue;
      }
      await this.runs.save(tx, { ...run, waiting: [...run.waiting, { jobId, key }] });
      results.push({ state: 'doing' });
    }
    return results;
  }

  /** The runs that were begun for the job, and that nobody else waits for, stop: at once, or at their next step. */
  async #cancelled(tx: Tx, items: readonly JobItem[], { orgId, id: jobId }: JobOf<typeof syncJob>): Promise<void> {
    for (const { key, data } of items) {
      const run = await this.runs.get({ orgId, _id: ItemData.parse(data).runId }, { tx });
      const [next, ...rest] = run.waiting.filter((other) => other.jobId !== jobId);
      if (run.active !== true) continue; // it is about to settle the item itself
      if (run.jobId === jobId && next === undefined) {
        if (run.state === 'queued') await this.ending.cancelQueued(tx, run);
        else await this.runs.save(tx, { ...run, cancelling: true });
        continue;
      }
      const heir = run.jobId === jobId ? (next?.jobId ?? null) : run.jobId;
      await this.runs.save(tx, { ...run, jobId: heir, waiting: next ? [next, ...rest] : [] });
      await this.jobs.settle(tx, jobId, key, leftToOthers);
    }
  }

  async #partsOf(target: Target, call: Call): Promise<Part[]> {
    if ('residents' in target) {
      const found = await this.#resolved((cursor) =>
        this.rpc.call(resolveResidents, { selection: target.residents, limit: pageSize, ...cursor }, via(call, this.assertions)),
      );
      return this.#grouped(call, found, 'residents');
    }
    if ('units' in target) {
      const found = await this.#resolved((cursor) =>
        this.rpc.call(resolveUnits, { selection: target.units, limit: pageSize, ...cursor }, via(call, this.assertions)),
      );
      return this.#grouped(call, found, 'units');
    }
    const { orgId, actor } = call;
    const sees = visible(actor.properties);
    const asked =
      'propertyIds' in target
        ? { _id: { $in: target.propertyIds } }
        : 'connectionId' in target
          ? { connectionId: target.connectionId }
          : {};
    const found = await this.properties.find({
      orgId,
      $and: [asked, sees == null ? {} : { _id: sees }, await this.#withPms(orgId)],
    });
    return found.map((property) => ({ property, scope: 'sweep' }));
  }

  /** From files there is nothing to fetch. */
  async #withPms(orgId: OrgId) {
    const files = await this.connections.find({ orgId, pms: 'csv' }, { fields: ['_id'] });
    return { connectionId: { $nin: files.map(({ _id }) => _id) } };
  }

  async #resolved(page: (cursor: { cursor?: string }) => Promise<Resolved>): Promise<Resolved['items']> {
    const all: Resolved['items'] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const found: Resolved = await page(cursor === undefined ? {} : { cursor });
      all.push(...found.items);
      cursor = found.nextCursor;
    }
    return all;
  }

  /** With a unit come those who live there as far as we know: of whom the PMS says nothing any more, that is said. */
  async #grouped({ orgId }: Call, found: Resolved['items'], scope: 'residents' | 'units'): Promise<Part[]> {
    const byProperty = new Map<PropertyId, { ids: string[]; residents: Set<string> }>();
    for (const { propertyId, upstreamId, residents = [] } of found) {
      if (upstreamId === null) continue;
      const its = byProperty.get(propertyId) ?? { ids: [], residents: new Set() };
      byProperty.set(propertyId, its);
      its.ids.push(upstreamId);
      for (const resident of residents) its.residents.add(resident);
    }
    const properties = await this.properties.find({
      orgId,
      _id: { $in: [...byProperty.keys()] },
      ...(await this.#withPms(orgId)),
    });
    return properties.map((property) => {
      const { ids = [], residents = [] } = byProperty.get(property._id) ?? {};
      return { property, scope, ...(scope === 'units' ? { units: ids, people: [...residents] } : { people: ids }) };
    });
  }
}

interface Resolved {
  readonly items: { propertyId: PropertyId; upstreamId: string | null; residents?: string[] | undefined }[];
  readonly nextCursor: string | null;
}
