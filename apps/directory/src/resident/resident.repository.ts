import {
  Locale,
  Occupancy,
  PersonId,
  Resident,
  UnitId,
  UpcomingChange,
  UpstreamPerson,
  type OrgId,
  type PropertyId,
} from '@leasewire/contracts';
import {
  anyText,
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type IndexSpec,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** An occupancy with what only directory needs to know of it. */
export const KeptOccupancy = Occupancy.extend({
  building: z.string().nullable().optional(),
  executed: z.enum(['in', 'out']).optional().describe('Staff let the move take effect before its date'),
});
export type KeptOccupancy = z.infer<typeof KeptOccupancy>;

const ascending = (...keys: string[]): IndexSpec => ({ keys: Object.fromEntries(keys.map((key) => [key, 1 as const])) });
/** For each order of the list, in one property and in all; behind it what most filters ask, to be answered from the keys. */
const filtered = ['propertyId', 'state', 'leaseStatus', 'access.open', 'accountStatus', 'wifiStatus'];
const orders = [
  ['sort.name'],
  ['sort.lastName'],
  ['sort.unit', 'sort.name'],
  ['leaseStatus', 'sort.name'],
  ['state'],
  ['updatedAt'],
  ['createdAt'],
];
/** Rarer ones, which are not worth as wide an index. */
const moreOrders = [
  ['accountStatus', 'sort.name'],
  ['wifiStatus', 'sort.name'],
  ['account.expiresAt'],
  ['occupancy.from', 'sort.name'],
  ['occupancy.until', 'sort.name'],
];
/** The order of a search and what it mostly filters are in the keys, so that only who is shown is looked at. */
export const searchIndex = ascending('orgId', 'search', 'sort.name', '_id', 'propertyId', 'state');
const listIndexes: readonly IndexSpec[] = [
  ...orders.map((keys) => ascending('orgId', ...keys, '_id', ...filtered)),
  ...orders.map((keys) => ascending('orgId', 'propertyId', ...keys, '_id', ...filtered)),
  ...moreOrders.map((keys) => ascending('orgId', ...keys, '_id', 'state', 'access.open')),
  ...moreOrders.map((keys) => ascending('orgId', 'propertyId', ...keys, '_id', 'state', 'access.open')),
  ascending('orgId', 'email', '_id', 'state', 'access.open'),
  // this one also says who shares an address: see sharers
  ascending('orgId', 'propertyId', 'email', '_id', 'state', 'access.open', 'personId'),
  ascending('orgId', 'alike'),
  ascending('orgId', 'propertyId', 'alike'),
  searchIndex,
  ascending('orgId', 'userTypes', 'sort.name', '_id'),
  ascending('orgId', 'issues', 'sort.name', '_id'),
  { ...ascending('orgId', 'account.mail.state', 'sort.name', '_id'), partial: { 'account.mail.state': { $exists: true } } },
  { ...ascending('orgId', 'language', 'sort.name', '_id'), partial: { language: { $exists: true } } },
  ascending('orgId', '_id'),
];

export const residentDef = defineCollection(
  'residents',
  tenantDoc.extend({
    _id: Resident.shape.id,
    ...Resident.omit({ id: true, lastSyncedAt: true, version: true, createdAt: true, updatedAt: true, occupancies: true }).shape,
    occupancies: z.array(KeptOccupancy),
    lastSyncedAt: z.date().nullable().describe('When the PMS last said something new; see lastSyncedAtOf'),

    connectionId: z.string().nullable(),
    upstream: UpstreamPerson.nullable().describe('What the PMS said last: what fields follow again when they are reset'),
    upstreamHash: z.string().nullable().describe('Of the mapped fields: equal ones are not written again'),
    fetchedAt: z.date().nullable().describe('Older fetches are refused'),
    staffAccess: z.enum(['granted', 'denied']).nullable(),
    staffLanguage: Locale.nullable().optional(),
    ownLanguage: Locale.nullable().optional().describe('As the person has it: they choose once for all their residencies'),
    imported: z.boolean().default(false).describe('They have been active once'),
    goneUpstream: z.boolean().default(false).describe('They left by no longer being listed'),
    duplicateOf: Resident.shape.id.nullable().default(null).describe('Who may be the same person'),
    notDuplicates: z.array(Resident.shape.id).default([]).describe('Staff said that these are others'),
    staffArchived: z.boolean().default(false).describe('A sync does not bring back whom staff archived'),

    building: z.string().nullable().describe('Of the occupancy that counts'),
    unitIds: z.array(UnitId).describe('Where they live or have access: occupancies that are not over'),
    alike: z.string().default('').describe('What is counted of them, as one text: alike.rules.ts'),
    search: z
      .array(z.string())
      .describe('Folded words of name, e-mail, phone digits and unit, their beginnings and pairs: what a search may begin with'),
    sort: z.object({ name: z.string(), lastName: z.string(), unit: z.string() }),
    upcoming: UpcomingChange.pick({ id: true, what: true, unit: true, toUnit: true, bedroom: true, on: true })
      .extend({ takesEffectAt: z.date() })
      .nullable(),
    due: Due.optional(),
  }),
  {
    scope: 'org',
    indexes: [
      ...dueIndexes,
      { keys: { orgId: 1, propertyId: 1, upstreamId: 1 }, unique: true, partial: { upstreamId: anyText } },
      { keys: { orgId: 1, propertyId: 1, upstreamHash: 1 }, partial: { upstreamHash: { $type: 'null' } } },
      { keys: { orgId: 1, personId: 1 } },
      { keys: { orgId: 1, unitIds: 1 } },
      { keys: { orgId: 1, propertyId: 1, 'upcoming.takesEffectAt': 1, _id: 1 }, partial: { 'upcoming.id': { $exists: true } } },
      { keys: { orgId: 1, 'upcoming.takesEffectAt': 1, _id: 1 }, partial: { 'upcoming.id': { $exists: true } } },
      { keys: { orgId: 1, propertyId: 1, duplicateOf: 1, _id: 1 }, partial: { duplicateOf: anyText } },
      { keys: { orgId: 1, 'upcoming.id': 1 }, partial: { 'upcoming.id': { $exists: true } } },
      ...listIndexes,
    ],
  },
);
export type ResidentDoc = DocOf<typeof residentDef>;

interface InProperty {
  readonly orgId: OrgId;
  readonly _id: PropertyId;
}
const Sharer = z.object({ email: z.string(), least: PersonId, most: PersonId });

@Injectable()
export class ResidentRepository extends TenantRepository<typeof residentDef> {
  constructor(db: Database) {
    super(db, residentDef);
  }

  /** Who else has these addresses, of those who have not left; answered from the index. */
  async sharers(
    tx: Tx,
    { orgId, _id: propertyId }: InProperty,
    addresses: readonly string[],
    except: readonly ResidentDoc['_id'][],
  ) {
    const rows = await this.aggregate(
      { orgId, propertyId, email: { $in: [...addresses] }, state: { $ne: 'archived' }, _id: { $nin: [...except] } },
      [{ $group: { _id: '$email', least: { $min: '$personId' }, most: { $max: '$personId' } } }],
      { tx },
    );
    return rows.map(({ _id: email, least, most }) => Sharer.parse({ email, least, most }));
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: ResidentDoc['_id'] | null, limit: number): Promise<ResidentDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }
}

