import {
  cancelSyncRun,
  jobRpcs,
  listJobOutcomes,
  listSyncRuns,
  startSync,
  syncRunCompleted,
  type JobView,
  type PropertyId,
  type SyncRun,
} from '@leasewire/contracts';
import { UnitOfWork } from '@leasewire/persistence';
import { eventually, newOrgId, onCleanUp, staffActor, systemCall } from '@leasewire/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SyncedPropertyRepository } from '../../src/connection/synced-property.repository.js';
import type { WantedPeople } from '../../src/connector/connector.js';
import { RunMaker } from '../../src/run/run-maker.js';
import type { SyncRunDoc } from '../../src/run/sync-run.repository.js';
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
const renamed = { first: 'New', last: 'Name', raw: 'New Name' };
const coded = (code: string): unknown => expect.objectContaining({ code });
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => person(from + n));
const { getJob, cancelJob, listJobItems } = jobRpcs('pms-sync');
const runsOf = async (jobId: string) => (await suite.call(listSyncRuns, { jobId })).items;
const jobIs = (job: JobView, state: JobView['state']) =>
  eventually(async () => {
    const now = await suite.call(getJob, { jobId: job.id });
    expect(now.state).toBe(state);
    return now;
  });
const runIs = (id: SyncRun['id'], state: SyncRun['state']) =>
  eventually(async () => {
    const run = (await suite.call(listSyncRuns, {})).items.find((one) => one.id === id);
    expect(run?.state).toBe(state);
    return run!;
  });
/** What the clock would have begun. */
async function scheduled(_id: PropertyId): Promise<SyncRunDoc> {
  const { orgId, service } = suite;
  const property = await service.get(SyncedPropertyRepository).get({ orgId, _id });
  const about = { property, scope: 'sweep', cause: 'schedule', startedBy: 'service:pms-sync' } as const;
  const made = await service.get(UnitOfWork).run(systemCall('pms-sync', orgId), (tx) => service.get(RunMaker).queue(tx, about));
  return made.run;
}
const patience = Number(process.env['LEASEWIRE_TEST_PATIENCE'] ?? 1);
/** A vendor who takes his time for each answer, and allows one request at a time. */
async function slowVendor(answersInMs: number, requests: (wanted: WantedPeople) => number): Promise<void> {
  const server = createServer((_incoming, outgoing) => void setTimeout(() => outgoing.end('{}'), answersInMs));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(async () => {
    server.closeAllConnections();
    server.close();
  });
  Object.assign(pms, { door: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests }, answers: 0 });
}
/** Pages wait until it is opened. */
function closed(): () => void {
  let open = () => {};
  pms.gate = new Promise<void>((resolve) => (open = resolve));
  return open;
}

beforeEach(async () => {
  Object.assign(pms, { fault: 'none', rejected: [], pageSize: 50, freePages: 0, gate: Promise.resolve(), people: many(0, 30) });
  Object.assign(pms, { door: null, overtaken: [] });
  await suite.adopt();
});

