import { silentLog } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import { callBy, eventually, fixedClock, freshDatabaseName, freshMongo, onCleanUp, ownerOf } from '@leasewire/testing';
import { auditChainBroken, type OrgId, type Verification } from '@leasewire/contracts';
import { ChainReading } from '../../src/verify/chain-reader.js';
import { newWorld, Organization, type World } from '../audit.world.js';
import { Intruder } from './intruder.js';

const clock = fixedClock('2026-01-01T00:00:00.000Z');
let world: World;
beforeAll(async () => {
  world = await newWorld({ clock });
});
afterEach(() => jest.restoreAllMocks());

/** Three pages. */
const length = 600;
async function longChain(of = world): Promise<Organization> {
  const org = new Organization();
  for (let n = 0; n < length; n += 200) await of.recorder.record(org.orgId, org.staffChanges(200, { time: of.clock.now() }));
  return org;
}
/** What happens once, when the walk has seen so many pages. */
function whenWalked(pages: number, happen: () => Promise<unknown>): void {
  const read = ChainReading.prototype.pages;
  let seen = 0;
  jest.spyOn(ChainReading.prototype, 'pages').mockImplementation(async function* (this: ChainReading, stretch) {
    if (pages === seen++) await happen();
    for await (const page of read.call(this, stretch)) {
      yield page;
      if (page.length > 0 && pages === seen++) await happen();
    }
  });
}
async function retireUpTo(seq: number, { orgId }: Organization): Promise<void> {
  await world.rows('entries').updateMany({ orgId, seq: { $lte: seq } }, { $set: { recordedAt: new Date(0) } });
  await world.retention.setPolicy(callBy(ownerOf(orgId)), 30, undefined);
  await world.retention.retire(orgId);
}
const found = ({ faults }: Verification): string[] => faults.map((fault) => `${fault.kind} ${fault.seq}`);
/** What is wrong with it. */
const verified = async (orgId: OrgId): Promise<string[]> => found(await world.verify(orgId));

it('a walk goes on when the server has forgotten the moment at which it began', async () => {
  const mongo = await freshMongo();
  const db = await Database.connect(mongo.uri, freshDatabaseName(), silentLog, { giveUpAfterMs: 10_000 });
  onCleanUp(() => db.close());
  await db.client.db('admin').command({ setParameter: 1, minSnapshotHistoryWindowInSeconds: 0 });
  const of = await newWorld({ db });
  const { orgId } = await longChain(of);
  const other = new Organization();
  const session = db.client.startSession({ snapshot: true });
  const then = () => db.db.collection('chains', { readConcern: { level: 'snapshot' } }).findOne({}, { session });
  await then();
  whenWalked(2, () =>
    eventually(async () => {
      await of.recorder.record(other.orgId, other.staffChanges(1));
      await expect(then()).rejects.toMatchObject({ codeName: 'SnapshotTooOld' });
    }),
  );
  expect(await of.verify(orgId)).toMatchObject({ intact: true, entries: length, to: length });
  await session.endSession();
});

describe('while a chain is walked', () => {
  it.each([0, 2, 3])('it may grow (after %s pages)', async (pages) => {
    const org = await longChain();
    whenWalked(pages, async () => {
      await world.recorder.record(org.orgId, org.staffChanges(3));
      await world.heads.announce(org.orgId);
    });
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, entries: length, to: length });
  });
  it('it may begin', async () => {
    const org = new Organization();
    whenWalked(0, () => world.recorder.record(org.orgId, org.staffChanges(3)));
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, entries: 3, to: 3 });
  });
  it('what somebody puts beyond its end is told from what is recorded', async () => {
    const org = await longChain();
    whenWalked(3, async () => {
      await world.recorder.record(org.orgId, org.staffChanges(3));
      await new Intruder(org.orgId, world).insertAfter(length + 3);
    });
    expect(await verified(org.orgId)).toEqual([`inserted ${length + 4}`]);
  });
  it.each([
    ['what the walk has passed already', 2, { from: 1, entries: length }],
    ['what it has not seen yet', 1, { from: 401, entries: length - 400 }],
    ['all of it before it begins', 0, { from: 401, entries: length - 400 }],
  ])('retention may take away %s', async (_name, pages, whole) => {
    const org = await longChain();
    whenWalked(pages, () => retireUpTo(400, org));
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, to: length, ...whole });
  });
  it('retention may take away everything', async () => {
    const org = await longChain();
    whenWalked(1, () => retireUpTo(length, org));
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, from: length + 1, entries: 0, to: length });
  });
  it('retention hides nothing that was done to what it leaves', async () => {
    const org = await longChain();
    const intruder = new Intruder(org.orgId, world);
    await intruder.set(450, { content: '{}' });
    await intruder.remove(460, 598, 599, 600);
    whenWalked(1, () => retireUpTo(400, org));
    expect(await verified(org.orgId)).toEqual(['changed 450', 'removed 460', 'cut 598']);
  });
  it('what was taken away by somebody else shows, also when retention runs', async () => {
    const org = await longChain();
    whenWalked(1, async () => {
      await new Intruder(org.orgId, world).remove(401, 402);
      await retireUpTo(400, org);
    });
    expect(await verified(org.orgId)).toEqual(['removed 401']);
  });
});

