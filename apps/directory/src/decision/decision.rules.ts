import type { LeaseStatus, LocalDate, PersonOutcome, UserType } from '@leasewire/contracts';
import {
  countingOf,
  ended,
  isLive,
  isLiveStatus,
  leased,
  mergeStays,
  type PlannedOccupancy,
  type ResolvedStay,
} from './stays.rules.js';

/** What the PMS says of one person; null: not in its answer. */
export interface Said {
  readonly userTypes: readonly UserType[];
  readonly stays: readonly ResolvedStay[];
  readonly hash: string;
}

/** What is registered here of them. */
export interface Registered {
  readonly state: 'pending-import' | 'active' | 'archived';
  readonly byStaff: boolean;
  readonly occupancies: readonly PlannedOccupancy[];
  readonly hash: string | null;
  readonly fetchedAt: Date | null;
  /** Something of it was not understood the last time, and may be now. */
  readonly unresolved: boolean;
  /** They were not listed the last time, and what they had here was ended for it. */
  readonly gone?: boolean | undefined;
  /** Staff kept them until now: where they live without a lease is for whoever tells of them now, a file or a PMS. */
  readonly byHand?: boolean | undefined;
}

export interface Observation {
  readonly scope: 'sweep' | 'targeted';
  readonly fetchedAt: Date;
  readonly today: LocalDate;
  /** Whether access by these has ended, by the windows of the property. */
  readonly isOver: (occupancies: readonly PlannedOccupancy[]) => boolean;
}

export type Decided = Pick<PersonOutcome, 'decision' | 'outcome' | 'announced' | 'reason'> & {
  /** How their occupancies are afterwards; null: nothing is written. */
  readonly occupancies: readonly PlannedOccupancy[] | null;
};

/** The lease of those who are on the committee and live nowhere in the property. */
export const committeeLease = 'committee';

const reasons = {
  'older-than-known': 'A newer answer of the PMS is known already.',
  'not-found-upstream':
    'The PMS did not find this person. Nobody is moved out for that: look there, or wait for the next full sync.',
  'archived-by-staff': 'Staff archived this person; restore them to sync them again.',
  'moved-out': 'The lease is over, and they were not registered here.',
  cancelled: 'The lease was cancelled.',
  'applicant-only': 'The lease is not signed yet.',
  'no-lease': 'The PMS has no lease or ownership for this person.',
  'gone-upstream': 'The PMS no longer lists this person.',
  'lease-over': 'The PMS says that they moved out.',
} as const;
type ReasonCode = keyof typeof reasons;
/** Who is synced alone is not looked for elsewhere; whoever wonders where they are reads this. */
const notFollowed = 'If they moved to another property, its own sync brings them there; this one does not follow them.';
const because = (code: ReasonCode) => ({ code, message: reasons[code] });
const nothing = (outcome: PersonOutcome['outcome'], code?: ReasonCode): Decided => ({
  decision: 'none',
  outcome,
  ...(code && { reason: because(code) }),
  occupancies: null,
});

/** The table: what the PMS says × what is registered here × how it was asked → what to do. */
export function decide(said: Said | null, before: Registered | null, seen: Observation): Decided {
  if (before?.fetchedAt && seen.fetchedAt < before.fetchedAt) return nothing('skipped', 'older-than-known');
  const stays = said && withCommittee(said);
  const known = before?.byHand && stays ? { ...before, occupancies: leased(before.occupancies, stays) } : before;
  const registered = known !== null && known.state !== 'archived' ? known : null;
  if (said === null || stays === null) return whenAbsent(known, registered, seen);
  if (known?.byStaff) return nothing('skipped', 'archived-by-staff');
  const lives = stays.some(({ status }) => isLiveStatus(status));
  if (registered === null) {
    if (lives) return whenNew(stays, known, seen);
    if (isUnended(known) && isTold(stays, known, seen)) return whenOver(merged(stays, known, seen, true), 'lease-over');
    return whenBack(stays, known, seen) ?? nothing('skipped', skippedBecause(stays));
  }
  if (!lives && registered.occupancies.some(isLive)) return whenLeaving(stays, registered, seen);
  if (said.hash === registered.hash && !registered.unresolved && !registered.gone) return nothing('unchanged');
  return whenKnown(stays, registered, seen, lives);
}

function whenAbsent(known: Registered | null, registered: Registered | null, seen: Observation): Decided {
  if (seen.scope === 'targeted') return nothing('failed', 'not-found-upstream');
  if (registered === null && !known?.byStaff && isUnended(known)) return whenOver(endedAll(known, seen), 'gone-upstream');
  if (!registered?.occupancies.some(isLive)) return nothing('unchanged');
  return {
    decision: 'deactivate',
    outcome: 'synced',
    announced: wasAnnounced(registered),
    reason: because('gone-upstream'),
    occupancies: endedAll(registered, seen),
  };
}

