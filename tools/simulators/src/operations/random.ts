import { z } from 'zod';
import { plusDays } from '../world/days.js';
import { freeSpace, isFree } from '../world/leases.js';
import type { Lease, Property } from '../world/model.js';
import { Prng } from '../world/prng.js';
import type { World } from '../world/world.js';
import * as changing from './changing.js';
import * as moving from './moving.js';
import { Id, Impossible, operation, type Operation } from './operation.js';
import { advance } from './time.js';

interface Dice {
  readonly world: World;
  readonly random: Prng;
  readonly property: Property;
  /** One that is going on. */
  readonly lease: Lease;
}

/** What to do it with; null: nothing like that is there just now. */
type Throw = readonly [name: string, operation: Operation, body: (dice: Dice) => unknown];

const soon = ({ world, random }: Dice) => plusDays(world.today, random.whole(0, 20));
const later = ({ world, random }: Dice) => plusDays(world.today, random.whole(1, 20));
const who = ({ lease, random }: Dice) => random.pick(lease.members).customerId;
const any: readonly Throw[] = [
  ['move-in', moving.moveIn, (dice) => ({ propertyId: dice.property.id, date: soon(dice) })],
  ['move-out', moving.moveOut, ({ lease }) => ({ leaseId: lease.id })],
  ['change', changing.change, (dice) => ({ customerId: who(dice), email: `moved.${dice.random.whole(1, 1e6)}@example.com` })],
  // letters only: a name with digits is what placeholders have
  ['change', changing.change, (dice) => ({ customerId: who(dice), lastName: `New${lettersOf(dice.random.whole(1, 1e6))}` })],
  ['change', changing.change, (dice) => ({ customerId: who(dice), phone: `217-555-01${dice.random.whole(10, 99)}` })],
  ['owe', changing.owe, ({ lease, random }) => ({ leaseId: lease.id, cents: random.whole(0, 300_000) })],
  ['pay', changing.pay, ({ lease }) => ({ leaseId: lease.id })],
  ['rename-unit', changing.renameUnit, ({ lease, random }) => ({ unitId: lease.unitId, number: `R${random.whole(1, 1e6)}` })],
  ['delete-unit', changing.deleteUnit, ({ lease, random }) => (random.chance(0.15) ? { unitId: lease.unitId } : null)],
  ['advance', advance, ({ random }) => ({ days: random.whole(1, 3) })],
];
const ofRentals: readonly Throw[] = [
  ['move-in', moving.moveIn, (dice) => aboutFuture(dice)],
  ['cancel', moving.cancel, (dice) => aboutFuture(dice)],
  ['move-out', moving.moveOut, (dice) => ({ leaseId: dice.lease.id, customerId: who(dice) })],
  ['give-notice', moving.giveNotice, (dice) => ({ leaseId: dice.lease.id, date: later(dice) })],
  ['transfer', moving.transfer, (dice) => ({ leaseId: dice.lease.id, date: soon(dice) })],
  ['transfer', moving.transfer, (dice) => ({ leaseId: dice.lease.id, date: soon(dice), propertyId: elsewhere(dice) })],
  ['transfer', moving.transfer, (dice) => ({ leaseId: dice.lease.id, newCustomer: true, pointsBack: dice.random.chance(0.25) })],
  ['renew', moving.renew, ({ lease, world }) => ({ leaseId: lease.id, until: plusDays(world.today, 400) })],
  ['renew-gap', moving.renewGap, gap],
  ['change-bedroom', changing.changeBedroom, otherBedroom],
  ['rename-bedroom', changing.renameBedroom, anyBedroom],
  [
    'add-person',
    changing.addPerson,
    ({ lease, random }) => ({ leaseId: lease.id, role: random.pick(['occupant', 'co-applicant', 'guarantor', 'child']) }),
  ],
];
const ofStrata: readonly Throw[] = [
  ['occupy', changing.occupy, ({ lease }) => ({ leaseId: lease.id, occupies: !lease.occupies })],
  ['add-person', changing.addPerson, ({ lease }) => ({ leaseId: lease.id, role: 'owner' })],
  [
    'committee',
    changing.committee,
    (dice) => ({ propertyId: dice.property.id, customerId: who(dice), on: dice.random.chance(0.6) }),
  ],
];