describe('the pages of a chain', () => {
  it('leave out nothing that has another kind of number, or none', async () => {
    const org = await longChain();
    const intruder = new Intruder(org.orgId, world);
    await intruder.set(4, { seq: 'four' });
    await intruder.set(5, { seq: null });
    await intruder.set(6, { seq: 6.5 });
    await intruder.compute(7, { seq: { $toDecimal: '700.0' } });
    await intruder.compute(8, { seq: { $toLong: '9007199254740995' } });
    expect((await verified(org.orgId)).sort()).toEqual([
      ...['inserted -1', 'inserted -1', 'inserted -1', 'inserted -1', 'inserted 6'],
      ...['removed 4'],
    ]);
  });
  it('may end between two of one number, where somebody dropped what forbids them', async () => {
    const apart = await newWorld({ clock });
    const org = await longChain(apart);
    const indexes = await apart.rows('entries').indexes();
    const unique = indexes.find(({ key }) => Object.keys(key).join() === 'orgId,seq');
    await apart.rows('entries').dropIndex(unique!.name!);
    const row = await new Intruder(org.orgId, apart).row(250);
    const rivals = Array.from({ length: 20 }, (_, n) => ({ ...row, _id: `zzz_${n}`, eventId: `evt_${n}` }));
    await apart.rows('entries').insertMany(rivals);
    const { faults, entries } = await apart.verify(org.orgId);
    expect(faults.map(({ kind, seq }) => `${kind} ${seq}`)).toEqual(rivals.map(() => 'inserted 250'));
    expect(entries).toBe(length + rivals.length);
  });
});

describe('a chain that is too long for the time there is', () => {
  it('is said to be so, with what was seen of it', async () => {
    const running = await newWorld();
    const { orgId } = await longChain(running);
    await expect(running.verifying.verify(orgId, {}, 0)).rejects.toMatchObject({
      code: 'audit.chain-too-long',
      message: expect.stringMatching(/first 250 entries.*verify --org org_/) as string,
      details: { verified: 250 },
    });
    expect(await running.verifying.verify(orgId)).toMatchObject({ intact: true, entries: length });
  });
  it('is broken all the same, where that was seen in time', async () => {
    const running = await newWorld();
    const { orgId } = await longChain(running);
    await new Intruder(orgId, running).set(4, { content: '{}' });
    expect(found(await running.verifying.verify(orgId, {}, 0))).toEqual(['changed 4']);
  });
});

describe('a stretch of a chain', () => {
  it.each([
    ['its beginning', { until: 250 }, { from: 1, to: 250, entries: 250 }],
    ['its middle', { from: 251, until: 400 }, { from: 251, to: 400, entries: 150 }],
    ['its end', { from: 401 }, { from: 401, to: length, entries: 200 }],
    ['more than there is', { from: 590, until: 9_000 }, { from: 590, to: length, entries: 11 }],
    ['nothing that there is', { from: 9_000 }, { from: length + 1, to: length, entries: 0 }],
    ['all of it', { from: 1, until: length }, { from: 1, to: length, entries: length }],
  ])('may be %s', async (_name, stretch, found) => {
    intact ??= await longChain();
    await world.heads.announce(intact.orgId);
    expect(await world.verify(intact.orgId, undefined, stretch)).toMatchObject({ intact: true, ...found });
  });
  let intact: Organization | undefined;

  it('shows what was done in it or between it and the one before, and one after the other show all', async () => {
    const { orgId } = await longChain();
    const intruder = new Intruder(orgId, world);
    await intruder.set(100, { content: '{}' });
    await intruder.remove(200, 201, 300, 599, 600);
    await intruder.set(400, { hash: 'f'.repeat(64) });
    await intruder.compute(500, { seq: 450.5 });
    const faults = async (from: number, until?: number) =>
      found(await world.verify(orgId, undefined, { from, ...(until && { until }) }));
    expect(await faults(1, 99)).toEqual([]);
    expect(await faults(100, 200)).toEqual(['changed 100', 'removed 200']);
    expect(await faults(201, 300)).toEqual(['removed 200', 'removed 300']);
    expect(await faults(301, 399)).toEqual(['removed 300']);
    expect(await faults(400, 450)).toEqual(['changed 400']);
    expect(await faults(451, 598)).toEqual(['inserted 450', 'removed 500']);
    expect(await faults(599)).toEqual(['cut 599']);
  });
  it('begins where retention has left the chain', async () => {
    const org = await longChain();
    await retireUpTo(400, org);
    expect(await world.verify(org.orgId, undefined, { from: 300, until: 450 })).toMatchObject({
      intact: true,
      from: 401,
      to: 450,
    });
  });
  it('leaves what others showed as it was told', async () => {
    const { orgId } = await longChain();
    await new Intruder(orgId, world).set(4, { content: '{}' });
    const [first, second] = [{ until: 300 }, { from: 301 }];
    for (const stretch of [first, second, first, {}]) await world.verifying.verify(orgId, stretch);
    expect(await world.told(auditChainBroken, orgId)).toHaveLength(1);
  });
});
