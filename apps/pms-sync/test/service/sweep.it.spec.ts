import {
  connectionDisconnected,
  connectionFailing,
  disconnect,
  previewDisconnect,
  connectionRecovered,
  createConnection,
  getConnection,
  getSyncedProperty,
  listPlatforms,
  listUpstreamProperties,
  receiveWebhook,
  startSync,
  syncRunCompleted,
  testConnection,
  updateConnection,
} from '@leasewire/contracts';
import { eventually, serviceActor, suiteDeployment } from '@leasewire/testing';
import { MongoRateLedger } from '../../src/connection/mongo-rate-ledger.js';
import { signWebhook } from '../../src/connector/buildium/buildium.webhook.rules.js';
import { MemoryRateLedger } from '../../src/connector/rate-limit/memory-rate-ledger.js';
import { stepBackMs, type RateLedger } from '../../src/connector/rate-limit/rate-ledger.js';
import { unlimited, type RateState } from '../../src/connector/rate-limit/rate-limit.rules.js';
import { UpstreamRecordRepository } from '../../src/run/upstream-record.repository.js';
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
const coded = (code: string): unknown => expect.objectContaining({ code });
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => person(from + n));
async function listed<T>(all: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of all) list.push(one);
  return list;
}

beforeEach(async () => {
  Object.assign(pms, {
    fault: 'none',
    brokenOf: null,
    changed: null,
    rejected: [],
    pageSize: 50,
    gate: Promise.resolve(),
    people: many(0, 30),
  });
  const first = await suite.adopt();
  expect(first).toMatchObject({ state: 'done', cause: 'adoption', complete: true, counts: { synced: 30 } });
});

describe('a connection', () => {
  it('says what it asks for, never shows its credentials, and marks what is adopted', async () => {
    const { items } = await suite.call(listPlatforms, {});
    expect(items[0]?.can).toEqual({ balances: true, deltas: false, webhooks: true, oneResident: true, oneUnit: false });
    expect(items[0]).toMatchObject({ pms: 'entrata', fields: [{ name: 'subdomain' }, { name: 'apiKey', secret: true }] });
    const shown = await suite.call(getConnection, { connectionId: suite.connectionId });
    expect(shown).toMatchObject({ settings: { subdomain: 'harbour' }, properties: 1, health: { state: 'healthy', failures: 0 } });
    const rows = await suite.db.db.collection('connections').find().toArray();
    expect(JSON.stringify([shown, rows, suite.heard])).not.toContain('the-secret-key');
    const upstream = await suite.call(listUpstreamProperties, { connectionId: suite.connectionId });
    expect(upstream.items.map(({ propertyId }) => propertyId)).toEqual([suite.propertyId, null]);
    const adoption = suite.directory.calls.filter(({ method }) => method === 'adopt-property').at(-1);
    expect(adoption?.actor.ref).toBe(suite.actor.ref);
  });

  it('to an account that is connected already is refused, and names the one that is', async () => {
    const again = { pms: 'entrata', name: 'Another', settings: { subdomain: 'harbour' } } as const;
    await expect(
      suite.call(createConnection, { ...again, credentials: { apiKey: 'the-secret-key', webhookSecret: 'other' } }),
    ).rejects.toMatchObject({ code: 'connection.same-account', details: { connectionId: suite.connectionId } });
    const other = await suite.call(createConnection, { ...again, credentials: { apiKey: 'another-key' } });
    await expect(
      suite.call(updateConnection, { connectionId: other.id, credentials: { apiKey: 'the-secret-key' } }),
    ).rejects.toMatchObject({ code: 'connection.same-account' });
    await suite.call(updateConnection, { connectionId: suite.connectionId, credentials: { apiKey: 'the-secret-key' } });
  });

  it('keeps its credentials from another address', async () => {
    const { connectionId } = suite;
    const sealed = () => suite.db.db.collection('connections').findOne({ _id: connectionId as never });
    const before = await sealed();
    const settings = { subdomain: 'harbour', baseUrl: 'https://mine.example.net' };
    await expect(suite.call(updateConnection, { connectionId, settings })).rejects.toMatchObject({
      code: 'connection.settings',
      details: { fields: [{ path: 'apiKey' }] },
    });
    expect(await sealed()).toEqual(before);
    await suite.call(updateConnection, { connectionId, settings, credentials: { apiKey: 'for the other' } });
    expect((await suite.call(getConnection, { connectionId })).settings).toEqual(settings);
  });

  it('is told as failing after three failures, and as recovered afterwards', async () => {
    pms.fault = 'unauthorized';
    expect(await suite.call(testConnection, { connectionId: suite.connectionId })).toMatchObject({
      ok: false,
      code: 'wrong-key',
    });
    for (let n = 0; n < 3; n++)
      expect(await suite.sweep()).toMatchObject({ state: 'failed', error: { code: 'vendor.unauthorized' } });
    await eventually(() => expect(suite.events(connectionFailing)).toHaveLength(1));
    pms.fault = 'none';
    expect((await suite.sweep()).state).toBe('done');
    await eventually(() => expect(suite.events(connectionRecovered)).toHaveLength(1));
  });
});

