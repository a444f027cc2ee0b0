import { z } from 'zod';
import { plusDays } from '../world/days.js';
import { freeSpace } from '../world/leases.js';
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

type Throw = readonly [name: string, operation: Operation, body: (dice: Dice) => unknown];

const soon = ({ world, random }: Dice) => plusDays(world.today, random.whole(0, 20));
const later = ({ world, random }: Dice) => plusDays(world.today, random.whole(1, 20));
const who = ({ lease, random }: Dice) => random.pick(lease.members).customerId;
const any: readonly Throw[] = [
  ['move-in', moving.moveIn, (dice) => ({ propertyId: dice.property.id, date: soon(dice) })],
  ['move-out', moving.moveOut, ({ lease }) => ({ leaseId: lease.id })],
  ['change', changing.change, (dice) => ({ customerId: who(dice), email: `moved.${dice.random.whole(1, 1e6)}@example.com` })],
  ['change', changing.change, (dice) => ({ customerId: who(dice), lastName: `Newname${dice.random.whole(1, 1e4)}` })],
  ['owe', changing.owe, ({ lease, random }) => ({ leaseId: lease.id, cents: random.whole(0, 300_000) })],
  ['rename-unit', changing.renameUnit, ({ lease, random }) => ({ unitId: lease.unitId, number: `R${random.whole(1, 1e6)}` })],
  ['advance', advance, ({ random }) => ({ days: random.whole(1, 3) })],
];
const ofRentals: readonly Throw[] = [
  ['give-notice', moving.giveNotice, (dice) => ({ leaseId: dice.lease.id, date: later(dice) })],
  ['transfer', moving.transfer, (dice) => ({ leaseId: dice.lease.id, date: soon(dice) })],
  ['transfer', moving.transfer, (dice) => ({ leaseId: dice.lease.id, date: soon(dice), propertyId: elsewhere(dice) })],
  [
    'add-person',
    changing.addPerson,
    ({ lease, random }) => ({ leaseId: lease.id, role: random.pick(['occupant', 'co-applicant', 'guarantor']) }),
  ],
];
const ofStrata: readonly Throw[] = [
  ['occupy', changing.occupy, ({ lease }) => ({ leaseId: lease.id, occupies: !lease.occupies })],
  [
    'committee',
    changing.committee,
    (dice) => ({ propertyId: dice.property.id, customerId: who(dice), on: dice.random.chance(0.6) }),
  ],
];

export const randomly = operation(
  'So many operations at random, in all properties or in one. What cannot be done is left out.',
  z.strictObject({ count: z.int().positive().max(10_000).default(1), seed: z.int().default(1), propertyId: Id.optional() }),
  (world, { count, seed, propertyId }) => {
    const random = new Prng(seed);
    const properties = [...world.properties.values()].filter(({ id }) => id === (propertyId ?? id));
    if (properties.length === 0) throw new Impossible(`There is no property ${propertyId ?? ''}.`);
    const done: { name: string; body: unknown }[] = [];
    for (let at = 0; at < count; at += 1) {
      const property = random.pick(properties);
      const lease = goingOn(world, random, property);
      if (lease === null) continue;
      const [name, chosen, body] = random.pick([...any, ...(property.kind === 'rental' ? ofRentals : ofStrata)]);
      const wish = body({ world, random, property, lease });
      if (tried(world, chosen, wish)) done.push({ name, body: wish });
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

function tried(world: World, chosen: Operation, wish: unknown): boolean {
  try {
    chosen.run(world, wish);
    return true;
  } catch (error) {
    if (error instanceof Impossible) return false;
    throw error;
  }
}
