/** An honest server of each vendor, as small as one likes: two rows a page for the conformance suite. Synthetic people only. */
import type { ConnectorDefinition, PropertyToFetch, VendorReply, VendorRequest } from '../../src/connector/connector.js';
import { connectorOf } from '../../src/connector/connectors.js';
import { askedFor, customer, lease, nothing, ok, units as entrataUnits } from './entrata/entrata-payloads.js';
import { reply, someProperty } from './fake-vendor.js';

export interface SmallWorld {
  readonly definition: ConnectorDefinition;
  readonly settings: Record<string, string>;
  readonly credentials: Record<string, string>;
  readonly property: PropertyToFetch;
  /** Who is there, by upstream id. */
  readonly people: string[];
  answer(request: VendorRequest): VendorReply;
  /** The same request for another page: how a confused server mixes them up. */
  withPage(request: VendorRequest, page: number): VendorRequest;
  /** Whether it asks for a later page than the first. */
  pageOf(request: VendorRequest): number;
}

const slice = (rows: readonly unknown[], page: number, perPage: number) => rows.slice((page - 1) * perPage, page * perPage);
const withParameter = (request: VendorRequest, name: string, value: number) => {
  const url = new URL(request.url);
  if (url.searchParams.has(name)) url.searchParams.set(name, String(value));
  return { ...request, url: url.href };
};
const parameter = (request: VendorRequest, name: string) => Number(new URL(request.url).searchParams.get(name) ?? 0);

const entrataWith = (ids: string[], perPage: number): SmallWorld => {
  const entrataLeases = ids.map((id, at) => lease(String(at + 1), [customer(id)]));
  return {
    definition: connectorOf('entrata'),
    settings: { subdomain: 'harbour' },
    credentials: { apiKey: 'secret-key-0001' },
    property: someProperty(),
    people: ids,
    answer: (request) => {
      const { method, params, page } = askedFor(request);
      if (method === 'getStatus') return ok({ status: 'Success' });
      if (method === 'getProperties')
        return ok({ PhysicalProperty: { Property: [{ PropertyID: 100, MarketingName: 'Harbour Court' }] } });
      if (method === 'getPropertyUnits')
        return ok({ properties: { property: [{ propertyId: 100, units: { unit: entrataUnits } }] } });
      if (method !== 'getLeases' || !params['leaseStatusTypeIds']?.includes('4')) return nothing();
      const found =
        params['customerId'] === undefined ? entrataLeases : entrataLeases.filter((_row, at) => ids[at] === params['customerId']);
      const rows = slice(found, page, perPage);
      return rows.length === 0 ? nothing() : ok({ leases: { lease: rows } }, { 'x-total-count': String(found.length) });
    },
    withPage: (request, page) => withParameter(request, 'page_no', page),
    pageOf: (request) => Math.max(1, parameter(request, 'page_no')),
  };
};

export const buildiumTenant = (id: number, more: object = {}) => ({
  Id: id,
  FirstName: 'Noor',
  LastName: `Haddad`,
  Email: `tenant${id}@example.com`,
  PhoneNumbers: [{ Number: '(303) 555-0142', Type: 'Cell' }],
  ...more,
});
export const buildiumLease = (id: number, tenantId: number, more: object = {}) => ({
  Id: id,
  PropertyId: 20,
  UnitId: 301,
  UnitNumber: '301',
  LeaseFromDate: '2026-08-15',
  LeaseToDate: '2027-07-31',
  LeaseStatus: 'Active',
  Tenants: [{ Id: tenantId, Status: 'Current', MoveInDate: '2026-08-15' }],
  ...more,
});
const owner = (id: number, more: object = {}) => ({
  Id: id,
  FirstName: 'Rui',
  LastName: 'Silva',
  Email: `owner${id}@example.com`,
  OccupiesUnit: id % 2 === 0,
  OwnershipAccounts: [
    { Id: 500 + id, AssociationId: 30, UnitId: 301, Status: 'Active', DateOfPurchase: '2020-02-01', AssociationOwnerIds: [id] },
  ],
  ...more,
});
const few = ['7', '8', '9', '10', '11'];
const buildiumListsOf = (ids: readonly string[]): Record<string, readonly object[]> => ({
  '/v1/rentals': [
    { Id: 20, Name: 'Harbour Court', IsActive: true, NumberUnits: 1, Address: { City: 'Boulder', Country: 'UnitedStates' } },
  ],
  '/v1/rentals/units': [{ Id: 301, PropertyId: 20, BuildingName: 'A', UnitNumber: '301' }],
  '/v1/leases': ids.map((id, at) => buildiumLease(at + 1, Number(id))),
  '/v1/leases/tenants': ids.map((id) => buildiumTenant(Number(id))),
  '/v1/leases/outstandingbalances': [{ LeaseId: 1, PropertyId: 20, TotalBalance: 125.5 }],
  '/v1/associations': [{ Id: 30, Name: 'Bay Towers', IsActive: true }],
  '/v1/associations/units': [{ Id: 301, AssociationId: 30, UnitNumber: '301' }],
  '/v1/associations/ownershipaccounts': ids.map((id) => owner(Number(id)).OwnershipAccounts[0]!),
  '/v1/associations/owners': ids.map((id) => owner(Number(id))),
  '/v1/associations/tenants': [{ ...buildiumTenant(7), MoveInDate: '2026-02-01', OwnershipAccounts: owner(7).OwnershipAccounts }],
  '/v1/associations/30/boardmembers': [
    {
      Id: 1,
      AssociationOwnerId: 8,
      FirstName: 'Rui',
      LastName: 'Silva',
      BoardPositionType: 'Treasurer',
      StartDate: '2026-01-01',
    },
  ],
});
export const buildiumLists = buildiumListsOf(few);
export function buildiumAnswer(lists: Record<string, readonly object[]>, request: VendorRequest, perPage = 2): VendorReply {
  const url = new URL(request.url);
  const one = /^\/v1\/leases\/(tenants\/)?(\d+)$/.exec(url.pathname);
  if (one) {
    const found = lists[one[1] ? '/v1/leases/tenants' : '/v1/leases']!.find((row) => 'Id' in row && row.Id === Number(one[2]));
    const own =
      one[1] && found
        ? { ...found, Leases: lists['/v1/leases']!.filter((row) => JSON.stringify(row).includes(`"Tenants":[{"Id":${one[2]!},`)) }
        : found;
    return own ? reply(own) : reply({ UserMessage: 'Not found' }, 404);
  }
  const rows = lists[url.pathname];
  if (!rows) return reply({ UserMessage: 'No such path' }, 404);
  const offset = Number(url.searchParams.get('offset') ?? 0);
  return reply(rows.slice(offset, offset + perPage), 200, { 'x-total-count': String(rows.length) });
}
const buildiumWith = (ids: readonly string[], perPage: number) => {
  const lists = buildiumListsOf(ids);
  return {
    definition: connectorOf('buildium'),
    settings: {},
    credentials: { clientId: 'secret-id-0001', clientSecret: 'secret-key-0001' },
    answer: (request: VendorRequest) => buildiumAnswer(lists, request, perPage),
    withPage: (request: VendorRequest, page: number) => withParameter(request, 'offset', (page - 1) * perPage),
    pageOf: (request: VendorRequest) => 1 + Math.floor(parameter(request, 'offset') / perPage),
  };
};