describe('a connection of several properties', () => {
  it('is told as failing when one of them cannot be swept, whatever the others can; and as recovered when it can again', async () => {
    const first = suite.propertyId;
    const second = await suite.adoptAnother('200');
    const sweepOf = (propertyId: typeof first) => Object.assign(suite, { propertyId }).sweep();
    Object.assign(pms, { brokenOf: '200' });
    for (let n = 0; n < 3; n++) {
      expect(await sweepOf(second)).toMatchObject({ state: 'failed', error: { code: 'vendor.unreachable' } });
      if (n === 2) break;
      expect(await sweepOf(first)).toMatchObject({ state: 'done' });
      expect(suite.events(connectionFailing)).toHaveLength(0);
    }
    await eventually(() => expect(suite.events(connectionFailing)).toHaveLength(1));
    const health = async () => (await suite.call(getConnection, { connectionId: suite.connectionId })).health;
    expect(await health()).toMatchObject({ state: 'failing', lastError: { message: 'Court 200: It was cut off.' } });
    expect(await sweepOf(first)).toMatchObject({ state: 'done' });
    expect(await health()).toMatchObject({ state: 'failing', failures: 0 });
    Object.assign(pms, { brokenOf: null });
    expect(await sweepOf(second)).toMatchObject({ state: 'done' });
    await eventually(() => expect(suite.events(connectionRecovered)).toHaveLength(1));
    expect(suite.events(connectionFailing)).toHaveLength(1);
  });
});

