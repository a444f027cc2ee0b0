import type { PropertyToFetch, RejectedRow, UpstreamPerson } from '../connector.js';
import { readDay, readMountainMoment } from '../dates.rules.js';
import { readEmail } from '../emails.rules.js';
import { looksLikePlaceholder, readName } from '../names.rules.js';
import { readPhones } from '../phones.rules.js';
import { firstText, flagOf, idOf, listOf, listUnder, textOf, unreadableIn, objectOf, type Json } from '../vendor-json.rules.js';
import { leaseStatusOf, roleOf, statusOf } from './entrata.status.rules.js';
import { bedroomOf, unitIdOf, unitNameOf, unitNumberOf, type UnitIndex } from './entrata.units.rules.js';

type Stay = UpstreamPerson['stays'][number];
export interface ReadLease {
  readonly people: UpstreamPerson[];
  readonly rejected: RejectedRow[];
}

export const leaseIdOf = (lease: Json): string | null => idOf(lease['id'] ?? lease['leaseId']);

/** Whom a lease names; null: somebody whom it does not say, or something that is nobody. */
export function customerIdsOf(lease: Json): (string | null)[] {
  const written = objectOf(lease['customers'])['customer'] ?? lease['customers'];
  const nobody = Array.from({ length: unreadableIn(written) }, () => null);
  return [...customersOf(lease).map((customer) => idOf(customer['id'] ?? customer['customerId'])), ...nobody];
}

const customersOf = (lease: Json): Json[] => listUnder(lease['customers'], 'customer', 'Customer');

/** One lease of getLeases, r2 or r1: who is on it, and what it is to each of them. */
export function readLease(lease: Json, property: PropertyToFetch, units: UnitIndex): ReadLease {
  const customers = customersOf(lease);
  const unreadable = unreadableIn(objectOf(lease['customers'])['customer'] ?? lease['customers']);
  const rejected: RejectedRow[] = Array.from({ length: unreadable }, () => nameless('customers.customer'));
  const leaseId = leaseIdOf(lease);
  const status = leaseStatusOf(
    textOf(lease['leaseStatusTypeId']),
    firstText(lease, 'leaseStatusType', 'leaseStatus'),
    textOf(lease['leaseIntervalStatus']),
  );
  if (leaseId === null || status === null) {
    const field = leaseId === null ? 'id' : 'leaseStatusTypeId';
    const reason = leaseId === null ? 'The lease has no id.' : 'The lease has a status that we do not know.';
    const whom = customers.length === 0 ? [null] : customers.map((customer) => idOf(customer['id']));
    return { people: [], rejected: [...rejected, ...whom.map((upstreamId) => ({ upstreamId, field, reason }))] };
  }
  if (customers.length === 0 && unreadable === 0 && status !== 'past' && status !== 'cancelled')
    rejected.push(nameless('customers'));
  const places = placesOf(lease, leaseId, units);
  const dates = datesOf(lease);
  const people = customers.flatMap((customer): UpstreamPerson[] => {
    const upstreamId = idOf(customer['id'] ?? customer['customerId']);
    if (upstreamId === null) {
      rejected.push(nameless('customers.customer.id'));
      return [];
    }
    const mine = statusOf(status, textOf(customer['leaseCustomerStatus']));
    const person = readCustomer(customer, upstreamId, property.country);
    const stays = places.map((place): Stay => ({
      ...place,
      status: mine,
      ...dates.of(customer, mine === status),
      ...(dates.transfer && { transfer: true }),
    }));
    return [{ ...person, stays }];
  });
  return { people: withPlaceholders(people, customers), rejected };
}

const nameless = (field: string): RejectedRow => ({ upstreamId: null, field, reason: 'It does not say who it is.' });

function readCustomer(customer: Json, upstreamId: string, country: string): UpstreamPerson {
  const addresses = listUnder(customer['addresses'], 'address');
  const name = readName({
    first: textOf(customer['firstName']),
    middle: textOf(customer['middleName']),
    last: textOf(customer['lastName']),
    full: firstText(customer, 'nameFull', 'name'),
    company: textOf(customer['companyName']),
    preferred: firstText(customer, 'preferredName', 'nickname'),
  });
  const email = readEmail(
    firstText(customer, 'emailAddress', 'email'),
    ...addresses.flatMap((address) => [textOf(address['email']), textOf(address['additionalEmail'])]),
  );
  const written = [
    ...listUnder(customer['phones'], 'phone'),
    ...addresses.flatMap((address) => listOf(address['phone'])),
    ...listOf(customer['phone']),
  ].map((phone) => ({ number: numberIn(phone, country), kind: firstText(phone, 'phoneType', 'phoneTypeName') }));
  const phones = readPhones([...written, { number: textOf(customer['phoneNumber']), kind: null }], country);
  const role = roleOf(textOf(customer['customerType']), textOf(customer['relationshipName']));
  const placeholder = role !== 'guarantor' && looksLikePlaceholder(name, email.email !== null || phones.length > 0);
  return { upstreamId, name, ...email, phones, userTypes: ['resident'], role: placeholder ? 'placeholder' : role, stays: [] };
}

/** countryCode is 1 on numbers of every country; it counts only where it is another than the property's default. */
function numberIn(phone: Json, country: string): string | null {
  const number = firstText(phone, 'phoneNumber', 'number');
  const code = textOf(phone['countryCode'])?.replace(/\D/g, '') ?? '';
  const stands = number === null || number.startsWith('+') || code === '' || code === '1' || country === '';
  return stands ? number : `+${code} ${number.replace(/^0/, '')}`;
}

