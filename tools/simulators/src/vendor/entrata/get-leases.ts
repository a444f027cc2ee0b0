import { crowd, pageOf, type Quirks } from '../../faults/quirks.js';
import { listIn, type Asked, type Reply } from '../../http/exchange.js';
import { inForce } from '../../world/leases.js';
import type { Day, Lease, Property } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { isOn, nothingFound, pageAsked, pageHeaders, param, success, type Params } from './envelope.js';
import { leaseR1 } from './lease-r1.js';
import { leaseR2 } from './lease-r2.js';
import { statusIds } from './words.js';

export interface LeasesAsked {
  readonly asked: Asked;
  readonly requestId: string;
  readonly version: string;
  readonly params: Params;
  readonly property: Property;
}

/** getLeases: without statuses only Current and Notice. */
export function getLeases(world: World, about: LeasesAsked, quirks: Quirks): Reply {
  const { asked, requestId, version, params, property } = about;
  const found = chosen(world, property, params, [statusIds.Current, statusIds.Notice], quirks);
  const view = version === 'r2' ? (lease: Lease) => leaseR2(world, property, lease, isOn(params, 'includeLeaseHistory')) : null;
  const one = view ?? ((lease: Lease) => leaseR1(world, property, lease));
  return leasePage(asked, requestId, found, one, quirks, version === 'r1', { currencyCode: property.currency });
}

/** The rows of a page in their envelope: none at all is a sentence, not a list. */
export function leasePage(
  asked: Asked,
  requestId: string,
  found: readonly Lease[],
  view: (lease: Lease) => Record<string, unknown>,
  quirks: Quirks,
  withMeta: boolean,
  more: Record<string, unknown> = {},
): Reply {
  const wanted = pageAsked(asked);
  const page = pageOf(found, wanted.page, wanted.size ?? Math.max(1, found.length), quirks);
  const headers = wanted.size === null ? { 'X-Total-Count': String(found.length) } : pageHeaders(asked, page);
  if (quirks.has('empty-list')) return success(requestId, { ...more, leases: { lease: [] } }, quirks, { 'X-Total-Count': '0' });
  if (page.rows.length === 0) return success(requestId, nothingFound, quirks, headers);
  const meta = { currentPage: page.page, lastPage: page.lastPage, perPage: page.size, total: page.total };
  const result = { ...more, ...(withMeta ? { meta } : {}), leases: { lease: page.rows.map(view) } };
  const reply = success(requestId, result, quirks, headers);
  return asked.headers['x-send-pagination-links'] === '1' ? withLinks(reply, headers['Link']) : reply;
}

function withLinks(reply: Reply, link: string | undefined): Reply {
  if (typeof reply.body !== 'object' || reply.body === null) return reply;
  const links = [...(link ?? '').matchAll(/<([^>]+)>; rel="([a-z]+)"/g)].map(([, url, rel]) => ({ rel, url }));
  return { ...reply, body: { ...reply.body, links } };
}

/** By the filters that both versions have. The order is that of the ids, so that a page stays where it is. */
export function chosen(
  world: World,
  property: Property,
  params: Params,
  statusesOtherwise: readonly string[],
  quirks: Quirks,
): readonly Lease[] {
  const asked = listIn(param(params, 'leaseStatusTypeIds'));
  const statuses = asked.length > 0 ? asked : statusesOtherwise;
  const name = `entrata leases ${property.id} ${statuses.join()}`;
  const all = world.rows(name, [property.id], () =>
    world.leasesOf(property.id).filter((lease) => lease.kind === 'rental' && statuses.includes(statusIds[lease.status])),
  );
  const filter = filterOf(world, params);
  return crowd(filter === null ? all : all.filter(filter), quirks);
}

type Filter = (lease: Lease) => boolean;

function filterOf(world: World, params: Params): Filter | null {
  const filters: Filter[] = [];
  const leaseIds = new Set(listIn(param(params, 'leaseIds')));
  if (leaseIds.size > 0) filters.push(({ id }) => leaseIds.has(id));
  const customerId = param(params, 'customerId');
  if (customerId !== null) filters.push(({ members }) => members.some((member) => member.customerId === customerId));
  const number = param(params, 'unitNumber');
  if (number !== null) filters.push(({ unitId }) => world.units.get(unitId)?.number === number);
  const building = param(params, 'buildingName');
  if (building !== null) filters.push(({ unitId }) => world.units.get(unitId)?.building === building);
  between(filters, params, 'moveInDate', ({ moveIn }) => moveIn);
  between(filters, params, 'moveOutDate', ({ moveOut }) => moveOut);
  between(filters, params, 'leaseExpiringDate', (lease) => inForce(lease)?.end ?? null);
  return filters.length === 0 ? null : (lease) => filters.every((passes) => passes(lease));
}

/** Who has no such day does not pass: a filter by a business date hides them. */
function between(filters: Filter[], params: Params, name: string, day: (lease: Lease) => Day | null): void {
  const from = dayIn(param(params, `${name}From`));
  const to = dayIn(param(params, `${name}To`));
  if (from === null && to === null) return;
  filters.push((lease) => {
    const on = day(lease);
    return on !== null && on >= (from ?? on) && on <= (to ?? on);
  });
}

/** `MM/DD/YYYY` */
function dayIn(text: string | null): Day | null {
  const [, month, date, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text ?? '') ?? [];
  return month === undefined || date === undefined || year === undefined ? null : `${year}-${month}-${date}`;
}