describe('a sweep', () => {
  it('of people who are unchanged writes one run and one event', async () => {
    const kept = ['sync_runs', 'upstream_records', 'run_outcomes', 'holds', 'connections', 'jobs'];
    const before = await Promise.all(kept.map((name) => suite.rows(name)));
    const updated = await suite.db.db.collection('upstream_records').find({ orgId: suite.orgId }).toArray();
    const told = suite.directory.calls.length;
    const { clock } = await suiteDeployment();
    clock.advance({ minutes: 31 });
    const run = await eventually(
      async () => {
        const found = await suite.over();
        expect(found.cause).toBe('schedule');
        return found;
      },
      { timeoutMs: 20_000 },
    );
    expect(run).toMatchObject({ state: 'done', complete: true, counts: { synced: 0, unchanged: 30, failed: 0, held: 0 } });
    const after = await Promise.all(kept.map((name) => suite.rows(name)));
    expect(after).toEqual([before[0]! + 1, ...before.slice(1)]);
    expect(await suite.db.db.collection('upstream_records').find({ orgId: suite.orgId }).toArray()).toEqual(updated);
    const since = suite.directory.calls.slice(told).filter(({ input }) => input.propertyId === suite.propertyId);
    expect(since.map(({ method }) => method)).toEqual(['sync-basis']);
    await eventually(() => expect(suite.events(syncRunCompleted)).toHaveLength(2));
    expect(suite.heard.filter((fact) => fact.orgId === suite.orgId && fact.subject === run.id)).toHaveLength(1);
  });

  it('passes over whom directory skipped until its grounds are others, or it asks for them', async () => {
    suite.directory.refused.set('c40', 'moved-out').set('c41', 'archived-by-staff');
    pms.people = many(0, 42).filter(({ upstreamId }) => !/^c3\d$/.test(upstreamId));
    const run = await suite.sweep();
    expect(run.counts).toMatchObject({ unchanged: 30, skipped: 2 });
    expect(await suite.outcomes(run)).toEqual([
      expect.objectContaining({ upstreamId: 'c40', outcome: 'skipped', reason: coded('moved-out') }),
      expect.objectContaining({ upstreamId: 'c41', outcome: 'skipped', reason: coded('archived-by-staff') }),
    ]);
    const told = () =>
      suite.directory.calls.filter(({ method }) => method === 'apply').flatMap(({ input }) => input.present ?? []);
    const before = await suite.everything();
    const toldBefore = told().length;
    expect((await suite.sweep()).counts).toEqual({ synced: 0, unchanged: 30, skipped: 2, failed: 0, held: 0 });
    expect(told()).toHaveLength(toldBefore);
    expect(await suite.everything()).toEqual(before);

    suite.directory.again.add('c41');
    suite.directory.refused.delete('c41');
    expect((await suite.sweep()).counts).toMatchObject({ synced: 1, unchanged: 30, skipped: 1 });
    suite.directory.again.clear();
    suite.directory.basis = 'windows 2';
    suite.directory.refused.delete('c40');
    expect((await suite.sweep()).counts).toMatchObject({ synced: 1, unchanged: 31, skipped: 0 });
    const about = told()
      .slice(toldBefore)
      .map(({ upstreamId }) => upstreamId);
    expect(about).toEqual(['c41', 'c40']);
  });

  it('forgets nobody whom directory took while its answer was lost', async () => {
    suite.directory.mute = true;
    pms.people = many(0, 31);
    await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } });
    await eventually(() => expect(suite.directory.living(suite.propertyId)).toContain('c30'));
    pms.people = many(0, 30);
    const begun = suite.directory.count('sync-basis');
    await eventually(() => expect(suite.directory.count('sync-basis')).toBeGreaterThan(begun), { timeoutMs: 20_000 });
    suite.directory.mute = false;
    expect(await suite.over()).toMatchObject({ state: 'done', complete: true, counts: { unchanged: 30, failed: 0 } });
    expect(suite.directory.living(suite.propertyId)).not.toContain('c30');
  });

  it('tells changes and leaves people out by policy', async () => {
    pms.people = [...many(1, 30), person(0, { name: { first: 'B', last: 'C', raw: 'B C' } }), person('g', { role: 'guarantor' })];
    const run = await suite.sweep();
    expect(run.counts).toEqual({ synced: 1, unchanged: 29, skipped: 1, failed: 0, held: 0 });
    expect(await suite.outcomes(run)).toEqual([
      expect.objectContaining({ upstreamId: 'c0', outcome: 'synced', light: 'green', name: 'B C' }),
      expect.objectContaining({
        upstreamId: 'cg',
        outcome: 'skipped',
        reason: coded('sync.guarantor'),
      }),
    ]);
    expect((await suite.sweep()).counts).toEqual({ synced: 0, unchanged: 30, skipped: 1, failed: 0, held: 0 });
  });

  it.each(['cut', 'incomplete'] as const)('that is %s removes nobody', async (fault) => {
    pms.fault = fault;
    pms.pageSize = 10;
    pms.people = many(0, 28);
    const run = await suite.sweep();
    expect(run.complete).toBe(false);
    expect(suite.directory.living(suite.propertyId)).toHaveLength(30);
  });

  it('moves out the few who are gone, and not who could only not be read', async () => {
    pms.people = many(2, 30);
    pms.rejected = [{ upstreamId: 'c0', field: 'lease.moveIn', reason: 'is no day' }];
    const run = await suite.sweep();
    expect(run.counts).toMatchObject({ synced: 1, failed: 1 });
    expect(suite.directory.living(suite.propertyId)).not.toContain('c1');
    expect(suite.directory.living(suite.propertyId)).toContain('c0');
  });

  it('that was interrupted by a shutdown is taken up by the next process and ends right', async () => {
    let open = () => {};
    pms.pageSize = 20;
    pms.people = [...many(1, 30), ...many(40, 70)];
    const gate = new Promise<void>((resolve) => (open = resolve));
    await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } });
    await eventually(() => expect(suite.directory.living(suite.propertyId).length).toBeGreaterThan(30), { everyMs: 5 });
    pms.gate = gate;
    const closed = suite.service.close();
    open();
    await closed;
    suite = await suite.again();
    const run = await suite.over();
    expect(run).toMatchObject({ state: 'done', complete: true, counts: { synced: 31, failed: 0, held: 0 } });
    expect(run.warnings).toContainEqual({
      code: 'sync.interrupted',
      message: 'It was interrupted once, by a restart or because a part of Leasewire was away, and was taken up again.',
    });
    expect(suite.directory.living(suite.propertyId).sort()).toEqual(pms.people.map(({ upstreamId }) => upstreamId).sort());
  });

  it('goes on when directory was away', async () => {
    suite.directory.away = 2;
    pms.people = many(0, 31);
    const run = await suite.sweep();
    expect(run).toMatchObject({ state: 'done', counts: { synced: 1, unchanged: 30 } });
  });
});

