import type { Simulators } from '@leasewire/simulators';
import type { OccupancyView } from './views.js';

/**
 * What directory must show, worked out anew from the simulator's model and from nothing of ours: no code of the product is called
 * here, and the model is read itself, not through a vendor's API. What a vendor does not tell (README of the simulators,
 * "What is true of whom") is left out here too.
 */
export type World = ReturnType<Simulators['world']>;
type Property = NonNullable<ReturnType<World['properties']['get']>>;
type Lease = ReturnType<World['leasesOf']>[number];
type Member = Lease['members'][number];
export type Status = 'applicant' | 'future' | 'current' | 'notice' | 'past' | 'cancelled';

export interface ExpectedStay {
  readonly leaseId: string;
  readonly status: Status;
  /** Of the unit at the vendor; it may be deleted there. */
  readonly unitId: string;
  /** As it is shown; null: the unit is deleted, what was known of it stays. */
  readonly unit: string | null;
  readonly bedroom: string | null;
  readonly from: string | null;
  readonly until: string | null;
  /** When it was told here that it is over. */
  readonly endedAt?: string | null;
}
export interface ExpectedPerson {
  readonly customerId: string;
  readonly rawName: string;
  readonly email: string | null;
  /** The last eight digits of each number. */
  readonly phones: readonly string[];
  readonly userTypes: readonly string[];
  readonly stays: readonly ExpectedStay[];
  /** Lives there or will. */
  readonly lives: boolean;
}

/** Everybody of whom the vendor tells, by customer id. */
export function expectedPeople(world: World, propertyId: string): Map<string, ExpectedPerson> {
  const property = world.properties.get(propertyId);
  if (!property) throw new Error(`The model has no property ${propertyId}.`);
  const told = property.kind === 'strata' ? owners(world, property) : tenants(world, property);
  return new Map(
    [...told].map(([customerId, { stays, userTypes }]) => {
      const about = world.customers.get(customerId)!;
      const person = {
        customerId,
        rawName: rawNameOf(property, about),
        email: about.email === null || about.email === 'none@none.com' ? null : about.email.toLowerCase(),
        phones: [...new Set(about.phones.map(({ number }) => lastDigits(number)))].sort(),
        userTypes: [...userTypes].sort(),
        stays,
        lives: stays.some(({ status }) => isLive(status)),
      };
      return [customerId, person];
    }),
  );
}

export const isLive = (status: string): boolean => status === 'current' || status === 'notice' || status === 'future';
export const lastDigits = (number: string): string => number.replace(/\D/g, '').slice(-8);

function rawNameOf(
  { kind, vendor }: Property,
  { firstName, lastName, preferred }: { firstName: string; lastName: string; preferred: string | null },
): string {
  if (vendor === 'entrata') return `${lastName}, ${firstName}${preferred === null ? '' : ` (${preferred})`}`.normalize('NFC');
  if (kind === 'rental' || vendor === 'buildium') return `${firstName} ${lastName}`.trim().normalize('NFC');
  return `${firstName} ${lastName}`.trim().normalize('NFC');
}

type Told = Map<string, { stays: ExpectedStay[]; userTypes: Set<string> }>;

function tenants(world: World, property: Property): Told {
  const told: Told = new Map();
  for (const lease of world.leasesOf(property.id))
    for (const member of lease.members) {
      const status = property.vendor === 'entrata' ? byEntrata(lease, member) : byBuildium(lease, member);
      // who only vouches for the rent has no home here
      if (status === null || member.role === 'guarantor') continue;
      const unit = world.units.get(lease.unitId);
      const person = told.get(member.customerId) ?? { stays: [], userTypes: new Set(['resident']) };
      told.set(member.customerId, person);
      person.stays.push({
        leaseId: lease.id,
        status,
        unitId: lease.unitId,
        unit: unit ? shownAs(unit) : null,
        bedroom: property.vendor === 'entrata' ? bedroomsOf(unit, lease) : null,
        from: member.moveIn ?? lease.moveIn,
        until:
          property.vendor === 'entrata'
            ? untilByEntrata(lease, member, status)
            : member.status === 'Future'
              ? null
              : member.moveOut,
      });
    }
  return told;
}

export const shownAs = ({ building, number }: { building: string | null; number: string }): string =>
  building === null ? number : `${building}-${number}`;

function bedroomsOf(unit: ReturnType<World['units']['get']>, { bedroomIds }: Lease): string | null {
  const names = (unit?.bedrooms ?? []).flatMap(({ id, name }) => (name !== null && bedroomIds.includes(id) ? [name] : []));
  return names.length === 0 ? null : [...new Set(names)].sort().join(', ');
}

/** The lease says what it is; a person on it may be less: gone, not yet there, about to leave. */
function byEntrata({ status: lease }: Lease, { status: person }: Member): Status {
  if (lease === 'Past' || lease === 'Cancelled') return person === 'Cancelled' || lease === 'Cancelled' ? 'cancelled' : 'past';
  if (person === 'Past') return 'past';
  if (person === 'Cancelled') return 'cancelled';
  if (lease === 'Applicant' || person === 'Applicant') return 'applicant';
  if (lease === 'Future' || person === 'Future') return 'future';
  return lease === 'Notice' || person === 'Notice' ? 'notice' : 'current';
}

