import {
  connectionDisconnected,
  countResidents,
  DomainError,
  propertyReleased,
  releaseProperty,
  type ActorRef,
  type Connection,
  type ConnectionId,
  type disconnect,
  type disconnectAll,
  type DisconnectPreview,
  type Fact,
  type organizationClosed,
  type OrgId,
  type OutputOf,
  type ParsedInputOf,
  type PropertyId,
  type previewDisconnect,
  type previewDisconnectAll,
} from '@leasewire/contracts';
import { Assertions, RpcClient, via, type Call, type Ids, type SystemCause } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { BalanceKeeping } from '../balance/balance-keeping.js';
import { ConnectionRepository } from '../connection/connection.repository.js';
import { ConnectionViews } from '../connection/connection-views.js';
import { OpenedConnectors } from '../connection/opened-connectors.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import { BrakeRepository } from '../hold/brake.repository.js';
import { HoldKeeping } from '../hold/hold-keeping.js';
import { HoldRepository } from '../hold/hold.repository.js';
import { chunksOf } from '../run/run.rules.js';
import { UpstreamRecordRepository, UpstreamUnitsRepository } from '../run/upstream-record.repository.js';

/** Of directory. */
const askedAtOnce = 10;

/** Ends what keeps a property, or all of a connection, in step. Directory goes first: repeated, the rest follows. */
@Injectable()
export class DisconnectService {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly records: UpstreamRecordRepository,
    private readonly units: UpstreamUnitsRepository,
    private readonly brakes: BrakeRepository,
    private readonly balances: BalanceKeeping,
    private readonly holds: HoldRepository,
    private readonly keeping: HoldKeeping,
    private readonly views: ConnectionViews,
    private readonly opened: OpenedConnectors,
    private readonly work: UnitOfWork,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async preview({ connectionId, propertyId }: ParsedInputOf<typeof previewDisconnect>, call: Call): Promise<DisconnectPreview> {
    await this.connections.get({ orgId: call.orgId, _id: connectionId });
    return this.#previewOf(await this.#chosen(call, connectionId, propertyId), call);
  }

  async previewAll(call: Call): Promise<OutputOf<typeof previewDisconnectAll>> {
    const connections = await this.connections.find({ orgId: call.orgId, state: { $ne: 'disconnected' } }, { fields: ['_id'] });
    const preview = await this.#previewOf(await this.properties.find({ orgId: call.orgId }, { sort: { name: 1 } }), call);
    return { ...preview, connections: connections.length };
  }

  /** One after the other; each is whole in itself, so that whoever asks again after a break goes on with the rest. */
  async disconnectAll(
    { residents, withAccess }: ParsedInputOf<typeof disconnectAll>,
    call: Call,
  ): Promise<OutputOf<typeof disconnectAll>> {
    const { orgId } = call;
    const properties = await this.properties.find({ orgId });
    await this.#assertConfirmed(properties, withAccess, call);
    return { connections: await this.#endAll(orgId, residents, call), properties: properties.length };
  }

  /** The organization is closed: what its owner chose for the people was confirmed there. */
  async close({ orgId, id, data }: Fact<typeof organizationClosed>): Promise<void> {
    await this.#endAll(orgId, data.organization.closing?.residents ?? 'keep', systemCause('pms-sync', orgId, this.ids, id));
  }

  async #endAll(orgId: OrgId, residents: 'keep' | 'archive', cause: Call | SystemCause): Promise<number> {
    const connections = await this.connections.find({ orgId, state: { $ne: 'disconnected' } }, { sort: { _id: 1 } });
    for (const { _id: connectionId } of connections) await this.#end(connectionId, undefined, residents, cause);
    return connections.length;
  }

  async disconnect(input: ParsedInputOf<typeof disconnect>, call: Call): Promise<Connection> {
    const { connectionId, propertyId, residents, withAccess } = input;
    const connection = await this.connections.get({ orgId: call.orgId, _id: connectionId });
    if (connection.state === 'disconnected') throw new DomainError('conflict.state', 'This connection was ended before.');
    await this.#assertConfirmed(await this.#chosen(call, connectionId, propertyId), withAccess, call);
    return this.#end(connectionId, propertyId, residents, call);
  }

