/** Synthetic Entrata, in the shapes of research/pms-apis.md 1.7. Nobody in it exists. */
import { silentLog } from '@leasewire/messaging';
import { fixedClock } from '@leasewire/testing';
import type { Connector, VendorReply, VendorRequest } from '../../../src/connector/connector.js';
import { entrata } from '../../../src/connector/entrata/entrata.connector.js';
import { fakeVendor, reply, type FakeVendor } from '../fake-vendor.js';

export type Row = Record<string, unknown>;

export const customer = (id: unknown, more: Row = {}): Row => ({
  id,
  customerType: 'Primary',
  relationshipName: 'Primary',
  leaseCustomerStatus: 'Current',
  firstName: 'Noor',
  lastName: 'Haddad',
  nameFull: 'Haddad, Noor',
  emailAddress: `resident${String(id)}@example.com`,
  moveInDate: '08/15/2026',
  phones: { phone: [{ phoneType: 'mobile', phoneNumber: '+1 3035550142', countryCode: 1 }] },
  ...more,
});

export const lease = (id: unknown, customers: unknown, more: Row = {}): Row => ({
  id,
  leaseStatusTypeId: '4',
  propertyId: '100',
  moveInDate: '08/15/2026',
  leaseIntervalId: `9${String(id)}`,
  leaseIntervalStatus: 'Current',
  spaceConfiguration: 'Per Bedroom',
  unitId: '301',
  unitSpaces: { unitSpace: [{ unitSpaceId: 3014, unitSpace: '301-D' }] },
  customers: { customer: customers },
  leaseIntervals: {
    leaseInterval: [{ id: `9${String(id)}`, startDate: '08/15/2026', endDate: '07/31/2027', leaseIntervalTypeId: '1' }],
  },
  ...more,
});

const spaces = (unit: string, names: string[]) =>
  names.map((name, at) => ({ unitSpaceId: Number(`${unit}${at + 1}`), unitNumber: `${unit}-${name}` }));
export const units: Row[] = [
  { id: 301, unitNumber: '301', buildingName: 'A', unitSpaces: { unitSpace: spaces('301', ['A', 'B', 'C', 'D']) } },
  { id: '302', unitNumber: '302', unitSpaces: { unitSpace: spaces('302', ['A', 'B']) } },
  { id: '111', unitNumber: 111, unitSpaces: { unitSpace: { unitSpaceId: 1110, unitNumber: '111' } } },
];

export const ok = (result: unknown, headers: Record<string, string> = {}) =>
  reply({ response: { requestId: '1', code: 200, result } }, 200, headers);
export const refused = (code: number, message: string) => reply({ response: { error: { code, message } } });
export const nothing = () => ok('No records found with mentioned preferences.');

export interface Asked {
  service: string;
  method: string;
  params: Record<string, string>;
  page: number;
  size: number;
}
export type Answers = Partial<Record<string, (asked: Asked) => VendorReply>>;

export const askedFor = (request: VendorRequest): Asked => {
  const url = new URL(request.url);
  const body = JSON.parse(request.body ?? '') as { method: { name: string; params: Record<string, string> } };
  const page = Number(url.searchParams.get('page_no') ?? 1);
  return {
    service: url.pathname.split('/').at(-1)!,
    method: body.method.name,
    params: body.method.params,
    page,
    size: Number(url.searchParams.get('per_page')),
  };
};

const usual: Answers = {
  getStatus: () => ok({ status: 'Success' }),
  getProperties: () =>
    ok({
      PhysicalProperty: {
        Property: [{ PropertyID: 100, MarketingName: 'Harbour Court', Address: { City: 'Boulder', Country: 'US' } }],
      },
    }),
  getPropertyUnits: () => ok({ properties: { property: { propertyId: 100, units: { unit: units } } } }),
  getLeases: () => nothing(),
  getLeaseArTransactions: () => nothing(),
};

/** These leases, sent when their status, and somebody on them, is asked for. */
export const withLeases = (...leases: unknown[]): Answers => ({
  getLeases: ({ params, page }) => {
    const wanted = params['leaseStatusTypeIds']!.split(',');
    const names = ({ customers }: { customers?: { customer: unknown } }) =>
      [customers?.customer].flat().map((row) => String((row as Row)['id']));
    const found = leases.filter(
      (row) =>
        wanted.includes(String((row as { leaseStatusTypeId?: string | number }).leaseStatusTypeId ?? '4')) &&
        (params['customerId'] === undefined || names(row as object).includes(params['customerId'])),
    );
    return page > 1 || found.length === 0
      ? nothing()
      : ok({ leases: { lease: found } }, { 'x-total-count': String(found.length) });
  },
});

export function anEntrata(answers: Answers = {}, settings: Row = {}): { connector: Connector; vendor: FakeVendor } {
  const vendor = fakeVendor((request) => {
    const asked = askedFor(request);
    return ({ ...usual, ...answers }[asked.method] ?? (() => refused(405, 'Unknown method')))(asked);
  });
  const about = {
    settings: { subdomain: 'harbour', ...settings },
    credentials: { apiKey: 'key-0001' },
    http: vendor,
    clock: fixedClock(),
    log: silentLog,
  };
  return { connector: entrata.open(about), vendor };
}
