import { DomainError, type OrgId } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { CLOCK, IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionRepository, type ConnectionDoc } from '../connection/connection.repository.js';
import { OpenedConnectors } from '../connection/opened-connectors.js';
import { policyOf } from '../connection/policy.rules.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import type { Capabilities, Connector, PeoplePage, PropertyToFetch, WantedPeople } from '../connector/connector.js';
import { connectorOf } from '../connector/connectors.js';
import { VendorError } from '../connector/vendor-error.js';
import { HeldPeopleRelease } from '../hold/held-people-release.js';
import { DirectoryClient, type ForRun } from './directory-client.js';
import { fingerprintOfUnits } from './fingerprint.rules.js';
import { PeopleFlow, type FlowResult } from './people-flow.js';
import { Keeper } from './run-keeper.js';
import { RunEnding } from './run-ending.js';
import { RunOutcomeRepository } from './run-outcome.repository.js';
import { tryAgainInMs } from './run.rules.js';
import { SyncRunner } from './sync-runner.js';
import { SyncRunRepository, type SyncRunDoc } from './sync-run.repository.js';
import { UpstreamRecordRepository, UpstreamUnitsRepository } from './upstream-record.repository.js';

/** Nothing went wrong: it was cancelled, or this process stops and another goes on. */
class Interrupted extends Error {
  constructor(readonly why: 'cancelled' | 'stopping') {
    super(why);
  }
}
interface Parts {
  readonly run: SyncRunDoc;
  readonly connection: ConnectionDoc;
  readonly property: SyncedPropertyDoc;
  readonly about: ForRun;
}
/** People who moved out longer ago than this are not asked for. */
const pastDays = 60;
/** Clocks differ, and what changed while a sweep was fetched may not have been in it. */
const overlapMs = 10 * 60_000;

/** One run from its beginning to its end, and again from its beginning where it was interrupted. */
@Injectable()
export class RunExecution {
  constructor(
    private readonly runs: SyncRunRepository,
    private readonly rows: RunOutcomeRepository,
    private readonly records: UpstreamRecordRepository,
    private readonly unitRows: UpstreamUnitsRepository,
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly opened: OpenedConnectors,
    private readonly directory: DirectoryClient,
    private readonly release: HeldPeopleRelease,
    private readonly ending: RunEnding,
    private readonly work: UnitOfWork,
    private readonly log: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    runner: SyncRunner,
  ) {
    runner.serve((run, signal) => this.#execute(run, signal));
  }

  async #execute(run: SyncRunDoc, signal: AbortSignal): Promise<void> {
    const { orgId } = run;
    const fetchedAt = this.clock.now();
    const about = { orgId, propertyId: run.propertyId, runId: run._id, attempt: run.attempt + 1, fetchedAt };
    try {
      if (run.cancelling) throw new Interrupted('cancelled');
      const [connection, property] = await Promise.all([
        this.connections.findOne({ orgId, _id: run.connectionId }),
        this.properties.findOne({ orgId, _id: run.propertyId }),
      ]);
      if (connection?.state !== 'active' || property?.connectionId !== connection._id) throw new Interrupted('cancelled');
      await this.ending.begin(run, about);
      const parts = { run, connection, property, about };
      const flow = run.holdId === null ? await this.#sync(parts, signal) : await this.#released(parts, run.holdId);
      await this.ending.done(run._id, orgId, flow);
    } catch (error) {
      await this.#ended(run, error);
    }
  }

