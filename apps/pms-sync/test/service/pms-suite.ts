import {
  adoptProperties,
  createConnection,
  listRunOutcomes,
  listSyncRuns,
  startSync,
  type EventContract,
  type Fact,
  type InputOf,
  type OrgId,
  type OutputOf,
  type PropertyId,
  type RpcContract,
  type SyncRun,
} from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import type { RunningService } from '@leasewire/service-kit';
import { connectAs, eventually, newOrgId, staffActor, startService, type Peer } from '@leasewire/testing';
import { pmsSync } from '../../src/pms-sync.service-definition.js';
import type { FakePms } from './fake-pms.js';
import { StubDirectory } from './stub-directory.js';

jest.setTimeout(60_000);

export class PmsSuite {
  heard: Fact[] = [];
  orgId: OrgId = newOrgId();
  actor: Actor = staffActor({ orgId: this.orgId });
  connectionId: `con_${string}` = 'con_';
  propertyId: PropertyId = 'prop_';

  private constructor(
    readonly service: RunningService,
    readonly gateway: Peer,
    readonly directory: StubDirectory,
    readonly db: Database,
    readonly pms: FakePms,
  ) {}

  static async start(pms: FakePms): Promise<PmsSuite> {
    const directory = await StubDirectory.start();
    const service = await startService(pmsSync, { LEASEWIRE_PMS_ALLOWED_HOSTS: '127.0.0.1' });
    const suite = new PmsSuite(service, await connectAs('gateway'), directory, service.get(Database), pms);
    const audit = await connectAs('audit');
    await audit.bus.subscribe({ service: 'audit', handler: 'record', contracts: 'all', stream: 'pms-sync' }, (fact) => {
      suite.heard.push(fact);
      return Promise.resolve();
    });
    return suite;
  }

  /** The next process, after this one was closed. */
  async again(): Promise<PmsSuite> {
    const service = await startService(pmsSync, {});
    const { gateway, directory, pms, orgId, actor, connectionId, propertyId } = this;
    const next = new PmsSuite(service, gateway, directory, service.get(Database), pms);
    next.heard = this.heard;
    return Object.assign(next, { orgId, actor, connectionId, propertyId });
  }

  call<C extends RpcContract>(contract: C, input: InputOf<C>, actor = this.actor): Promise<OutputOf<C>> {
    return this.gateway.call(actor, contract, input, { timeoutMs: 20_000 });
  }

  /** Another organization with a connection and one property that was swept once. */
  async adopt(): Promise<SyncRun> {
    this.orgId = newOrgId();
    this.actor = staffActor({ orgId: this.orgId });
    const connection = await this.call(createConnection, {
      pms: 'entrata',
      name: 'Entrata',
      settings: { subdomain: 'harbour' },
      credentials: { apiKey: 'the-secret-key', webhookSecret: 'hook-secret' },
    });
    this.connectionId = connection.id;
    const { items } = await this.call(adoptProperties, { connectionId: connection.id, properties: [{ upstreamId: '100' }] });
    this.propertyId = items[0]!.propertyId;
    return this.over();
  }

  /** One more property of the same connection, swept once. */
  async adoptAnother(upstreamId: string): Promise<PropertyId> {
    const { items } = await this.call(adoptProperties, { connectionId: this.connectionId, properties: [{ upstreamId }] });
    const { propertyId } = items[0]!;
    await eventually(async () => {
      const { items: runs } = await this.call(listSyncRuns, { propertyId });
      expect(runs.map(({ state }) => state)).toEqual(['done']);
    });
    return propertyId;
  }

  /** The newest run, when it is over. */
  async over(): Promise<SyncRun> {
    return eventually(
      async () => {
        const { items } = await this.call(listSyncRuns, { propertyId: this.propertyId, limit: 1 });
        expect(['done', 'failed', 'cancelled']).toContain(items[0]?.state);
        return items[0]!;
      },
      { timeoutMs: 20_000 },
    );
  }

  async sweep(): Promise<SyncRun> {
    await this.call(startSync, { target: { propertyIds: [this.propertyId] } });
    return this.over();
  }

  outcomes(run: SyncRun) {
    return this.call(listRunOutcomes, { runId: run.id, limit: 200 }).then(({ items }) => items);
  }

  rows(name: string, filter: object = {}): Promise<number> {
    return this.db.db.collection(name).countDocuments({ orgId: this.orgId, ...filter });
  }

  /** All documents of the organization, but for the runs, their events, the due rows and what only ticks. */
  async everything(): Promise<Record<string, unknown[]>> {
    const names = (await this.db.db.listCollections().toArray()).map(({ name }) => name);
    const kept = names.filter(
      (name) => !/^(sync_runs|outbox|jobs|job_items|idempotency|leases|rate_lanes|synced_properties)/.test(name),
    );
    const all = kept
      .sort()
      .map(async (name) => [name, await this.db.db.collection(name).find({ orgId: this.orgId }).toArray()] as const);
    return Object.fromEntries(await Promise.all(all));
  }

  events(contract: EventContract): Fact[] {
    return this.heard.filter((fact) => fact.type === contract.type && fact.orgId === this.orgId);
  }
}
