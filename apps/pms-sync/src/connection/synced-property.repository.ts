import { ConnectionId, Country, PropertyId, PropertyKind, SyncPolicy, TimeZone } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const syncedPropertyDef = defineCollection(
  'synced_properties',
  tenantDoc.extend({
    _id: PropertyId,
    connectionId: ConnectionId,
    upstreamId: z.string(),
    name: z.string(),
    kind: PropertyKind,
    timeZone: TimeZone,
    country: Country,
    currency: z.string(),
    told: z.object({ epoch: z.int(), version: z.int() }).optional().describe('The property as directory told of it last'),
    policyChanges: SyncPolicy.partial().describe('What differs from the defaults of its kind'),
    kept: z.array(z.string()).describe('Upstream ids whose removal staff refused'),
    keptUnits: z.array(z.string()).default([]).describe('Upstream ids of units that staff said are not gone'),
    due: Due.optional().describe('Its next sweep'),
  }),
  {
    scope: 'org',
    indexes: [
      ...dueIndexes,
      {
        keys: { orgId: 1, connectionId: 1, upstreamId: 1 },
        unique: true,
        onDuplicate: { code: 'property.already-linked', message: 'This property of the PMS is adopted already.' },
      },
      { keys: { orgId: 1, name: 1, _id: 1 } },
    ],
  },
);
export type SyncedPropertyDoc = DocOf<typeof syncedPropertyDef>;

@Injectable()
export class SyncedPropertyRepository extends TenantRepository<typeof syncedPropertyDef> {
  constructor(db: Database) {
    super(db, syncedPropertyDef);
  }

  /** Across organizations: the snapshot. */
  after(_id: SyncedPropertyDoc['_id'] | null, limit: number): Promise<SyncedPropertyDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }
}