describe('a sync on demand', () => {
  it('of residents runs beside a sweep, says who was not found, and never moves them out', async () => {
    const open = closed();
    const asked = pms.asked.length;
    await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } });
    await eventually(() => expect(pms.asked).toHaveLength(asked + 1));
    pms.gate = Promise.resolve();
    pms.people = many(1, 30);
    const ids = ['c0', 'c1'].map((id) => suite.directory.residentOf(suite.propertyId, id));
    await suite.call(startSync, { target: { residents: { ids } } });
    const run = await suite.over();
    expect(run).toMatchObject({ scope: 'residents', cause: 'staff', counts: { unchanged: 1, failed: 1 } });
    expect(await suite.outcomes(run)).toEqual([
      expect.objectContaining({
        upstreamId: 'c0',
        outcome: 'failed',
        reason: coded('sync.not-found-upstream'),
      }),
      expect.objectContaining({ upstreamId: 'c1', outcome: 'unchanged', light: 'SKIP', residentId: ids[1] }),
    ]);
    expect(suite.directory.living(suite.propertyId)).toContain('c0');
    open();
  });

  it('of a unit takes who is in it, and says of whom the PMS says nothing any more', async () => {
    const elsewhere = person(1).stays.map((stay) => ({ ...stay, unitId: 'u2', unitName: '2' }));
    pms.people = [person(1, { stays: elsewhere, name: renamed }), ...many(2, 4), person(40), person(41, { stays: elsewhere })];
    await suite.call(startSync, { target: { units: { ids: [suite.directory.unitOf(suite.propertyId)] } } });
    const run = await suite.over();
    expect(run).toMatchObject({ scope: 'units', counts: { synced: 2, unchanged: 2, failed: 27 } });
    const outcomes = new Map((await suite.outcomes(run)).map((one) => [one.upstreamId, one]));
    expect(outcomes.get('c0')).toMatchObject({ outcome: 'failed', reason: coded('sync.not-found-upstream') });
    expect(outcomes.get('c1')).toMatchObject({ outcome: 'synced', name: renamed.raw });
    expect(outcomes.get('c40')).toMatchObject({ outcome: 'synced' });
    expect(outcomes.has('c41')).toBe(false);
    expect(suite.directory.living(suite.propertyId)).toContain('c0');
  });

  it('of many people is one fetch of the property, and says of each of them what it came to', async () => {
    pms.people = many(0, 80);
    await suite.sweep();
    const ids = many(0, 60).map(({ upstreamId }) => suite.directory.residentOf(suite.propertyId, upstreamId));
    pms.people = [...many(1, 60), ...many(60, 80).map((one) => ({ ...one, name: renamed }))];
    await suite.call(startSync, { target: { residents: { ids } } });
    const run = await suite.over();
    expect(pms.asked.at(-1)).toEqual({});
    expect(run).toMatchObject({ scope: 'residents', counts: { synced: 0, unchanged: 59, failed: 1 } });
    expect(await suite.outcomes(run)).toHaveLength(60);
    expect(suite.directory.told(suite.propertyId, renamed.raw)).toBe(0);
  });

  it('says person by person what it came to, over all its properties, and to whoever joined it', async () => {
    const second = await suite.adoptAnother('200');
    pms.people = many(1, 30);
    const residentOf = (propertyId: PropertyId, id: string) => suite.directory.residentOf(propertyId, id);
    const ids = [residentOf(suite.propertyId, 'c0'), residentOf(suite.propertyId, 'c1'), residentOf(second, 'c2')];
    const job = await suite.call(startSync, { target: { residents: { ids } } });
    await jobIs(job, 'done');
    const { items } = await suite.call(listJobOutcomes, { jobId: job.id });
    const shown = items.map(({ upstreamId, propertyId, outcome }) => [upstreamId, propertyId, outcome]).sort();
    expect(shown).toEqual([
      ['c0', suite.propertyId, 'failed'],
      ['c1', suite.propertyId, 'unchanged'],
      ['c2', second, 'unchanged'],
    ]);
    const pages = await suite.call(listJobOutcomes, { jobId: job.id, limit: 2 });
    const rest = await suite.call(listJobOutcomes, { jobId: job.id, limit: 2, cursor: pages.nextCursor! });
    expect([...pages.items, ...rest.items]).toEqual(items);
    const failed = await suite.call(listJobOutcomes, { jobId: job.id, outcome: 'failed' });
    expect(failed.items.map(({ upstreamId }) => upstreamId)).toEqual(['c0']);
    // whoever sees only some properties sees only the jobs that they began
    for (const who of [{ orgId: suite.orgId, properties: [second] }, { orgId: newOrgId() }])
      await expect(suite.call(listJobOutcomes, { jobId: job.id }, staffActor(who))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('joins what runs already, is a job, and its run can be cancelled', async () => {
    const open = closed();
    pms.people = many(0, 31);
    const target = { propertyIds: [suite.propertyId] };
    const job = await suite.call(startSync, { target });
    expect((await suite.call(startSync, { target })).id).toBe(job.id);
    const [run] = await runsOf(job.id);
    await runIs(run!.id, 'running');
    await suite.call(cancelSyncRun, { runId: run!.id });
    const again = await suite.call(startSync, { target });
    expect(again.id).not.toBe(job.id); // the one that is being cancelled is not joined, the one behind it is
    expect((await suite.call(startSync, { target })).id).toBe(again.id);
    open();
    await runIs(run!.id, 'cancelled');
    expect(await jobIs(job, 'done')).toMatchObject({ counts: { skipped: 1 } });
    expect(await jobIs(again, 'done')).toMatchObject({ counts: { done: 1 } });
    expect(suite.directory.living(suite.propertyId)).toContain('c30');
  });

  it('does not join a scheduled sweep that fetches already: what was changed in the PMS since then is in its own', async () => {
    const open = closed();
    const swept = await scheduled(suite.propertyId);
    await runIs(swept._id, 'running');
    const target = { propertyIds: [suite.propertyId] };
    const job = await suite.call(startSync, { target });
    expect((await suite.call(startSync, { target })).id).toBe(job.id);
    const [own] = await runsOf(job.id);
    expect(own).toMatchObject({ cause: 'staff', state: 'queued' });
    open();
    await runIs(swept._id, 'done');
    expect(await jobIs(job, 'done')).toMatchObject({ counts: { done: 1 } });
    const ended = await runIs(own!.id, 'done');
    expect(ended.startedAt! >= (await runIs(swept._id, 'done')).finishedAt!).toBe(true);
  });

  it('stops with its job: what waits at once, what runs at its next step, and both say how far they came', async () => {
    const second = await suite.adoptAnother('200');
    pms.pageSize = 20;
    pms.freePages = 1;
    pms.people = [...many(0, 20).map((one) => ({ ...one, name: renamed })), ...many(20, 60)];
    const open = closed();
    const job = await suite.call(startSync, { target: { all: true } });
    const [behind, ahead] = await eventually(async () => {
      const runs = await runsOf(job.id);
      expect(runs.map(({ state }) => state).sort()).toEqual(['queued', 'running']);
      return runs.sort((a, b) => a.state.localeCompare(b.state));
    });
    await eventually(() => expect(suite.directory.told(ahead!.propertyId, renamed.raw)).toBe(20));
    expect(await suite.call(cancelJob, { jobId: job.id })).toMatchObject({
      state: 'cancelling',
      counts: { doing: 1, skipped: 1 },
    });
    expect((await runIs(behind!.id, 'cancelled')).startedAt).toBeNull();
    open();
    const stopped = await runIs(ahead!.id, 'cancelled');
    expect(stopped).toMatchObject({ complete: false, counts: { synced: 20, unchanged: 0 } });
    expect(await jobIs(job, 'cancelled')).toMatchObject({ counts: { skipped: 2 } });
    const { items } = await suite.call(listJobItems, { jobId: job.id });
    expect(items.map(({ state, reason }) => [state, reason?.code])).toEqual(Array(2).fill(['skipped', 'job.cancelled']));
    expect(items.map(({ outcome }) => outcome)).toContainEqual({ runId: stopped.id, counts: stopped.counts });
    await eventually(() =>
      expect(
        suite.events(syncRunCompleted).filter(({ data }) => (data as { run: SyncRun }).run.state === 'cancelled'),
      ).toHaveLength(2),
    );
    for (const propertyId of [suite.propertyId, second]) expect(suite.directory.living(propertyId).length).toBeGreaterThan(29);
  });

  it('that joins what waits already shows it as its own, though nobody had asked for it', async () => {
    const second = await suite.adoptAnother('200');
    const open = closed();
    const first = await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } });
    const [ahead] = await runsOf(first.id);
    await runIs(ahead!.id, 'running');
    const waiting = await scheduled(second); // of a connection there is one at a time
    const job = await suite.call(startSync, { target: { all: true } });
    expect((await runsOf(job.id)).map(({ id }) => id).sort()).toEqual([ahead!.id, waiting._id].sort());
    open();
    expect(await jobIs(job, 'done')).toMatchObject({ counts: { done: 2 } });
    expect(await runsOf(job.id)).toMatchObject([
      { state: 'done', cause: 'schedule' },
      { state: 'done', cause: 'staff' },
    ]);
  });

  it('goes on for others who asked for it too when one of them cancels', async () => {
    await suite.adoptAnother('200');
    const open = closed();
    const first = await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } });
    await eventually(async () => expect(await suite.call(getJob, { jobId: first.id })).toMatchObject({ counts: { doing: 1 } }));
    const both = await suite.call(startSync, { target: { all: true } });
    await eventually(async () => expect(await suite.call(getJob, { jobId: both.id })).toMatchObject({ counts: { doing: 2 } }));
    await suite.call(cancelJob, { jobId: first.id });
    expect(await jobIs(first, 'cancelled')).toMatchObject({ counts: { skipped: 1 } });
    const { items } = await suite.call(listJobItems, { jobId: first.id });
    expect(items[0]?.reason?.message).toContain('others asked');
    open();
    expect(await jobIs(both, 'done')).toMatchObject({ counts: { done: 2 } });
  });

  it('of chosen people says of each whom it did not reach', async () => {
    const open = closed();
    const ids = ['c0', 'c1'].map((id) => suite.directory.residentOf(suite.propertyId, id));
    const job = await suite.call(startSync, { target: { residents: { ids } } });
    const [run] = await runsOf(job.id);
    await runIs(run!.id, 'running');
    await suite.call(cancelJob, { jobId: job.id });
    open();
    const ended = await runIs(run!.id, 'cancelled');
    expect(ended.counts).toMatchObject({ skipped: 2, failed: 0 });
    expect(await suite.outcomes(ended)).toEqual(
      ids.map(
        (residentId) => expect.objectContaining({ residentId, outcome: 'skipped', reason: coded('sync.cancelled') }) as unknown,
      ),
    );
    await jobIs(job, 'cancelled');
  });

  it('begins within a second while a large property is swept', async () => {
    pms.people = many(0, 4000);
    const { id } = (await runsOf((await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } })).id))[0]!;
    await runIs(id, 'running');
    const resident = suite.directory.residentOf(suite.propertyId, 'c1');
    const waited: number[] = [];
    for (let n = 0; n < 4; n++) {
      const [asked] = await runsOf((await suite.call(startSync, { target: { residents: { ids: [resident] } } })).id);
      const run = await runIs(asked!.id, 'done');
      waited.push(Date.parse(run.startedAt!) - Date.parse(run.createdAt));
    }
    // a busy machine delays some; what is slow by itself delays all
    const [first, second = 0, third = 0] = waited.sort((a, b) => a - b);
    expect(first).toBeLessThanOrEqual(1000);
    expect((second + third) / 2).toBeLessThanOrEqual(1000 * patience);
    await runIs(id, 'running');
    expect(await eventually(() => runIs(id, 'done'), { timeoutMs: 30_000 })).toMatchObject({ counts: { synced: 3970 } });
  });

  it('comes to its turn at the vendor while a sweep asks the same vendor without end', async () => {
    await slowVendor(100, ({ people }) => (people ? 5 : 100_000));
    const { id } = (await runsOf((await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } })).id))[0]!;
    await eventually(() => expect(pms.answers).toBeGreaterThan(3));
    const resident = suite.directory.residentOf(suite.propertyId, 'c1');
    const [asked] = await runsOf((await suite.call(startSync, { target: { residents: { ids: [resident] } } })).id);
    expect(await runIs(asked!.id, 'done')).toMatchObject({ counts: { unchanged: 1 } });
    expect(pms.overtaken).toHaveLength(5);
    // the one that was under way; and what a busy machine lets slip through
    expect(Math.max(...pms.overtaken)).toBeLessThanOrEqual(4);
    await suite.call(cancelSyncRun, { runId: id });
    await runIs(id, 'cancelled');
  });

  it('shows how far it is while it fetches, and can be cancelled then', async () => {
    await slowVendor(20, () => 100_000);
    const { id } = (await runsOf((await suite.call(startSync, { target: { propertyIds: [suite.propertyId] } })).id))[0]!;
    const shown = async () => (await suite.call(listSyncRuns, { limit: 1 })).items[0]!;
    const first = await eventually(async () => {
      const run = await shown();
      expect(run).toMatchObject({ id, state: 'running', counts: { synced: 0 } });
      expect(run.pages).toBeGreaterThan(0);
      return run.pages;
    });
    await eventually(async () => expect((await shown()).pages).toBeGreaterThan(first));
    await suite.call(cancelSyncRun, { runId: id });
    const ended = await runIs(id, 'cancelled');
    expect(ended.pages).toBeGreaterThan(first);
    expect(ended.pages).toBeLessThan(100_000);
    expect(suite.directory.living(suite.propertyId)).toHaveLength(30);
  });

  it('of what is not linked is refused', async () => {
    const nothing = suite.call(startSync, { target: { propertyIds: ['prop_01jd3k8x9e7m2q4r5s6t7v8w9y'] } });
    await expect(nothing).rejects.toMatchObject({ code: 'sync.not-linked' });
  });
});
