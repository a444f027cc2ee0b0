import type { OrgId, PropertyId, PropertyScope, ResidentFilter } from '@leasewire/contracts';
import { languageAsked } from '../decision/language.rules.js';
import { sees, visibleIn } from '../property-scope.rules.js';
import type { ResidentDoc } from '../resident/resident.repository.js';
import { typedFor, type Part } from './typed-filter.js';

export { searchFor, wordsOf } from './typed-filter.js';

interface Seeing {
  readonly properties: PropertyScope;
}

/** Columns of which each value is counted. */
export type Facet = 'state' | 'userType' | 'leaseStatus' | 'accountStatus' | 'mailState' | 'wifiStatus' | 'issue' | 'access';

export const withoutFacets = ({
  state: _state,
  userType: _userType,
  leaseStatus: _leaseStatus,
  accountStatus: _accountStatus,
  mailState: _mailState,
  wifiStatus: _wifiStatus,
  issue: _issue,
  access: _access,
  ...rest
}: ResidentFilter): Omit<ResidentFilter, Facet> => rest;

export const shownStates: readonly ResidentDoc['state'][] = ['active', 'pending-import'];

/** The properties that were swept at `syncedBefore`, or `syncedAfter`, or later. */
export interface SweptSince {
  readonly before: readonly PropertyId[];
  readonly after: readonly PropertyId[];
}
const neverSwept: SweptSince = { before: [], after: [] };

/** Null where nothing can match. */
export function residentQuery(orgId: OrgId, who: Seeing, asked: ResidentFilter, sweptSince: SweptSince = neverSwept) {
  const query = queryWithoutFacets(orgId, who, asked, sweptSince);
  return query === null ? null : { ...query, ...columnsAsked(asked) };
}

/** All but the columns that have facets. */
export function queryWithoutFacets(
  orgId: OrgId,
  who: Seeing,
  asked: Omit<ResidentFilter, Facet>,
  sweptSince: SweptSince = neverSwept,
) {
  const typed = typedFor(asked);
  const scope = scopeOf(who, asked);
  const upstream = upstreamAsked(asked);
  if (scope === null || upstream === null || typed === null) return null;
  const all = [...typed, ...since(asked), ...syncedAsked(asked, sweptSince)];
  return { orgId, ...scope, ...upstream, ...placeAsked(asked), ...elseAsked(asked), ...(all.length > 0 && { $and: all }) };
}

type Base = Omit<ResidentFilter, Facet>;

function scopeOf(who: Seeing, { propertyId, propertyIds }: Base) {
  const scope = visibleIn(who, propertyId);
  if (scope === null || propertyIds === undefined) return scope;
  const seen = propertyIds.filter((id) => sees(who, id) && (propertyId === undefined || propertyId === id));
  return seen.length === 0 ? null : { propertyId: { $in: seen } };
}

const placeAsked = ({ unitId, building, bedroom, housed, moveInFrom, moveInUntil, moveOutFrom, moveOutUntil }: Base): Part => ({
  ...(unitId !== undefined && { unitIds: unitId }),
  ...(building !== undefined && { building }),
  ...(bedroom !== undefined && { 'occupancy.bedroom': bedroom }),
  ...(housed !== undefined && { 'unitIds.0': { $exists: housed } }),
  ...between('occupancy.from', moveInFrom, moveInUntil),
  ...between('occupancy.until', moveOutFrom, moveOutUntil),
});

function elseAsked(asked: Base): Part {
  const { personId, role, assignable, owing, termsAccepted, accessReason, archivedReason, upcoming, overridden, language } =
    asked;
  const { invitedAfter, invitedBefore, expiresAfter, expiresBefore } = asked;
  const theirs = overridden?.map((field) => ({ [`sources.${field}`]: { $in: ['staff', 'resident'] } }));
  return {
    ...(personId !== undefined && { personId }),
    ...(role !== undefined && { role: oneOf(role) }),
    ...(assignable !== undefined && { assignable }),
    ...(owing !== undefined && { 'balance.amount': owing ? { $gt: 0 } : { $not: { $gt: 0 } } }),
    ...(termsAccepted !== undefined && { 'account.terms': termsAccepted ? { $type: 'object' } : null }),
    ...(accessReason !== undefined && { 'access.reason': oneOf(accessReason) }),
    ...(archivedReason !== undefined && { archivedReason: oneOf(archivedReason) }),
    ...(upcoming !== undefined && { 'upcoming.what': oneOf(upcoming) }),
    ...(language !== undefined && { language: languageAsked(language) }),
    ...(theirs !== undefined && { $or: theirs }),
    ...between('account.invitedAt', inUtc(invitedAfter), inUtc(invitedBefore)),
    ...between('account.expiresAt', inUtc(expiresAfter), inUtc(expiresBefore)),
  };
}

