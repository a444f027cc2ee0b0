import { z } from 'zod';
import { plusDays } from '../world/days.js';
import { freeSpace, isFree, makeLease, setStatus } from '../world/leases.js';
import type { Lease, Role, Unit } from '../world/model.js';
import { person } from '../world/people.js';
import type { World } from '../world/world.js';
import { customer, Day, Id, Impossible, lease, operation, Person, property, unit } from './operation.js';

const target = { unitId: Id.optional(), bedroomId: Id.optional() };

interface Space {
  readonly unit: Unit;
  readonly bedroomIds: string[];
}

/** The space that was named, or the first free one. */
function spaceIn(
  world: World,
  propertyId: string,
  from: string,
  wish: { unitId?: string | undefined; bedroomId?: string | undefined },
): Space {
  if (wish.unitId === undefined) {
    const free = freeSpace(world, propertyId, from);
    if (free === null) throw new Impossible(`Property ${propertyId} has no free space from ${from}.`);
    return free;
  }
  const wanted = unit(world, wish.unitId);
  if (wanted.propertyId !== propertyId) throw new Impossible(`Unit ${wanted.id} is not in property ${propertyId}.`);
  const { bedroomId } = wish;
  const bedrooms = bedroomId === undefined ? wanted.bedrooms : wanted.bedrooms.filter(({ id }) => id === bedroomId);
  const free =
    wanted.by === 'bed' && bedroomId === undefined ? bedrooms.find(({ id }) => isFree(world, wanted, [id], from)) : null;
  const bedroomIds = free == null ? bedrooms.map(({ id }) => id) : [free.id];
  if (bedroomIds.length === 0) throw new Impossible(`Unit ${wanted.id} has no bedroom ${bedroomId ?? ''}.`);
  return { unit: wanted, bedroomIds };
}

export const moveIn = operation(
  'Somebody new moves in (later than today: a Future lease), or with `leaseId` those of a Future lease do, today. In a strata community they buy (`role: owner`) or rent a lot.',
  z.union([
    z.strictObject({ leaseId: Id }),
    z.strictObject({
      propertyId: Id,
      ...target,
      date: Day.optional(),
      person: Person.default({}),
      customerId: Id.optional().describe('Somebody who is known already: a second lot, a return.'),
      role: z.enum(['owner', 'tenant']).default('owner').describe('In strata only.'),
      occupies: z.boolean().default(true).describe('Does the owner live there?'),
    }),
  ]),
  (world, wish) => {
    if ('leaseId' in wish) return arrive(world, lease(world, wish.leaseId));
    const place = property(world, wish.propertyId);
    const from = wish.date ?? world.today;
    const kind = place.kind === 'rental' ? 'rental' : wish.role === 'owner' ? 'ownership' : 'lot-tenancy';
    const space = kind === 'rental' ? spaceIn(world, place.id, from, wish) : lotIn(world, place.id, wish.unitId);
    const who =
      wish.customerId === undefined ? person(world, place.vendor, place.country, wish.person) : customer(world, wish.customerId);
    const role: Role = kind === 'rental' ? 'primary' : wish.role;
    const end = kind === 'ownership' ? { end: null } : {};
    const status = from > world.today ? 'Future' : 'Current';
    const people = [{ customerId: who.id, role }];
    const made = makeLease(world, { ...space, kind, status, moveIn: from, people, occupies: wish.occupies, ...end });
    return { leaseId: made.id, customerId: who.id, unitId: space.unit.id };
  },
);

function lotIn(world: World, propertyId: string, unitId: string | undefined): Space {
  const lots = world.unitsOf(propertyId);
  const lot =
    unitId === undefined
      ? lots.find(({ id }) => world.leasesIn(id).every(({ status }) => status === 'Past'))
      : unit(world, unitId);
  if (lot === undefined) throw new Impossible(`Property ${propertyId} has no lot without an owner: say which unitId.`);
  return { unit: lot, bedroomIds: lot.bedrooms.map(({ id }) => id) };
}

function arrive(world: World, coming: Lease): unknown {
  if (coming.status !== 'Future') throw new Impossible(`Lease ${coming.id} is ${coming.status}, not Future.`);
  setStatus(world, coming, 'Current');
  return { leaseId: coming.id };
}

export const moveOut = operation(
  'A lease ends, today or on the day given (not later than today); with `customerId` only that person leaves it.',
  z.strictObject({ leaseId: Id, customerId: Id.optional(), date: Day.optional() }),
  (world, { leaseId, customerId, date = world.today }) => {
    const ending = goingOn(lease(world, leaseId));
    if (date > world.today) throw new Impossible(`${date} is still to come: give notice.`);
    if (customerId === undefined) {
      leave(world, ending, date);
      return { leaseId };
    }
    const member = ending.members.find((one) => one.customerId === customerId);
    if (member === undefined) throw new Impossible(`${customerId} is not on lease ${leaseId}.`);
    if (member.status === 'Past' || member.status === 'Cancelled')
      throw new Impossible(`${customerId} is ${member.status} on lease ${leaseId} already.`);
    Object.assign(member, { status: 'Past', moveOut: date });
    // with the last who lived there the lease is over; who only vouches for them does not live there
    if (ending.members.some(({ role, status }) => role !== 'guarantor' && status !== 'Past' && status !== 'Cancelled'))
      world.leaseChanged(ending);
    else leave(world, ending, date);
    return { leaseId, customerId };
  },
);

