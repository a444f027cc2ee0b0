import { plusDays } from './days.js';
import { makeLease } from './leases.js';
import { positions, type Property, type Unit } from './model.js';
import { company, person } from './people.js';
import type { World } from './world.js';

/** A community of owners: about a third of the lots are let, some belong to two people or to a company, a few owners have two lots. */
export function fillStrata(world: World, property: Property, residents: number): void {
  const { random, today } = world;
  const at = property.updatedAt;
  const owners: string[] = [];
  let left = residents;
  while (left > 0) {
    const unit = addLot(world, property);
    const again = owners.at(-1);
    const people =
      again !== undefined && random.chance(0.03)
        ? [again]
        : newOwners(world, property, Math.min(left, random.chance(0.25) ? 2 : 1));
    left -= people[0] === again && again !== undefined ? 0 : people.length;
    owners.push(...people);
    const isLet = left > 0 && random.chance(0.35);
    const moveIn = plusDays(today, -random.whole(100, 5_000));
    const balance = random.chance(0.12) ? random.whole(50, 3_000) * 100 : 0;
    const members = people.map((customerId) => ({ customerId, role: 'owner' as const }));
    makeLease(world, {
      unit,
      kind: 'ownership',
      status: 'Current',
      moveIn,
      end: null,
      people: members,
      occupies: !isLet,
      balance,
      at,
    });
    if (!isLet) continue;
    const tenant = person(world, property.vendor, property.country, {}, at);
    const since = plusDays(today, -random.whole(20, 700));
    const tenants = [{ customerId: tenant.id, role: 'tenant' as const }];
    makeLease(world, { unit, kind: 'lot-tenancy', status: 'Current', moveIn: since, people: tenants, at });
    left -= 1;
  }
  electCommittee(world, property, [...new Set(owners)].slice(0, 5));
  addLot(world, property);
}

function newOwners(world: World, property: Property, count: number): string[] {
  const at = property.updatedAt;
  if (count === 1 && property.country === 'AU' && world.random.chance(0.06)) return [company(world, property.vendor, at).id];
  return Array.from({ length: count }, () => person(world, property.vendor, property.country, {}, at).id);
}

export function addLot(world: World, property: Property): Unit {
  const lot = world.unitsOf(property.id).length + 1;
  const unit: Unit = {
    id: world.newId('unit'),
    propertyId: property.id,
    buildingId: null,
    building: null,
    number: String(lot),
    bedrooms: [{ id: world.newId('bedroom'), name: null }],
    beds: world.random.whole(1, 3),
    by: 'unit',
    updatedAt: property.updatedAt,
  };
  world.addUnit(unit);
  return unit;
}

function electCommittee(world: World, property: Property, members: readonly string[]): void {
  for (const [place, customerId] of members.entries()) {
    const position = positions[place] ?? 'BoardMember';
    const from = plusDays(world.today, -200);
    world.committee.push({
      id: world.newId('term'),
      propertyId: property.id,
      customerId,
      position,
      from,
      to: null,
      createdAt: property.updatedAt,
    });
  }
  world.committeeChanged(property.id);
}
