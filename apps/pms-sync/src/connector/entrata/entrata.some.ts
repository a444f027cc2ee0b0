import type { PropertyToFetch, WantedPeople } from '../connector.js';
import { toMonthFirst } from '../dates.rules.js';
import { bothOf, type Verdict } from '../paging.js';
import type { PersonBook } from '../person-book.js';
import { idOf, listUnder, type Json } from '../vendor-json.rules.js';
import { leaseIdOf, readLease } from './entrata.lease.rules.js';
import { everything, living, past } from './entrata.status.rules.js';
import { unitIdOf, type UnitIndex } from './entrata.units.rules.js';

export interface SomeLeases {
  readonly property: PropertyToFetch;
  readonly units: UnitIndex;
  readonly read: (filter: Readonly<Record<string, string>>, take: (lease: Json) => void) => Promise<Verdict>;
}

/**
 * Some people one by one, and those of some units, each with all their leases in the property: whoever has left the unit that is asked
 * for may live in another by now, and is half a person without it. So nothing is taken of others whom a lease of theirs names.
 */
export async function readSome(leases: SomeLeases, wanted: WantedPeople, book: PersonBook): Promise<Verdict> {
  const whom = new Set(wanted.people);
  const verdicts: Verdict[] = [];
  const seen = new Set<string | null>();
  const ofEach = (take: (found: { upstreamId: string }, put: () => void) => void) => (lease: Json) => {
    const { people, rejected } = readLease(lease, leases.property, leases.units);
    for (const person of people) take(person, () => book.add(person));
    for (const row of rejected) {
      const { upstreamId } = row;
      if (upstreamId !== null) take({ upstreamId }, () => book.reject(row));
      else if (!seen.has(leaseIdOf(lease))) book.reject(row);
    }
    seen.add(leaseIdOf(lease));
  };
  for (const unitId of wanted.units ?? [])
    verdicts.push(
      await readUnit(
        leases,
        unitId,
        ofEach(({ upstreamId }) => whom.add(upstreamId)),
      ),
    );
  const take = ofEach(({ upstreamId }, put) => {
    if (whom.has(upstreamId)) put();
  });
  for (const customerId of whom) verdicts.push(await leases.read({ customerId, leaseStatusTypeIds: everything }, take));
  return bothOf(...verdicts);
}

/** Units are asked for by number; the same number of another building is left out by its id. */
async function readUnit({ property, units, read }: SomeLeases, unitId: string, take: (lease: Json) => void): Promise<Verdict> {
  const unit = units.byId.get(unitId);
  if (!unit) return { complete: true };
  const filter = { unitNumber: unit.number, ...(unit.building !== null && { buildingName: unit.building }) };
  const isHere = (lease: Json) => unitIdOf(lease) === null || unitIdOf(lease) === unitId || spacesAreIn(lease, unitId, units);
  const takeHere = (lease: Json) => {
    if (isHere(lease)) take(lease);
  };
  return bothOf(
    await read({ ...filter, leaseStatusTypeIds: living }, takeHere),
    await read({ ...filter, leaseStatusTypeIds: past, moveOutDateFrom: toMonthFirst(property.pastFrom) }, takeHere),
  );
}

function spacesAreIn(lease: Json, unitId: string, units: UnitIndex): boolean {
  return listUnder(lease['unitSpaces'], 'unitSpace').some(
    (space) => units.bySpace.get(idOf(space['unitSpaceId']) ?? '')?.upstreamId === unitId,
  );
}