/** Who has no day of their own leaves with the lease, as far as they are on it what it is: they came after notice was given. */
const untilByEntrata = (lease: Lease, { moveOut }: Member, status: Status): string | null =>
  moveOut ?? (status === lease.status.toLowerCase() ? lease.moveOut : null);

/** Buildium knows Active, Past and Future; notice is a move-out that has been announced. Children are not tenants. */
function byBuildium({ status: lease }: Lease, { role, status: person, moveOut }: Member): Status | null {
  if (role === 'child' || person === 'Cancelled' || lease === 'Applicant' || lease === 'Cancelled') return null;
  if (lease === 'Past') return person === 'Future' ? 'cancelled' : 'past';
  if (person === 'Past') return lease === 'Future' ? 'cancelled' : 'past';
  if (lease === 'Future' || person === 'Future') return 'future';
  return moveOut === null ? 'current' : 'notice';
}

/** A strata roll has no days: whoever is on it owns the lot now. PropertyIQ shows one owner of a lot. */
function owners(world: World, property: Property): Told {
  const told: Told = new Map();
  const seats = world.committeeOf(property.id).filter(({ to }) => to === null);
  const sits = (customerId: string) => seats.some((seat) => seat.customerId === customerId);
  for (const unit of world.unitsOf(property.id)) {
    const now = (status: string) => status === 'Current' || status === 'Notice';
    const ownership = world.leasesIn(unit.id).findLast(({ kind, status }) => kind === 'ownership' && now(status));
    const all = (ownership?.members ?? []).filter(({ status }) => now(status)).map(({ customerId }) => customerId);
    const shown = property.vendor === 'propertyiq' ? all.slice(0, 1) : all;
    for (const customerId of shown) {
      const person = told.get(customerId) ?? { stays: [], userTypes: new Set<string>() };
      told.set(customerId, person);
      person.userTypes.add(ownership?.occupies ? 'owner-occupier' : 'owner-investor');
      // PropertyIQ says it of the lot
      if (property.vendor === 'propertyiq' ? all.some(sits) : sits(customerId)) person.userTypes.add('committee');
      person.stays.push({
        leaseId: `owner-${unit.id}`,
        status: 'current',
        unitId: unit.id,
        unit: shownAs({ building: null, number: unit.number }),
        bedroom: null,
        from: null,
        until: null,
      });
    }
  }
  return told;
}

export interface Windows {
  readonly timeZone: string;
  readonly futureMoveInDays: number;
  readonly futureMoveOutDays: number;
}

/** Somebody who is in between two stays for no longer than this keeps access. */
const bridgedDays = 7;

export interface ExpectedAccess {
  readonly open: boolean;
  /** Nothing is open and nothing will be: the person is archived. */
  readonly over: boolean;
}

/** By days of the property’s calendar alone. `before`: stays that were known here and are over; the vendor may not list them any more. */
export function expectedAccess(
  stays: readonly Pick<ExpectedStay, 'status' | 'from' | 'until' | 'endedAt'>[],
  { timeZone, futureMoveInDays, futureMoveOutDays }: Windows,
  now: Date,
): ExpectedAccess {
  const dayOf = (at: Date) => dayNumber(new Intl.DateTimeFormat('en-CA', { timeZone }).format(at));
  const today = dayOf(now);
  // the first and the last day that is theirs, and the day from which on they are awaited somewhere else
  const spans = stays.flatMap(({ status, from, until, endedAt }): [number, number, number][] => {
    const opens = from === null ? -Infinity : dayNumber(from) - futureMoveInDays;
    const livesThere = Math.min(opens, today);
    if (status === 'current') return [[livesThere, Infinity, Infinity]];
    if (status === 'future') return from === null ? [] : [[opens, Infinity, Infinity]];
    if (status === 'notice' || status === 'past') {
      if (until === null) return [[livesThere, Infinity, Infinity]];
      const last = dayNumber(until) + futureMoveOutDays;
      // where the property gives no days after, who is said on their last day to have left has left
      const told = endedAt == null ? null : dayOf(new Date(endedAt));
      const gone = status === 'past' && futureMoveOutDays === 0 && last === told;
      return [[livesThere, gone ? last - 1 : last, last]];
    }
    return [];
  });
  const inOrder = spans.sort(([a], [b]) => a - b);
  const open = inOrder.some(([from, to], at) => {
    if (from <= today && today <= to) return true;
    // up to now every day since the one before was bridged
    const reach = Math.max(...inOrder.slice(0, at).map(([, , last]) => last), -Infinity);
    return from > today && reach >= -1e9 && reach <= today && from - (reach + 1) <= bridgedDays;
  });
  const coming = inOrder.some(([from]) => from > today) || stays.some(({ status }) => status === 'future');
  return { open, over: !open && !coming };
}

function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}

/** Stays that directory knew before they were over, as the model has them now; those that vanished, as they were ended here. */
export function knownPast(known: readonly OccupancyView[], stays: readonly ExpectedStay[]): ExpectedStay[] {
  const listed = new Map(stays.map((stay) => [stay.leaseId, stay]));
  return known.flatMap((occupancy): ExpectedStay[] => {
    if (occupancy.status !== 'past' || occupancy.leaseId === null) return [];
    const stay = listed.get(occupancy.leaseId);
    const { leaseId, unit, bedroom, from, until, endedAt } = occupancy;
    if (stay) return isLive(stay.status) ? [] : [{ ...stay, endedAt }];
    return [{ leaseId, status: 'past', unitId: '', unit, bedroom, from, until, endedAt }];
  });
}
