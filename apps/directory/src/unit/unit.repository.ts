import { Bedroom, BuildingId, PropertyId, UnitId, type Unit } from '@leasewire/contracts';
import {
  anyText,
  Database,
  defineCollection,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { PropertyDoc } from '../property/property.repository.js';
import { fold, naturalKey, searchWords } from '../search-words.rules.js';

const UnitName = z.object({ building: z.string().nullable(), number: z.string() });
export type UnitName = z.infer<typeof UnitName>;

export const unitDef = defineCollection(
  'units',
  tenantDoc.extend({
    _id: UnitId,
    propertyId: PropertyId,
    buildingId: BuildingId.nullable(),
    building: z.string().nullable(),
    number: z.string(),
    bedrooms: z.array(Bedroom),
    pmsName: UnitName.optional().describe('What the PMS calls it, where staff gave it another name'),
    source: z.enum(['pms', 'staff']),
    upstreamId: z.string().nullable(),
    connectionId: z.string().nullable().default(null).describe('Whose number that is'),
    lastSyncedAt: z.date().nullable().describe('When the PMS last said something new of it'),
    deletedUpstreamAt: z.date().nullable(),
    nameKey: z.string().describe('Building and number as they are compared'),
    sortKey: z.string().describe('Building and number as people count: 2 before 10'),
    search: z.array(z.string()).describe('What a search may begin with'),
  }),
  {
    scope: 'org',
    indexes: [
      {
        keys: { orgId: 1, propertyId: 1, nameKey: 1 },
        unique: true,
        onDuplicate: { code: 'unit.exists', message: 'The property has a unit of this building and number.' },
      },
      {
        keys: { orgId: 1, propertyId: 1, upstreamId: 1 },
        unique: true,
        partial: { upstreamId: anyText },
      },
      { keys: { orgId: 1, propertyId: 1, sortKey: 1, _id: 1 } },
      { keys: { orgId: 1, sortKey: 1, _id: 1 } },
      { keys: { orgId: 1, search: 1 } },
      { keys: { orgId: 1, propertyId: 1, deletedUpstreamAt: 1 } },
    ],
  },
);
export type UnitDoc = DocOf<typeof unitDef>;

@Injectable()
export class UnitRepository extends TenantRepository<typeof unitDef> {
  constructor(db: Database) {
    super(db, unitDef);
  }

  /** Null: no unit of the property is in a building of this name. */
  async buildingId(tx: Tx, propertyId: PropertyId, building: string): Promise<BuildingId | null> {
    const inIt = unitKey(building, '');
    const nameKey = { $gte: inIt, $lt: `${inIt}\uffff` };
    const one = await this.findOne({ orgId: tx.orgId, propertyId, nameKey, building, buildingId: { $ne: null } }, { tx });
    return one?.buildingId ?? null;
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: UnitDoc['_id'] | null, limit: number): Promise<UnitDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }
}

/** Another PMS, which the property had before, may have called another unit by the same number. */
export const isNumberedBy = (unit: Pick<UnitDoc, 'connectionId'>, property: Pick<PropertyDoc, 'connectionId'>): boolean =>
  unit.connectionId === property.connectionId;

export const unitKey = (building: string | null, number: string): string => `${fold(building ?? '')}|${fold(number)}`;
/** Building and number as shown. */
export const unitLabel = ({ building, number }: Pick<UnitDoc, 'building' | 'number'>): string =>
  building === null || building === '' ? number : `${building}-${number}`;

/** The fields that follow from building and number. */
export function unitKeys(building: string | null, number: string): Pick<UnitDoc, 'nameKey' | 'sortKey' | 'search'> {
  return {
    nameKey: unitKey(building, number),
    sortKey: naturalKey(`${building ?? ''} ${number}`),
    search: searchWords({ names: [number, building, unitLabel({ building, number })] }),
  };
}

export function toUnit(doc: UnitDoc, more: Pick<Unit, 'residents' | 'syncLight'> = {}): Unit {
  return {
    id: doc._id,
    propertyId: doc.propertyId,
    buildingId: doc.buildingId,
    building: doc.building,
    number: doc.number,
    ...(doc.pmsName && { pmsSays: doc.pmsName }),
    bedrooms: doc.bedrooms,
    source: doc.source,
    upstreamId: doc.upstreamId,
    lastSyncedAt: doc.lastSyncedAt?.toISOString() ?? null,
    deletedUpstreamAt: doc.deletedUpstreamAt?.toISOString() ?? null,
    version: doc.version,
    ...more,
  };
}
