import type { LocalDate, OccupancyId, Resident } from '@leasewire/contracts';
import { accessOf, type Setting } from '../decision/access.rules.js';
import { displayNameOf, issuesOf } from '../decision/fields.rules.js';
import { countingOf, isLiveStatus, type PlannedOccupancy } from '../decision/stays.rules.js';
import { nextMove, type Move } from '../decision/upcoming.rules.js';
import { languageOf } from '../decision/language.rules.js';
import { endOfDay, localDateOf, startOfDay } from '../decision/zone.rules.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { fold, naturalKey, searchWordsAndPairs } from '../search-words.rules.js';
import { isOfPms } from './fed.rules.js';
import type { ResidentDoc } from './resident.repository.js';

type Derived =
  | 'displayName'
  | 'occupancy'
  | 'leaseStatus'
  | 'access'
  | 'building'
  | 'unitIds'
  | 'search'
  | 'sort'
  | 'alike'
  | 'assignable'
  | 'language'
  | 'upcoming'
  | 'due';
type Stamps = 'version' | 'createdAt' | 'updatedAt';
/** What is decided; all else of a resident follows from it, the property and the time. */
export type ResidentFacts = Omit<ResidentDoc, Derived | Stamps>;
export type Settled = ResidentFacts &
  Omit<Pick<ResidentDoc, Derived>, 'alike' | 'upcoming' | 'due'> & { move: Move | null; nextAt: Date | null };

export interface Settling {
  readonly setting: Setting;
  readonly property: Pick<PropertyDoc, 'connectionId' | 'lastSweepAt'>;
  readonly now: Date;
}

/** Whether they may use the network, and whether they have left: what an estimate asks of thousands. */
export function standingOf(given: ResidentFacts, { setting, property, now }: Settling) {
  const byHand = !isOfPms(given, property);
  const saidAt = saidAtOf(given, property);
  const day = {
    today: localDateOf(now, setting.timeZone),
    saidOn: saidAt && localDateOf(saidAt, setting.timeZone),
    now,
  };
  const occupancies = given.occupancies.map((occupancy) => (isDated(occupancy, byHand) ? byDates(occupancy, day) : occupancy));
  // nothing newer will be said of whom no PMS keeps, so it is not waited for
  const facts = { ...given, occupancies, byHand, freshAsOf: byHand ? null : saidAt };
  const before = accessOf(facts, setting, now);
  const leaves = given.state !== 'archived' && given.staffAccess !== 'granted' && before.over && !occupancies.some(isAwaited);
  const state = leaves ? 'archived' : given.state;
  const archivedReason = leaves
    ? given.goneUpstream
      ? 'gone-upstream'
      : 'moved-out'
    : state === 'archived'
      ? given.archivedReason
      : null;
  const { access, nextAt } = leaves ? accessOf({ ...facts, state, archivedReason }, setting, now) : before;
  return { facts, state, archivedReason, access, nextAt } as const;
}

export function settle(given: ResidentFacts, settling: Settling): Settled {
  const { setting, now } = settling;
  const { facts, state, archivedReason, access, nextAt } = standingOf(given, settling);
  const { freshAsOf: _freshAsOf, byHand, ...kept } = facts;
  const dated = facts.occupancies;
  const occupancy = countingOf(dated);
  const { language, source } = languageOf(given, setting.language);
  const { language: _language, ...sources } = given.sources;
  return {
    ...kept,
    language,
    sources: source ? { ...sources, language: source } : sources,
    state,
    archivedReason,
    displayName: displayNameOf(given.name),
    occupancy: occupancy && shown(occupancy),
    leaseStatus: occupancy?.status ?? null,
    access,
    building: occupancy?.building ?? null,
    unitIds: [...new Set(dated.flatMap(({ unitId, endedAt }) => (unitId !== null && endedAt === null ? [unitId] : [])))],
    assignable: state === 'active',
    issues: issuesOf({ ...given, occupancies: dated }),
    ...keys(given, dated, occupancy && [occupancy.unit ?? '\uffff', occupancy.bedroom].join(' ')),
    move: nextMove({ ...facts, state }, setting, now),
    nextAt:
      state === 'archived'
        ? null
        : earliest([nextAt, ...dated.map((o) => (isDated(o, byHand) ? turnsAt(o, setting, now) : null))]),
  };
}

