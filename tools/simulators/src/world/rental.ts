import { plusDays } from './days.js';
import { makeLease } from './leases.js';
import type { LeaseStatus, Property, Role, Unit } from './model.js';
import { person } from './people.js';
import type { World } from './world.js';

const letters = ['A', 'B', 'C', 'D'];
const unitsPerFloor = 12;
const floors = 6;

/** A rental with as many residents as asked; guarantors and people of the past come on top. */
export function fillRental(world: World, property: Property, residents: number, byBed: number): void {
  let left = residents;
  for (let at = 0; left > 0; at += 1) {
    const unit = addUnit(world, property, at, byBed);
    left -= unit.by === 'bed' ? letByBed(world, property, unit, left) : letWhole(world, property, unit, left);
  }
  // somewhere to move to
  for (let extra = 0; extra < 3; extra += 1) addUnit(world, property, world.unitsOf(property.id).length, byBed);
}

export function addUnit(world: World, property: Property, at: number, byBed: number): Unit {
  const { random } = world;
  const perBuilding = unitsPerFloor * floors;
  const block = Math.floor(at / perBuilding) + 1;
  const floor = Math.floor((at % perBuilding) / unitsPerFloor) + 1;
  const by = random.chance(byBed) ? 'bed' : 'unit';
  const beds = random.whole(1, 4);
  const spaces = by === 'bed' ? letters.slice(0, beds) : [null];
  const unit: Unit = {
    id: world.newId('unit'),
    propertyId: property.id,
    buildingId: `${property.id}${String(block).padStart(2, '0')}`,
    building: String(block),
    number: `${String(floor)}${String((at % unitsPerFloor) + 1).padStart(2, '0')}`,
    bedrooms: spaces.map((name) => ({ id: world.newId('bedroom'), name })),
    beds,
    by,
    updatedAt: property.updatedAt,
  };
  world.addUnit(unit);
  return unit;
}

function letByBed(world: World, property: Property, unit: Unit, wanted: number): number {
  let made = 0;
  for (const bedroom of unit.bedrooms) {
    if (made >= wanted) return made;
    if (world.random.chance(0.08)) continue;
    const guarantors: Role[] = world.random.chance(0.6) ? ['guarantor'] : [];
    const status = letTo(world, property, unit, [bedroom.id], ['primary', ...guarantors]);
    made += 1;
    if (status === 'Future') former(world, property, unit, [bedroom.id]);
  }
  return made;
}

function letWhole(world: World, property: Property, unit: Unit, wanted: number): number {
  const { random } = world;
  if (random.chance(0.06)) return 0;
  const household: Role[] = ['primary'];
  if (random.chance(0.4)) household.push('co-applicant');
  if (random.chance(0.15)) household.push('occupant');
  if (random.chance(0.2)) household.push('child');
  const people = household.slice(0, wanted);
  const guarantors: Role[] = random.chance(0.15) ? ['guarantor'] : [];
  const bedroomIds = unit.bedrooms.map(({ id }) => id);
  const status = letTo(world, property, unit, bedroomIds, [...people, ...guarantors]);
  if (status === 'Future') former(world, property, unit, bedroomIds);
  return people.length;
}

/** Who moves in soon comes after somebody who left. */
function former(world: World, property: Property, unit: Unit, bedroomIds: readonly string[]): void {
  const { today, random } = world;
  const moveOut = plusDays(today, -random.whole(1, 60));
  const { id } = person(world, property.vendor, property.country, {}, property.updatedAt);
  const people = [{ customerId: id, role: 'primary' as const }];
  const moveIn = plusDays(moveOut, -365);
  makeLease(world, { unit, bedroomIds, kind: 'rental', status: 'Past', moveIn, moveOut, people, at: property.updatedAt });
}

function letTo(
  world: World,
  property: Property,
  unit: Unit,
  bedroomIds: readonly string[],
  household: readonly Role[],
): LeaseStatus {
  const { random, today } = world;
  const at = property.updatedAt;
  const share = random.next();
  const status = share < 0.88 ? 'Current' : share < 0.94 ? 'Notice' : 'Future';
  const moveIn = plusDays(today, status === 'Future' ? random.whole(3, 45) : -random.whole(20, 700));
  const moveOut = status === 'Notice' ? plusDays(today, random.whole(2, 40)) : null;
  // who has lived there for more than a year has a renewed lease and keeps the first day
  const end = moveOut ?? plusDays(moveIn, moveIn < plusDays(today, -360) ? 729 : 364);
  const people = household.map((role) => ({ customerId: resident(world, property, role), role }));
  const balance = random.chance(0.1) ? random.whole(5, 2_000) * 100 : 0;
  makeLease(world, { unit, bedroomIds, kind: 'rental', status, moveIn, moveOut, end, people, balance, at });
  return status;
}

function resident(world: World, property: Property, role: Role): string {
  const { random } = world;
  const wish = role === 'child' || (role === 'occupant' && random.chance(0.5)) ? { email: null, phone: null } : {};
  return person(world, property.vendor, property.country, wish, property.updatedAt).id;
}
