import type { OrgId, PropertyId, PropertyScope, ResidentFilter } from '@leasewire/contracts';
import type { TenantFilter } from '@leasewire/persistence';
import { visibleIn } from '../property-scope.rules.js';
import type { ResidentDoc } from '../resident/resident.repository.js';
import { searched } from './search.rules.js';

export interface Who {
  readonly orgId: OrgId;
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

export const shownStates: readonly ResidentDoc['state'][] = ['pending-import', 'active'];

/** Null where nothing can match. `sweptSince`: the properties that were swept at `syncedBefore` or later. */
export function residentsAsked(
  who: Who,
  asked: ResidentFilter,
  sweptSince: readonly PropertyId[] = [],
): TenantFilter<ResidentDoc> | null {
  const base = whereAsked(who, asked, sweptSince);
  return base === null ? null : { ...base, ...columnsAsked(asked) };
}

/** All but the columns that have facets. */
export function whereAsked(
  { orgId, properties }: Who,
  asked: Omit<ResidentFilter, Facet>,
  sweptSince: readonly PropertyId[] = [],
): TenantFilter<ResidentDoc> | null {
  const scope = visibleIn({ properties }, asked.propertyId);
  const words = searched(asked.search);
  if (scope === null || words === null) return null;
  const upstream = upstreamAsked(asked);
  if (upstream === null) return null;
  return {
    orgId,
    ...scope,
    ...words,
    ...upstream,
    ...(asked.unitId !== undefined && { unitIds: asked.unitId }),
    ...(asked.personId !== undefined && { personId: asked.personId }),
    ...(asked.building !== undefined && { building: asked.building }),
    ...(asked.bedroom !== undefined && { 'occupancy.bedroom': asked.bedroom }),
    ...(asked.assignable !== undefined && { assignable: asked.assignable }),
    ...(asked.syncedBefore !== undefined && {
      lastSyncedAt: { $lt: new Date(asked.syncedBefore) },
      // a sweep syncs everybody of its property who is not archived
      ...(sweptSince.length > 0 && { $or: [{ state: 'archived' as const }, { propertyId: { $nin: [...sweptSince] } }] }),
    }),
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
