import { DomainError, type OrgId } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { isPassing, UnitOfWork } from '@leasewire/persistence';
import { CLOCK, IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { BalanceKeeping } from '../balance/balance-keeping.js';
import { ConnectionRepository, type ConnectionDoc } from '../connection/connection.repository.js';
import { OpenedConnectors } from '../connection/opened-connectors.js';
import { policyOf } from '../connection/policy.rules.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import type { Capabilities, Connector, PeoplePage, PropertyToFetch, WantedPeople } from '../connector/connector.js';
import { connectorOf } from '../connector/connectors.js';
import { VendorError } from '../connector/vendor-error.js';
import { Brake } from '../hold/brake.js';
import { nothingBraked } from '../hold/brake.rules.js';
import { HoldRelease } from '../hold/hold-release.js';
import { DirectoryClient, type ForRun } from './directory-client.js';
import { KnownPeople } from './known-people.js';
import { PeopleFlow } from './people-flow.js';
import type { FlowResult } from './people-flow.about.js';
import { Keeper } from './run-keeper.js';
import { RunEnding, type RunResult } from './run-ending.js';
import { RunOutcomeRepository } from './run-outcome.repository.js';
import { toFetch, wantedOf } from './run-asks.rules.js';
import { noCounts, tryAgainInMs } from './run.rules.js';
import { RunWatch, type Progress } from './run-watch.js';
import { CsvSource } from '../csv/csv-source.js';
import { SyncRunner } from './sync-runner.js';
import { SyncRunRepository, type SyncRunDoc } from './sync-run.repository.js';
import { UnitFlow, type UnitsResult } from './unit-flow.js';
import { UpstreamRecordRepository } from './upstream-record.repository.js';

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
  readonly watch: RunWatch;
}
/** Clocks differ, and what changed while a sweep was fetched may not have been in it. */
const overlapMs = 10 * 60_000;

/** One run from its beginning to its end, and again from its beginning where it was interrupted. */
@Injectable()
export class RunExecution {
  constructor(
    private readonly runs: SyncRunRepository,
    private readonly rows: RunOutcomeRepository,
    private readonly balances: BalanceKeeping,
    private readonly records: UpstreamRecordRepository,
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly opened: OpenedConnectors,
    private readonly directory: DirectoryClient,
    private readonly units: UnitFlow,
    private readonly brake: Brake,
    private readonly release: HoldRelease,
    private readonly files: CsvSource,
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
    const watch = new RunWatch({
      check: () => this.#check(orgId, run._id, signal),
      show: (progress) => this.runs.touch({ orgId, _id: run._id }, progress),
      clock: this.clock,
    });
    try {
      if (run.cancelling) throw new Interrupted('cancelled');
      const [connection, property] = await Promise.all([
        this.connections.findOne({ orgId, _id: run.connectionId }),
        this.properties.findOne({ orgId, _id: run.propertyId }),
      ]);
      if (connection?.state !== 'active' || property?.connectionId !== connection._id) throw new Interrupted('cancelled');
      await this.ending.begin(run, about);
      const parts = { run, connection, property, about, watch };
      const flow = run.holdId === null ? await this.#sync(parts) : await this.#released(parts, run.holdId);
      await this.ending.done(run._id, orgId, flow);
    } catch (error) {
      await this.#ended(run, error, watch.progress);
    }
  }