/** Asked before anything is changed: what cannot be done leaves no trace. */
function goingOn(asked: Lease): Lease {
  if (asked.status === 'Current' || asked.status === 'Notice') return asked;
  throw new Impossible(`Lease ${asked.id} is ${asked.status}, so nobody lives there by it.`);
}

function leave(world: World, ending: Lease, date: string): void {
  ending.moveOut = date;
  setStatus(world, ending, 'Past');
}

export const giveNotice = operation(
  'Those of a lease say that they leave.',
  z.strictObject({ leaseId: Id, date: Day }),
  (world, { leaseId, date }) => {
    announce(world, lease(world, leaseId), date);
    return { leaseId };
  },
);

function announce(world: World, leaving: Lease, date: string): void {
  goingOn(leaving);
  leaving.moveOut = date;
  leaving.noticeGiven = world.today;
  setStatus(world, leaving, 'Notice');
}

export const cancel = operation('A Future lease comes to nothing.', z.strictObject({ leaseId: Id }), (world, { leaseId }) => {
  const cancelled = lease(world, leaseId);
  if (cancelled.status !== 'Future' && cancelled.status !== 'Applicant')
    throw new Impossible(`Lease ${leaseId} is ${cancelled.status}.`);
  setStatus(world, cancelled, 'Cancelled');
  return { leaseId };
});

export const transfer = operation(
  'To another space, or with `propertyId` to another property: a new lease id. With a later `date` the old lease is Notice while the new one is Future, so that for a while neither is Current; today (the default) it is done at once.',
  z.strictObject({
    leaseId: Id,
    propertyId: Id.optional(),
    ...target,
    date: Day.optional(),
    newCustomer: z.boolean().default(false).describe('The vendor gives the people new customer ids.'),
    pointsBack: z.boolean().default(true).describe('The new lease names its parent; only one of four that were seen did.'),
  }),
  (world, wish) => {
    const old = goingOn(lease(world, wish.leaseId));
    const date = wish.date ?? world.today;
    const to = property(world, wish.propertyId ?? old.propertyId);
    if (to.vendor !== property(world, old.propertyId).vendor) throw new Impossible('Nobody moves from one vendor to another.');
    const space = spaceIn(world, to.id, date, wish);
    const type = to.id === old.propertyId ? 'Transfer' : 'Application';
    const made = followOn(world, old, { ...space, date, type, newCustomer: wish.newCustomer, parent: wish.pointsBack });
    if (date > world.today) announce(world, old, date);
    else leave(world, old, date);
    return {
      leaseId: made.id,
      oldLeaseId: old.id,
      unitId: space.unit.id,
      customerIds: made.members.map(({ customerId }) => customerId),
    };
  },
);

export const renewGap = operation(
  'A student comes back after a gap: the vendor makes a new customer of them (new id) with a Future lease; the old lease ends on its day.',
  z.strictObject({ leaseId: Id, moveOut: Day, moveIn: Day, unitId: Id.optional(), bedroomId: Id.optional() }),
  (world, { leaseId, moveOut: last, moveIn: first, ...wish }) => {
    const old = goingOn(lease(world, leaseId));
    const same = world.units.get(old.unitId);
    const stays = wish.unitId === undefined && same !== undefined;
    const space = stays ? { unit: same, bedroomIds: old.bedroomIds } : spaceIn(world, old.propertyId, first, wish);
    // before they leave: who has left goes nowhere
    const made = followOn(world, old, { ...space, date: first, type: 'Application', newCustomer: true, parent: false });
    if (last > world.today) announce(world, old, last);
    else leave(world, old, last);
    return { leaseId: made.id, oldLeaseId: old.id, customerIds: made.members.map(({ customerId }) => customerId) };
  },
);

export const renew = operation(
  'The lease goes on under the same id with one more interval.',
  z.strictObject({ leaseId: Id, until: Day }),
  (world, { leaseId, until }) => {
    const going = goingOn(lease(world, leaseId));
    const start = plusDays(going.intervals.at(-1)?.end ?? world.today, 1);
    going.intervals.push({
      id: world.newId('interval'),
      type: 'Renewal',
      start,
      end: until,
      status: start > world.today ? 'Future' : going.status,
    });
    world.leaseChanged(going);
    return { leaseId };
  },
);

interface FollowOn extends Space {
  readonly date: string;
  readonly type: 'Application' | 'Transfer';
  readonly newCustomer: boolean;
  readonly parent: boolean;
}

function followOn(world: World, old: Lease, how: FollowOn): Lease {
  const going = old.members.filter(({ status }) => status !== 'Past' && status !== 'Cancelled');
  const people = going.map(({ customerId, role }) => ({
    customerId: how.newCustomer ? again(world, customerId) : customerId,
    role,
  }));
  return makeLease(world, {
    unit: how.unit,
    bedroomIds: how.bedroomIds,
    kind: old.kind,
    status: how.date > world.today ? 'Future' : 'Current',
    moveIn: how.date,
    people,
    type: how.type,
    parentLeaseId: how.parent ? old.id : null,
  });
}

function again(world: World, customerId: string): string {
  const { vendor, firstName, lastName, preferred, email, phones } = customer(world, customerId);
  const made = person(world, vendor, 'US', { firstName, lastName, preferred, email });
  made.phones = phones.map((phone) => ({ ...phone }));
  return made.id;
}
