import {
  AccessPolicy,
  Address,
  Country,
  ImportMode,
  Locale,
  PropertyId,
  PropertyKind,
  TimeZone,
  type Property,
} from '@leasewire/contracts';
import {
  anyText,
  Database,
  defineCollection,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type TenantFilter,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Setting } from '../decision/access.rules.js';
import { policyOf } from './policy.rules.js';

export const propertyDef = defineCollection(
  'properties',
  tenantDoc.extend({
    _id: PropertyId,
    name: z.string(),
    nameKey: z.string().describe('The name as it is compared and sorted'),
    kind: PropertyKind,
    timeZone: TimeZone,
    country: Country,
    currency: z.string(),
    address: Address,
    language: Locale.nullable().optional(),
    importMode: ImportMode,
    importModeSetByStaff: z.boolean().default(false).describe('Then no rule changes it'),
    importedOnce: z.boolean().default(false).describe('Staff have imported or dismissed somebody'),
    serviceStartedAt: z.date().nullable(),
    connectionId: z.string().nullable(),
    upstreamId: z.string().nullable(),
    policyChanges: AccessPolicy.partial().describe('What differs from the defaults of its kind'),
    lastSweepAt: z.date().nullable().describe('When the last complete sweep was fetched'),
    state: z.enum(['active', 'archived']),
  }),
  {
    scope: 'org',
    indexes: [
      {
        keys: { orgId: 1, nameKey: 1 },
        unique: true,
        partial: { state: 'active' },
        onDuplicate: { code: 'property.name-taken', message: 'The organization has a property of this name. Choose another.' },
      },
      {
        keys: { orgId: 1, connectionId: 1, upstreamId: 1 },
        unique: true,
        partial: { upstreamId: anyText },
        onDuplicate: { code: 'property.already-linked', message: 'This property of the PMS is adopted already.' },
      },
      { keys: { orgId: 1, state: 1, nameKey: 1, _id: 1 } },
    ],
  },
);
export type PropertyDoc = DocOf<typeof propertyDef>;

/** Null: never. Of whom it says nothing, nobody has asked yet. */
export type LastSweeps = ReadonlyMap<PropertyId, Date | null>;
const Sweeps = z.object({ ids: z.array(PropertyId), at: z.array(z.date().nullable()) });
/** Of an organization with more, those of a page cost less than all. */
const mostSweeps = 250;

@Injectable()
export class PropertyRepository extends TenantRepository<typeof propertyDef> {
  constructor(db: Database) {
    super(db, propertyDef);
  }

  /** Of some; as two lists, because a document each would cost more than what is in it. */
  async lastSweeps(filter: TenantFilter<PropertyDoc>): Promise<LastSweeps> {
    const [row] = await this.aggregate(filter, [
      { $limit: mostSweeps },
      { $group: { _id: null, ids: { $push: '$_id' }, at: { $push: { $ifNull: ['$lastSweepAt', null] } } } },
    ]);
    if (row === undefined) return new Map();
    const { ids, at } = Sweeps.parse(row);
    return new Map(ids.map((id, n) => [id, at[n] ?? null]));
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: PropertyDoc['_id'] | null, limit: number): Promise<PropertyDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }
}

/** What rules ask of a property. */
export const settingOf = (doc: PropertyDoc): Setting => ({
  timeZone: doc.timeZone,
  policy: policyOf(doc),
  started: doc.serviceStartedAt !== null,
  archived: doc.state === 'archived',
  language: doc.language,
});

export function toProperty(doc: PropertyDoc, counts?: Property['counts']): Property {
  return {
    id: doc._id,
    name: doc.name,
    kind: doc.kind,
    timeZone: doc.timeZone,
    country: doc.country,
    currency: doc.currency,
    address: doc.address,
    language: doc.language ?? null,
    importMode: doc.importMode,
    serviceStartedAt: doc.serviceStartedAt?.toISOString() ?? null,
    connectionId: doc.connectionId,
    policy: policyOf(doc),
    lastSweepAt: doc.lastSweepAt?.toISOString() ?? null,
    state: doc.state,
    ...(counts && { counts }),
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