/** When a PMS or a file said last what is kept of them; the sweeps of another PMS say nothing of them. */
function saidAtOf(given: ResidentFacts, property: Settling['property']): Date | null {
  const { upstreamId, fetchedAt } = given;
  if (upstreamId === null) return null;
  const lastSweepAt = property.connectionId === null || isOfPms(given, property) ? property.lastSweepAt : null;
  return lastSweepAt !== null && (fetchedAt === null || lastSweepAt > fetchedAt) ? lastSweepAt : fetchedAt;
}

/** Somebody is to come, and nobody has said when. */
const isAwaited = ({ status, executed }: PlannedOccupancy): boolean => status === 'future' && executed === undefined;

type Kept = ResidentDoc['occupancies'][number];
interface Day {
  readonly today: LocalDate;
  /** When it was last said that they live there. */
  readonly saidOn: LocalDate | null;
  readonly now: Date;
}

/** Without a PMS the dates say it all: nobody else will say that the day has come. */
const isDated = ({ leaseId, status }: Kept, byHand: boolean): boolean => (leaseId === null || byHand) && isLiveStatus(status);

function byDates(occupancy: Kept, day: Day): Kept {
  const { endedAt, executed } = occupancy;
  if (executed === 'out') return { ...occupancy, status: 'past' };
  const until = lastDayOf(occupancy, day);
  if (until !== null && until < day.today) return { ...occupancy, status: 'past', endedAt: endedAt ?? day.now.toISOString() };
  if (executed !== 'in' && isToCome(occupancy, day)) return { ...occupancy, status: 'future', endedAt: null };
  const living = occupancy.leaseId !== null && occupancy.status === 'notice' ? 'notice' : 'current';
  return { ...occupancy, status: until === null ? living : 'notice', endedAt: null };
}

/** A lease that was called current after the day of its move-out had passed goes on until somebody says otherwise. */
const lastDayOf = ({ leaseId, status, until }: Kept, { saidOn }: Day): LocalDate | null =>
  leaseId !== null && status === 'current' && until !== null && saidOn !== null && until < saidOn ? null : until;

/** Whoever was said to live there does, whatever the date of the move-in; and who is to come comes when somebody says so. */
const isToCome = ({ leaseId, status, from }: Kept, { today }: Day): boolean =>
  leaseId === null ? from !== null && from > today : status === 'future' && (from === null || from > today);

function turnsAt({ from, until }: PlannedOccupancy, { timeZone }: Setting, now: Date): Date | null {
  return earliest(
    [from && startOfDay(from, timeZone), until && endOfDay(until, timeZone)].map((at) => (at && at > now ? at : null)),
  );
}

function earliest(times: readonly (Date | null)[]): Date | null {
  return times.reduce((first, at) => (at !== null && (first === null || at < first) ? at : first), null);
}

function shown({
  executed: _executed,
  building: _building,
  ...occupancy
}: ResidentDoc['occupancies'][number]): Resident['occupancy'] {
  return occupancy;
}

function keys({ name, email, phones }: ResidentFacts, occupancies: readonly PlannedOccupancy[], unit: string | null) {
  return {
    search: searchOf({ name, email, phones }, occupancies),
    sort: { name: fold(displayNameOf(name)), lastName: fold(`${name.last} ${name.first}`), unit: naturalKey(unit ?? '\uffff') },
  };
}

export const searchOf = ({ name, email, phones }: Found, occupancies: readonly Pick<PlannedOccupancy, 'unit' | 'endedAt'>[]) =>
  searchWordsAndPairs({
    names: [name.first, name.last, name.preferred, name.company, displayNameOf(name)],
    email,
    phones,
    units: occupancies.filter(({ endedAt }) => endedAt === null).map((occupancy) => occupancy.unit),
  });
type Found = Pick<ResidentDoc, 'name' | 'email' | 'phones'>;

/** An occupancy with an id for those that are new. */
export const withIds = (occupancies: readonly PlannedOccupancy[], mint: () => OccupancyId): ResidentDoc['occupancies'] =>
  occupancies.map((occupancy) => ({ ...occupancy, id: occupancy.id ?? mint() }));
