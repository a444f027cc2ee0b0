import { setTimeout as pause } from 'node:timers/promises';
import { approveHold, getHold, holdOpened, listHolds, rejectHold, startSync, type SyncRun } from '@leasewire/contracts';
import { eventually, suiteDeployment } from '@leasewire/testing';
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
const unit = (n: number) => ({ upstreamId: `u${n}`, building: null, number: String(n), bedrooms: [] });
const units = (count: number) => Array.from({ length: count }, (_, n) => unit(n + 1));
const held = async () => (await suite.call(listHolds, { propertyId: suite.propertyId, state: 'open' })).items;
const living = () => suite.directory.living(suite.propertyId);

beforeEach(async () => {
  Object.assign(pms, { fault: 'none', rejected: [], pageSize: 50, people: many(0, 30), units: units(1) });
  await suite.adopt();
});

describe('the brake', () => {
  it('holds many who vanish, lets the others go on, and withdraws when they are back', async () => {
    pms.people = [...many(10, 30), person(99)];
    const run = await suite.sweep();
    expect(run.counts).toMatchObject({ synced: 1, unchanged: 20, held: 10 });
    expect(suite.directory.living(suite.propertyId)).toHaveLength(31);
    expect(await held()).toEqual([expect.objectContaining({ count: 10, runId: run.id })]);
    await suite.sweep();
    expect(await held()).toEqual([expect.objectContaining({ runId: run.id })]); // the same list is not asked twice
    await eventually(() => expect(suite.events(holdOpened)).toHaveLength(1));
    pms.people = many(0, 30);
    await suite.sweep();
    expect(await held()).toEqual([]);
  });

  it('does not believe that nobody is there, and moves all out when staff do', async () => {
    pms.people = [];
    const run = await suite.sweep();
    expect(run).toMatchObject({ state: 'done', complete: false, counts: { held: 30 } });
    expect(run.warnings).toEqual([expect.objectContaining({ code: 'sync.incomplete' })]);
    expect(living()).toHaveLength(30);
    const [hold] = await held();
    expect(hold).toMatchObject({ count: 30, livingHere: 30 });
    await suite.call(approveHold, { holdId: hold!.id });
    expect(await suite.over()).toMatchObject({ cause: 'hold', counts: { synced: 30 } });
    expect(living()).toEqual([]);
    const after = await suite.sweep();
    expect(after).toMatchObject({ complete: true, counts: { synced: 0, held: 0 } });
    expect(after.warnings).toEqual([expect.objectContaining({ code: 'sync.nobody' })]);
    expect(await held()).toEqual([]);
  });

  it('ends a run that holds very many, although its process shows meanwhile that it is alive', async () => {
    Object.assign(pms, { people: many(0, 1500), pageSize: 500 });
    await suite.adopt();
    pms.people = [];
    const runs = suite.db.db.collection('sync_runs');
    const over = new AbortController();
    const beating = (async () => {
      while (!over.signal.aborted) {
        await runs.updateOne({ orgId: suite.orgId, state: 'running' }, { $set: { aliveUntil: new Date(Date.now() + 20_000) } });
        await pause(5);
      }
    })();
    const run = await suite.sweep().finally(() => {
      over.abort();
    });
    await beating;
    expect(run).toMatchObject({ state: 'done', counts: { held: 1500 } });
    expect(run.warnings.map(({ code }) => code)).toEqual(['sync.incomplete']); // not interrupted
    expect(await held()).toEqual([expect.objectContaining({ count: 1500 })]);
  });

  it('does not believe that of three who live there nobody is left, although former residents are shown', async () => {
    pms.people = [...many(0, 3), person('old', { status: 'past' })];
    await suite.adopt();
    pms.people = [person('old', { status: 'past' })];
    expect(await suite.sweep()).toMatchObject({ complete: false, counts: { held: 3 } });
    pms.people = [
      person('old', { status: 'past' }),
      ...many(0, 3).map(({ upstreamId }) => person(upstreamId.slice(1), { status: 'past' })),
    ];
    expect(await suite.sweep()).toMatchObject({ complete: true, counts: { synced: 3, held: 0 } }); // the PMS says it of each
    expect(await held()).toEqual([]);
  });

  it('counts small runs together for a day, and whoever is held does not become few by waiting', async () => {
    const { clock } = await suiteDeployment();
    const leave = async (n: number): Promise<SyncRun> => {
      pms.people = pms.people.map((one) => (one.upstreamId === `c${n}` ? person(n, { status: 'past' }) : one));
      await suite.call(startSync, { target: { residents: { ids: [suite.directory.residentOf(suite.propertyId, `c${n}`)] } } });
      return suite.over();
    };
    for (let n = 0; n < 5; n++) expect((await leave(n)).counts).toMatchObject({ synced: 1 });
    expect((await leave(5)).counts).toMatchObject({ synced: 0, held: 1 });
    expect(living()).toContain('c5');
    expect(await held()).toEqual([expect.objectContaining({ count: 1 })]);
    clock.advance({ hours: 30 });
    await eventually(async () => expect((await suite.over()).cause).toBe('schedule'), { timeoutMs: 20_000 });
    expect((await suite.sweep()).counts).toMatchObject({ held: 1 });
    expect((await leave(6)).counts).toMatchObject({ synced: 1 }); // yesterday's no longer count for others
    expect(living()).toContain('c5');
  });

  it('does not hold who was announced', async () => {
    for (const { upstreamId } of many(0, 10)) suite.directory.announced.add(upstreamId);
    pms.people = many(10, 30);
    expect((await suite.sweep()).counts).toMatchObject({ synced: 10, held: 0 });
    suite.directory.announced.clear();
  });

  it('lets go whom staff approve and keeps the others, also when they are few', async () => {
    pms.people = [...many(10, 30), ...many(0, 2).map(({ upstreamId }) => person(upstreamId.slice(1), { status: 'past' }))];
    await suite.sweep();
    const [hold] = await held();
    const ids = hold!.people.map(({ upstreamId }) => upstreamId).filter((id) => id !== 'c5');
    await suite.call(approveHold, { holdId: hold!.id, upstreamIds: ids, note: 'seen', version: hold!.version });
    expect(await suite.over()).toMatchObject({ cause: 'hold', state: 'done', counts: { synced: 9 } });
    expect(suite.directory.calls.findLast(({ method }) => method === 'apply')?.input.confirmed).toBe(hold!.id);
    expect((await suite.sweep()).counts).toMatchObject({ held: 1 });
    expect(suite.directory.living(suite.propertyId)).toContain('c5');
    expect(await held()).toEqual([]);
  });

  it('does not ask again about a list that was rejected', async () => {
    pms.people = many(10, 30);
    await suite.sweep();
    const [hold] = await held();
    await suite.call(rejectHold, { holdId: hold!.id });
    expect((await suite.sweep()).counts.held).toBe(10);
    expect(await held()).toEqual([]);
    expect(suite.directory.living(suite.propertyId)).toHaveLength(30);
  });

  it('holds many units that vanish and lets staff say which are gone; few go by themselves', async () => {
    pms.units = units(40);
    await suite.adopt();
    suite.directory.deletedUnits = [];
    pms.units = units(37);
    expect((await suite.sweep()).complete).toBe(true);
    expect(suite.directory.deletedUnits).toEqual(['u38', 'u39', 'u40']);
    pms.units = units(20);
    await suite.sweep();
    await suite.sweep(); // the same again is not asked again
    const [hold, ...others] = await held();
    expect(others).toEqual([]);
    expect(hold).toMatchObject({ count: 0, unitCount: 17 });
    expect(hold!.banner).toContain('17 units vanished');
    expect(suite.directory.deletedUnits).toHaveLength(3);
    await suite.call(approveHold, { holdId: hold!.id, unitIds: ['u21', 'u22'] });
    await eventually(() => expect(suite.directory.deletedUnits).toEqual(['u38', 'u39', 'u40', 'u21', 'u22']));
    await suite.over();
    await suite.sweep();
    expect(await held()).toEqual([]);
    expect(suite.directory.deletedUnits).toHaveLength(5);
  });

  it('does not believe that there is no unit at all, leaves the people alone, and goes on when staff believe it', async () => {
    pms.units = [];
    pms.people = many(0, 25);
    const run = await suite.sweep();
    expect(run).toMatchObject({ state: 'done', complete: false, counts: { unchanged: 0, synced: 0 } });
    expect(run.warnings[0]?.message).toContain('no unit at all');
    expect(living()).toHaveLength(30);
    const [hold] = await held();
    await suite.call(approveHold, { holdId: hold!.id });
    await eventually(() => expect(suite.directory.deletedUnits).toContain('u1'));
    await suite.over();
    expect(await suite.sweep()).toMatchObject({ complete: true, counts: { synced: 5 } });
  });

  it('a hold that nobody answers expires and is asked again', async () => {
    const { clock } = await suiteDeployment();
    pms.people = many(10, 30);
    await suite.sweep();
    const [hold] = await held();
    clock.advance({ days: 14, minutes: 1 });
    await eventually(async () => expect((await suite.call(getHold, { holdId: hold!.id })).state).toBe('expired'), {
      timeoutMs: 20_000,
    });
    await eventually(async () => expect(await held()).toEqual([expect.objectContaining({ count: 10 })]), { timeoutMs: 20_000 });
    expect(living()).toHaveLength(30);
  });

  it('warns of a jump, and not of a first import', async () => {
    expect((await suite.over()).warnings).toEqual([]);
    pms.people = many(0, 50);
    expect((await suite.sweep()).warnings).toEqual([expect.objectContaining({ code: 'sync.growth' })]);
    pms.people = many(0, 54);
    expect((await suite.sweep()).warnings).toEqual([]);
  });
});
