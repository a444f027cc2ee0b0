import {
  adoptProperties,
  balanceChanged,
  disconnectAll,
  getBalance,
  getConnection,
  getHold,
  getSyncedProperty,
  listBalances,
  listConnections,
  listHeldPeople,
  listHolds,
  listLeftOut,
  listSyncRuns,
  listUpstreamProperties,
  organizationClosed,
  personErased,
  propertyChanged,
  disconnect,
  previewDisconnectAll,
  previewSyncPolicy,
  setSyncPolicy,
  startSync,
  syncPolicyChanged,
  type PropertyId,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { connectAs, eventually, outgoing, staffActor, suiteDeployment } from '@leasewire/testing';
import { FakePms, person } from './fake-pms.js';
import { PmsSuite } from './pms-suite.js';

jest.mock('../../src/connector/connectors.js', () => ({
  get connectors() {
    return [mockPms.definition];
  },
  connectorOf: () => mockPms.definition,
}));
const mockPms = new FakePms();
const pms = mockPms;
let suite: PmsSuite;
beforeAll(async () => {
  suite = await PmsSuite.start(pms);
});
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => person(from + n));
const coded = (code: string): unknown => expect.objectContaining({ code });
const dollars = (amount: number) => ({ amount: amount * 100, currency: 'USD' });
const residentOf = (upstreamId: string, propertyId: PropertyId = suite.propertyId) =>
  suite.directory.residentOf(propertyId, upstreamId);

beforeEach(() => {
  Object.assign(pms, {
    fault: 'none',
    rejected: [],
    pageSize: 50,
    freePages: 0,
    gate: Promise.resolve(),
    people: many(0, 30),
    of: {},
  });
});

describe('after an outage', () => {
  it('each property is swept once, one at a time per connection, and no organization waits for another', async () => {
    await suite.adopt();
    const first = { orgId: suite.orgId, actor: suite.actor, properties: [suite.propertyId, await suite.adoptAnother('200')] };
    await suite.adopt();
    const second = { orgId: suite.orgId, actor: suite.actor, properties: [suite.propertyId] };
    let open = () => {};
    pms.gate = new Promise<void>((resolve) => (open = resolve));
    const { clock } = await suiteDeployment();
    clock.advance({ hours: 72 });
    const scheduled = async ({ actor }: typeof first) =>
      (await suite.call(listSyncRuns, { limit: 200 }, actor)).items.filter(({ cause }) => cause === 'schedule');
    const states = async (of: typeof first) => (await scheduled(of)).map(({ state }) => state).sort();
    await eventually(
      async () => expect([await states(first), await states(second)]).toEqual([['queued', 'running'], ['running']]),
      { timeoutMs: 20_000 },
    );
    const { health } = await suite.call(getConnection, { connectionId: suite.connectionId });
    expect(health.stale).toBe(1);
    const { staleSince } = await suite.call(getSyncedProperty, { propertyId: suite.propertyId });
    expect(Date.parse(staleSince!)).toBeLessThan(clock.now().getTime());
    open();
    await eventually(async () => expect([await states(first), await states(second)]).toEqual([['done', 'done'], ['done']]), {
      timeoutMs: 20_000,
    });
    expect((await scheduled(first)).map(({ propertyId }) => propertyId).sort()).toEqual([...first.properties].sort());
    expect((await suite.call(getConnection, { connectionId: suite.connectionId })).health.stale).toBe(0);
    expect((await suite.call(getSyncedProperty, { propertyId: suite.propertyId })).staleSince).toBeNull();
    for (const { actor } of [first, second]) await suite.call(disconnectAll, { residents: 'keep' }, actor);
  });
});