/** What of a document is shown: a page reads no more. */
export const shownFields = [
  'personId',
  'propertyId',
  'name',
  'displayName',
  'email',
  'phones',
  'userTypes',
  'role',
  'state',
  'assignable',
  'occupancy',
  'occupancies',
  'leaseStatus',
  'access',
  'accountStatus',
  'account',
  'wifiStatus',
  'balance',
  'issues',
  'sources',
  'upstreamId',
  'language',
  'lastSyncedAt',
  'archivedReason',
] as const;
export type ShownDoc = Pick<ResidentDoc, (typeof shownFields)[number] | '_id' | 'version' | 'createdAt' | 'updatedAt'>;

/** Who is unchanged in a complete sweep was synced by it, without a write. */
function lastSyncedAtOf(doc: ShownDoc, lastSweepAt: Date | null): Date | null {
  if (doc.upstreamId === null || doc.lastSyncedAt === null) return null;
  return doc.state !== 'archived' && lastSweepAt !== null && lastSweepAt > doc.lastSyncedAt ? lastSweepAt : doc.lastSyncedAt;
}

export function toResident(doc: ShownDoc, property?: { readonly lastSweepAt: Date | null }): Resident {
  return {
    id: doc._id,
    personId: doc.personId,
    propertyId: doc.propertyId,
    name: doc.name,
    displayName: doc.displayName,
    email: doc.email,
    phones: doc.phones,
    language: doc.language ?? null,
    userTypes: doc.userTypes,
    role: doc.role,
    state: doc.state,
    assignable: doc.assignable,
    occupancy: doc.occupancy,
    occupancies: doc.occupancies.map(({ executed: _executed, building: _building, ...shown }) => shown),
    leaseStatus: doc.leaseStatus,
    access: doc.access,
    accountStatus: doc.accountStatus,
    account: doc.account,
    wifiStatus: doc.wifiStatus,
    balance: doc.balance,
    issues: doc.issues,
    sources: doc.sources,
    upstreamId: doc.upstreamId,
    lastSyncedAt: lastSyncedAtOf(doc, property?.lastSweepAt ?? null)?.toISOString() ?? null,
    archivedReason: doc.archivedReason,
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
