import type { UpstreamProperty } from '../connector.js';
import { readCountry } from '../countries.rules.js';
import { firstText, flagOf, idOf, listUnder, objectOf, textOf, type Json } from '../vendor-json.rules.js';

/** One property of getProperties; none where it is disabled or has no id. */
export function readProperty(row: Json): UpstreamProperty[] {
  const id = idOf(row['PropertyID'] ?? row['propertyId'] ?? row['id']);
  if (id === null || flagOf(row['IsDisabled']) === true) return [];
  const address = objectOf(listUnder({ address: row['Address'] }, 'address')[0]);
  const parts = {
    line1: textOf(address['Address']),
    city: textOf(address['City']),
    region: textOf(address['State']),
    postcode: textOf(address['PostalCode'], 20),
  };
  const country = readCountry(textOf(address['Country']));
  const known = Object.fromEntries(
    Object.entries(parts)
      .filter(([, text]) => text !== null)
      .map(([key, text]) => [key, text ?? '']),
  );
  const name = firstText(row, 'MarketingName', 'marketingName', 'propertyName', 'name') ?? `Property ${id}`;
  return [{ id, name, kind: 'rental', address: known, ...(country !== undefined && { country }) }];
}
