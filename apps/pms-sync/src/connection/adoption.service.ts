import {
  adoptProperty,
  DomainError,
  propertyAdopted,
  syncPolicyChanged,
  type adoptProperties,
  type OutputOf,
  type ParsedInputOf,
  type setSyncPolicy,
  type listSyncedProperties,
  type Property,
  type PropertyId,
} from '@leasewire/contracts';
import { Assertions, RpcClient, via, type Call } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type New, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { BalanceKeeping } from '../balance/balance-keeping.js';
import { HoldKeeping } from '../hold/hold-keeping.js';
import { HoldRepository } from '../hold/hold.repository.js';
import { assertSees, assertVersion, visible } from '../property-scope.rules.js';
import { RunMaker } from '../run/run-maker.js';
import { SyncRunRepository } from '../run/sync-run.repository.js';
import { UpstreamRecordRepository } from '../run/upstream-record.repository.js';
import { jitterOf, nextSweepAt } from '../schedule/schedule.rules.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService, whileSomebodyWaits } from './connection.service.js';
import { ConnectionViews } from './connection-views.js';
import { OpenedConnectors } from './opened-connectors.js';
import { currencyOf, zoneOf } from './place.rules.js';
import { changedPolicy, defaultPolicies, policyOf } from './policy.rules.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from './synced-property.repository.js';

type Adopted = OutputOf<typeof adoptProperties>['items'][number];

