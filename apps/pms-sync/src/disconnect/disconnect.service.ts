import {
  connectionDisconnected,
  countResidents,
  DomainError,
  propertyReleased,
  releaseProperty,
  type Connection,
  type ConnectionId,
  type disconnect,
  type OutputOf,
  type ParsedInputOf,
  type PropertyId,
  type previewDisconnect,
} from '@leasewire/contracts';
import { Assertions, RpcClient, via, type Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { ConnectionRepository } from '../connection/connection.repository.js';
import { ConnectionViews } from '../connection/connection-views.js';
import { OpenedConnectors } from '../connection/opened-connectors.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import { BrakeRepository } from '../hold/brake.repository.js';
import { HoldKeeping } from '../hold/hold-keeping.js';
import { HoldRepository } from '../hold/hold.repository.js';
import { UpstreamRecordRepository, UpstreamUnitsRepository } from '../run/upstream-record.repository.js';

/** Ends what keeps a property, or all of a connection, in step. Directory goes first: repeated, the rest follows. */
@Injectable()
export class DisconnectService {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly records: UpstreamRecordRepository,
    private readonly units: UpstreamUnitsRepository,
    private readonly brakes: BrakeRepository,
    private readonly holds: HoldRepository,
    private readonly keeping: HoldKeeping,
    private readonly views: ConnectionViews,
    private readonly opened: OpenedConnectors,
    private readonly work: UnitOfWork,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  async preview(
    { connectionId, propertyId }: ParsedInputOf<typeof previewDisconnect>,
    call: Call,
  ): Promise<OutputOf<typeof previewDisconnect>> {
    const { orgId } = call;
    await this.connections.get({ orgId, _id: connectionId });
    const properties = await this.#chosen(call, connectionId, propertyId);
    const ids = properties.map(({ _id }) => _id);
    const options = { ...via(call, this.assertions), assertion: this.assertions.forService(orgId) };
    const counts = await Promise.all(
      ids.map(async (id) => {
        const [all, open] = await Promise.all([
          this.rpc.call(countResidents, { propertyId: id }, options),
          this.rpc.call(countResidents, { propertyId: id, access: 'open' }, options),
        ]);
        return { residents: all.total, withAccess: open.total };
      }),
    );
    const openHolds = await this.holds.count({ orgId, propertyId: { $in: ids }, state: 'open' });
    return {
      properties: ids.length,
      residents: counts.reduce((sum, { residents }) => sum + residents, 0),
      withAccess: counts.reduce((sum, { withAccess }) => sum + withAccess, 0),
      openHolds,
    };
  }

  async disconnect({ connectionId, propertyId, residents }: ParsedInputOf<typeof disconnect>, call: Call): Promise<Connection> {
    const { orgId } = call;
    const connection = await this.connections.get({ orgId, _id: connectionId });
    if (connection.state === 'disconnected') throw new DomainError('conflict.state', 'This connection was ended before.');
    const properties = await this.#chosen(call, connectionId, propertyId);
    for (const { _id } of properties)
      await this.rpc.call(releaseProperty, { propertyId: _id, residents }, via(call, this.assertions));
    return this.work.run(call, async (tx) => {
      for (const property of properties) await this.#forget(tx, property, call);
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
  async #forget(tx: Tx, { orgId, _id }: SyncedPropertyDoc, { actor }: Call): Promise<void> {
    const property = await this.properties.findOne({ orgId, _id }, { tx });
    if (!property) return;
    const syncedProperty = { ...(await this.views.property(property)), nextRunAt: null };
    await this.properties.remove(tx, property);
    await this.records.removeMany(tx, { orgId, propertyId: _id });
    await this.units.remove(tx, { orgId, _id });
    await this.brakes.remove(tx, { orgId, _id });
    const hold = await this.holds.open(orgId, _id, tx);
    if (hold) await this.keeping.resolve(tx, hold, 'withdrawn', actor.ref, 'The property was disconnected.');
    const gone = { _id, propertyId: _id, version: property.version + 1 };
    tx.publish(propertyReleased, { syncedProperty: { ...syncedProperty, version: gone.version } }, gone);
  }

  async #chosen({ orgId }: Call, connectionId: ConnectionId, propertyId?: PropertyId): Promise<SyncedPropertyDoc[]> {
    const found = await this.properties.find({ orgId, connectionId, ...(propertyId !== undefined && { _id: propertyId }) });
    if (propertyId !== undefined && found.length === 0)
      throw new DomainError('not-found', 'This connection does not keep that property in step.');
    return found;
  }
}
