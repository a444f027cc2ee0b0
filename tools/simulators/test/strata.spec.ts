import type { Simulators } from '../src/index.js';
import { act, type PropertyIqList, propertyiq, propertyIn, start, stratamax } from './ask.js';

describe('PropertyIQ', () => {
  let simulators: Simulators;
  let building: string;
  beforeEach(async () => {
    simulators = await start({ vendors: ['propertyiq'] });
    building = propertyIn(simulators, 'propertyiq');
  });
  afterEach(() => simulators.close());

  const lots = async () =>
    (await propertyiq(simulators, `/api/buildings/${building}/lots?number=200&include=ownerContact`)).json.data;

  it('gives a token only for the right client, and nothing without one', async () => {
    const { url, clientId } = simulators.propertyiq;
    const query = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: 'wrong' });
    const refused = await fetch(`${url}/oauth/access_token?${query.toString()}`, { method: 'POST' });
    expect([refused.status, await refused.json()]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })]);
    expect((await fetch(`${url}/api/buildings`)).status).toBe(401);
  });

  it('lists buildings, one of them by its plan', async () => {
    const all = (await propertyiq(simulators, '/api/buildings?number=200&page=1')).json;
    expect(all.data).toHaveLength(3);
    expect(all.links).toEqual({ next: null });
    expect((await propertyiq(simulators, `/api/buildings?splan=${all.data[1]!.splan}`)).json.data).toEqual([all.data[1]]);
  });

  it('pages lots by links.next', async () => {
    const all = await lots();
    let next: string | null = `/api/buildings/${building}/lots?number=5&page=1&include=ownerContact`;
    const paged: unknown[] = [];
    while (next !== null) {
      const reply: PropertyIqList = (await propertyiq(simulators, next)).json;
      paged.push(...reply.data);
      next = reply.links.next?.replace(simulators.propertyiq.url, '') ?? null;
    }
    expect(paged).toEqual(all);
  });

  it('shows a sale, a committee member and a levy that is owed', async () => {
    const lot = (await lots()).find((one) => !one.committeeMember)!;
    const old = simulators
      .world()
      .leasesIn(String(lot.id))
      .find(({ kind }) => kind === 'ownership')!;
    await act(simulators, 'move-out', { leaseId: old.id });
    const person = { firstName: 'Neu', lastName: 'Owner', email: 'neu@example.com', phone: '0491 570 006' };
    const sold = await act(simulators, 'move-in', { propertyId: building, unitId: lot.id, person, occupies: false });
    await act(simulators, 'committee', { propertyId: building, customerId: sold['customerId'], on: true });
    await act(simulators, 'owe', { leaseId: sold['leaseId'], cents: 25_000 });
    expect((await lots()).find(({ id }) => id === lot.id)).toMatchObject({
      ownerName: 'Neu Owner',
      ownerOccupier: false,
      committeeMember: true,
      ownerContact: { data: { id: Number(sold['customerId']), email: 'neu@example.com', mobile: '0491 570 006' } },
    });
    expect(
      (await propertyiq<{ data: { totalNett: number } }>(simulators, `/api/lots/${lot.id}/ledger?summary=true`)).json.data
        .totalNett,
    ).toBe(250);
  });
});

describe('StrataMax (a shape of our own)', () => {
  it('lists sites and all owners of their lots, and no tenants', async () => {
    const simulators = await start({ vendors: ['stratamax'] });
    const { items } = (await stratamax(simulators, '/api/v1/sites')).json;
    const { siteId } = items[0]!;
    const page = (await stratamax(simulators, `/api/v1/sites/${siteId}/lots?pageSize=500`)).json;
    expect(page.totalItems).toBe(page.items.length);
    const shown = new Set(page.items.flatMap(({ contacts }) => contacts.map(({ contactId }) => contactId)));
    const state = (await simulators.control.get(`state?propertyId=${siteId}`)) as {
      residents: { customerId: string; shown: boolean }[];
    };
    expect(shown).toEqual(new Set(state.residents.filter((one) => one.shown).map(({ customerId }) => customerId)));
    expect(shown.size).toBeLessThan(state.residents.length);
    expect((await fetch(`${simulators.stratamax.url}/api/v1/sites`)).status).toBe(401);
    await simulators.close();
  });
});
