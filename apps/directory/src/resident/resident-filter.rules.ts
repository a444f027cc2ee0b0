import type { ResidentFilter } from '@leasewire/contracts';
import { fold } from '../search-words.rules.js';

type Asked = Omit<ResidentFilter, 'propertyId' | 'state'>;

/** What a filter says of the fields of a resident, beside the property (that is for property-scope.rules.ts) and the state. */
export function residentConditions(asked: Asked) {
  const { unitId, personId, building, bedroom, search, access, assignable, source, syncedBefore } = asked;
  const all = [...beginnings(search), ...sourceOf(source)];
  return {
    ...(unitId !== undefined && { unitIds: unitId }),
    ...(personId !== undefined && { personId }),
    ...(building !== undefined && { building }),
    ...(bedroom !== undefined && { 'occupancy.bedroom': bedroom }),
    ...(asked.userType !== undefined && { userTypes: { $in: asked.userType } }),
    ...(asked.leaseStatus !== undefined && { leaseStatus: { $in: asked.leaseStatus } }),
    ...(asked.accountStatus !== undefined && { accountStatus: { $in: asked.accountStatus } }),
    ...(asked.wifiStatus !== undefined && { wifiStatus: { $in: asked.wifiStatus } }),
    ...(asked.issue !== undefined && { issues: { $in: asked.issue } }),
    ...(access !== undefined && { 'access.open': access === 'open' }),
    ...(assignable !== undefined && { assignable }),
    ...(syncedBefore !== undefined && { lastSyncedAt: { $lt: new Date(syncedBefore) } }),
    ...(all.length > 0 && { $and: all }),
  };
}

/** Every word begins one of theirs; anchored, so that each is a range of the index. */
function beginnings(search: string | undefined): { search: RegExp }[] {
  const words = search === undefined ? [] : fold(search).split(' ');
  return words.map((word) => ({ search: new RegExp(`^${word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}`) }));
}

function sourceOf(source: 'pms' | 'staff' | undefined): { upstreamId: null | { $ne: null } }[] {
  return source === undefined ? [] : [{ upstreamId: source === 'pms' ? { $ne: null } : null }];
}