/** On a lease held by a placeholder, an extra "Other" without contact is one as well (pms-apis.md 1.8). */
function withPlaceholders(people: UpstreamPerson[], customers: readonly Json[]): UpstreamPerson[] {
  if (!people.some((person) => person.role === 'placeholder')) return people;
  const others = new Set(customers.filter((row) => textOf(row['relationshipName']) === 'Other').map((row) => idOf(row['id'])));
  return people.map((person) =>
    person.role === 'occupant' && person.email === null && person.phones.length === 0 && others.has(person.upstreamId)
      ? { ...person, role: 'placeholder' }
      : person,
  );
}

type Place = Pick<Stay, 'leaseId' | 'unitId' | 'unitName' | 'bedroom'>;

/** One place per unit: two spaces of one unit are one stay in "A, B"; spaces of two units are two stays. */
function placesOf(lease: Json, leaseId: string, units: UnitIndex): Place[] {
  const written = listUnder(lease['unitSpaces'], 'unitSpace').map((space) => ({
    id: idOf(space['unitSpaceId'] ?? space['id']),
    name: firstText(space, 'unitSpace', 'unitNumber'),
  }));
  const old = { id: idOf(lease['unitSpaceId']), name: firstText(lease, 'unitNumberSpace', 'unitNumber') };
  const spaces = written.length > 0 || (old.id === null && old.name === null) ? written : [old];
  const own = unitIdOf(lease);
  const byUnit = new Map<string | null, string[]>();
  if (spaces.length === 0) byUnit.set(own, []);
  for (const space of spaces) {
    const unit =
      (space.id === null ? undefined : units.bySpace.get(space.id)) ?? (own === null ? undefined : units.byId.get(own));
    const unitId = unit?.upstreamId ?? own;
    const known = unit?.bedrooms.find((bedroom) => bedroom.upstreamId === space.id)?.name;
    const number = unit?.number ?? unitNumberOf(space.name, textOf(lease['spaceConfiguration']));
    const bedroom = known ?? bedroomOf(space.name, number);
    byUnit.set(unitId, [...(byUnit.get(unitId) ?? []), ...(bedroom === null ? [] : [bedroom])]);
  }
  const building = textOf(lease['buildingName']);
  const guessed = unitNumberOf(spaces[0]?.name ?? null, textOf(lease['spaceConfiguration']));
  return [...byUnit].map(([unitId, bedrooms], at) => {
    const unit = unitId === null ? undefined : units.byId.get(unitId);
    const unitName = unit ? unitNameOf(unit) : guessed === null ? null : unitNameOf({ building, number: guessed });
    const bedroom = [...new Set(bedrooms)].sort().join(', ').slice(0, 50);
    return {
      leaseId: at === 0 || unitId === null ? leaseId : `${leaseId}:${unitId}`.slice(0, 100),
      unitId,
      unitName,
      bedroom: bedroom === '' ? null : bedroom,
    };
  });
}

interface Dates {
  readonly transfer: boolean;
  of(customer: Json, sameAsLease: boolean): Pick<Stay, 'moveIn' | 'moveOut' | 'leaseStart' | 'leaseEnd'>;
}

function datesOf(lease: Json): Dates {
  const interval = activeInterval(lease);
  const day = (written: unknown) => readDay(textOf(written));
  const done = (event: string) =>
    listUnder(lease['leaseActivities'], 'leasesActivity', 'leaseActivity').find(
      (activity) => textOf(activity['eventType'])?.toLowerCase() === event,
    )?.['date'];
  const leaseStart = day(interval['startDate']) ?? day(lease['leaseStartDate']) ?? day(done('lease from'));
  const leaseEnd = day(interval['endDate']) ?? day(lease['leaseEndDate']) ?? day(done('lease to'));
  const moveIn = day(lease['moveInDate']) ?? day(done('actual move in'));
  const moveOut = day(lease['moveOutDate']) ?? day(done('actual move out'));
  const isTransfer =
    textOf(interval['leaseIntervalTypeId']) === '5' || textOf(interval['leaseIntervalTypeName'])?.toLowerCase() === 'transfer';
  const hints = ['transferDate', 'parentLeaseId', 'transferLeaseId'].some((key) => idOf(lease[key]) !== null);
  return {
    transfer: isTransfer || hints,
    of: (customer, sameAsLease) => ({
      moveIn: day(customer['moveInDate']) ?? moveIn,
      // the lease's move-out is not that of somebody who is somewhere else in it than the lease
      moveOut: day(customer['moveOutDate']) ?? (sameAsLease ? moveOut : null),
      leaseStart,
      leaseEnd,
    }),
  };
}

/** The lease says which interval counts; else the one whose application is active, else the newest. */
function activeInterval(lease: Json): Json {
  const intervals = listUnder(lease['leaseIntervals'], 'leaseInterval');
  const named = idOf(lease['leaseIntervalId']);
  const active = (interval: Json) =>
    listUnder(interval['applications'], 'application').some(
      (application) => flagOf(application['isActiveLeaseInterval']) === true,
    );
  const newest = [...intervals].sort((a, b) => momentOf(b) - momentOf(a))[0];
  return intervals.find((interval) => named !== null && idOf(interval['id']) === named) ?? intervals.find(active) ?? newest ?? {};
}

const momentOf = (interval: Json) =>
  readMountainMoment(textOf(interval['intervalDateTime']) ?? textOf(interval['startDate']))?.getTime() ?? 0;