  async #ended(run: SyncRunDoc, error: unknown): Promise<void> {
    if (error instanceof Interrupted) {
      if (error.why === 'cancelled') await this.ending.cancelled(run._id, run.orgId);
      return;
    }
    if (error instanceof VendorError) {
      await this.ending.failed(run._id, run.orgId, { code: `vendor.${error.code}`, message: error.message }, true);
      return;
    }
    const wait = isPassing(error) ? tryAgainInMs(run.attempt) : null;
    if (wait !== null) {
      this.log.warn({ err: error, run: run._id, waitMs: wait }, 'a sync run cannot go on for the moment; it is taken up again');
      const notBefore = new Date(this.clock.now().getTime() + wait);
      await this.runs.touch({ orgId: run.orgId, _id: run._id }, { notBefore, attempt: run.attempt + 1 });
      return;
    }
    this.log.error({ err: error, run: run._id }, 'a sync run failed by a fault of ours');
    const failure =
      error instanceof DomainError
        ? { code: error.code, message: error.message }
        : { code: 'internal', message: 'A fault of ours; the log has it.' };
    await this.ending.failed(run._id, run.orgId, failure, false);
  }

  async #sync(parts: Parts, signal: AbortSignal) {
    const { run, connection, property, about } = parts;
    const connector = this.opened.open(connection);
    const { capabilities } = connectorOf(connection.pms);
    const targeted = run.scope !== 'sweep';
    const keeper = new Keeper(about, targeted, this.records, this.rows, this.work, this.ids);
    const before = await keeper.resume();
    const check = () => this.#check(run.orgId, run._id, signal);
    const flow = new PeopleFlow(
      {
        run: about,
        scope: targeted ? 'targeted' : 'sweep',
        policy: policyOf(property),
        kept: property.kept,
        wanted: { people: run.people, units: run.units },
        check,
      },
      this.directory,
      keeper,
    );
    const asked = toFetch(property, about.fetchedAt);
    if (!targeted) await this.#units(parts, connector, asked);
    let why: string | undefined;
    for await (const page of connector.fetchPeople(asked, await this.#wanted(run, capabilities))) {
      await check();
      await flow.page(page);
      why = whyOf(page) ?? why;
    }
    const result = await flow.finish();
    const counts = { ...result.counts, synced: result.counts.synced + before.length };
    const complete = !targeted && flow.complete;
    return { ...result, counts, complete, pages: flow.pages, ...(why !== undefined && { why }), platform: connection.pms };
  }

  /** People of a hold that staff let go: from what was kept of them, nothing is fetched. */
  async #released({ run, about, connection }: Parts, holdId: NonNullable<SyncRunDoc['holdId']>) {
    const keeper = new Keeper(about, true, this.records, this.rows, this.work, this.ids);
    const counts = await this.release.release(about, holdId, run.people ?? [], keeper);
    const nothing: Omit<FlowResult, 'counts'> = {
      braked: { go: [], held: [], asks: false },
      removals: [],
      livingHere: 0,
      registered: 0,
    };
    return { ...nothing, counts, complete: false, pages: 0, platform: connection.pms };
  }

  async #units({ run, about }: Parts, connector: Connector, property: PropertyToFetch): Promise<void> {
    const units = (await connector.fetchUnits(property)).map(({ upstreamId, building, number, bedrooms }) => ({
      upstreamId,
      building,
      number,
      bedrooms,
    }));
    const hash = fingerprintOfUnits(units);
    const id = { orgId: run.orgId, _id: run.propertyId };
    const known = await this.unitRows.findOne(id);
    if (known?.hash === hash) return;
    const ids = units.map(({ upstreamId }) => upstreamId);
    const here = new Set(ids);
    // a PMS that shows no unit at all has lost them from sight, not from the street
    if (units.length === 0) return;
    const absent = (known?.ids ?? []).filter((one) => !here.has(one));
    await this.directory.applyUnits(about, units, absent);
    await this.work.run(systemCause('pms-sync', run.orgId, this.ids, run._id), async (tx) => {
      const was = await this.unitRows.findOne(id, { tx });
      await (was ? this.unitRows.save(tx, { ...was, hash, ids }) : this.unitRows.insert(tx, { ...id, hash, ids }));
    });
  }

  /** What a webhook told of is asked for since the last sweep, where the vendor knows such a question. */
  async #wanted(run: SyncRunDoc, capabilities: Capabilities): Promise<WantedPeople> {
    if (run.cause !== 'webhook' || !capabilities.deltas) return wantedOf(run, capabilities);
    const last = await this.runs.newest(run.orgId, run.propertyId, { complete: true });
    return last?.fetchedAt ? { since: new Date(last.fetchedAt.getTime() - overlapMs) } : {};
  }

  async #check(orgId: OrgId, _id: SyncRunDoc['_id'], signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Interrupted('stopping');
    const [now] = await this.runs.find({ orgId, _id }, { fields: ['cancelling', 'active'] });
    if (now?.active !== true || now.cancelling) throw new Interrupted('cancelled');
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof DomainError &&
  (error.code === 'unavailable' || error.code === 'timeout' || error.code === 'idempotency.in-progress');

const whyOf = (page: PeoplePage): string | undefined =>
  page.why ?? (page.rejected.some(({ upstreamId }) => upstreamId === null) ? 'Somebody’s row could not be read.' : undefined);

function toFetch(property: SyncedPropertyDoc, now: Date): PropertyToFetch {
  const pastFrom = new Date(now.getTime() - pastDays * 86_400_000).toISOString().slice(0, 10);
  const { upstreamId, kind, timeZone, country, currency } = property;
  return { upstreamId, kind, timeZone, country, currency, pastFrom };
}

/** Where the vendor cannot be asked for some, all are fetched and the others left alone. */
function wantedOf(
  { people, units }: SyncRunDoc,
  capabilities: { targeted: { residents: boolean; units: boolean } },
): WantedPeople {
  if (people && capabilities.targeted.residents) return { people };
  if (units && capabilities.targeted.units) return { units };
  return {};
}
