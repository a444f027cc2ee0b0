import { Country, PropertyId, TimeZone } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** What notifications knows of properties, from directory’s events: their names and clocks. */
export const knownPropertyDef = defineCollection(
  'known_properties',
  tenantDoc.extend({
    _id: PropertyId,
    name: z.string(),
    timeZone: TimeZone,
    country: Country,
    address: z.string(),
    active: z.boolean(),
    started: z.boolean().describe('Its silent time is over'),
    source: z.object({ epoch: z.int(), version: z.int() }).describe('Of the event that it was taken from'),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, _id: 1 } }] },
);
export type KnownPropertyDoc = DocOf<typeof knownPropertyDef>;

@Injectable()
export class KnownPropertyRepository extends TenantRepository<typeof knownPropertyDef> {
  constructor(db: Database) {
    super(db, knownPropertyDef);
  }
}