  async #ended(run: SyncRunDoc, error: unknown, came: Progress): Promise<void> {
    if (error instanceof Interrupted) {
      if (error.why === 'cancelled') await this.ending.cancelled(run._id, run.orgId, came);
      return;
    }
    if (error instanceof VendorError) {
      const failure = { code: `vendor.${error.code}`, message: error.message };
      await this.ending.failed(run._id, run.orgId, failure, came, true);
      return;
    }
    const wait = isWorthAnotherRun(error) ? tryAgainInMs(run.attempt) : null;
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
    await this.ending.failed(run._id, run.orgId, failure, came, false);
  }

  async #sync(parts: Parts): Promise<RunResult> {
    const { run, connection, property, about, watch } = parts;
    const connector = this.opened.open(connection, {
      urgent: run.lane === 'targeted',
      beforeRequest: () => watch.glance(),
      afterReply: () => watch.answered(),
    });
    const { capabilities } = connectorOf(connection.pms);
    const { importId, removeMissing } = run;
    const targeted = run.scope !== 'sweep' && importId === null;
    const asked = toFetch(property, about.fetchedAt);
    const units = targeted || importId !== null ? noUnits : await this.#units(parts, connector, asked);
    if (units.lost > 0) return { ...nothingToTell(connection), units, whole: true, why: noUnitIsThere(units.lost) };
    const keeper = this.#keeper(about, targeted);
    const policy = policyOf(property);
    const basis = await this.directory.basis(about);
    const known = new KnownPeople(about, this.records, policy, basis);
    const flow = new PeopleFlow(
      {
        run: about,
        scope: targeted ? 'targeted' : 'sweep',
        policy,
        kept: property.kept,
        basis,
        wanted: { people: run.people, units: run.units },
        ...(run.importId !== null && { absent: this.files.absent(about, run.importId) }),
        elsewhere: (ids) => this.#elsewhere(property, ids),
        check: () => watch.check(),
      },
      this.directory,
      this.brake,
      keeper,
    );
    const before = await keeper.resume();
    watch.follow(() => ({ counts: { ...flow.counts, synced: flow.counts.synced + before.length }, pages: flow.pages }));
    const pages =
      importId === null
        ? connector.fetchPeople(asked, {
            ...(await this.#wanted(run, capabilities)),
            ...balancesFor(property, capabilities),
            ...(!targeted && { known }),
          })
        : this.files.read(about, { importId, removeMissing });
    let why: string | undefined;
    for await (const page of pages) {
      await watch.check();
      await flow.page(page);
      why = whyOf(page) ?? why;
    }
    const result = await flow.finish();
    const whole = !targeted && flow.complete;
    if (result.emptied) why = nobodyIsThere(result.livingHere);
    const rest = { complete: whole && !result.emptied, whole, units, ...(why !== undefined && { why }) };
    return { ...result, ...rest, ...watch.progress, platform: connection.pms };
  }

  /** What staff let go of a hold: from what was kept of it, nothing is fetched. */
  async #released({ run, about, connection }: Parts, holdId: NonNullable<SyncRunDoc['holdId']>): Promise<RunResult> {
    const keeper = this.#keeper(about, true);
    const counts = await this.release.release(about, holdId, { people: run.people ?? [], units: run.units ?? [] }, keeper);
    return { ...nothingToTell(connection), counts };
  }

  #keeper(about: ForRun, targeted: boolean): Keeper {
    return new Keeper(about, targeted, this.records, this.rows, this.balances, this.work, this.ids);
  }

  /** As far as sweeps of those properties have come. */
  async #elsewhere(
    { orgId, connectionId, _id }: SyncedPropertyDoc,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const others = await this.properties.find({ orgId, connectionId, _id: { $ne: _id } }, { fields: ['name'] });
    const names = new Map(others.map((other) => [other._id, other.name]));
    const found = others.length === 0 ? [] : await this.records.livingIn(orgId, [...names.keys()], ids);
    return new Map(found.map(({ upstreamId, propertyId }) => [upstreamId, names.get(propertyId) ?? 'another property']));
  }

  async #units({ about, property }: Parts, connector: Connector, asked: PropertyToFetch): Promise<UnitsResult> {
    return this.units.sweep(about, await connector.fetchUnits(asked), property.keptUnits, policyOf(property));
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

const balancesFor = (property: SyncedPropertyDoc, capabilities: Capabilities): { withBalances?: true } =>
  policyOf(property).balances && capabilities.balances ? { withBalances: true } : {};

const noUnits: UnitsResult = { held: [], missing: new Set(), lost: 0 };
const nothingFlowed: FlowResult = {
  counts: noCounts,
  braked: nothingBraked,
  removals: [],
  emptied: false,
  livingHere: 0,
  registered: 0,
};
const nothingToTell = ({ pms: platform }: ConnectionDoc): RunResult => ({
  ...nothingFlowed,
  counts: { ...noCounts },
  complete: false,
  whole: false,
  units: noUnits,
  pages: 0,
  platform,
});
const noUnitIsThere = (known: number) =>
  `The PMS shows no unit at all, although there were ${known}. Its people were not looked at; somebody must say whether that is so.`;
const nobodyIsThere = (livingHere: number) =>
  `The PMS shows nobody who lives there, although ${livingHere} ${livingHere === 1 ? 'person does' : 'people do'}.`;

const isWorthAnotherRun = (error: unknown): boolean =>
  isPassing(error) || (error instanceof DomainError && error.code === 'idempotency.in-progress');

const whyOf = (page: PeoplePage): string | undefined =>
  page.why ?? (page.rejected.some(({ upstreamId }) => upstreamId === null) ? 'Somebody’s row could not be read.' : undefined);
