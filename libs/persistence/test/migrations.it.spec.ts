import { systemClock, systemIds } from '@leasewire/messaging';
import { eventually, freshDatabase, newOrgId, systemCall } from '@leasewire/testing';
import {
  bumpEpoch,
  dropsIndexes,
  Leases,
  readEpoch,
  relayLease,
  runMigrations,
  UnitOfWork,
  type Database,
  type Migration,
} from '../src/index.js';
import { account, accountChanged, bankOn, justBefore, type Bank } from './subjects.js';

let db: Database;
let bank: Bank;
const orgId = newOrgId();
const cause = () => systemCall('bank', orgId);
beforeEach(async () => {
  db = await freshDatabase();
  bank = await bankOn(db);
});
const run = (...list: Migration[]) => runMigrations(db, list, { clock: systemClock, log: db.log });
const open = (count: number) =>
  bank.work.run(cause(), (tx) =>
    bank.accounts.insertMany(
      tx,
      Array.from({ length: count }, (_, n) => ({
        orgId,
        _id: `a${String(n).padStart(5, '0')}`,
        name: `n${n}`,
        balance: n,
        labels: [],
      })),
    ),
  );
const noting = (id: string, notes: string[]): Migration => ({ id, describe: id, run: async () => void notes.push(id) });
/** Gives every account a rank, which new code wants. */
const ranking = (during: (n: number) => Promise<unknown> = async () => {}): Migration => ({
  id: '2026-01-rank',
  describe: 'ranks',
  run: async ({ each }) => {
    let n = 0;
    const waits: Promise<unknown>[] = [];
    await each(account, { rank: null }, (doc) => {
      waits.push(during(n++));
      return { rank: doc.balance * 2 };
    });
    await Promise.all(waits);
  },
});

describe('migrations', () => {
  it('run once, in order, by one replica while the others wait', async () => {
    const notes: string[] = [];
    const list = [noting('1', notes), noting('2', notes), noting('3', notes)];
    await Promise.all([run(...list), run(...list), run(...list)]);
    expect(notes).toEqual(['1', '2', '3']);
    await run(...list, noting('4', notes));
    expect(notes).toEqual(['1', '2', '3', '4']);
  });

  it('out of order are refused', async () => {
    await expect(run(noting('2', []), noting('1', []))).rejects.toThrow('sort in the order they run');
    await expect(run(noting('1', []), noting('1', []))).rejects.toThrow('unique');
  });

  it('that fail stop those behind them, and go on where they stopped', async () => {
    await open(450);
    const notes: string[] = [];
    let seen = 0;
    const failing: Migration = {
      ...ranking(),
      run: ({ each }) =>
        each(account, { rank: null }, (doc) => {
          if (++seen === 300) throw new Error('out of memory');
          return { rank: doc.balance };
        }),
    };
    await expect(run(failing, noting('3', notes))).rejects.toThrow('The migration 2026-01-rank failed; nothing after it has run');
    expect(notes).toEqual([]);
    await run(ranking(), noting('3', notes));
    expect(notes).toEqual(['3']);
    expect(await bank.accounts.count({ orgId, rank: null })).toBe(0);
    const first = await bank.accounts.get({ orgId, _id: 'a00000' });
    expect(first).toMatchObject({ rank: 0, version: 2 });
  });

  it('change documents while old replicas save them, and lose neither change', async () => {
    const docs = await open(250);
    const pay = () => Promise.all(docs.slice(0, 40).map((doc) => bank.pay(cause(), doc, 1000)));
    const paying = justBefore(db, 'bulkWrite', pay);
    await run(ranking());
    paying.restore();
    const after = await bank.accounts.find({ orgId }, { sort: { _id: 1 } });
    expect(after.filter((doc) => doc.rank !== doc.balance * 2)).toEqual([]);
    expect(after.filter((doc) => doc.balance >= 1000)).toHaveLength(40);
    // a replica that had read the old one does not save over it
    const stale = bank.work.run(cause(), (tx) => bank.accounts.save(tx, docs[100]!));
    await expect(stale).rejects.toMatchObject({ code: 'conflict.version' });
  });

  it('find what old replicas add behind them', async () => {
    await open(3);
    let added = false;
    await run(
      ranking(async () => {
        if (added) return;
        added = true;
        await bank.open(cause(), { orgId, _id: 'a', balance: 7 });
      }),
      {
        id: '2026-02',
        describe: 'again',
        run: ({ each }) => each(account, { rank: null }, () => ({ rank: 1 })),
      },
    );
    expect(await bank.accounts.count({ orgId, rank: null })).toBe(0);
  });

  it('remove a field, and end even when they always say the same', async () => {
    await open(2);
    await db.db.collection('accounts').updateMany({}, { $set: { seenAt: new Date() } });
    await run({
      id: '1',
      describe: 'forget',
      run: ({ each }) => each(account, {}, () => ({ seenAt: undefined, name: 'x' })),
    });
    expect(await db.db.collection('accounts').countDocuments({ seenAt: { $exists: true } })).toBe(0);
    expect((await bank.accounts.find({ orgId })).map((doc) => [doc.name, doc.version])).toEqual([
      ['x', 2],
      ['x', 2],
    ]);
  });

  it('of a replica that died are taken over', async () => {
    const leases = new Leases(db, systemClock);
    await leases.acquire('migrations', 600);
    const notes: string[] = [];
    await run(noting('1', notes));
    expect(notes).toEqual(['1']);
  });
});

it('indexes that are not declared any more go, and nothing else', async () => {
  const accounts = db.db.collection(account.name);
  const declared = (await accounts.indexes()).map(({ name }) => name);
  await accounts.createIndexes([{ key: { orgId: 1, balance: 1 }, name: 'of_before' }]);
  await run(dropsIndexes('2026-01-drop', [account]));
  expect((await accounts.indexes()).map(({ name }) => name)).toEqual(declared);
});

describe('the epoch', () => {
  it('is bumped after a restore, and goes before the version in every event', async () => {
    expect(await readEpoch(db)).toBe(0);
    expect(await bumpEpoch(db, 'bank', systemClock)).toBe(1);
    const work = new UnitOfWork({ db, service: 'bank', clock: systemClock, ids: systemIds, epoch: await readEpoch(db) });
    await work.run(cause(), async (tx) => tx.publish(accountChanged, { id: 'a', balance: 1 }, { _id: 'a', version: 1 }));
    expect(
      (await bank.outbox()).map((row) => [row.epoch, (JSON.parse(row.envelope) as { entityepoch: number }).entityepoch]),
    ).toEqual([[1, 1]]);
  });

  it('is not bumped while the service runs', async () => {
    const lease = (await new Leases(db, systemClock).acquire(relayLease('bank'), 5000))!;
    await expect(bumpEpoch(db, 'bank', systemClock)).rejects.toMatchObject({ code: 'conflict.state' });
    await lease.release();
    await eventually(async () => expect(await bumpEpoch(db, 'bank', systemClock)).toBe(1));
  });
});
