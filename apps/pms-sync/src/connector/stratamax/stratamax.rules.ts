import type { RejectedRow, UpstreamPerson, UpstreamProperty, UpstreamUnit } from '../connector.js';
import type { VendorPage } from '../paging.js';
import { readStrataContact } from '../strata-people.rules.js';
import { VendorError } from '../vendor-error.js';
import {
  firstText,
  flagOf,
  idOf,
  isJson,
  listOf,
  numberOf,
  objectOf,
  textOf,
  unreadableIn,
  type Json,
} from '../vendor-json.rules.js';
import type { StratamaxMapping } from './stratamax.mapping.js';

const first = (row: Json, names: readonly string[]): unknown =>
  names.map((name) => row[name]).find((value) => value !== undefined && value !== null);

export function readPage(
  body: unknown,
  { envelope }: StratamaxMapping,
  what: string,
  fromHeaders: { total: number | null; last: boolean | null },
): VendorPage<Json> {
  const list = Array.isArray(body) ? body : first(objectOf(body), envelope.list);
  if (list === undefined || (!Array.isArray(list) && !isJson(list)) || unreadableIn(list) > 0) {
    throw new VendorError('not-readable', `StrataMax's answer about ${what} holds no list.`, { field: what });
  }
  const holder = objectOf(body);
  const total = numberOf(first(holder, envelope.total));
  const saysNext = envelope.next.some((name) => name in holder);
  return {
    items: listOf(list),
    total: total !== null && total >= 0 ? Math.floor(total) : fromHeaders.total,
    last: saysNext ? textOf(first(holder, envelope.next)) === null : fromHeaders.last,
  };
}

export const siteIdOf = (row: Json, { site }: StratamaxMapping): string | null => idOf(first(row, site.id));
export const lotIdOf = (row: Json, { lot }: StratamaxMapping): string | null => idOf(first(row, lot.id));

export function readSite(row: Json, mapping: StratamaxMapping): UpstreamProperty[] {
  const { site } = mapping;
  const id = siteIdOf(row, mapping);
  if (id === null) return [];
  const nested = objectOf(first(row, site.address));
  const text = (names: readonly string[], most: number) =>
    (firstText(nested, ...names) ?? firstText(row, ...names))?.slice(0, most);
  const [line1, city, region, postcode] = [
    text(site.line1, 200),
    text(site.city, 100),
    text(site.region, 100),
    text(site.postcode, 20),
  ];
  const address = { ...(line1 && { line1 }), ...(city && { city }), ...(region && { region }), ...(postcode && { postcode }) };
  return [{ id, name: text(site.name, 200) ?? text(site.plan, 200) ?? `Site ${id}`, kind: 'strata', address }];
}

export function readLot(row: Json, mapping: StratamaxMapping): UpstreamUnit | null {
  const upstreamId = lotIdOf(row, mapping);
  const number = firstText(row, ...mapping.lot.number)?.slice(0, 50);
  return upstreamId === null || number === undefined ? null : { upstreamId, building: null, number, bedrooms: [] };
}

/** All owners of a lot who have a card of their own. Tenants are not in what StrataMax gives (pms-apis.md 2.1). */
export function readOwners(row: Json, mapping: StratamaxMapping, country: string): (UpstreamPerson | RejectedRow)[] {
  const unit = readLot(row, mapping);
  if (unit === null) return [{ upstreamId: null, field: 'lots', reason: 'A lot has no id or number.' }];
  const { lot, owner } = mapping;
  const written = first(row, lot.owners);
  const unreadable = Array.from({ length: unreadableIn(written) }, () => ({
    upstreamId: null,
    field: 'owners',
    reason: 'It does not say who it is.',
  }));
  const isOwner = (card: Json) => /^$|owner/i.test(firstText(card, ...owner.roll) ?? '');
  // agents, mortgagees and nominees are on the roll and do not live there
  const people = listOf(written)
    .filter(isOwner)
    .map((card) =>
      readStrataContact(
        {
          id: idOf(first(card, owner.id)),
          name: {
            first: firstText(card, ...owner.first),
            last: firstText(card, ...owner.last),
            full: firstText(card, ...owner.full),
            company: firstText(card, ...owner.company),
          },
          emails: owner.email.map((name) => textOf(card[name])),
          phones: [
            ...owner.mobile.map((name) => ({ number: textOf(card[name]), kind: 'mobile' })),
            ...owner.phone.map((name) => ({ number: textOf(card[name]), kind: 'home' })),
          ],
          is: 'owner',
          occupies: flagOf(first(card, owner.occupies)) ?? flagOf(first(row, lot.ownerOccupied)),
          committee: flagOf(first(card, owner.committee)),
          lot: { id: unit.upstreamId, name: unit.number },
        },
        country,
      ),
    );
  return [...unreadable, ...people];
}