/** Their day came, and they were archived on notice; now the PMS says that they have left. */
const whenOver = (occupancies: readonly PlannedOccupancy[], code: ReasonCode): Decided => ({
  decision: 'update',
  outcome: 'synced',
  reason: because(code),
  occupancies,
});
const isUnended = (known: Registered | null): known is Registered =>
  known?.occupancies.some(({ status }) => isLiveStatus(status)) === true;
const endedAll = ({ occupancies }: Registered, seen: Observation): PlannedOccupancy[] =>
  occupancies.map((occupancy) => (isLiveStatus(occupancy.status) ? over(occupancy, seen) : occupancy));

function whenNew(stays: readonly ResolvedStay[], known: Registered | null, seen: Observation): Decided {
  const occupancies = merged(stays, known, seen, true);
  // on notice, and the day is long over: they have left
  if (seen.isOver(occupancies)) return nothing('skipped', 'moved-out');
  return { decision: 'register', outcome: 'synced', occupancies };
}

/** Archived because the PMS did not list them; now it does, and says that the last day of what they had is still to come. */
function whenBack(stays: readonly ResolvedStay[], known: Registered | null, seen: Observation): Decided | null {
  if (!known?.gone || !known.occupancies.some((had) => stays.some(({ leaseId }) => leaseId === had.leaseId))) return null;
  const occupancies = merged(stays, known, seen, true);
  return seen.isOver(occupancies) ? null : { decision: 'register', outcome: 'synced', occupancies };
}

function whenLeaving(stays: readonly ResolvedStay[], registered: Registered, seen: Observation): Decided {
  if (!isTold(stays, registered, seen)) return nothing('skipped', 'no-lease');
  return {
    decision: 'deactivate',
    outcome: 'synced',
    announced: wasAnnounced(registered),
    reason: whyLeaving(stays, seen),
    occupancies: merged(stays, registered, seen, true),
  };
}

/** An empty answer about one person is as good as none. */
function isTold(stays: readonly ResolvedStay[], { occupancies }: Registered, { scope }: Observation): boolean {
  return scope === 'sweep' || occupancies.every((o) => !isLive(o) || stays.some(({ leaseId }) => leaseId === o.leaseId));
}

function whyLeaving(stays: readonly ResolvedStay[], { scope }: Observation): Decided['reason'] {
  if (stays.length === 0) return because('no-lease');
  if (!stays.some(({ status }) => status === 'past')) return because(skippedBecause(stays));
  const { code, message } = because('lease-over');
  return { code, message: scope === 'targeted' ? `${message} ${notFollowed}` : message };
}

function whenKnown(stays: readonly ResolvedStay[], registered: Registered, seen: Observation, lives: boolean): Decided {
  const occupancies = merged(stays, registered, seen, lives || seen.scope === 'sweep');
  return { decision: movesUnit(registered.occupancies, occupancies) ? 'transfer' : 'update', outcome: 'synced', occupancies };
}

const merged = (
  stays: readonly ResolvedStay[],
  known: Registered | null,
  seen: Observation,
  allListed: boolean,
): PlannedOccupancy[] =>
  mergeStays({ known: known?.occupancies ?? [], stays, allListed, today: seen.today, fetchedAt: seen.fetchedAt.toISOString() });
const over = (occupancy: PlannedOccupancy, { today, fetchedAt }: Observation): PlannedOccupancy =>
  ended(occupancy, today, fetchedAt.toISOString());

/** From one unit to another; not while the old lease is on notice and the new one has not begun. */
export function movesUnit(before: readonly PlannedOccupancy[], after: readonly PlannedOccupancy[]): boolean {
  const old = countingOf(before.filter(isLive));
  const now = countingOf(after.filter(isLive));
  return old?.unitId != null && now?.unitId != null && old.unitId !== now.unitId;
}

/** Every lease that ends had a day on which it would end. */
function wasAnnounced({ occupancies }: Registered): boolean {
  return occupancies.filter(isLive).every(({ until }) => until !== null);
}

function skippedBecause(stays: readonly { readonly status: LeaseStatus }[]): ReasonCode {
  const has = (status: LeaseStatus): boolean => stays.some((stay) => stay.status === status);
  if (has('past')) return 'moved-out';
  if (has('applicant')) return 'applicant-only';
  return has('cancelled') ? 'cancelled' : 'no-lease';
}

/** A committee member need not live there; as long as the PMS says committee, there is something to give access for. */
function withCommittee({ userTypes, stays }: Said): readonly ResolvedStay[] {
  if (!userTypes.includes('committee') || stays.some(({ status }) => isLiveStatus(status))) return stays;
  const nowhere = { unitId: null, unitName: null, bedroom: null, ourUnitId: null, unitLabel: null, building: null };
  const noDates = { moveIn: null, moveOut: null, leaseStart: null, leaseEnd: null };
  return [...stays, { ...nowhere, ...noDates, leaseId: committeeLease, status: 'current' }];
}
