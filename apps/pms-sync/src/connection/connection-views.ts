import type { Connection, OrgId, SyncedProperty } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HoldRepository } from '../hold/hold.repository.js';
import { SyncRunRepository } from '../run/sync-run.repository.js';
import { longestStaleMs, staleSince } from '../schedule/schedule.rules.js';
import type { ConnectionDoc } from './connection.repository.js';
import { MongoRateLedger } from './mongo-rate-ledger.js';
import { policyOf } from './policy.rules.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from './synced-property.repository.js';

/** Connections and properties as they are shown. When something last went well is read from its runs: a run writes nothing but itself. */
@Injectable()
export class ConnectionViews {
  constructor(
    private readonly properties: SyncedPropertyRepository,
    private readonly runs: SyncRunRepository,
    private readonly holds: HoldRepository,
    private readonly ledger: MongoRateLedger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async connection(doc: ConnectionDoc): Promise<Connection> {
    const { orgId, _id } = doc;
    const [properties, [last], [next], left] = await Promise.all([
      this.properties.count({ orgId, connectionId: _id }),
      this.runs.find({ orgId, connectionId: _id, state: 'done' }, { sort: { _id: -1 }, limit: 1 }),
      this.properties.find({ orgId, connectionId: _id, 'due.at': { $exists: true } }, { sort: { 'due.at': 1 }, limit: 1 }),
      this.ledger.left(_id, this.clock.now()),
    ]);
    const paused = doc.state !== 'active';
    const state = paused ? 'paused' : doc.failing ? 'failing' : last || doc.failures > 0 ? 'healthy' : 'new';
    return {
      id: _id,
      name: doc.name,
      pms: doc.pms,
      settings: doc.settings,
      credentialsSetAt: doc.credentialsSetAt.toISOString(),
      health: {
        state,
        lastSuccessAt: last?.finishedAt?.toISOString() ?? null,
        lastError: doc.lastError && { ...doc.lastError, at: doc.lastError.at.toISOString() },
        failures: doc.failures,
        nextRunAt: paused ? null : (next?.due?.at.toISOString() ?? null),
        rateBudgetLeft: left,
        stale: doc.pms === 'csv' ? 0 : await this.#stale(doc),
      },
      properties,
      state: doc.state,
      version: doc.version,
      createdAt: doc.createdAt.toISOString(),
      updatedAt: doc.updatedAt.toISOString(),
    };
  }

  async property(doc: SyncedPropertyDoc): Promise<z.output<typeof SyncedProperty>> {
    const { orgId, _id } = doc;
    const [last, complete, openHolds] = await Promise.all([
      this.runs.newest(orgId, _id),
      this.runs.newest(orgId, _id, { complete: true }),
      this.holds.count({ orgId, propertyId: _id, state: 'open' }),
    ]);
    return {
      propertyId: _id,
      connectionId: doc.connectionId,
      upstreamId: doc.upstreamId,
      name: doc.name,
      kind: doc.kind,
      timeZone: doc.timeZone,
      policy: policyOf(doc),
      lastRun: last && { id: last._id, at: (last.finishedAt ?? last.createdAt).toISOString(), state: last.state },
      lastCompleteSweepAt: complete?.fetchedAt?.toISOString() ?? null,
      nextRunAt: doc.due?.at.toISOString() ?? null,
      // from files there is nothing to sweep
      staleSince: doc.due
        ? (staleSince(policyOf(doc), complete?.fetchedAt ?? doc.createdAt, this.clock.now())?.toISOString() ?? null)
        : null,
      openHolds,
      version: doc.version,
    };
  }

  async #stale({ orgId, _id: connectionId }: ConnectionDoc): Promise<number> {
    const now = this.clock.now();
    const [properties, swept] = await Promise.all([
      this.properties.find({ orgId, connectionId }, { fields: ['kind', 'policyChanges', 'createdAt'] }),
      this.runs.completeSince(orgId, connectionId, new Date(now.getTime() - longestStaleMs)),
    ]);
    return properties.filter((doc) => staleSince(policyOf(doc), swept.get(doc._id) ?? doc.createdAt, now) !== null).length;
  }

  async nameOfAdopted(orgId: OrgId, connectionId: ConnectionDoc['_id']): Promise<Map<string, SyncedPropertyDoc['_id']>> {
    const found = await this.properties.find({ orgId, connectionId }, { fields: ['upstreamId'] });
    return new Map(found.map(({ upstreamId, _id }) => [upstreamId, _id]));
  }
}