function between(path: `${string}.${string}`, from: string | undefined, until: string | undefined): Part {
  if (from === undefined && until === undefined) return {};
  return { [path]: { ...(from !== undefined && { $gte: from }), ...(until !== undefined && { $lte: until }) } };
}
/** As moments are kept, so that their texts compare. */
const inUtc = (at: string | undefined): string | undefined => at && new Date(at).toISOString();

const since = ({ createdAfter, createdBefore }: Base): Part[] => [
  ...(createdAfter === undefined ? [] : [{ createdAt: { $gte: new Date(createdAfter) } }]),
  ...(createdBefore === undefined ? [] : [{ createdAt: { $lte: new Date(createdBefore) } }]),
];

/** Who is by hand was never synced. */
function upstreamAsked({ source, syncedBefore, syncedAfter }: Base) {
  const synced = syncedBefore !== undefined || syncedAfter !== undefined;
  if (source === 'staff') return synced ? null : { upstreamId: null };
  return source === 'pms' || synced ? { upstreamId: { $type: 'string' as const } } : {};
}

/** A sweep syncs everybody of its property who is not archived. */
function syncedAsked({ syncedBefore, syncedAfter }: Base, { before, after }: SweptSince): Part[] {
  const swept = (ids: readonly PropertyId[]) => ({ state: { $ne: 'archived' as const }, propertyId: { $in: [...ids] } });
  return [
    ...(syncedBefore === undefined ? [] : [{ lastSyncedAt: { $lt: new Date(syncedBefore) } }]),
    ...(before.length === 0 ? [] : [{ $nor: [swept(before)] }]),
    ...(syncedAfter === undefined ? [] : [{ $or: [{ lastSyncedAt: { $gte: new Date(syncedAfter) } }, swept(after)] }]),
  ];
}

function columnsAsked(asked: ResidentFilter) {
  return {
    state: oneOf(asked.state ?? shownStates),
    ...(asked.userType !== undefined && { userTypes: oneOf(asked.userType) }),
    ...(asked.leaseStatus !== undefined && { leaseStatus: oneOf(asked.leaseStatus) }),
    ...(asked.accountStatus !== undefined && { accountStatus: oneOf(asked.accountStatus) }),
    ...(asked.mailState !== undefined && { 'account.mail.state': oneOf(asked.mailState) }),
    ...(asked.wifiStatus !== undefined && { wifiStatus: oneOf(asked.wifiStatus) }),
    ...(asked.issue !== undefined && { issues: oneOf(asked.issue) }),
    ...(asked.access !== undefined && { 'access.open': asked.access === 'open' }),
  };
}

const oneOf = <V>(values: readonly V[]): { $in: V[] } => ({ $in: [...values] });

/** What many have the same of: those come by name. */
const shared: ReadonlyMap<string, string> = new Map([
  ['unit', 'sort.unit'],
  ['leaseStatus', 'leaseStatus'],
  ['accountStatus', 'accountStatus'],
  ['wifiStatus', 'wifiStatus'],
  ['moveIn', 'occupancy.from'],
  ['moveOut', 'occupancy.until'],
]);
const own: ReadonlyMap<string, string> = new Map([
  ['name', 'sort.name'],
  ['lastName', 'sort.lastName'],
  ['expiresAt', 'account.expiresAt'],
  ...['state', 'email', 'updatedAt', 'createdAt'].map((key): [string, string] => [key, key]),
]);

/** Paging adds `_id` in the same direction; residentDef has an index for each, by organization and by property. */
export function sortOf(sort: string): Readonly<Record<string, 1 | -1>> {
  const direction = sort.startsWith('-') ? -1 : 1;
  const [first = '', second] = sort.split(',').map((key) => key.replace(/^-/, ''));
  const [among, alone] = [shared.get(first), own.get(first)];
  if (among !== undefined && (second === undefined || second === 'name')) return { [among]: direction, 'sort.name': direction };
  if (alone === undefined || second !== undefined) throw new TypeError(`There is no order “${sort}”`);
  return { [alone]: direction };
}

/** Whether nothing is asked but what the keys of the index of searches decide; then it need not be found among the others. */
export function isBySearch({ search, state: _state, propertyId: _one, propertyIds: _some, ...rest }: ResidentFilter): boolean {
  return search !== undefined && Object.values(rest).every((asked) => asked === undefined);
}

/** Whether words decide most; whoever counts looks nobody up by an order, for which there is another index. */
export const isByWords = ({ search, name, email, phone, unit, unitId, personId }: ResidentFilter): boolean =>
  unitId === undefined && personId === undefined && [search, name, email, phone, unit].some((typed) => typed !== undefined);