describe('a connection and its property', () => {
  const webhook = async (secret: string) => {
    const { clock } = await suiteDeployment();
    const timestamp = String(Math.floor(clock.now().getTime() / 1000));
    const body = JSON.stringify({ Events: [{ EventName: 'Lease.Updated' }] });
    const signed = { timestamp, body, signature: signWebhook(secret, timestamp, body) };
    return suite.call(receiveWebhook, { connectionId: suite.connectionId, ...signed }, serviceActor('gateway', null));
  };
  it('is queued by a webhook whose signature is right, and by no other', async () => {
    await expect(webhook('another')).rejects.toMatchObject({ code: 'webhook.signature' });
    pms.people = many(0, 31);
    expect(await webhook('hook-secret')).toEqual({ accepted: true });
    await eventually(async () => {
      const run = await suite.over();
      expect(run).toMatchObject({ cause: 'webhook', state: 'done', counts: { synced: 1 } });
    });
  });

  it('asks only for what changed since the last sweep when a webhook says that something did, where the vendor can', async () => {
    const swept = await suite.sweep();
    const renamed = person(3, { name: { first: 'New', last: 'Name', raw: 'New Name' } });
    pms.changed = [renamed, person(31), person(4, { status: 'past' })];
    pms.people = []; // whoever asked for everybody would hear of nobody
    await webhook('hook-secret');
    const run = await eventually(async () => {
      const found = await suite.over();
      expect(found.cause).toBe('webhook');
      return found;
    });
    const since = new Date(Date.parse(swept.fetchedAt!) - 10 * 60_000);
    expect(pms.asked.at(-1)).toEqual({ since });
    expect(run).toMatchObject({ state: 'done', complete: false, warnings: [], counts: { synced: 3, failed: 0, held: 0 } });
    const living = suite.directory.living(suite.propertyId);
    expect(living).toHaveLength(30);
    expect(living).toEqual(expect.arrayContaining(['c0', 'c31']));
    expect(living).not.toContain('c4');
    expect(suite.directory.told(suite.propertyId, 'New Name')).toBe(1);
    // the next sweep has everybody again, and finds what was told already
    pms.people = [...many(0, 30).filter(({ upstreamId }) => !/^c[34]$/.test(upstreamId)), ...pms.changed];
    expect(await suite.sweep()).toMatchObject({ complete: true, counts: { synced: 0, unchanged: 31 } });
  });

  it('ends with its property: the preview says for whom, and the credentials are forgotten', async () => {
    const about = { connectionId: suite.connectionId };
    expect(await suite.call(previewDisconnect, about)).toEqual({
      ...{ properties: 1, residents: 30, withAccess: 30, openHolds: 0 },
      byProperty: [{ propertyId: suite.propertyId, name: 'Court 100', residents: 30, withAccess: 30, openHolds: 0 }],
    });
    const ended = await suite.call(disconnect, { ...about, residents: 'keep' });
    expect(ended).toMatchObject({ state: 'disconnected', properties: 0 });
    expect(
      await Promise.all(['synced_properties', 'upstream_records', 'upstream_units'].map((name) => suite.rows(name))),
    ).toEqual([0, 0, 0]);
    await eventually(() => expect(suite.events(connectionDisconnected)).toHaveLength(1));
  });

  it('shows its property with policy and next run', async () => {
    const shown = await suite.call(getSyncedProperty, { propertyId: suite.propertyId });
    expect(shown).toMatchObject({ policy: { everyMinutes: 30, brakeCount: 5 }, openHolds: 0, lastRun: { state: 'done' } });
    expect(shown.nextRunAt).not.toBeNull();
  });
});