  async #previewOf(properties: readonly SyncedPropertyDoc[], call: Call): Promise<DisconnectPreview> {
    const { orgId } = call;
    // whoever may disconnect is told of all of it, also of properties that they do not look after
    const options = { ...via(call, this.assertions), assertion: this.assertions.forService(orgId) };
    const byProperty: DisconnectPreview['byProperty'] = [];
    for (const some of chunksOf(properties, askedAtOnce))
      byProperty.push(
        ...(await Promise.all(
          some.map(async ({ _id: propertyId, name }) => {
            const [all, open, openHolds] = await Promise.all([
              this.rpc.call(countResidents, { propertyId }, options),
              this.rpc.call(countResidents, { propertyId, access: 'open' }, options),
              this.holds.count({ orgId, propertyId, state: 'open' }),
            ]);
            return { propertyId, name, residents: all.total, withAccess: open.total, openHolds };
          }),
        )),
      );
    const sum = (key: 'residents' | 'withAccess' | 'openHolds') => byProperty.reduce((total, one) => total + one[key], 0);
    return {
      properties: byProperty.length,
      residents: sum('residents'),
      withAccess: sum('withAccess'),
      openHolds: sum('openHolds'),
      byProperty,
    };
  }

  async #assertConfirmed(properties: readonly SyncedPropertyDoc[], confirmed: number | undefined, call: Call): Promise<void> {
    if (confirmed === undefined) return;
    const { withAccess: now } = await this.#previewOf(properties, call);
    if (now === confirmed) return;
    throw new DomainError(
      'disconnect.preview-changed',
      `${now} people have access now, not ${confirmed}. Look at the preview again and confirm.`,
      { now },
    );
  }

  async #end(
    connectionId: ConnectionId,
    propertyId: PropertyId | undefined,
    residents: 'keep' | 'archive',
    cause: Call | SystemCause,
  ): Promise<Connection> {
    const { orgId } = cause;
    const properties = await this.#chosen(cause, connectionId, propertyId);
    for (const { _id } of properties)
      await this.rpc.call(releaseProperty, { propertyId: _id, residents }, via(cause, this.assertions));
    return this.work.run(cause, async (tx) => {
      const by = cause.kind === 'call' ? cause.actor.ref : cause.actor;
      for (const property of properties) await this.#forget(tx, property, by);
      const was = await this.connections.get({ orgId, _id: connectionId }, { tx });
      if (propertyId !== undefined) return this.views.connection(was);
      const credentials = this.opened.seal(orgId, {});
      const saved = await this.connections.save(tx, { ...was, state: 'disconnected', credentials });
      const shown = { ...(await this.views.connection(saved)), properties: 0 };
      tx.publish(connectionDisconnected, { connection: shown }, saved);
      return shown;
    });
  }

  /** Runs that are under way notice by themselves that their property is gone. */
  async #forget(tx: Tx, { orgId, _id }: SyncedPropertyDoc, by: ActorRef): Promise<void> {
    const property = await this.properties.findOne({ orgId, _id }, { tx });
    if (!property) return;
    const syncedProperty = { ...(await this.views.property(property)), nextRunAt: null };
    await this.properties.remove(tx, property);
    await this.records.removeMany(tx, { orgId, propertyId: _id });
    await this.units.remove(tx, { orgId, _id });
    await this.brakes.remove(tx, { orgId, _id });
    await this.balances.forget(tx, _id);
    const hold = await this.holds.open(orgId, _id, tx);
    if (hold) await this.keeping.resolve(tx, hold, 'withdrawn', by, 'The property was disconnected.');
    const gone = { _id, propertyId: _id, version: property.version + 1 };
    tx.publish(propertyReleased, { syncedProperty: { ...syncedProperty, version: gone.version } }, gone);
  }

  async #chosen(
    { orgId }: Pick<Call, 'orgId'>,
    connectionId: ConnectionId,
    propertyId?: PropertyId,
  ): Promise<SyncedPropertyDoc[]> {
    const found = await this.properties.find({ orgId, connectionId, ...(propertyId !== undefined && { _id: propertyId }) });
    if (propertyId !== undefined && found.length === 0)
      throw new DomainError('not-found', 'This connection does not keep that property in step.');
    return found;
  }
}
