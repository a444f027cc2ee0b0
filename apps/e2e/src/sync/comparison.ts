import { expectedAccess, expectedPeople, isLive, knownPast, lastDigits, shownAs } from './reference.js';
import type { ExpectedPerson, Windows, World } from './reference.js';
import type { ResidentView, UnitView } from './views.js';

export interface Compared {
  /** What is wrong, one sentence each; none: directory is the model. */
  readonly differences: readonly string[];
  /** Who must be able to use the network now. */
  readonly entitled: ReadonlySet<string>;
}

/** Our ids of Buildium’s kinds of people have a prefix. */
export const customerIdOf = ({ upstreamId }: Pick<ResidentView, 'upstreamId'>): string =>
  (upstreamId ?? '').replace(/^(tenant|cosigner)-/, '');

export interface Shown {
  readonly residents: readonly ResidentView[];
  readonly units: readonly UnitView[];
  readonly now: Date;
  /** Who waits for a decision of staff, and units that do. */
  readonly held?: ReadonlySet<string>;
  readonly heldUnits?: ReadonlySet<string>;
}

/** Directory beside the model, person by person and unit by unit. */
export function compared(world: World, propertyId: string, shown: Shown, windows: Windows): Compared {
  const { residents, units, now, held = new Set(), heldUnits = new Set() } = shown;
  const people = expectedPeople(world, propertyId);
  const rows = new Map(residents.map((row) => [customerIdOf(row), row]));
  const differences: string[] = [];
  const entitled = new Set<string>();
  if (rows.size !== residents.length) differences.push('somebody is there twice');
  for (const [id, person] of people) {
    const row = rows.get(id);
    const known = row ? knownPast(row.occupancies, person.stays) : [];
    const living = person.stays.filter(({ status }) => isLive(status));
    const access = expectedAccess([...living, ...known], windows, now);
    if (access.open && person.lives) entitled.add(id);
    if (held.has(id)) continue;
    differences.push(...ofPerson(person, row, access).map((text) => `${person.rawName} (${id}): ${text}`));
  }
  for (const [id, row] of rows) {
    if (people.has(id) || held.has(id)) continue;
    const { open, over } = expectedAccess(knownPast(row.occupancies, []), windows, now);
    if (row.occupancies.some(({ status }) => isLive(status)))
      differences.push(`${row.displayName} (${id}): lives here, and the PMS does not know them`);
    if (row.access.open !== open)
      differences.push(`${row.displayName} (${id}): gone, and access is ${row.access.open ? 'open' : 'closed'}`);
    if (over !== (row.state === 'archived')) differences.push(`${row.displayName} (${id}): gone, and ${row.state}`);
  }
  return { differences: [...differences, ...ofUnits(world, propertyId, units, heldUnits)], entitled };
}

function ofPerson(person: ExpectedPerson, row: ResidentView | undefined, access: { open: boolean; over: boolean }): string[] {
  // who is on notice and should be gone for long is not registered any more
  if (!row) return person.lives && !access.over ? ['lives there and is not in directory'] : [];
  const wrong: string[] = [];
  const differs = (what: string, expected: unknown, is: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(is))
      wrong.push(`${what} is ${JSON.stringify(is)}, must be ${JSON.stringify(expected)}`);
  };
  differs('archived', access.over, row.state === 'archived');
  differs('access', access.open, row.access.open);
  if (wrong.length > 0) wrong.push(`the PMS has ${JSON.stringify(person.stays)}, directory ${JSON.stringify(row.occupancies)}`);
  const shownLive = row.occupancies.filter(({ status }) => isLive(status));
  const expectedLive = person.stays.filter(({ status }) => isLive(status));
  differs('its leases', expectedLive.map(({ leaseId }) => leaseId).sort(), shownLive.map(({ leaseId }) => leaseId).sort());
  if (!person.lives) return wrong;
  differs('the name', person.rawName, row.name.raw);
  differs('the e-mail address', person.email, row.email);
  differs('the phones', person.phones, [...new Set(row.phones.map(({ raw }) => lastDigits(raw)))].sort());
  differs('the user types', person.userTypes, [...row.userTypes].sort());
  for (const stay of expectedLive) {
    const occupancy = shownLive.find(({ leaseId }) => leaseId === stay.leaseId);
    if (!occupancy) continue;
    differs(`${stay.leaseId}: status`, stay.status, occupancy.status);
    differs(`${stay.leaseId}: days`, [stay.from, stay.until], [occupancy.from, occupancy.until]);
    if (stay.unit !== null) differs(`${stay.leaseId}: place`, [stay.unit, stay.bedroom], [occupancy.unit, occupancy.bedroom]);
    if (occupancy.endedAt !== null) wrong.push(`${stay.leaseId} has ended at ${occupancy.endedAt}`);
  }
  return wrong;
}

function ofUnits(world: World, propertyId: string, units: readonly UnitView[], held: ReadonlySet<string>): string[] {
  const building = world.properties.get(propertyId)?.kind === 'rental';
  const there = new Map(
    units.filter(({ deletedUpstreamAt }) => deletedUpstreamAt === null).map((unit) => [unit.upstreamId, unit]),
  );
  const wrong: string[] = [];
  for (const unit of world.unitsOf(propertyId)) {
    const row = there.get(unit.id);
    there.delete(unit.id);
    const label = building ? shownAs(unit) : unit.number;
    if (!row) wrong.push(`unit ${label} (${unit.id}) is not in directory`);
    else if (shownAs(row) !== label) wrong.push(`unit ${unit.id} is called ${shownAs(row)}, must be ${label}`);
  }
  for (const [id, row] of there)
    if (!held.has(id ?? '')) wrong.push(`unit ${row.number} (${id}) is gone upstream and not marked`);
  return wrong;
}
