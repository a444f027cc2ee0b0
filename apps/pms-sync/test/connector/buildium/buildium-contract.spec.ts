import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '@leasewire/messaging';
import { fixedClock } from '@leasewire/testing';
import type { VendorRequest, WantedPeople } from '../../../src/connector/connector.js';
import { connectorOf } from '../../../src/connector/connectors.js';
import { fakeVendor, someProperty, sweep } from '../fake-vendor.js';
import { buildiumAnswer, buildiumLease, buildiumLists, buildiumTenant } from '../small-worlds.js';

/** Buildium's own document (a subset), which lies beside the simulators. Its replies are checked against it there; here what we ask and what our tests pretend. */
interface Schema {
  type?: string;
  enum?: string[];
  items?: Schema;
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, Schema>;
}
interface Operation {
  parameters: { name: string; in: string; schema: Schema }[];
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
}
const repository = join(__dirname, '../../../../..');
const document = JSON.parse(
  readFileSync(join(repository, 'tools/simulators/test/reference/buildium-openapi-subset.json'), 'utf8'),
) as {
  paths: Record<string, { get: Operation }>;
  components: { schemas: Record<string, Schema> };
};

const operationOf = (path: string) =>
  Object.entries(document.paths).find(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '\\d+')}$`).test(path))?.[1]
    .get;
const fits = (schema: Schema, value: string): boolean => {
  if (schema.type === 'array') return fits(schema.items!, value);
  if (schema.type === 'integer') return /^\d+$/.test(value);
  return schema.enum === undefined || schema.enum.includes(value);
};

function problemsOfRequest(request: VendorRequest): string[] {
  const { pathname, searchParams } = new URL(request.url);
  const operation = operationOf(pathname);
  if (!operation) return [`${pathname} is not in the document`];
  return [...searchParams].flatMap(([name, value]) => {
    const parameter = operation.parameters.find((one) => one.in === 'query' && one.name === name);
    if (!parameter) return [`${pathname}?${name} is not in the document`];
    return fits(parameter.schema, value) ? [] : [`${pathname}?${name}=${value} does not fit`];
  });
}
function problemsOfValue(schema: Schema, value: unknown, at: string): string[] {
  if (schema.$ref) return problemsOfValue(document.components.schemas[schema.$ref.split('/').at(-1)!]!, value, at);
  if (schema.allOf) return schema.allOf.flatMap((one) => problemsOfValue(one, value, at));
  if (Array.isArray(value))
    return schema.items
      ? value.flatMap((one, place) => problemsOfValue(schema.items!, one, `${at}[${place}]`))
      : [`${at} is no list`];
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      schema.properties?.[key]
        ? problemsOfValue(schema.properties[key], inner, `${at}.${key}`)
        : [`${at}.${key} is not in the document`],
    );
  }
  if (schema.enum && !schema.enum.includes(value as string)) return [`${at} is not in the enum`];
  return schema.type === (typeof value === 'number' && schema.type === 'integer' ? 'integer' : typeof value)
    ? []
    : [`${at} is not ${schema.type}`];
}

function anAccount(lists = buildiumLists) {
  const vendor = fakeVendor((request) => buildiumAnswer(lists, request));
  const credentials = { clientId: 'id-0001', clientSecret: 'key-0001' };
  return {
    vendor,
    connector: connectorOf('buildium').open({
      settings: {},
      credentials,
      http: vendor,
      clock: fixedClock('2026-11-24T09:00:00Z'),
      log: silentLog,
    }),
  };
}
const since = new Date('2026-11-24T08:00:00.123Z');

describe('Buildium’s document', () => {
  it.each<[string, string, WantedPeople]>([
    ['a sweep of a rental', 'rental-20', { withBalances: true }],
    ['what changed in a rental', 'rental-20', { since }],
    ['one tenant', 'rental-20', { people: ['7'] }],
    ['one unit', 'rental-20', { units: ['301'] }],
    ['a sweep of an association', 'association-30', {}],
    ['what changed in an association', 'association-30', { since }],
  ])('knows all that we ask for %s', async (_name, upstreamId, wanted) => {
    const { connector, vendor } = anAccount();
    await connector.test();
    await sweep(connector.fetchPeople(someProperty({ upstreamId }), wanted));
    expect(vendor.requests.flatMap(problemsOfRequest)).toEqual([]);
    expect(Object.keys(vendor.requests[0]?.headers ?? {})).toEqual(['x-buildium-client-id', 'x-buildium-client-secret']);
    if (wanted.since)
      expect(vendor.requests.some(({ url }) => url.includes('lastupdatedfrom=2026-11-24T08%3A00%3A00Z'))).toBe(true);
  });
  it('knows all that our tests say in its name', () => {
    const problems = Object.entries(buildiumLists).flatMap(([path, rows]) =>
      problemsOfValue(operationOf(path)!.responses['200']!.content['application/json']!.schema, rows, path),
    );
    expect(problems).toEqual([]);
  });
});

describe('what Buildium means', () => {
  const rental = async (lists: Record<string, readonly object[]>, wanted: WantedPeople = {}) =>
    await sweep(
      anAccount({ ...buildiumLists, ...lists }).connector.fetchPeople(someProperty({ upstreamId: 'rental-20' }), wanted),
    );
  const association = async (lists: Record<string, readonly object[]> = {}, wanted: WantedPeople = {}) =>
    await sweep(
      anAccount({ ...buildiumLists, ...lists }).connector.fetchPeople(someProperty({ upstreamId: 'association-30' }), wanted),
    );

  it('balances belong to leases; a lease that owes nothing is not listed', async () => {
    const { people } = await rental({}, { withBalances: true });
    expect(people.map(({ upstreamId, balance }) => [upstreamId, balance?.amount])).toEqual([
      ['7', 12550],
      ['8', 0],
      ['9', 0],
      ['10', 0],
      ['11', 0],
    ]);
  });
  it('a cosigner is a guarantor, with an id of its own kind', async () => {
    const signed = {
      '/v1/leases': [buildiumLease(1, 7, { Cosigners: [buildiumTenant(7, { FirstName: 'Pat' })] })],
      '/v1/leases/tenants': [buildiumTenant(7)],
    };
    expect((await rental(signed)).people).toMatchObject([
      { upstreamId: 'cosigner-7', role: 'guarantor' },
      { upstreamId: '7', role: 'primary' },
    ]);
  });
  it('leases that ended before the bound are left out', async () => {
    const old = buildiumLease(9, 7, { LeaseStatus: 'Past', LeaseToDate: '2020-01-01', Tenants: [{ Id: 7, Status: 'MovedOut' }] });
    const { people } = await rental({ '/v1/leases': [buildiumLease(1, 7), old], '/v1/leases/tenants': [buildiumTenant(7)] });
    expect(people).toMatchObject([{ stays: [{ leaseId: '1' }] }]);
    expect(people[0]?.stays).toHaveLength(1);
  });
  it('owners are occupiers or investors, tenants are tenants, the board is the committee on top', async () => {
    const { people } = await association();
    expect(Object.fromEntries(people.map(({ upstreamId, userTypes }) => [upstreamId, userTypes]))).toEqual({
      '7': ['owner-investor'],
      '8': ['owner-occupier', 'committee'],
      '9': ['owner-investor'],
      '10': ['owner-occupier'],
      '11': ['owner-investor'],
      'tenant-7': ['tenant'],
    });
  });
  it('somebody on the board who owns nothing is on the committee without a unit; a term that ended is none', async () => {
    const board = [
      { Id: 1, AssociationOwnerId: 77, FirstName: 'Kim', LastName: 'Lo', StartDate: '2026-01-01' },
      { Id: 2, AssociationOwnerId: 9, FirstName: 'Rui', LastName: 'Silva', StartDate: '2020-01-01', EndDate: '2021-01-01' },
    ];
    const { people } = await association({ '/v1/associations/30/boardmembers': board });
    expect(people.find(({ upstreamId }) => upstreamId === '77')).toMatchObject({
      role: 'committee',
      userTypes: ['committee'],
      stays: [],
    });
    expect(people.find(({ upstreamId }) => upstreamId === '9')?.userTypes).toEqual(['owner-investor']);
  });
  it('what changed is never complete', async () => {
    expect((await rental({}, { since })).complete).toBe(false);
    expect((await association({}, { since })).complete).toBe(false);
  });
});
