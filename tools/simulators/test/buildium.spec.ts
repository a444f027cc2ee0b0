import type { Simulators } from '../src/index.js';
import { act, buildium, type BuildiumRow, residentsOf, start } from './ask.js';
import { document, problemsOf } from './openapi.js';

describe('Buildium', () => {
  let simulators: Simulators;
  let rental: string;
  let association: string;

  beforeEach(async () => {
    simulators = await start({ vendors: ['buildium'], clock: { now: () => new Date('2026-08-20T15:00:00.500Z') } });
    const properties = [...simulators.world().properties.values()];
    rental = properties.find(({ kind }) => kind === 'rental')!.id;
    association = properties.find(({ kind }) => kind === 'strata')!.id;
  });
  afterEach(() => simulators.close());

  const idsFor = () => {
    const leases = [...simulators.world().leases.values()];
    const lease = leases.find(({ kind }) => kind === 'rental')!;
    const owned = leases.find(({ kind }) => kind === 'ownership')!;
    return {
      propertyId: rental,
      unitId: lease.unitId,
      leaseId: lease.id,
      tenantId: lease.members[0]!.customerId,
      associationId: association,
      ownerId: owned.members[0]!.customerId,
    } as Record<string, string>;
  };

  it.each(Object.keys(document.paths))('GET %s replies as the public document says', async (path) => {
    const ids = idsFor();
    const reply = await buildium(
      simulators,
      path.replace(/\{(\w+)\}/, (_all, name: string) => ids[name]!),
    );
    expect(problemsOf(path, 200, reply.json)).toEqual([]);
    expect(reply.status).toBe(200);
    if (Array.isArray(reply.json)) expect(Number(reply.headers.get('x-total-count'))).toBeGreaterThanOrEqual(reply.json.length);
    if (!path.endsWith('moveouts')) expect(reply.json).not.toEqual([]);
  });

  it.each([
    ['/v1/leases', '?limit=1001', 422],
    ['/v1/leases', '?limit=ten', 400],
    ['/v1/leases', '?propertyids=abc', 400],
    ['/v1/leases', '?leasestatuses=Current', 400],
    ['/v1/leases', '?lastupdatedfrom=2026-08-20', 400],
    ['/v1/leases/{leaseId}', '1', 404],
    ['/v1/associations/{associationId}/boardmembers', '1', 404],
  ])('refuses %s with %s', async (path, what, status) => {
    const address = path.includes('{') ? path.replace(/\{\w+\}/, what) : path + what;
    const reply = await buildium(simulators, address);
    expect(reply.status).toBe(status);
    expect(problemsOf(path, status, reply.json)).toEqual([]);
  });

  it('wants both headers of the document', async () => {
    const names = Object.values(document.components.securitySchemes).map(({ name }) => name);
    const { url, clientId, clientSecret } = simulators.buildium;
    const values: Record<string, string> = { [names[0]!]: clientId, [names[1]!]: clientSecret };
    for (const name of names) {
      const { [name]: _left, ...headers } = values;
      const reply = await fetch(`${url}/v1/leases`, { headers });
      expect(reply.status).toBe(401);
      expect(problemsOf('/v1/leases', 401, await reply.json())).toEqual([]);
    }
  });

  it('pages by offset and limit without a gap', async () => {
    const all = (await buildium(simulators, '/v1/leases/tenants?limit=1000')).json;
    const paged: { Id: number }[] = [];
    while (paged.length < all.length)
      paged.push(...(await buildium(simulators, `/v1/leases/tenants?limit=7&offset=${paged.length}`)).json);
    expect(paged.map(({ Id }) => Id)).toEqual(all.map(({ Id }) => Id));
  });

  it('gives only what changed since', async () => {
    const since = 'lastupdatedfrom=2026-08-20T15:00:00Z';
    const changed = async (path: string) => (await buildium(simulators, `${path}?${since}`)).json.map(({ Id }) => String(Id));
    expect(await changed('/v1/leases')).toEqual([]);
    const { leaseId, tenantId, unitId } = idsFor() as { leaseId: string; tenantId: string; unitId: string };
    await act(simulators, 'change', { customerId: tenantId, email: 'other@example.com' });
    expect(await changed('/v1/leases/tenants')).toEqual([tenantId]);
    await act(simulators, 'owe', { leaseId, cents: 5_000 });
    expect(await changed('/v1/leases')).toEqual([leaseId]);
    await act(simulators, 'rename-unit', { unitId, number: '9Z' });
    expect(await changed('/v1/rentals/units')).toEqual([unitId]);
  });

  it('tells a notice, a move-out and what is owed', async () => {
    const stay = (await residentsOf(simulators, rental))
      .flatMap(({ stays }) => stays)
      .find(({ leaseStatus, role }) => leaseStatus === 'Current' && role === 'primary')!;
    await act(simulators, 'give-notice', { leaseId: stay.leaseId, date: '2026-09-30' });
    await act(simulators, 'owe', { leaseId: stay.leaseId, cents: 10_050 });
    const lease = (await buildium<BuildiumRow>(simulators, `/v1/leases/${stay.leaseId}`)).json;
    expect(lease).toMatchObject({
      LeaseStatus: 'Active',
      MoveOutData: [{ MoveOutDate: '2026-09-30', NoticeGivenDate: '2026-08-20' }, ...lease.MoveOutData.slice(1)],
    });
    expect((await buildium(simulators, `/v1/leases/outstandingbalances?leaseids=${stay.leaseId}`)).json[0]?.TotalBalance).toBe(
      100.5,
    );
    await act(simulators, 'advance', { to: '2026-09-30' });
    expect((await buildium(simulators, `/v1/leases/${stay.leaseId}`)).json).toMatchObject({
      LeaseStatus: 'Past',
      CurrentTenants: [],
    });
  });

  it('shows owners, whether they live there, tenants of lots and the board', async () => {
    const owner = idsFor()['ownerId']!;
    await act(simulators, 'committee', { propertyId: association, customerId: owner, on: false });
    const board = async () => (await buildium(simulators, `/v1/associations/${association}/boardmembers?statuses=Current`)).json;
    const before = (await board()).length;
    await act(simulators, 'committee', { propertyId: association, customerId: owner, on: true, position: 'Treasurer' });
    expect(await board()).toHaveLength(before + 1);
    expect((await board()).at(-1)).toMatchObject({ AssociationOwnerId: Number(owner), BoardPositionType: 'Treasurer' });
    const owned = [...simulators.world().leasesWith(owner)].find(({ kind }) => kind === 'ownership')!;
    await act(simulators, 'occupy', { leaseId: owned.id, occupies: true });
    expect((await buildium(simulators, `/v1/associations/owners/${owner}`)).json).toMatchObject({ OccupiesUnit: true });
    const tenant = await act(simulators, 'move-in', { propertyId: association, unitId: owned.unitId, role: 'tenant' });
    const tenants = (await buildium(simulators, '/v1/associations/tenants?limit=1000')).json;
    expect(tenants.at(-1)).toMatchObject({
      Id: Number(tenant['customerId']),
      OwnershipAccounts: [{ UnitId: Number(owned.unitId) }],
    });
  });
});
