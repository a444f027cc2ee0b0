import type { Access, AccessPolicy, LeaseStatus, LocalDate, UserType } from '@leasewire/contracts';
import { addDays, endOfDay, localDateOf, plusDays, startOfDay } from './zone.rules.js';

/** Between two leases of one property somebody keeps access for so long: a transfer or a renewal is no move-out. */
export const bridgedDays = 7;

export interface OccupancyFacts {
  readonly unitId: string | null;
  readonly leaseId: string | null;
  readonly status: LeaseStatus;
  readonly from: LocalDate | null;
  readonly until: LocalDate | null;
  readonly endedAt: string | null;
  readonly executed?: 'in' | 'out' | undefined;
}

export interface AccessFacts {
  readonly state: 'pending-import' | 'active' | 'archived';
  readonly archivedReason: string | null;
  readonly userTypes: readonly UserType[];
  readonly staffAccess: 'granted' | 'denied' | null;
  readonly occupancies: readonly OccupancyFacts[];
  /** When the PMS last confirmed this; null: kept by hand, and then it is never stale. */
  readonly freshAsOf: Date | null;
}

/** What the property says. */
export interface Setting {
  readonly timeZone: string;
  readonly policy: AccessPolicy;
  readonly started: boolean;
  readonly archived: boolean;
  readonly language?: string | null | undefined;
}

export interface Standing {
  readonly access: Access;
  /** Nothing is open and nothing will be. */
  readonly over: boolean;
  /** When this has to be looked at again. */
  readonly nextAt: Date | null;
}

export interface Window {
  readonly from: Date | null;
  readonly until: Date | null;
  readonly reason: Access['reason'];
}

export function accessOf(facts: AccessFacts, setting: Setting, now: Date): Standing {
  const own = facts.occupancies.flatMap((occupancy) => windowOf(occupancy, facts, setting, now) ?? []);
  const windows = bridged(own, setting.timeZone);
  const open = windows.find((window) => isOpen(window, facts, setting, now));
  const coming = windows.find(({ from }) => from !== null && from > now);
  const last = windows.at(-1);
  const shown = open ?? coming ?? last;
  const limits = { from: shown?.from?.toISOString() ?? null, until: shown?.until?.toISOString() ?? null };
  const nextAt = earliest(windows.flatMap(({ from, until }) => [from, until]).filter((at) => at !== null && at > now));
  const over = open === undefined && coming === undefined;
  return { access: { ...limits, ...permitted(facts, setting, { open, coming, last }) }, over, nextAt };
}

function permitted(
  { state, archivedReason, staffAccess }: AccessFacts,
  setting: Setting,
  { open, coming, last }: { open: Window | undefined; coming: Window | undefined; last: Window | undefined },
): Pick<Access, 'open' | 'reason'> {
  if (state === 'archived')
    return {
      open: false,
      reason: archivedReason === 'moved-out' || archivedReason === 'gone-upstream' ? 'moved-out' : 'archived',
    };
  if (setting.archived) return { open: false, reason: 'archived' };
  if (staffAccess === 'denied') return { open: false, reason: 'staff-denied' };
  if (state === 'pending-import') return { open: false, reason: 'not-imported' };
  if (!setting.started) return { open: false, reason: 'service-not-started' };
  if (staffAccess === 'granted') return { open: true, reason: 'staff-granted' };
  if (open) return { open: true, reason: open.reason };
  if (coming) return { open: false, reason: 'not-yet' };
  return { open: false, reason: last ? 'moved-out' : 'none' };
}

/** The end of a lease is not in it: as long as the PMS says Current, somebody lives there. */
export function windowOf(
  { status, from, until, endedAt, executed }: OccupancyFacts,
  { userTypes }: Pick<AccessFacts, 'userTypes'>,
  { policy, timeZone }: Pick<Setting, 'policy' | 'timeZone'>,
  now: Date,
): Window | null {
  const opens = from === null ? null : startOfDay(addDays(from, -policy.futureMoveInDays), timeZone);
  const closes = (date: LocalDate): Date => endOfDay(addDays(date, policy.futureMoveOutDays), timeZone);
  // whoever lives there lives there, whatever the date of the move-in says
  const opened = opens !== null && opens > now ? null : opens;
  switch (status) {
    case 'applicant':
    case 'cancelled':
      return null;
    case 'future':
      if (executed === 'in') return { from: opened, until: null, reason: reasonOf(userTypes) };
      return opens === null ? null : { from: opens, until: null, reason: reasonOf(userTypes) };
    case 'current':
      return { from: opened, until: null, reason: reasonOf(userTypes) };
    case 'notice':
    case 'past': {
      if (executed === 'out' && endedAt !== null) return { from: opened, until: new Date(endedAt), reason: 'notice' };
      const ended = endedAt === null ? null : localDateOf(new Date(endedAt), timeZone);
      const on = until ?? ended;
      // the day of the move-out is theirs, until the PMS says that they have left
      const left = status === 'past' && endedAt !== null && on === ended && policy.futureMoveOutDays === 0;
      return { from: opened, until: on === null ? null : left ? new Date(endedAt) : closes(on), reason: 'notice' };
    }
  }
}

function reasonOf(userTypes: readonly UserType[]): Access['reason'] {
  if (userTypes.includes('resident') || userTypes.includes('tenant')) return 'lease';
  if (userTypes.includes('owner-occupier') || userTypes.includes('owner-investor')) return 'owner';
  return userTypes.includes('committee') ? 'committee' : 'lease';
}

/** What closed on a date that the data could not vouch for any more stays open until there are newer data. */
function isOpen({ from, until }: Window, { freshAsOf }: AccessFacts, { policy }: Setting, now: Date): boolean {
  if (from !== null && from > now) return false;
  if (until === null || until > now) return true;
  return freshAsOf !== null && until > plusDays(freshAsOf, policy.staleAfterDays);
}

/** Windows in the order of time, those joined that follow each other closely. */
function bridged(windows: readonly Window[], timeZone: string): Window[] {
  const inOrder = windows.toSorted((a, b) => timeOf(a.from, -Infinity) - timeOf(b.from, -Infinity));
  const joined: Window[] = [];
  for (const window of inOrder) {
    const before = joined.at(-1);
    if (before && (before.until === null || timeOf(window.from, -Infinity) <= awaitedTo(before.until, timeZone)))
      joined[joined.length - 1] = join(before, window);
    else joined.push(window);
  }
  return joined;
}

/** Whole days count, whatever the hour of leaving was. */
function awaitedTo(until: Date, timeZone: string): number {
  const last = localDateOf(new Date(until.getTime() - 1), timeZone);
  return startOfDay(addDays(last, 1 + bridgedDays), timeZone).getTime();
}

function join(a: Window, b: Window): Window {
  const until = a.until === null || b.until === null ? null : a.until > b.until ? a.until : b.until;
  const reason = a.until === null ? a.reason : b.until === null || b.until >= a.until ? b.reason : a.reason;
  return { from: a.from, until, reason };
}

const timeOf = (at: Date | null, none: number): number => at?.getTime() ?? none;
const earliest = (times: readonly (Date | null)[]): Date | null =>
  times.reduce((first, at) => (at !== null && (first === null || at < first) ? at : first), null);
