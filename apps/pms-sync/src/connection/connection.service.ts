import {
  connectionChanged,
  connectionCreated,
  DomainError,
  type Connection,
  type ConnectionId,
  type createConnection,
  type Diagnosis,
  type OutputOf,
  type listUpstreamProperties,
  type ParsedInputOf,
  type updateConnection,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { VendorError } from '../connector/vendor-error.js';
import { assertVersion } from '../property-scope.rules.js';
import { ConnectionRepository, type ConnectionDoc } from './connection.repository.js';
import { ConnectionViews } from './connection-views.js';
import { OpenedConnectors, type HowToAsk } from './opened-connectors.js';

/** People wait for these: two tries, a short time for each, and all of it before their own call ends (30 s). */
export const whileSomebodyWaits: HowToAsk = {
  ...{ attempts: 2, timeoutMs: 6_000, connectTimeoutMs: 4_000 },
  ...{ patienceMs: 20_000, withinMs: 25_000, urgent: true },
};
const keyOf = (name: string): string => name.trim().toLocaleLowerCase('en');

@Injectable()
export class ConnectionService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly connections: ConnectionRepository,
    private readonly views: ConnectionViews,
    private readonly opened: OpenedConnectors,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  platforms() {
    return { items: this.opened.platforms() };
  }

  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }, { orgId }: Call) {
    const { items, nextCursor } = await this.connections.page({ orgId }, { sort: { _id: -1 }, limit, cursor });
    return { items: await Promise.all(items.map((doc) => this.views.connection(doc))), nextCursor };
  }

  async get(_id: ConnectionId, { orgId }: Call): Promise<Connection> {
    return this.views.connection(await this.connections.get({ orgId, _id }));
  }

  async create({ pms, name, settings, credentials }: ParsedInputOf<typeof createConnection>, call: Call): Promise<Connection> {
    const { orgId } = call;
    this.opened.check(pms, settings, credentials);
    return this.work.run(call, async (tx) => {
      await this.#assertNoOther(tx, null, { pms, settings, credentials });
      const doc = await this.connections.insert(tx, {
        _id: this.ids.next('con'),
        orgId,
        name,
        nameKey: keyOf(name),
        pms,
        settings,
        credentials: this.opened.seal(orgId, credentials),
        credentialsSetAt: tx.now,
        state: 'active',
        failures: 0,
        failing: false,
        lastError: null,
      });
      const connection = await this.views.connection(doc);
      tx.publish(connectionCreated, { connection }, doc);
      return connection;
    });
  }

  async update(input: ParsedInputOf<typeof updateConnection>, call: Call): Promise<Connection> {
    const { orgId } = call;
    const { connectionId: _id, name, settings, credentials, state, version } = input;
    return this.work.run(call, async (tx) => {
      const was = await this.connections.get({ orgId, _id }, { tx });
      assertVersion(was, version);
      if (was.state === 'disconnected') throw gone(_id);
      const changed = { ...was, ...(name !== undefined && { name, nameKey: keyOf(name) }), ...(state && { state }) };
      const next = settings || credentials ? this.opened.changed(was, { settings, credentials }) : null;
      if (next) await this.#assertNoOther(tx, _id, next);
      const doc = await this.connections.save(tx, {
        ...changed,
        ...(next && { settings: next.settings, credentials: this.opened.seal(orgId, next.credentials) }),
        ...(credentials && { credentialsSetAt: tx.now }),
      });
      const connection = await this.views.connection(doc);
      tx.publish(connectionChanged, { connection }, doc);
      return connection;
    });
  }

  async test(_id: ConnectionId, call: Call): Promise<Diagnosis> {
    return this.opened.open(await this.#living(_id, call), whileSomebodyWaits).test();
  }

  async upstreamProperties(_id: ConnectionId, call: Call): Promise<OutputOf<typeof listUpstreamProperties>> {
    const connection = await this.#living(_id, call);
    const [properties, adopted] = await Promise.all([
      this.fromVendor(() => this.opened.properties(connection, whileSomebodyWaits)),
      this.views.nameOfAdopted(call.orgId, _id),
    ]);
    return { items: properties.map((property) => ({ ...property, propertyId: adopted.get(property.id) ?? null })) };
  }

  async fromVendor<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof VendorError) throw new DomainError('connection.failing', error.message, { reason: error.code });
      throw error;
    }
  }

  async #assertNoOther(
    tx: Tx,
    self: ConnectionId | null,
    { pms, settings, credentials }: Pick<ConnectionDoc, 'pms' | 'settings'> & { readonly credentials: Record<string, string> },
  ): Promise<void> {
    const others = await this.connections.find({ orgId: tx.orgId, pms, state: { $in: ['active', 'paused'] } }, { tx });
    const same = others.find((other) => other._id !== self && this.opened.isSameAccount(other, settings, credentials));
    if (!same) return;
    throw new DomainError(
      'connection.same-account',
      `“${same.name}” is connected to this account already. Adopt the properties there.`,
      { connectionId: same._id },
    );
  }

  async #living(_id: ConnectionId, { orgId }: Call): Promise<ConnectionDoc> {
    const connection = await this.connections.get({ orgId, _id });
    if (connection.state === 'disconnected') throw gone(_id);
    return connection;
  }
}

const gone = (id: ConnectionId) => new DomainError('not-found', `The connection ${id} was ended. Make a new one.`);
