import {
  occupancyChanged,
  occupancyEnded,
  occupancyStarted,
  occupancyTransferred,
  residentAccessChanged,
  residentArchived,
  residentDetailsChanged,
  residentImported,
  residentRegistered,
  residentRestored,
  residentStatusChanged,
  type Resident,
} from '@leasewire/contracts';
import { isSame } from '../same.rules.js';

const stamps = new Set(['version', 'updatedAt', 'createdAt', 'lastSyncedAt']);
/** Whose owners are other services. */
const shownOnly = ['accountStatus', 'account', 'wifiStatus'];
const elsewhere = new Set(['access', 'occupancy', 'occupancies', 'leaseStatus', 'state', 'archivedReason', ...shownOnly]);

/** Which fields are different; what is only noted does not count. */
export function changedFields(before: Resident | null, after: Resident): string[] {
  const old: Readonly<Record<string, unknown>> = { ...before };
  return Object.entries(after)
    .filter(([field, value]) => !stamps.has(field) && !isSame(old[field], value))
    .map(([field]) => field);
}

export interface Told {
  readonly contract: typeof residentRegistered;
  readonly occupancyId?: string;
}

/** Everything that subscribers hear of one change. */
export function told(before: Resident | null, after: Resident, changed: readonly string[]): Told[] {
  return [...aboutState(before, after, changed), ...aboutOccupancies(before, after)];
}

function aboutState(before: Resident | null, after: Resident, changed: readonly string[]): Told[] {
  const all: Told[] = [];
  if (before === null) return [{ contract: residentRegistered }];
  if (before.state === 'archived' && after.state !== 'archived')
    all.push({
      contract:
        before.archivedReason === 'staff' || before.archivedReason === 'dismissed' ? residentRestored : residentRegistered,
    });
  if (before.state === 'pending-import' && after.state === 'active') all.push({ contract: residentImported });
  if (changed.some((field) => !elsewhere.has(field))) all.push({ contract: residentDetailsChanged });
  if (changed.some((field) => shownOnly.includes(field))) all.push({ contract: residentStatusChanged });
  if (changed.includes('access')) all.push({ contract: residentAccessChanged });
  if (before.state !== 'archived' && after.state === 'archived') all.push({ contract: residentArchived });
  return all;
}

function aboutOccupancies(before: Resident | null, after: Resident): Told[] {
  const old = new Map(before?.occupancies.map((occupancy) => [occupancy.id, occupancy]));
  const moved =
    before?.occupancy?.unitId != null && after.occupancy?.unitId != null && before.occupancy.unitId !== after.occupancy.unitId;
  return after.occupancies.flatMap((occupancy): Told[] => {
    const was = old.get(occupancy.id);
    const occupancyId = occupancy.id;
    const transferred = moved && occupancyId === after.occupancy?.id ? [{ contract: occupancyTransferred, occupancyId }] : [];
    if (!was) return [...(occupancy.endedAt === null ? [{ contract: occupancyStarted, occupancyId }] : []), ...transferred];
    if (was.endedAt === null && occupancy.endedAt !== null) return [{ contract: occupancyEnded, occupancyId }, ...transferred];
    if (isSame(was, occupancy)) return transferred;
    return [...transferred, ...(transferred.length ? [] : [{ contract: occupancyChanged, occupancyId }])];
  });
}
