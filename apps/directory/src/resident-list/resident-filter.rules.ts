import type { OrgId, PropertyId, PropertyScope, ResidentFilter } from '@leasewire/contracts';
import { visibleIn } from '../property-scope.rules.js';
import type { ResidentDoc } from '../resident/resident.repository.js';
import { fold } from '../search-words.rules.js';

interface Seeing {
  readonly properties: PropertyScope;
}

/** Columns of which each value is counted. */
export type Facet = 'state' | 'userType' | 'leaseStatus' | 'accountStatus' | 'wifiStatus' | 'issue' | 'access';

export const withoutFacets = ({
  state: _state,
  userType: _userType,
  leaseStatus: _leaseStatus,
  accountStatus: _accountStatus,
  wifiStatus: _wifiStatus,
  issue: _issue,
  access: _access,
  ...rest
}: ResidentFilter): Omit<ResidentFilter, Facet> => rest;

export const shownStates: readonly ResidentDoc['state'][] = ['active', 'pending-import'];

/** Null where nothing can match. `sweptSince`: the properties that were swept at `syncedBefore` or later. */
export function residentQuery(orgId: OrgId, who: Seeing, asked: ResidentFilter, sweptSince: readonly PropertyId[] = []) {
  const query = queryWithoutFacets(orgId, who, asked, sweptSince);
  return query === null ? null : { ...query, ...columnsAsked(asked) };
}

/** All but the columns that have facets. */
export function queryWithoutFacets(
  orgId: OrgId,
  who: Seeing,
  asked: Omit<ResidentFilter, Facet>,
  sweptSince: readonly PropertyId[] = [],
) {
  const { unitId, personId, building, bedroom, search, assignable, syncedBefore } = asked;
  const scope = visibleIn(who, asked.propertyId);
  const upstream = upstreamAsked(asked);
  if (scope === null || upstream === null || (search !== undefined && wordsOf(search).length === 0)) return null;
  // a sweep syncs everybody of its property who is not archived
  const unswept = { $or: [{ state: 'archived' as const }, { propertyId: { $nin: [...sweptSince] } }] };
  const all = [...(search === undefined ? [] : [searchFor(search)]), ...(sweptSince.length === 0 ? [] : [unswept])];
  return {
    orgId,
    ...scope,
    ...upstream,
    ...(unitId !== undefined && { unitIds: unitId }),
    ...(personId !== undefined && { personId }),
    ...(building !== undefined && { building }),
    ...(bedroom !== undefined && { 'occupancy.bedroom': bedroom }),
    ...(assignable !== undefined && { assignable }),
    ...(syncedBefore !== undefined && { lastSyncedAt: { $lt: new Date(syncedBefore) } }),
    ...(all.length > 0 && { $and: all }),
  };
}

/** Who is by hand was never synced. */
function upstreamAsked({ source, syncedBefore }: Omit<ResidentFilter, Facet>) {
  if (source === 'staff') return syncedBefore === undefined ? { upstreamId: null } : null;
  return source === 'pms' || syncedBefore !== undefined ? { upstreamId: { $type: 'string' as const } } : {};
}

function columnsAsked(asked: ResidentFilter) {
  return {
    state: oneOf(asked.state ?? shownStates),
    ...(asked.userType !== undefined && { userTypes: oneOf(asked.userType) }),
    ...(asked.leaseStatus !== undefined && { leaseStatus: oneOf(asked.leaseStatus) }),
    ...(asked.accountStatus !== undefined && { accountStatus: oneOf(asked.accountStatus) }),
    ...(asked.wifiStatus !== undefined && { wifiStatus: oneOf(asked.wifiStatus) }),
    ...(asked.issue !== undefined && { issues: oneOf(asked.issue) }),
    ...(asked.access !== undefined && { 'access.open': asked.access === 'open' }),
  };
}

const oneOf = <V>(values: readonly V[]): { $in: V[] } => ({ $in: [...values] });

/** Digits however they are grouped: with a country, or too many for a unit. */
const leastDigits = 6;
const isNumber = (text: string): boolean =>
  /^\+?[\d\s()./-]+$/.test(text) && (text.startsWith('+') || text.replace(/\D/g, '').length >= leastDigits);

/** Of a phone number both ways to write it, of which either may be; else words that all must be there. */
export function wordsOf(search: string): string[] {
  const text = fold(search);
  const digits = text.replace(/\D/g, '');
  if (isNumber(text) && digits !== '') return [digits.replace(/^0+(?=\d)/, ''), digits];
  return text.split(/[\s,()/]+/).filter((word) => word !== '');
}

/** A range of the index for each. */
export function searchFor(search: string) {
  const ranges = wordsOf(search).map((word) => ({ search: { $elemMatch: { $gte: word, $lt: `${word}\uffff` } } }));
  return isNumber(fold(search)) ? { $or: ranges } : { $and: ranges };
}

const orders: ReadonlyMap<string, string> = new Map([
  ['name', 'sort.name'],
  ['lastName', 'sort.lastName'],
  ['unit', 'sort.unit'],
  ...['leaseStatus', 'state', 'updatedAt', 'createdAt'].map((key): [string, string] => [key, key]),
]);

/** Paging adds `_id` in the same direction; residentDef has an index for each, by organization and by property. */
export function sortOf(sort: string): Readonly<Record<string, 1 | -1>> {
  const key = orders.get(sort.replace(/^-/, ''));
  if (key === undefined) throw new TypeError(`There is no order “${sort}”`);
  return { [key]: sort.startsWith('-') ? -1 : 1 };
}