@Injectable()
export class AdoptionService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly views: ConnectionViews,
    private readonly opened: OpenedConnectors,
    private readonly service: ConnectionService,
    private readonly runs: RunMaker,
    private readonly syncRuns: SyncRunRepository,
    private readonly records: UpstreamRecordRepository,
    private readonly holds: HoldRepository,
    private readonly keeping: HoldKeeping,
    private readonly balances: BalanceKeeping,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  async adopt({ connectionId, properties }: ParsedInputOf<typeof adoptProperties>, call: Call): Promise<{ items: Adopted[] }> {
    const { orgId } = call;
    const connection = await this.connections.get({ orgId, _id: connectionId });
    if (connection.state === 'disconnected') throw new DomainError('not-found', 'This connection was ended. Make a new one.');
    if (connection.pms === 'csv')
      throw new DomainError('not-found', 'Files show us no properties. Upload one for the property that it is about.');
    const upstream = await this.service.fromVendor(() => this.opened.properties(connection, whileSomebodyWaits));
    const byId = new Map(upstream.map((one) => [one.id, one]));
    const found = properties.map((asked) => {
      const its = byId.get(asked.upstreamId);
      if (!its) throw new DomainError('not-found', `The PMS shows us no property ${asked.upstreamId}.`);
      const country = asked.country ?? its.country;
      if (country === undefined) throw unknown(its, 'country');
      // what is known of the zone was found with the country that the PMS says
      const zone = country === its.country ? its.timeZone : (zoneOf(country, its.address?.region) ?? undefined);
      const timeZone = asked.timeZone ?? zone;
      if (timeZone === undefined) throw unknown(its, 'timeZone');
      return { asked, its, country, timeZone, name: asked.name ?? its.name, currency: currencyOf(country) };
    });
    const adopted: { property: Property; upstreamId: string }[] = [];
    for (const { asked, its, country, timeZone, name, currency } of found) {
      const property = await this.rpc.call(
        adoptProperty,
        {
          connectionId,
          upstreamId: asked.upstreamId,
          name,
          kind: its.kind,
          timeZone,
          country,
          currency,
          address: its.address ?? {},
          ...(asked.linkTo !== undefined && { linkTo: asked.linkTo }),
        },
        via(call, this.assertions),
      );
      adopted.push({ property, upstreamId: asked.upstreamId });
    }
    const ids = await this.work.run(call, async (tx) => {
      for (const { property, upstreamId } of adopted) {
        const before = await this.properties.findOne({ orgId, _id: property.id }, { tx });
        if (before?.connectionId === connectionId) continue; // a second click
        const { id: _id, name, kind, timeZone, country, currency } = property;
        const next = nextSweepAt(defaultPolicies[kind], timeZone, tx.now, jitterOf(_id));
        const its = { _id, orgId, connectionId, upstreamId, name, kind, timeZone, country, currency };
        const fresh = { ...its, policyChanges: {}, kept: [], keptUnits: [], due: dueAt(next) };
        const doc = before ? await this.#takenOver(tx, before, fresh) : await this.properties.insert(tx, fresh);
        tx.publish(propertyAdopted, { syncedProperty: await this.views.property(doc) }, { ...doc, propertyId: doc._id });
        await this.runs.queue(tx, { property: doc, scope: 'sweep', cause: 'adoption', startedBy: call.actor.ref });
      }
      return adopted.map(({ property }) => property.id);
    });
    const docs = await this.properties.find({ orgId, _id: { $in: ids } });
    return { items: await Promise.all(docs.map((doc) => this.views.property(doc))) };
  }

  /** Files fed it until now. Who came with them stays, as if added by hand: the PMS says nothing about them, so nobody is absent. */
  async #takenOver(tx: Tx, before: SyncedPropertyDoc, after: New<SyncedPropertyDoc>): Promise<SyncedPropertyDoc> {
    const { orgId, _id: propertyId } = before;
    await this.records.removeMany(tx, { orgId, propertyId });
    const importing = await this.syncRuns.activeOn(orgId, `csv:${propertyId}`, tx);
    if (importing) await this.syncRuns.save(tx, { ...importing, cancelling: true });
    const hold = await this.holds.open(orgId, propertyId, tx);
    if (hold) await this.keeping.resolve(tx, hold, 'withdrawn', null, 'A PMS feeds the property now.');
    return this.properties.save(tx, { ...before, ...after });
  }

  async list({ limit, cursor, connectionId }: ParsedInputOf<typeof listSyncedProperties>, { orgId, actor }: Call) {
    const _id = visible(actor.properties);
    const filter = { orgId, ...(_id != null && { _id }), ...(connectionId && { connectionId }) };
    const { items, nextCursor } = await this.properties.page(filter, { sort: { name: 1 }, limit, cursor });
    return { items: await Promise.all(items.map((doc) => this.views.property(doc))), nextCursor };
  }

  async get(_id: PropertyId, { orgId, actor }: Call): Promise<Adopted> {
    assertSees(actor.properties, _id);
    return this.views.property(await this.properties.get({ orgId, _id }));
  }

  async setPolicy({ propertyId: _id, policy, version }: ParsedInputOf<typeof setSyncPolicy>, call: Call): Promise<Adopted> {
    const { orgId, actor } = call;
    assertSees(actor.properties, _id);
    return this.work.run(call, async (tx) => {
      const was = await this.properties.get({ orgId, _id }, { tx });
      assertVersion(was, version);
      const policyChanges = changedPolicy(was, policy);
      const next = nextSweepAt(policyOf({ ...was, policyChanges }), was.timeZone, tx.now, jitterOf(_id));
      const connection = await this.connections.get({ orgId, _id: was.connectionId }, { tx });
      // from files there is nothing to fetch
      const due = connection.pms === 'csv' ? {} : { due: dueAt(next) };
      const doc = await this.properties.save(tx, { ...was, policyChanges, ...due });
      if (!policyOf(doc).balances) await this.balances.forget(tx, _id);
      const syncedProperty = await this.views.property(doc);
      tx.publish(syncPolicyChanged, { syncedProperty }, { ...doc, propertyId: _id });
      return syncedProperty;
    });
  }
}

function unknown({ id, name }: { id: string; name: string }, field: 'country' | 'timeZone'): DomainError {
  const what = field === 'country' ? 'country' : 'time zone';
  const message = `The PMS does not say in which ${what} “${name}” is, and it cannot be told from its address. Say its ${what}.`;
  return new DomainError('invalid-input', message, { upstreamId: id, fields: [{ path: field, message: `is needed for ${id}` }] });
}
