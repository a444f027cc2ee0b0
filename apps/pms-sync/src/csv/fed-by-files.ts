import { connectionCreated, DomainError, propertyAdopted, type OrgId, type Property } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import type { Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionRepository, type ConnectionDoc } from '../connection/connection.repository.js';
import { ConnectionViews } from '../connection/connection-views.js';
import { OpenedConnectors } from '../connection/opened-connectors.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from '../connection/synced-property.repository.js';

const called = 'CSV files';

/**
 * Which properties files may feed, and their place among the connections: an organization has one for all of its files. It comes
 * with the first import and is never swept; directory knows of no PMS for these properties, so staff go on editing them.
 */
@Injectable()
export class FedByFiles {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly views: ConnectionViews,
    private readonly opened: OpenedConnectors,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** A property that a PMS feeds is not contradicted, and never emptied, by a file. */
  async assertByFiles(orgId: OrgId, property: Property, tx?: Tx): Promise<void> {
    const { id, name, state } = property;
    if (state === 'archived') throw new DomainError('conflict.state', `${name} is archived. Nobody can be imported into it.`);
    const its = await this.properties.findOne({ orgId, _id: id }, tx && { tx });
    const connection = its && (await this.connections.findOne({ orgId, _id: its.connectionId }, tx && { tx }));
    if (connection?.pms === 'csv' && connection.state === 'paused')
      throw new DomainError('conflict.state', `The connection “${connection.name}” is paused. Resume it to import files.`);
    if (connection?.pms === 'csv' || (property.connectionId === null && !connection)) return;
    throw new DomainError(
      'import.property-linked',
      `${name} is kept in step with ${connection ? `the PMS of “${connection.name}”` : 'a PMS'}. Correct people there, or disconnect the property from it first.`,
      { connectionId: connection?._id ?? property.connectionId },
    );
  }

  /** As if it were adopted; it has no next sweep. */
  async feed(tx: Tx, property: Property): Promise<SyncedPropertyDoc> {
    const { orgId } = tx;
    await this.assertByFiles(orgId, property, tx);
    const known = await this.properties.findOne({ orgId, _id: property.id }, { tx });
    if (known) return known;
    const connection = await this.#connection(tx);
    const { id: _id, name, kind, timeZone, country, currency } = property;
    const doc = await this.properties.insert(tx, {
      ...{ _id, orgId, connectionId: connection._id, upstreamId: _id, name, kind, timeZone, country, currency },
      policyChanges: {},
      kept: [],
      keptUnits: [],
    });
    tx.publish(propertyAdopted, { syncedProperty: await this.views.property(doc) }, { ...doc, propertyId: _id });
    return doc;
  }

  async #connection(tx: Tx): Promise<ConnectionDoc> {
    const { orgId } = tx;
    const known = await this.connections.findOne({ orgId, pms: 'csv', state: { $in: ['active', 'paused'] } }, { tx });
    if (known) return known;
    const name = await this.#freeName(tx);
    const doc = await this.connections.insert(tx, {
      _id: this.ids.next('con'),
      orgId,
      name,
      nameKey: name.toLocaleLowerCase('en'),
      pms: 'csv',
      settings: {},
      credentials: this.opened.seal(orgId, {}),
      credentialsSetAt: tx.now,
      state: 'active',
      failures: 0,
      failing: false,
      lastError: null,
    });
    tx.publish(connectionCreated, { connection: await this.views.connection(doc) }, doc);
    return doc;
  }

  async #freeName(tx: Tx): Promise<string> {
    for (let n = 1; ; n++) {
      const name = n === 1 ? called : `${called} ${n}`;
      const nameKey = name.toLocaleLowerCase('en');
      const taken = { orgId: tx.orgId, nameKey, state: { $in: ['active' as const, 'paused' as const] } };
      if (!(await this.connections.findOne(taken, { tx }))) return name;
    }
  }
}