const lotsOf = (ids: readonly string[]) =>
  ids.map((id) => ({
    id: 900 + Number(id),
    lotNumber: id,
    ownerOccupier: true,
    ownerContact: {
      data: {
        id: Number(id),
        name: 'Silva, Rui',
        email: `owner${id}@example.com`,
        mobile: '0412 345 678',
        committeeMember: id === '8',
      },
    },
  }));
const propertyiqWith = (ids: string[], perPage: number): SmallWorld => ({
  definition: connectorOf('propertyiq'),
  settings: { baseUrl: 'https://bay.propertyiq.com.au' },
  credentials: { clientId: 'secret-id-0001', clientSecret: 'secret-key-0001' },
  property: someProperty({ upstreamId: '5', country: 'AU', timeZone: 'Australia/Brisbane', currency: 'AUD' }),
  people: ids,
  answer: (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/oauth/access_token') return reply({ access_token: 'token-0001', expires_in: 3600 });
    if (request.headers?.['authorization'] !== 'Bearer token-0001') return reply({ error: 'invalid_token' }, 401);
    const rows =
      pathname === '/api/buildings' ? [{ id: 5, splan: 'SP12345', buildingName: 'Bay Towers', suburb: 'Brisbane' }] : lotsOf(ids);
    const page = parameter(request, 'page');
    return reply({
      data: slice(rows, page, perPage),
      links: { next: page * perPage < rows.length ? `?page=${page + 1}` : null },
    });
  },
  withPage: (request, page) => withParameter(request, 'page', page),
  pageOf: (request) => Math.max(1, parameter(request, 'page')),
});

const stratamaxLotsOf = (ids: readonly string[]) =>
  ids.map((id) => ({
    lotId: 900 + Number(id),
    lotNumber: id,
    owners: [
      { contactId: Number(id), firstName: 'Rui', lastName: 'Silva', email: `owner${id}@example.com`, mobile: '0412 345 678' },
    ],
  }));
const stratamaxWith = (ids: string[], perPage: number): SmallWorld => ({
  definition: connectorOf('stratamax'),
  settings: {},
  credentials: { apiKey: 'secret-key-0001' },
  property: someProperty({ upstreamId: '6', country: 'AU', timeZone: 'Australia/Brisbane', currency: 'AUD' }),
  people: ids,
  answer: (request) => {
    const rows = new URL(request.url).pathname === '/api/v1/sites' ? [{ id: 6, name: 'Harbour Plan' }] : stratamaxLotsOf(ids);
    return reply({ items: slice(rows, parameter(request, 'page'), perPage), total: rows.length });
  },
  withPage: (request, page) => withParameter(request, 'page', page),
  pageOf: (request) => Math.max(1, parameter(request, 'page')),
});

/** One of each vendor with these customers; one of them must be 7 and another 8. */
export function worldsOf(ids: string[], perPage: number): [string, SmallWorld][] {
  const buildium = buildiumWith(ids, perPage);
  return [
    ['entrata', entrataWith(ids, perPage)],
    ['buildium, a rental', { ...buildium, property: someProperty({ upstreamId: 'rental-20' }), people: ids }],
    [
      'buildium, an association',
      { ...buildium, property: someProperty({ upstreamId: 'association-30' }), people: [...ids, 'tenant-7'] },
    ],
    ['propertyiq', propertyiqWith(ids, perPage)],
    ['stratamax', stratamaxWith(ids, perPage)],
  ];
}
export const smallWorlds: readonly [string, SmallWorld][] = worldsOf(few, 2);
