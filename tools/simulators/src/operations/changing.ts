import { z } from 'zod';
import { positions, roles } from '../world/model.js';
import { person } from '../world/people.js';
import { customer, Day, Id, Impossible, lease, operation, Person, property, unit } from './operation.js';

export const change = operation(
  'A person gets another name, e-mail or telephone number (`null`: none).',
  z.strictObject({ customerId: Id, ...Person.shape }),
  (world, { customerId, phone, ...wish }) => {
    const about = customer(world, customerId);
    if (wish.firstName !== undefined) about.firstName = wish.firstName;
    if (wish.lastName !== undefined) about.lastName = wish.lastName;
    if (wish.preferred !== undefined) about.preferred = wish.preferred;
    if (wish.email !== undefined) about.email = wish.email;
    if (phone !== undefined) about.phones = phone === null ? [] : [{ kind: 'mobile', number: phone }];
    world.customerChanged(about);
    return { customerId };
  },
);

export const changeBedroom = operation(
  'The same lease is for another bedroom of its unit.',
  z.strictObject({ leaseId: Id, bedroomId: Id }),
  (world, { leaseId, bedroomId }) => {
    const moved = lease(world, leaseId);
    if (!unit(world, moved.unitId).bedrooms.some(({ id }) => id === bedroomId)) {
      throw new Impossible(`Unit ${moved.unitId} has no bedroom ${bedroomId}.`);
    }
    moved.bedroomIds = [bedroomId];
    world.leaseChanged(moved);
    return { leaseId };
  },
);

export const renameBedroom = operation(
  'A bedroom of a unit that is let by the bed gets another name.',
  z.strictObject({ unitId: Id, bedroomId: Id, name: z.string() }),
  (world, { unitId, bedroomId, name }) => {
    const of = unit(world, unitId);
    const bedroom = of.bedrooms.find(({ id }) => id === bedroomId);
    if (bedroom === undefined) throw new Impossible(`Unit ${unitId} has no bedroom ${bedroomId}.`);
    bedroom.name = name;
    world.unitChanged(of);
    return { unitId };
  },
);

export const addPerson = operation(
  'One more on a lease: co-applicant, occupant, child, guarantor (or a second owner).',
  z.strictObject({
    leaseId: Id,
    role: z.enum(roles),
    person: Person.default({}),
    customerId: Id.optional(),
    moveIn: Day.optional(),
  }),
  (world, wish) => {
    const on = lease(world, wish.leaseId);
    const { vendor, country } = property(world, on.propertyId);
    const who = wish.customerId === undefined ? person(world, vendor, country, wish.person) : customer(world, wish.customerId);
    const moveIn = wish.moveIn ?? (on.moveIn > world.today ? on.moveIn : world.today);
    const status = moveIn > world.today ? 'Future' : on.status;
    world.addMember(on, { customerId: who.id, role: wish.role, status, moveIn, moveOut: on.moveOut });
    return { leaseId: on.id, customerId: who.id };
  },
);

export const deleteUnit = operation(
  'A unit is gone. Leases on it stay as they are, as vendors leave them; nobody new can be there.',
  z.strictObject({ unitId: Id }),
  (world, { unitId }) => {
    world.removeUnit(unit(world, unitId));
    return { unitId };
  },
);

export const renameUnit = operation(
  'A unit keeps its id and gets another number or building.',
  z.strictObject({ unitId: Id, number: z.string().optional(), building: z.string().nullable().optional() }),
  (world, { unitId, number, building }) => {
    const renamed = unit(world, unitId);
    if (number !== undefined) renamed.number = number;
    if (building !== undefined) renamed.building = building;
    world.unitChanged(renamed);
    return { unitId };
  },
);

export const owe = operation(
  'What is owed on a lease from now on, in cents; negative: they have paid too much.',
  z.strictObject({ leaseId: Id, cents: z.int() }),
  (world, { leaseId, cents }) => {
    const owing = lease(world, leaseId);
    owing.balance = cents;
    world.leaseChanged(owing);
    return { leaseId };
  },
);

export const pay = operation('All that is owed on a lease is paid.', z.strictObject({ leaseId: Id }), (world, { leaseId }) => {
  const paid = lease(world, leaseId);
  paid.balance = 0;
  world.leaseChanged(paid);
  return { leaseId };
});

export const occupy = operation(
  'An owner begins or ceases to live in their lot.',
  z.strictObject({ leaseId: Id, occupies: z.boolean() }),
  (world, { leaseId, occupies }) => {
    const owned = lease(world, leaseId);
    owned.occupies = occupies;
    world.leaseChanged(owned);
    return { leaseId };
  },
);

export const committee = operation(
  'Somebody joins the committee of a community, or leaves it.',
  z.strictObject({ propertyId: Id, customerId: Id, on: z.boolean(), position: z.enum(positions).default('BoardMember') }),
  (world, { propertyId, customerId, on, position }) => {
    const about = customer(world, customerId);
    const term = world.committeeOf(propertyId).find((one) => one.customerId === customerId && one.to === null);
    if (!on && term !== undefined) term.to = world.today;
    if (on && term === undefined) {
      const id = world.newId('term');
      const createdAt = world.clock.now();
      world.committee.push({
        id,
        propertyId: property(world, propertyId).id,
        customerId,
        position,
        from: world.today,
        to: null,
        createdAt,
      });
    }
    world.customerChanged(about);
    world.committeeChanged(propertyId);
    return { customerId };
  },
);
