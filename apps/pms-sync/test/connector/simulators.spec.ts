import { silentLog, systemClock } from '@leasewire/messaging';
import { startSimulators, type Simulators } from '@leasewire/simulators';
import { onCleanUp } from '@leasewire/testing';
import type { Connector, ConnectorName } from '../../src/connector/connector.js';
import { connectorOf } from '../../src/connector/connectors.js';
import { MemoryRateLedger } from '../../src/connector/rate-limit/memory-rate-ledger.js';
import { VendorError } from '../../src/connector/vendor-error.js';
import { createVendorHttp } from '../../src/connector/vendor-http.js';
import { someProperty, sweep, type Swept } from './fake-vendor.js';

interface Truth {
  customerId: string;
  shown: boolean;
  stays: { role: string; status: string; leaseStatus: string }[];
}
let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({ seed: 7, residents: 200, limits: { buildium: 'none' } });
  onCleanUp(() => simulators.close());
});

/** As pms-sync opens it: over real connections. */
function connected(name: ConnectorName, more: { attempts?: number; credentials?: object; settings?: object } = {}): Connector {
  const { url, ...access } = simulators[name as 'entrata'];
  const settings: Record<string, object> = { entrata: { subdomain: simulators.entrata.subdomain, baseUrl: `${url}/ext/orgs` } };
  const http = createVendorHttp({
    lane: name,
    ledger: new MemoryRateLedger(),
    policy: { allowedHosts: ['127.0.0.1'] },
    clock: systemClock,
    log: silentLog,
    attempts: more.attempts ?? 1,
    timeoutMs: 1500,
    patienceMs: 3000,
  });
  const about = {
    settings: { ...(settings[name] ?? { baseUrl: url }), ...more.settings },
    credentials: more.credentials ?? access,
    http,
    clock: systemClock,
    log: silentLog,
  };
  return connectorOf(name).open(about);
}
const aMonthFromNow = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const aYearAgo = new Date(Date.now() - 400 * 86_400_000).toISOString().slice(0, 10);
const isNow = ({ role, status, leaseStatus }: Truth['stays'][number]) =>
  role !== 'guarantor' && [status, leaseStatus].every((word) => /^(current|notice)$/i.test(word));
const truthOf = async (propertyId: string) =>
  ((await simulators.control.get(`state?propertyId=${propertyId.replace(/^\w+-/, '')}`)) as { residents: Truth[] }).residents;
const sweepOf = async (connector: Connector, upstreamId: string) =>
  await sweep(connector.fetchPeople(someProperty({ upstreamId, pastFrom: aYearAgo }), {}));

describe.each<ConnectorName>(['entrata', 'buildium', 'propertyiq', 'stratamax'])('%s, against its simulator', (name) => {
  it('tells that it is connected, and that a key is wrong', async () => {
    expect(await connected(name).test()).toMatchObject({ code: 'ok' });
    const { url: _, ...access } = simulators[name as 'entrata'];
    const wrong = Object.fromEntries(Object.keys(access).map((key) => [key, 'wrong-0001']));
    expect(await connected(name, { credentials: wrong }).test()).toMatchObject({ code: 'wrong-key' });
  });
  it('knows who lives there as the model does', async () => {
    for (const property of await connected(name).listProperties()) {
      const swept = await sweepOf(connected(name), property.id);
      expect(swept).toMatchObject({ complete: true, rejected: [] });
      const plain = (id: string) => id.replace(/^(tenant|cosigner)-/, '');
      const here = swept.people.filter(
        (person) => person.role !== 'guarantor' && person.stays.some(({ status }) => status === 'current' || status === 'notice'),
      );
      const lives = (await truthOf(property.id)).filter((one) => one.shown && one.stays.some(isNow));
      expect(here.map((person) => plain(person.upstreamId)).sort()).toEqual(lives.map((one) => one.customerId).sort());
      const units = await connected(name).fetchUnits(someProperty({ upstreamId: property.id }));
      expect(
        swept.people.flatMap((person) => person.stays).filter((stay) => !units.some((unit) => unit.upstreamId === stay.unitId)),
      ).toEqual([]);
    }
  });
  it('knows one person as the sweep does', async () => {
    const connector = connected(name);
    const [property] = await connector.listProperties();
    const { people } = await sweepOf(connector, property!.id);
    const one = people.find((person) => person.role !== 'guarantor' && person.stays.some(({ status }) => status === 'current'))!;
    const wanted = { people: [one.upstreamId] };
    const swept = await sweep(connector.fetchPeople(someProperty({ upstreamId: property!.id, pastFrom: aYearAgo }), wanted));
    expect(swept).toMatchObject({ people: [one], complete: true });
  });
  it.each([
    'unauthorized',
    'forbidden',
    'rate-limited',
    'broken',
    'slow',
    'cut',
    'invalid-json',
    'page-loop',
    'duplicate-page',
    'empty-success',
    'string-result',
  ])('takes nobody for gone when the fault is %s', async (kind) => {
    const connector = connected(name);
    const [property] = await connector.listProperties();
    try {
      await simulators.control.post('faults', { kind, vendor: name });
      const outcome: Swept | VendorError = await sweepOf(connector, property!.id).catch((error: VendorError) => error);
      if (outcome instanceof VendorError) return;
      // that nobody at all is there is held by the brake, for every vendor (brake.it.spec.ts)
      const harmless = outcome.complete === false || outcome.people.length > 0 !== (kind === 'empty-success');
      expect(harmless).toBe(true);
    } finally {
      await simulators.control.clearFaults();
    }
  });
});