describe('whom the policy leaves out', () => {
  it('is found by name after any number of sweeps, with why', async () => {
    const name = { first: 'Zoë', last: 'Gómez', raw: 'Gómez, Zoë' };
    pms.people = [...many(0, 3), person('g', { role: 'guarantor', name }), person('p', { role: 'placeholder', name })];
    const first = await suite.adopt();
    expect(await suite.outcomes(first)).toHaveLength(5);
    const { propertyId } = suite;
    const second = await suite.sweep();
    expect([second.counts, await suite.outcomes(second)]).toMatchObject([{ unchanged: 3, skipped: 2 }, []]);
    const leftOut = (search: string, actor = suite.actor) => suite.call(listLeftOut, { propertyId, search }, actor);
    expect(await leftOut('zoe gom')).toEqual({
      items: [
        {
          ...{ upstreamId: 'cg', name: 'Gómez, Zoë', unit: '1' },
          reason: { code: 'sync.guarantor', message: 'Guarantors are left out by the policy of the property.' },
        },
        expect.objectContaining({ upstreamId: 'cp' }),
      ],
    });
    expect(await leftOut('ana')).toEqual({ items: [] });
    await suite.call(setSyncPolicy, { propertyId, policy: { guarantors: true } });
    await suite.sweep();
    expect((await leftOut('zoe')).items.map(({ upstreamId }) => upstreamId)).toEqual(['cp']);
    const stranger = staffActor({ orgId: suite.orgId, properties: [newId('prop')] });
    await expect(leftOut('zoe', stranger)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('where a property is', () => {
  const adopt = (more: object = {}) =>
    suite.call(adoptProperties, { connectionId: suite.connectionId, properties: [{ upstreamId: '200', ...more }] });
  const of = (propertyId: PropertyId) => suite.call(getSyncedProperty, { propertyId });
  afterEach(() => Object.assign(pms, { says: { timeZone: 'America/Denver', country: 'US' } }));

  it('follows from its state, in the country of the vendor’s customers', async () => {
    await suite.adopt();
    pms.says = { address: { region: 'CA' } };
    const { items } = await suite.call(listUpstreamProperties, { connectionId: suite.connectionId });
    expect(items.at(-1)).toMatchObject({ id: '200', country: 'US', timeZone: 'America/Los_Angeles' });
    const adopted = (await adopt()).items[0]!;
    expect(adopted.timeZone).toBe('America/Los_Angeles');
    expect(suite.directory.properties.get(adopted.propertyId)).toMatchObject({ country: 'US', currency: 'USD' });
  });

  it('is asked for where it cannot be known, and not guessed', async () => {
    await suite.adopt();
    pms.says = {};
    const before = suite.directory.count('adopt-property');
    await expect(adopt()).rejects.toMatchObject({ code: 'invalid-input', details: { fields: [{ path: 'timeZone' }] } });
    expect(suite.directory.count('adopt-property')).toBe(before);
    expect((await adopt({ timeZone: 'America/Juneau' })).items[0]?.timeZone).toBe('America/Juneau');
  });

  it('is what staff put right in directory from then on: its nights, its people’s phones, its today', async () => {
    await suite.adopt();
    const { propertyId } = suite;
    const nightly = await suite.call(setSyncPolicy, { propertyId, policy: { everyMinutes: null } });
    const told = { ...suite.directory.properties.get(propertyId)!, name: 'Harbour Court', country: 'AU', currency: 'AUD' };
    const say = (timeZone: string, version: number) =>
      suite.directory.tell(propertyChanged, { property: { ...told, timeZone } }, suite.orgId, version);
    await say('Australia/Perth', 7);
    const after = await eventually(async () => {
      const shown = await of(propertyId);
      expect(shown).toMatchObject({ name: 'Harbour Court', timeZone: 'Australia/Perth' });
      return shown;
    });
    const hourIn = (timeZone: string, at: string | null) =>
      new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(new Date(at!));
    expect([hourIn('America/Denver', nightly.nextRunAt), hourIn('Australia/Perth', after.nextRunAt)]).toEqual(['02', '02']);
    await eventually(() => expect(suite.events(syncPolicyChanged)).toHaveLength(2));
    await suite.sweep();
    expect(pms.lastFetched).toMatchObject({ timeZone: 'Australia/Perth', country: 'AU', currency: 'AUD' });
    // what was said before and comes later changes nothing
    await say('America/Denver', 6);
    await say('Australia/Brisbane', 8);
    await eventually(async () => expect((await of(propertyId)).timeZone).toBe('Australia/Brisbane'));
  });
});

describe('a sync policy', () => {
  it('is previewed: who would come, who stays; and reset', async () => {
    pms.people = [...many(0, 28), person('g', { role: 'guarantor' }), person('o', { role: 'occupant', email: null })];
    await suite.adopt();
    const about = { propertyId: suite.propertyId };
    const preview = await suite.call(previewSyncPolicy, {
      ...about,
      policy: { guarantors: true, occupants: false, everyMinutes: 60 },
    });
    expect(preview).toMatchObject({
      policy: { guarantors: true, occupants: false, everyMinutes: 60, withoutEmail: true },
      comes: { count: 1, people: [{ upstreamId: 'cg', residentId: null, name: 'Ana Rg' }] },
      stays: { count: 1, people: [{ upstreamId: 'co', residentId: residentOf('co') }] },
    });
    expect(preview.nextRunAt).not.toBeNull();
    expect((await suite.call(getSyncedProperty, about)).policy).toMatchObject({ guarantors: false, occupants: true });
    await suite.call(setSyncPolicy, { ...about, policy: { guarantors: true } });
    expect((await suite.sweep()).counts).toMatchObject({ synced: 1, unchanged: 29 });
    const reset = await suite.call(setSyncPolicy, { ...about, policy: 'default' });
    expect(reset.policy).toMatchObject({ guarantors: false, everyMinutes: 30 });
    const stranger = staffActor({ orgId: suite.orgId, properties: [newId('prop')] });
    await expect(suite.call(previewSyncPolicy, { ...about, policy: 'default' }, stranger)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('that means somebody no more lets them stay in step until they leave', async () => {
    pms.people = [...many(0, 28), person('o', { role: 'occupant' })];
    await suite.adopt();
    await suite.call(setSyncPolicy, { propertyId: suite.propertyId, policy: { occupants: false } });
    pms.people = [...many(0, 28), person('o', { role: 'occupant' }), person('p', { role: 'occupant' })];
    expect((await suite.sweep()).counts).toMatchObject({ unchanged: 29, skipped: 1 });
    pms.people = [...many(0, 28), person('o', { role: 'occupant', status: 'past' })];
    expect((await suite.sweep()).counts).toMatchObject({ synced: 1 });
    expect(suite.directory.living(suite.propertyId)).not.toContain('co');
  });
});

describe('what people owe', () => {
  const owing = (n: number, amount: number) => person(n, { balance: dollars(amount) });

  it('is asked for where the policy says so, kept, told when it changes, and forgotten when nobody asks any more', async () => {
    await suite.adopt();
    expect(pms.asked.at(-1)).toEqual({});
    await suite.call(setSyncPolicy, { propertyId: suite.propertyId, policy: { balances: true } });
    pms.people = [owing(0, 125), owing(1, 0), ...many(2, 30)];
    await suite.sweep();
    expect(pms.asked.at(-1)).toEqual({ withBalances: true });
    const residentId = residentOf('c0');
    const before = await suite.call(getBalance, { residentId });
    expect(before).toMatchObject({ balance: dollars(125), owes: true, propertyId: suite.propertyId, upstreamId: 'c0' });
    expect((await suite.call(listBalances, { propertyId: suite.propertyId })).items).toHaveLength(2);
    expect((await suite.call(listBalances, { owes: true })).items.map((one) => one.residentId)).toEqual([residentId]);
    await eventually(() => expect(suite.events(balanceChanged)).toHaveLength(1));

    await suite.sweep();
    const after = await suite.call(getBalance, { residentId });
    expect(after).toMatchObject({ version: before.version, owesSince: before.owesSince });
    expect(Date.parse(after.asOf)).toBeGreaterThan(Date.parse(before.asOf));

    pms.people = [owing(0, 0), owing(1, 0), ...many(2, 30)];
    await suite.call(startSync, { target: { residents: { ids: [residentId] } } });
    expect((await suite.over()).scope).toBe('residents');
    expect(pms.asked.at(-1)).toEqual({ people: ['c0'], withBalances: true });
    await eventually(() =>
      expect(suite.events(balanceChanged).at(-1)?.data).toMatchObject({
        balance: { residentId, owes: false, owesSince: null, balance: dollars(0) },
        before: dollars(125),
      }),
    );
    const stranger = staffActor({ orgId: suite.orgId, properties: [newId('prop')] });
    await expect(suite.call(getBalance, { residentId }, stranger)).rejects.toMatchObject({ code: 'not-found' });
    expect((await suite.call(listBalances, {}, stranger)).items).toEqual([]);

    await suite.call(setSyncPolicy, { propertyId: suite.propertyId, policy: { balances: false } });
    expect(await suite.rows('balances')).toBe(0);
  });
});

describe('a sync of one person who moved to another property', () => {
  beforeEach(async () => {
    pms.of = { '100': many(0, 30), '200': [person(0), ...many(40, 50)] };
    await suite.adopt();
    await suite.adoptAnother('200');
  });
  const syncOne = async () => {
    await suite.call(startSync, { target: { residents: { ids: [residentOf('c0')] } } });
    return suite.outcomes(await suite.over());
  };

  it('says where they are when the PMS shows them here no more, and moves nobody', async () => {
    pms.of = { ...pms.of, '100': many(1, 30) };
    const [outcome] = await syncOne();
    expect(outcome).toMatchObject({ outcome: 'failed', reason: coded('sync.not-found-upstream') });
    expect(outcome?.reason?.message).toContain('They live in Court 200 now');
    expect(suite.directory.living(suite.propertyId)).toContain('c0');
  });

  it('says where they are when the lease here is over', async () => {
    pms.of = { ...pms.of, '100': [person(0, { status: 'past' }), ...many(1, 30)] };
    expect(await syncOne()).toEqual([expect.objectContaining({ decision: 'deactivate', reason: coded('sync.moved-elsewhere') })]);
    expect(suite.directory.living(suite.propertyId)).not.toContain('c0');
  });
});

describe('a hold', () => {
  it('lists everybody, a page at a time, with who, why and until when', async () => {
    await suite.adopt();
    pms.people = many(10, 30);
    await suite.sweep();
    const [hold] = (await suite.call(listHolds, { propertyId: suite.propertyId, state: 'open' })).items;
    const shown = await suite.call(getHold, { holdId: hold!.id });
    expect(shown.banner).toBe('10 of 30 people vanished from Entrata. Nobody was moved out; look and decide.');
    expect(Date.parse(shown.expiresAt) - Date.parse(shown.openedAt)).toBe(14 * 86_400_000);
    const first = await suite.call(listHeldPeople, { holdId: hold!.id, limit: 6 });
    const second = await suite.call(listHeldPeople, { holdId: hold!.id, limit: 6, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map(({ upstreamId }) => upstreamId).sort()).toEqual(
      many(0, 10).map(({ upstreamId }) => upstreamId),
    );
    expect(first.items[0]).toMatchObject({ residentId: residentOf('c0'), why: 'The PMS does not show this person any more.' });
  });
});

describe('the end of an organization', () => {
  it('is previewed property by property, confirmed by number, ends all, and may be repeated', async () => {
    await suite.adopt();
    const second = await suite.adoptAnother('200');
    const preview = await suite.call(previewDisconnectAll, {});
    expect(preview).toMatchObject({ connections: 1, properties: 2, residents: 60, withAccess: 60, openHolds: 0 });
    expect(preview.byProperty).toEqual(
      [suite.propertyId, second].map((propertyId) => expect.objectContaining({ propertyId, withAccess: 30 }) as unknown),
    );
    const changed = { code: 'disconnect.preview-changed', details: { now: 60 } };
    await expect(suite.call(disconnectAll, { residents: 'archive', withAccess: 59 })).rejects.toMatchObject(changed);
    const one = { connectionId: suite.connectionId, residents: 'archive' } as const;
    await expect(suite.call(disconnect, { ...one, withAccess: 1 })).rejects.toMatchObject({ code: changed.code });
    expect(await suite.call(disconnectAll, { residents: 'archive', withAccess: 60 })).toEqual({ connections: 1, properties: 2 });
    expect((await suite.call(listConnections, {})).items.map(({ state }) => state)).toEqual(['disconnected']);
    expect(await suite.rows('synced_properties')).toBe(0);
    expect(await suite.call(disconnectAll, { residents: 'archive', withAccess: 0 })).toEqual({ connections: 0, properties: 0 });
  });

  it('comes by itself when its owner’s days to think better of it are over, as they chose', async () => {
    await suite.adopt();
    const { orgId } = suite;
    const identity = await connectAs('identity');
    await identity.bus.ensureStream('identity');
    const at = '2026-11-20T09:00:00.000Z';
    const closing = { askedAt: at, by: `staff:${newId('stf')}` as const, takesEffectAt: at, residents: 'archive' as const };
    const organization = { ...organizationClosed.example.organization, id: orgId, closing, closedAt: at };
    await identity.bus.publish(outgoing(organizationClosed, { orgId, subject: orgId, data: { organization } }));
    await eventually(async () =>
      expect((await suite.call(listConnections, {})).items.map(({ state }) => state)).toEqual(['disconnected']),
    );
    expect(await suite.rows('synced_properties')).toBe(0);
    const released = suite.directory.calls.filter(({ method }) => method === 'release-property').at(-1);
    expect(released).toMatchObject({ input: { propertyId: suite.propertyId, residents: 'archive' } });
  });
});

describe('somebody who is erased', () => {
  it('leaves no name behind, and is not registered again while the PMS shows them as it did', async () => {
    pms.people = many(0, 29).concat(
      person('x', { name: { first: 'Zora', last: 'Secret', raw: 'Zora Secret' }, balance: dollars(3) }),
    );
    await suite.adopt();
    await suite.call(setSyncPolicy, { propertyId: suite.propertyId, policy: { balances: true } });
    const [shown, residentId] = [pms.people, residentOf('cx')];
    pms.people = many(0, 10);
    await suite.sweep();
    const everything = async () => JSON.stringify(await suite.everything());
    expect(await everything()).toContain('Zora Secret');
    const about = { personId: newId('per'), propertyIds: [suite.propertyId], residentIds: [residentId] };
    await suite.directory.tell(personErased, about, suite.orgId);
    await eventually(async () => expect(await everything()).not.toMatch(/Zora|Secret/));
    const [hold] = (await suite.call(listHolds, { propertyId: suite.propertyId, state: 'open' })).items;
    expect(hold?.people).toContainEqual(expect.objectContaining({ residentId, name: 'Erased', unit: null }));
    expect(await suite.rows('balances', { _id: residentId as never })).toBe(0);
    pms.people = shown;
    expect((await suite.sweep()).counts).toMatchObject({ synced: 0, unchanged: 30 });
    expect(await everything()).not.toMatch(/Zora|Secret/);
  });
});
