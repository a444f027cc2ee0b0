import type { Simulators } from '../src/index.js';
import { act, buildium, entrata, leasesIn, leasesOf, propertyIn, propertyiq, start, stratamax } from './ask.js';

describe('faults', () => {
  let simulators: Simulators;
  let home: string;
  beforeEach(async () => {
    simulators = await start();
    home = propertyIn(simulators, 'entrata');
  });
  afterEach(() => simulators.close());

  const fail = (fault: Record<string, unknown>) =>
    act(simulators, 'faults', { vendor: 'entrata', method: 'getLeases', ...fault });
  const ask = (query = '') => entrata(simulators, 'leases', 'getLeases', { propertyId: home }, { query });
  const idsOn = async (page: number): Promise<string[]> => {
    const reply = await ask(`?page_no=${page}&per_page=5`);
    return leasesIn(reply).map(({ id }) => id);
  };

  it.each([
    ['unauthorized', 401, { code: 401 }],
    ['forbidden', 200, { code: 500 }],
    ['rate-limited', 429, { code: 429 }],
    ['broken', 500, { code: 500 }],
  ])('%s is HTTP %i in Entrata’s words, once', async (kind, status, error) => {
    await fail({ kind, times: 1 });
    const reply = await ask();
    expect(reply.status).toBe(status);
    expect(reply.json.response.error).toMatchObject(error);
    expect((await ask()).json.response.code).toBe(200);
  });

  it.each([
    ['unauthorized', 401],
    ['forbidden', 403],
    ['rate-limited', 429],
    ['broken', 500],
  ])('%s is HTTP %i of the others', async (kind, status) => {
    // of PropertyIQ the call itself, not already its token
    await act(simulators, 'faults', { kind, vendor: 'propertyiq', method: 'GET /api/buildings' });
    expect((await propertyiq(simulators, '/api/buildings')).status).toBe(status);
    await act(simulators, 'faults', { kind });
    expect((await buildium(simulators, '/v1/leases')).status).toBe(status);
    expect((await stratamax(simulators, '/api/v1/sites')).status).toBe(status);
  });

  it('tells with a 429 what is left and when to come again', async () => {
    await fail({ kind: 'rate-limited', retryAfterSeconds: 9 });
    const { headers } = await ask();
    expect(headers.get('retry-after')).toBe('9');
    expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d+\/day;\d+\/hour;0\/minute$/);
    expect(headers.get('x-ratelimit-reset')).toMatch(/;9$/);
  });

  it('waits, cuts the body, breaks the JSON', async () => {
    await fail({ kind: 'slow', ms: 80, times: 1 });
    const began = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(75);
    await fail({ kind: 'cut', times: 1 });
    await expect(ask()).rejects.toThrow();
    await fail({ kind: 'invalid-json', times: 1 });
    const reply = await ask();
    expect(() => JSON.parse(reply.text) as unknown).toThrow(SyntaxError);
  });

  it('loops over pages, repeats one, shrinks the total', async () => {
    const [first, second] = [await idsOn(1), await idsOn(2)];
    expect(second).not.toEqual(first);
    await fail({ kind: 'page-loop' });
    expect([await idsOn(2), await idsOn(999)]).toEqual([first, first]);
    expect((await ask('?page_no=999&per_page=5')).headers.get('link')).toContain('rel="next"');
    await simulators.control.clearFaults();
    await fail({ kind: 'duplicate-page' });
    expect([await idsOn(2), await idsOn(3)]).toEqual([first, expect.not.arrayContaining(first)]);
    await simulators.control.clearFaults();
    await fail({ kind: 'shrinking-total' });
    const totals = [await ask('?page_no=1&per_page=5'), await ask('?page_no=3&per_page=5')].map(({ headers }) =>
      Number(headers.get('x-total-count')),
    );
    expect(totals[1]).toBeLessThan(totals[0]!);
  });

  it('says with success that there is nothing', async () => {
    await fail({ kind: 'empty-success', times: 1 });
    expect((await ask()).json.response.result).toBe('No records found with mentioned preferences.');
    await fail({ kind: 'empty-list', times: 1 });
    expect((await ask()).json.response.result.leases?.lease).toEqual([]);
    await fail({ kind: 'string-result', times: 1 });
    expect(typeof (await ask()).json.response.result).toBe('string');
    await act(simulators, 'faults', { kind: 'empty-success', vendor: 'buildium' });
    expect((await buildium(simulators, '/v1/leases')).json).toEqual([]);
  });

  it('gives the one of a list of one', async () => {
    const { id } = (await leasesOf(simulators, home))[0]!;
    await fail({ kind: 'single-object' });
    const reply = await entrata(simulators, 'leases', 'getLeases', {
      propertyId: home,
      leaseIds: id,
      leaseStatusTypeIds: '3,4,5,6',
    });
    expect(reply.json.response.result.leases?.lease).toMatchObject({
      id,
      unitSpaces: { unitSpace: expect.anything() as unknown },
    });
  });

  it('lets about a third vanish, or as many appear', async () => {
    const all = (await leasesOf(simulators, home)).length;
    await fail({ kind: 'vanish', times: 1 });
    const left = (await leasesOf(simulators, home)).length;
    await fail({ kind: 'appear', times: 1 });
    const crowded = await leasesOf(simulators, home);
    expect(left / all).toBeGreaterThan(0.5);
    expect(left / all).toBeLessThan(0.82);
    expect(crowded).toHaveLength(all + (all - left));
    expect(crowded.at(-1)?.customers.customer[0]).toMatchObject({ lastName: expect.stringContaining('Placeholder') as string });
    expect((await leasesOf(simulators, home)).length).toBe(all);
  });

  it.each([
    ['buildium', async () => (await buildium(simulators, '/v1/leases/tenants?limit=1000')).json.length],
    [
      'propertyiq',
      async () =>
        (await propertyiq(simulators, `/api/buildings/${propertyIn(simulators, 'propertyiq')}/lots?number=200`)).json.data.length,
    ],
    [
      'stratamax',
      async () =>
        (await stratamax(simulators, `/api/v1/sites/${propertyIn(simulators, 'stratamax')}/lots?pageSize=500`)).json.items.length,
    ],
  ])('lets them vanish and appear at %s, and says with success that there are none', async (vendor, count) => {
    await act(simulators, 'reset', { residents: 600 });
    const all = await count();
    const whenSet = async (kind: string) => {
      await act(simulators, 'faults', { kind, vendor });
      const counted = await count();
      await simulators.control.clearFaults();
      return counted;
    };
    expect((await whenSet('vanish')) / all).toBeLessThan(0.85);
    expect((await whenSet('appear')) / all).toBeGreaterThan(1.15);
    expect([await whenSet('empty-list'), await count()]).toEqual([0, all]);
  });

  it('lets so many calls pass first, and only concerns its property', async () => {
    await fail({ kind: 'broken', after: 1, times: 1 });
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 500, 200]);
    await fail({ kind: 'broken', propertyId: '1' });
    expect((await ask()).status).toBe(200);
  });

  it('counts rate limits for real', async () => {
    await act(simulators, 'limits', { entrata: '100/day;2/minute' });
    expect((await ask()).headers.get('x-ratelimit-remaining')).toBe('99/day;1/minute');
    await ask();
    const third = await ask();
    expect(third.status).toBe(429);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await entrata(simulators, 'status', 'getStatus')).status).toBe(200);
  });

  it('begins again with the seed', async () => {
    const before = await simulators.control.get('state');
    await act(simulators, 'move-in', { propertyId: home });
    await fail({ kind: 'broken' });
    expect(await simulators.control.get('state')).not.toEqual(before);
    await act(simulators, 'reset', {});
    expect(await simulators.control.get('state')).toEqual(before);
    expect((await ask()).status).toBe(200);
  });
});
