import type { UpstreamPerson, UpstreamUnit } from '../connector.js';
import { readEmail } from '../emails.rules.js';
import { readName } from '../names.rules.js';
import { readPhones } from '../phones.rules.js';
import { firstText, idOf, listOf, textOf, type Json } from '../vendor-json.rules.js';

/** What all humans of Buildium look like: tenants, cosigners, owners, board members. */
export function readHuman(row: Json, country: string): Pick<UpstreamPerson, 'name' | 'email' | 'phones'> {
  const phones = listOf(row['PhoneNumbers']).filter((phone) => textOf(phone['Type']) !== 'Fax');
  return {
    name: readName({
      first: textOf(row['FirstName']),
      last: textOf(row['LastName']),
      company: row['IsCompany'] === true ? textOf(row['CompanyName']) : null,
    }),
    ...readEmail(textOf(row['Email']), textOf(row['AlternateEmail'])),
    phones: readPhones(
      phones.map((phone) => ({ number: textOf(phone['Number']), kind: textOf(phone['Type']) })),
      country,
    ),
  };
}

/** null: it has no id or number, so the list of units cannot be trusted. */
export function readUnit(row: Json): UpstreamUnit | null {
  const upstreamId = idOf(row['Id']);
  const number = firstText(row, 'UnitNumber')?.slice(0, 50);
  if (upstreamId === null || number === undefined) return null;
  return { upstreamId, building: textOf(row['BuildingName'], 100), number, bedrooms: [] };
}

export const unitName = (unit: UpstreamUnit | undefined, written: string | null): string | null =>
  unit === undefined
    ? (written?.slice(0, 100) ?? null)
    : (unit.building === null ? unit.number : `${unit.building}-${unit.number}`).slice(0, 100);