describe('what a sweep asks the database', () => {
  it('of whom it knows comes as lists, in as many answers as it takes, and says what the records say', async () => {
    const { orgId, propertyId } = suite;
    const records = suite.service.get(UpstreamRecordRepository);
    const ids = await listed(records.idsOf(orgId, propertyId, 7));
    expect(ids.map(({ length }) => length)).toEqual([7, 7, 7, 7, 2]);
    const before = await records.find({ orgId, propertyId }, { sort: { upstreamId: 1 } });
    expect(ids.flat()).toEqual(before.map(({ upstreamId }) => upstreamId));
    for (const [at, { _id }] of before.entries()) {
      const row = { reading: at % 3 === 1 ? 'r' : 'another', hash: `h${at}`, id: `l${at}`, names: 1 };
      await records.touch({ orgId, _id }, { row: at % 3 === 0 ? null : row });
    }
    const [left, older] = [before[1]!, before[4]!];
    await records.touch({ orgId, _id: left._id }, { skipped: { by: 'policy', code: 'c', message: 'm' }, residentId: null });
    await suite.db.db.collection<{ _id: string }>('upstream_records').updateOne({ _id: older._id }, { $unset: { traits: 1 } });
    const known = await listed(records.readBy(orgId, propertyId, 'r', 4));
    expect(known.map(({ length }) => length)).toEqual([4, 4, 2]);
    const after = await records.find({ orgId, propertyId, 'row.reading': 'r' }, { sort: { upstreamId: 1 } });
    expect(known.flat()).toEqual(
      after.map(({ upstreamId, hash, skipped, residentId, traits, row }) => {
        const { reading: _, ...only } = row!;
        return { upstreamId, hash, skipped, residentId, traits, row: only };
      }),
    );
    expect(known.flat()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ upstreamId: left.upstreamId, residentId: null, skipped: expect.anything() as unknown }),
        expect.objectContaining({ upstreamId: older.upstreamId, traits: undefined }),
      ]),
    );
  });

  const ledgers: [string, () => RateLedger][] = [
    ['all replicas', () => suite.service.get(MongoRateLedger)],
    ['one process', () => new MemoryRateLedger()],
  ];
  it.each(ledgers)('gives the turn at a vendor to one at a time, for %s', async (_name, open) => {
    const ledger = open();
    const now = new Date();
    const [lane, budget] = [`lane ${suite.orgId}`, 'leases'];
    const take = (holder: string, at = now) => ledger.take({ lane, budget, holder, now: at, holdMs: 1000 });
    const window = (remaining: number): RateState => ({
      windows: [{ unit: 'minute', limit: 2, remaining, resetAt: new Date(now.getTime() + 60_000) }],
      blockedUntil: null,
    });
    expect(await take('a')).toEqual({ granted: true, state: unlimited });
    expect(await take('b')).toMatchObject({ granted: false });
    await ledger.end({ lane, budget, holder: 'a', now, state: window(2) });
    expect(await take('b')).toEqual({ granted: true, state: window(1) });
    const late = new Date(now.getTime() + 1001);
    expect(await take('c', late)).toEqual({ granted: true, state: window(0) });
    // whose turn was over says what the vendor said, and takes no turn from anybody
    await ledger.end({ lane, budget, holder: 'b', now: late, state: window(1) });
    expect(await take('a', late)).toMatchObject({ granted: false });
    await ledger.end({ lane, budget, holder: 'c', now: late, state: window(0) });
    expect(await take('a', late)).toEqual({ granted: false, waitMs: 58_999 });
    expect(await take('a', new Date(now.getTime() + 60_001))).toMatchObject({ granted: true });
  });

  it.each(ledgers)(
    'keeps a turn that is held anew, and gives it to others soon after its holder fell silent, for %s',
    async (_name, open) => {
      const ledger = open();
      const now = new Date();
      const [lane, budget] = [`held lane ${suite.orgId}`, 'leases'];
      const after = (ms: number) => new Date(now.getTime() + ms);
      const take = async (holder: string, ms: number) =>
        (await ledger.take({ lane, budget, holder, now: after(ms), holdMs: 1000 })).granted;
      const keep = (holder: string, ms: number) => ledger.keep({ lane, holder, now: after(ms), holdMs: 1000 });
      expect(await take('a', 0)).toBe(true);
      await keep('a', 900);
      expect(await take('b', 1500)).toBe(false);
      expect(await take('b', 1901)).toBe(true);
      // too late
      await keep('a', 2000);
      expect(await take('c', 2902)).toBe(true);
    },
  );

  it.each(ledgers)('leaves the next turn to whoever somebody waits for, for %s', async (_name, open) => {
    const ledger = open();
    const now = new Date();
    const [lane, budget] = [`wanted lane ${suite.orgId}`, 'leases'];
    const about = { lane, budget, now, state: unlimited };
    const take = async (holder: string, more: { urgent?: boolean; now?: Date } = {}) =>
      (await ledger.take({ ...about, holder, holdMs: 1000, ...more })).granted;
    expect(await take('sweep')).toBe(true);
    expect(await take('another sweep')).toBe(false);
    await ledger.end({ ...about, holder: 'sweep' });
    expect(await take('sweep')).toBe(true);
    expect(await take('click', { urgent: true })).toBe(false);
    await ledger.end({ ...about, holder: 'sweep' });
    expect(await take('sweep')).toBe(false);
    expect(await take('click', { urgent: true })).toBe(true);
    await ledger.end({ ...about, holder: 'click' });
    // whoever was waited for may have gone away
    expect(await take('sweep', { now: new Date(now.getTime() + stepBackMs) })).toBe(true);
  });
});
