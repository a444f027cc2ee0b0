import type { RejectedRow, UpstreamPerson, UpstreamProperty, UpstreamUnit } from '../connector.js';
import { readStrataContact } from '../strata-people.rules.js';
import { firstText, flagOf, idOf, isJson, listOf, textOf, type Json } from '../vendor-json.rules.js';

export function readBuilding(row: Json): UpstreamProperty[] {
  const id = idOf(row['id']);
  if (id === null) return [];
  const plan = firstText(row, 'splan');
  const line1 = [textOf(row['streetNo']), textOf(row['streetName'])].filter((part) => part !== null).join(' ');
  const [city, region, postcode] = [textOf(row['suburb'], 100), textOf(row['state'], 100), textOf(row['postcode'], 20)];
  const address = {
    ...(line1 && { line1: line1.slice(0, 200) }),
    ...(city && { city }),
    ...(region && { region }),
    ...(postcode && { postcode }),
  };
  return [
    {
      id,
      name: (firstText(row, 'buildingName', 'name') ?? plan ?? `Building ${id}`).slice(0, 200),
      kind: 'strata',
      address,
    },
  ];
}

export function readLotUnit(row: Json): UpstreamUnit | null {
  const upstreamId = idOf(row['id']);
  const number = firstText(row, 'unitNumber', 'unitNo', 'lotNumber', 'lotNo', 'number', 'name')?.slice(0, 50);
  return upstreamId === null || number === undefined ? null : { upstreamId, building: null, number, bedrooms: [] };
}

/** The owner, and on the side whoever else a lot names. `ownerContact` is nested as `{ data }`, one or several, or its fields lie in the lot. */
export function readLotPeople(row: Json, country: string): (UpstreamPerson | RejectedRow)[] {
  const unit = readLotUnit(row);
  if (unit === null) return [{ upstreamId: null, field: 'lots.id', reason: 'A lot has no id or number.' }];
  const lot = { id: unit.upstreamId, name: unit.number };
  const owners = nested(row['ownerContact']);
  const flat = firstText(row, 'ownerName', 'email', 'ownerEmail') === null ? [] : [row];
  return (owners.length > 0 ? owners : flat).map((contact) => {
    const isLot = contact === row;
    return readStrataContact(
      {
        id: isLot ? null : idOf(contact['id'] ?? contact['contactId']),
        name: {
          first: textOf(contact['firstName']),
          last: textOf(contact['lastName']),
          full: isLot
            ? firstText(row, 'ownerName', 'contact')
            : firstText(contact, 'name', 'fullName', 'ownerName', 'contactName'),
          company: firstText(contact, 'companyName', 'company'),
        },
        emails: [firstText(contact, 'email', 'emailAddress', 'ownerEmail'), textOf(contact['email2'])],
        phones: [
          { number: firstText(contact, 'mobile', 'mobilePhone'), kind: 'mobile' },
          { number: firstText(contact, 'phone1', 'phone'), kind: 'home' },
          { number: textOf(contact['phone2']), kind: 'other' },
        ],
        is: 'owner',
        occupies: flagOf(contact['ownerOccupier'] ?? row['ownerOccupier'] ?? row['isOwnerOccupier']),
        committee: flagOf(contact['committeeMember'] ?? row['committeeMember'] ?? row['isCommitteeMember']),
        lot,
      },
      country,
    );
  });
}

function nested(value: unknown): Json[] {
  return isJson(value) && 'data' in value ? listOf(value['data']) : listOf(value);
}