describe('what changed at Buildium', () => {
  const all = async (kind: 'rental' | 'association') => {
    const connector = connected('buildium');
    const { id: upstreamId } = (await connector.listProperties()).find(({ id }) => id.startsWith(kind))!;
    const property = someProperty({ upstreamId, pastFrom: aYearAgo });
    const read = (since?: Date) => sweep(connector.fetchPeople(property, since ? { since } : {}));
    return { propertyId: upstreamId.replace(/^\w+-/, ''), read, before: (await read()).people };
  };
  const change = <T>(operation: string, body: object) => simulators.control.post(operation, body) as Promise<T>;
  const idsOf = ({ people }: Swept) => people.map(({ upstreamId }) => upstreamId).sort();

  it('in a rental: another address, a notice and a move-in come as a sweep has them, and of nobody else is said a word', async () => {
    const { propertyId, read, before } = await all('rental');
    const alone = before.filter(({ role, stays }) => role === 'primary' && stays.length === 1 && stays[0]?.status === 'current');
    const [moved, renamed] = [alone[0]!, alone.find(({ stays }) => stays[0]!.leaseId !== alone[0]!.stays[0]!.leaseId)!];
    const since = new Date();
    expect(idsOf(await read(new Date(since.getTime() + 60_000)))).toEqual([]);
    await change('change', { customerId: renamed.upstreamId, email: 'another@example.com' });
    await change('give-notice', { leaseId: moved.stays[0]!.leaseId, date: aMonthFromNow });
    const { customerId: came } = await change<{ customerId: string }>('move-in', { propertyId });
    const delta = await read(since);
    expect(delta).toMatchObject({ complete: false, rejected: [] });
    expect(idsOf(delta)).toEqual(expect.arrayContaining([renamed.upstreamId, moved.upstreamId, came].sort()));
    expect(delta.people.length).toBeLessThan(before.length / 2);
    const { people: now } = await read();
    for (const person of delta.people) expect(person).toEqual(now.find(({ upstreamId }) => upstreamId === person.upstreamId));
    expect(delta.people.find(({ upstreamId }) => upstreamId === moved.upstreamId)?.stays[0]?.moveOut).toBe(aMonthFromNow);
  });

  it('in an association: an owner’s address', async () => {
    const { read, before } = await all('association');
    const { upstreamId } = before.find(({ userTypes }) => userTypes.includes('owner-occupier'))!;
    const since = new Date();
    await change('change', { customerId: upstreamId, email: 'owner.another@example.com' });
    expect(await read(since)).toMatchObject({ complete: false, people: [{ upstreamId, email: 'owner.another@example.com' }] });
  });
});

describe('what is owed on a lease', () => {
  const balanceOf = async (name: ConnectorName, upstreamId: string, customerId: string) => {
    const wanted = { people: [customerId], withBalances: true };
    const { people } = await sweep(connected(name).fetchPeople(someProperty({ upstreamId, pastFrom: aYearAgo }), wanted));
    return people[0]?.balance;
  };

  it.each<ConnectorName>(['entrata', 'buildium'])(
    '%s says, and when it was paid; in the sweep as of one person',
    async (name) => {
      const [property] = await connected(name).listProperties();
      const upstreamId = property!.id;
      const { people } = await sweepOf(connected(name), upstreamId);
      const one = people.find(({ role, stays }) => role === 'primary' && stays.length === 1 && stays[0]?.status === 'current')!;
      const leaseId = one.stays[0]!.leaseId;
      await simulators.control.post('owe', { leaseId, cents: 12_550 });
      const owed = { amount: 12_550, currency: 'USD' };
      expect(await balanceOf(name, upstreamId, one.upstreamId)).toEqual(owed);
      const all = { upstreamId, pastFrom: aYearAgo };
      const swept = await sweep(connected(name).fetchPeople(someProperty(all), { withBalances: true }));
      expect(swept.people.find((person) => person.upstreamId === one.upstreamId)?.balance).toEqual(owed);
      await simulators.control.post('pay', { leaseId });
      expect(await balanceOf(name, upstreamId, one.upstreamId)).toEqual({ amount: 0, currency: 'USD' });
      // what nobody asks for is not said
      expect((await sweepOf(connected(name), upstreamId)).people.every(({ balance }) => balance === undefined)).toBe(true);
    },
  );

  it.each<ConnectorName>(['propertyiq', 'stratamax'])('%s does not say, so nobody is asked to ask', async (name) => {
    expect(connectorOf(name).capabilities.balances).toBe(false);
    const [property] = await connected(name).listProperties();
    const { people } = await sweep(
      connected(name).fetchPeople(someProperty({ upstreamId: property!.id }), { withBalances: true }),
    );
    expect(people.every(({ balance }) => balance === undefined)).toBe(true);
  });
});

it('Entrata lets the older generation in too', async () => {
  const settings = { generation: 'legacy', baseUrl: simulators.entrata.url };
  expect(await connected('entrata', { settings }).test()).toMatchObject({ code: 'ok' });
});

it('a sweep of Buildium keeps to ten requests a second', async () => {
  await simulators.control.post('limits', { buildium: '10/second' });
  const connector = connected('buildium', { attempts: 4 });
  const [property] = await connector.listProperties();
  for (let sweeps = 0; sweeps < 4; sweeps++) expect(await sweepOf(connector, property!.id)).toMatchObject({ complete: true });
});