export const randomly = operation(
  'So many operations at random, in all properties or in one. What cannot be done is left out.',
  z.strictObject({
    count: z.int().positive().max(10_000).default(1),
    seed: z.int().default(1),
    propertyId: Id.optional(),
    without: z.array(z.string()).default([]).describe('Operations that are not done: a test that turns the calendar itself.'),
  }),
  (world, { count, seed, propertyId, without }) => {
    const random = new Prng(seed);
    const properties = [...world.properties.values()].filter(({ id }) => id === (propertyId ?? id));
    if (properties.length === 0) throw new Impossible(`There is no property ${propertyId ?? ''}.`);
    const done: { name: string; body: unknown }[] = [];
    for (let at = 0; at < count; at += 1) {
      const property = random.pick(properties);
      const lease = goingOn(world, random, property);
      if (lease === null) continue;
      const all = [...any, ...(property.kind === 'rental' ? ofRentals : ofStrata)];
      const [name, chosen, body] = random.pick(all.filter(([one]) => !without.includes(one)));
      const wish = body({ world, random, property, lease });
      if (wish !== null && tried(world, chosen, wish)) done.push({ name, body: wish });
    }
    return { today: world.today, done };
  },
);

function goingOn(world: World, random: Prng, property: Property): Lease | null {
  const leases = world.leasesOf(property.id);
  for (let attempt = 0; attempt < 20 && leases.length > 0; attempt += 1) {
    const lease = random.pick(leases);
    if (lease.status === 'Current' || lease.status === 'Notice') return lease;
  }
  return null;
}

function elsewhere({ world, property, random }: Dice): string {
  const others = world.propertiesOf(property.vendor, 'rental').filter(({ id }) => freeSpace(world, id, world.today) !== null);
  return others.length === 0 ? property.id : random.pick(others).id;
}

function aboutFuture({ world, property, random }: Dice): unknown {
  const coming = world.leasesOf(property.id).filter(({ status }) => status === 'Future');
  return coming.length === 0 ? null : { leaseId: random.pick(coming).id };
}

function gap({ world, lease, random }: Dice): unknown {
  const moveOut = plusDays(world.today, random.whole(0, 10));
  return { leaseId: lease.id, moveOut, moveIn: plusDays(moveOut, random.whole(1, 20)) };
}

/** Bedrooms are seldom free, so whoever has a free one beside theirs is looked for. */
function otherBedroom({ world, property, random }: Dice): unknown {
  const chances = world.leasesOf(property.id).flatMap((lease) => {
    const unit = world.units.get(lease.unitId);
    if (lease.status !== 'Current' || unit?.by !== 'bed') return [];
    return unit.bedrooms
      .filter(({ id }) => isFree(world, unit, [id], world.today))
      .map(({ id }) => ({ leaseId: lease.id, bedroomId: id }));
  });
  return chances.length === 0 ? null : random.pick(chances);
}

function anyBedroom({ world, lease, random }: Dice): unknown {
  const unit = world.units.get(lease.unitId);
  if (unit?.by !== 'bed') return null;
  return { unitId: unit.id, bedroomId: random.pick(unit.bedrooms).id, name: `B${lettersOf(random.whole(1, 1e6))}` };
}

function lettersOf(number: number): string {
  return [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
}

function tried(world: World, chosen: Operation, wish: unknown): boolean {
  try {
    chosen.run(world, wish);
    return true;
  } catch (error) {
    if (error instanceof Impossible) return false;
    throw error;
  }
}
