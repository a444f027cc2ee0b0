import type { LeaseStatus, LocalDate, OccupancyId, Stay, UnitId } from '@leasewire/contracts';

/** A stay whose unit has been looked up. */
export interface ResolvedStay extends Stay {
  readonly ourUnitId: UnitId | null;
  readonly unitLabel: string | null;
  readonly building: string | null;
}

/** As it is kept; without an id where it is new. */
export interface PlannedOccupancy {
  readonly id: OccupancyId | null;
  readonly unitId: UnitId | null;
  readonly unit: string | null;
  readonly bedroom: string | null;
  readonly leaseId: string | null;
  readonly status: LeaseStatus;
  readonly from: LocalDate | null;
  readonly until: LocalDate | null;
  readonly leaseEnd: LocalDate | null;
  readonly endedAt: string | null;
  readonly executed?: 'in' | 'out' | undefined;
  readonly building?: string | null | undefined;
}

/** Which stay of one lease counts, and which occupancy is the one that counts now. */
const ranks: Record<LeaseStatus, number> = { current: 5, notice: 4, future: 3, past: 2, applicant: 1, cancelled: 0 };

type Statused = Pick<PlannedOccupancy, 'status'>;
const mayLive: readonly LeaseStatus[] = ['current', 'notice', 'future'];
export const isLiveStatus = (status: LeaseStatus): boolean => mayLive.includes(status);
/** Lives there, or will. */
export const isLive = (occupancy: Statused & Pick<PlannedOccupancy, 'executed'>): boolean =>
  isLiveStatus(occupancy.status) && occupancy.executed !== 'out';

/** Current or notice, else the next one, else the last one. */
export function countingOf<O extends Omit<PlannedOccupancy, 'id'>>(occupancies: readonly O[]): O | null {
  const inOrder = occupancies.toSorted(
    (a, b) =>
      ranks[standingStatus(b)] - ranks[standingStatus(a)] || byDate(a, b) || (a.leaseId ?? '').localeCompare(b.leaseId ?? ''),
  );
  return inOrder[0] ?? null;
}
const standingStatus = ({ status, executed }: Pick<PlannedOccupancy, 'status' | 'executed'>): LeaseStatus =>
  executed === 'out' ? 'past' : executed === 'in' && status === 'future' ? 'current' : status;
/** Of those to come the first, of the others the last. */
function byDate(a: Omit<PlannedOccupancy, 'id'>, b: Omit<PlannedOccupancy, 'id'>): number {
  const order = (a.from ?? '').localeCompare(b.from ?? '');
  return a.status === 'future' ? order : -order;
}

/** One for each lease: a vendor may repeat it with an older status. */
export function onePerLease(stays: readonly ResolvedStay[]): ResolvedStay[] {
  const best = new Map<string, ResolvedStay>();
  for (const stay of stays) {
    const other = best.get(stay.leaseId);
    if (!other || preferred(stay, other)) best.set(stay.leaseId, stay);
  }
  return [...best.values()];
}
function preferred(a: ResolvedStay, b: ResolvedStay): boolean {
  if (ranks[a.status] !== ranks[b.status]) return ranks[a.status] > ranks[b.status];
  return JSON.stringify([a.moveIn, a.unitId, a.bedroom]) > JSON.stringify([b.moveIn, b.unitId, b.bedroom]);
}

/** What staff kept, as leases of whoever tells of it now: the one that is named there; and one that nobody names, which has ended. */
export function leased(known: readonly PlannedOccupancy[], stays: readonly ResolvedStay[]): PlannedOccupancy[] {
  const taken = new Set(known.map(({ leaseId }) => leaseId));
  return known.map((occupancy) => {
    if (occupancy.leaseId !== null || !isLive(occupancy)) return occupancy;
    const same = stays.find(({ leaseId, ourUnitId }) => ourUnitId === occupancy.unitId && !taken.has(leaseId));
    const leaseId = same?.leaseId ?? leaseByHand;
    taken.add(leaseId);
    return { ...occupancy, leaseId };
  });
}
/** Of a stay that staff added, after a file or a PMS told of the person and not of it. */
const leaseByHand = 'by-hand';

export interface Merging {
  readonly known: readonly PlannedOccupancy[];
  readonly stays: readonly ResolvedStay[];
  /** What is not listed has ended. */
  readonly allListed: boolean;
  readonly today: LocalDate;
  readonly fetchedAt: string;
}

/** What the PMS lists laid over what is known. Leases that were over before anybody was known here are not kept. */
export function mergeStays({ known, stays, allListed, today, fetchedAt }: Merging): PlannedOccupancy[] {
  const listed = onePerLease(stays);
  const priorOf = new Map(known.flatMap((occupancy) => (occupancy.leaseId === null ? [] : [[occupancy.leaseId, occupancy]])));
  const leaseIds = new Set(listed.map(({ leaseId }) => leaseId));
  const kept = known.flatMap((occupancy) => {
    if (occupancy.leaseId !== null && leaseIds.has(occupancy.leaseId)) return [];
    return [
      allListed && occupancy.leaseId !== null && isLiveStatus(occupancy.status) ? ended(occupancy, today, fetchedAt) : occupancy,
    ];
  });
  const merged = listed.flatMap((stay) => {
    const prior = priorOf.get(stay.leaseId);
    return prior === undefined && !isLiveStatus(stay.status) ? [] : [occupancyOf(stay, prior, today, fetchedAt)];
  });
  return [...kept, ...merged];
}

export function ended(occupancy: PlannedOccupancy, today: LocalDate, at: string): PlannedOccupancy {
  // a stay that had not begun is called off, not moved out of
  if (occupancy.status === 'future' && occupancy.executed !== 'in') return { ...occupancy, status: 'cancelled', endedAt: at };
  return { ...occupancy, status: 'past', until: occupancy.until ?? today, endedAt: occupancy.endedAt ?? at };
}

function occupancyOf(
  stay: ResolvedStay,
  prior: PlannedOccupancy | undefined,
  today: LocalDate,
  fetchedAt: string,
): PlannedOccupancy {
  const { status } = stay;
  const over = status === 'past' || status === 'cancelled';
  const executed = keptExecution(status, prior);
  const wasPast = prior?.status === 'past';
  return {
    id: prior?.id ?? null,
    unitId: stay.ourUnitId,
    unit: stay.unitLabel,
    bedroom: stay.bedroom,
    leaseId: stay.leaseId,
    status,
    from: stay.moveIn ?? stay.leaseStart,
    until: stay.moveOut ?? (status === 'past' ? ((wasPast ? prior.until : null) ?? today) : null),
    leaseEnd: stay.leaseEnd,
    endedAt: over || executed === 'out' ? (prior?.endedAt ?? fetchedAt) : null,
    building: stay.building,
    ...(executed && { executed }),
  };
}

/** An early move holds until the PMS has followed, or says the opposite. */
function keptExecution(status: LeaseStatus, prior: PlannedOccupancy | undefined): 'in' | 'out' | undefined {
  if (prior?.executed === 'in') return status === 'future' ? 'in' : undefined;
  if (prior?.executed === 'out') return status === 'notice' || status === 'past' ? 'out' : undefined;
  return undefined;
}
