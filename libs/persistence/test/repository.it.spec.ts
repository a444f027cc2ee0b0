import type { OrgId } from '@leasewire/contracts';
import { freshDatabase, newOrgId, systemCall } from '@leasewire/testing';
import { systemScope, type Database } from '../src/index.js';
import { Accounts, bankOn, caughtLog, type Account, type Bank } from './subjects.js';
import { aDate, saying } from './like.js';

let bank: Bank;
let orgId: OrgId;
beforeAll(async () => {
  bank = await bankOn(await freshDatabase());
});
beforeEach(() => {
  orgId = newOrgId();
});

const inOrg = (org = orgId) => systemCall('bank', org);

describe('a document', () => {
  it('begins at version 1, is stamped, and counts its saves', async () => {
    const opened = await bank.open(inOrg(), { orgId, _id: 'a', balance: 5 });
    expect(opened).toMatchObject({ version: 1, balance: 5, createdAt: aDate, labels: [] });
    await bank.pay(inOrg(), opened, 2);
    expect(await bank.accounts.get({ orgId, _id: 'a' })).toMatchObject({ version: 2, balance: 7, createdAt: opened.createdAt });
  });

  it('saved with an old version is refused', async () => {
    const opened = await bank.open(inOrg(), { orgId, _id: 'b' });
    await bank.pay(inOrg(), opened, 2);
    const saving = bank.work.run(inOrg(), (tx) => bank.accounts.save(tx, { ...opened, balance: 100 }));
    await expect(saving).rejects.toMatchObject({ code: 'conflict.version', details: { ids: ['b'] } });
  });

  it('that does not fit its schema is not written', async () => {
    const writing = bank.work.run(inOrg(), (tx) =>
      bank.accounts.insert(tx, { orgId, _id: 'c', name: 'c', balance: 1.5, labels: [] }),
    );
    await expect(writing).rejects.toThrow('does not fit accounts');
  });

  it('whose unique index refuses it says so in the words of the index', async () => {
    await bank.open(inOrg(), { orgId, _id: 'd', email: 'ana@example.com' });
    await expect(bank.open(inOrg(), { orgId, _id: 'e', email: 'ana@example.com' })).rejects.toMatchObject({
      code: 'account.email-taken',
    });
    await expect(bank.open(inOrg(), { orgId, _id: 'd' })).rejects.toMatchObject({ code: 'conflict.state' });
    const other = newOrgId();
    await bank.open(inOrg(other), { orgId: other, _id: 'f', email: 'ana@example.com' });
  });

  it('keeps what a newer replica wrote into it, and gets defaults for what it lacks', async () => {
    const opened = await bank.open(inOrg(), { orgId, _id: 'g' });
    const rows = bank.db.db.collection<{ _id: string }>('accounts');
    await rows.updateOne({ _id: 'g' }, { $set: { colour: 'green' }, $unset: { labels: '' } });
    expect((await bank.accounts.get(opened)).labels).toEqual([]);
    await bank.pay(inOrg(), opened, 1);
    expect(await rows.findOne({ _id: 'g' })).toMatchObject({ colour: 'green', balance: 1, labels: [] });
  });

  it('loses a field that is saved as undefined', async () => {
    const opened = await bank.open(inOrg(), { orgId, _id: 'h', email: 'h@example.com' });
    await bank.work.run(inOrg(), (tx) => bank.accounts.save(tx, { ...opened, email: undefined }));
    expect(await bank.db.db.collection<{ _id: string }>('accounts').findOne({ _id: 'h' })).not.toHaveProperty('email');
  });

  it('that was stored by something else and does not fit is logged where reads are checked', async () => {
    const logs = caughtLog();
    await bank.db.db
      .collection<{ _id: string; orgId: string; name: string }>('accounts')
      .insertOne({ _id: 'x', orgId, name: 'x' });
    const checking = new Accounts(Object.assign(Object.create(bank.db) as Database, { log: logs.log, checkReads: true }));
    expect(await checking.findOne({ orgId, _id: 'x' })).toMatchObject({ name: 'x' });
    expect(logs.lines).toContainEqual(expect.objectContaining({ level: 'error', message: saying('does not fit its schema') }));
  });
});

describe('many documents', () => {
  it('are inserted and saved together, or not at all', async () => {
    const news = Array.from({ length: 100 }, (_, n) => ({ orgId, _id: `m${n}`, name: `m${n}`, balance: n, labels: [] }));
    const docs = await bank.work.run(inOrg(), (tx) => bank.accounts.insertMany(tx, news));
    const saved = await bank.work.run(inOrg(), (tx) =>
      bank.accounts.saveMany(
        tx,
        docs.map((doc) => ({ ...doc, balance: 0 })),
      ),
    );
    expect(saved.every((doc) => doc.version === 2)).toBe(true);
    const stale = [saved[0]!, docs[1]!, saved[2]!].map((doc) => ({ ...doc, balance: 9 }));
    await expect(bank.work.run(inOrg(), (tx) => bank.accounts.saveMany(tx, stale))).rejects.toMatchObject({
      details: { ids: ['m1'] },
    });
    expect(await bank.accounts.count({ orgId, balance: 0 })).toBe(100);
  });

  it('are amended together: each field and each document by itself, or not at all', async () => {
    const names = ['u', 'v', 'w', 'x'];
    const docs = await bank.work.run(inOrg(), (tx) =>
      bank.accounts.insertMany(
        tx,
        names.map((name) => ({ orgId, _id: `amend-${name}`, name, balance: 0, labels: [] })),
      ),
    );
    const [u, v, w, x] = docs as [Account, Account, Account, Account];
    const rows = bank.db.db.collection<{ _id: string }>('accounts');
    await rows.updateOne({ _id: 'amend-u' }, { $set: { colour: 'green' } });
    const amended = await bank.work.run(inOrg(), (tx) =>
      bank.accounts.amendMany(tx, [
        [u, { balance: 1, name: '$name', labels: ['$a'] }],
        [v, { balance: 1, name: 'v2', labels: ['b', '$$NOW'] }],
        [w, { rank: null }],
        [x, { rank: null }],
      ]),
    );
    const found = await bank.accounts.find({ orgId }, { sort: { _id: 1 } });
    expect(found).toEqual([expect.objectContaining(amended[0]), ...amended.slice(1)]);
    expect(await rows.findOne({ _id: 'amend-u' })).toMatchObject({ colour: 'green', name: '$name', labels: ['$a'], version: 2 });
    expect(found.map(({ version, updatedAt }) => [version, updatedAt])).toEqual(names.map(() => [2, aDate]));

    const late = bank.work.run(inOrg(), (tx) =>
      bank.accounts.amendMany(tx, [
        [amended[0]!, { balance: 5 }],
        [v, { balance: 5 }],
      ]),
    );
    await expect(late).rejects.toMatchObject({ code: 'conflict.version', details: { ids: ['amend-v'] } });
    expect((await bank.accounts.get({ orgId, _id: 'amend-u' })).balance).toBe(1);
    const wrong = bank.work.run(inOrg(), (tx) => bank.accounts.amendMany(tx, [[amended[0]!, { balance: 0.5 }]]));
    await expect(wrong).rejects.toThrow('does not fit accounts');
    const other = newOrgId();
    const foreign = bank.work.run(inOrg(other), (tx) => bank.accounts.amendMany(tx, [[amended[0]!, { balance: 9 }]]));
    await expect(foreign).rejects.toThrow('organizations do not mix');
  });

  it('are found by conditions, sorted, limited, projected, streamed and counted', async () => {
    for (const n of [1, 2, 3]) await bank.open(inOrg(), { orgId, _id: `${orgId}-${n}`, balance: n });
    expect((await bank.accounts.find({ orgId, balance: { $gte: 2 } }, { sort: { balance: -1 } })).map((a) => a.balance)).toEqual([
      3, 2,
    ]);
    expect(await bank.accounts.find({ orgId }, { sort: { balance: 1 }, limit: 1, fields: ['balance'] })).toEqual([
      { _id: `${orgId}-1`, orgId, balance: 1, version: 1, createdAt: aDate, updatedAt: aDate },
    ]);
    const streamed: number[] = [];
    for await (const found of bank.accounts.stream({ orgId }, { sort: { balance: 1 } })) streamed.push(found.balance);
    expect(streamed).toEqual([1, 2, 3]);
    expect(await bank.accounts.count({ orgId }, { upTo: 2 })).toBe(2);
    expect(await bank.accounts.aggregate({ orgId }, [{ $group: { _id: null, sum: { $sum: '$balance' } } }])).toEqual([
      { _id: null, sum: 6 },
    ]);
  });

  it('that are read, saved and inserted in parallel in a transaction go to the server together', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `parallel-${n}`);
    const operations = await bank.work.run(inOrg(), async (tx) => {
      const asked = jest.spyOn(tx, 'do');
      await Promise.all(
        names.map(async (_id) => {
          await bank.accounts.insert(tx, { orgId, _id, name: _id, balance: 1, labels: [] });
          const read = await bank.accounts.get({ orgId, _id }, { tx });
          await bank.accounts.save(tx, { ...read, balance: 2 });
        }),
      );
      expect(await bank.accounts.findOne({ orgId, _id: 'nobody' }, { tx })).toBeNull();
      return asked.mock.calls.length;
    });
    expect(operations).toBe(4);
    expect(await bank.accounts.count({ orgId, balance: 2, version: 2 })).toBe(50);
  });

  it('of which one cannot be saved in parallel are not saved at all', async () => {
    const [one, other] = await bank.work.run(inOrg(), (tx) =>
      bank.accounts.insertMany(
        tx,
        ['one', 'other'].map((_id) => ({ orgId, _id, name: _id, balance: 1, labels: [] })),
      ),
    );
    await bank.pay(inOrg(), other!, 1);
    const saving = bank.work.run(inOrg(), (tx) =>
      Promise.all([one!, other!].map((doc) => bank.accounts.save(tx, { ...doc, balance: 9 }))),
    );
    await expect(saving).rejects.toMatchObject({ code: 'conflict.version', details: { ids: ['other'] } });
    expect(await bank.accounts.count({ orgId, balance: 9 })).toBe(0);
  });

  it('are removed one by one or by condition', async () => {
    for (const n of [1, 2, 3]) await bank.open(inOrg(), { orgId, _id: `${orgId}-${n}`, balance: n });
    await bank.work.run(inOrg(), async (tx) => {
      expect(await bank.accounts.remove(tx, { orgId, _id: `${orgId}-1` })).toBe(true);
      expect(await bank.accounts.remove(tx, { orgId, _id: `${orgId}-1` })).toBe(false);
      expect(await bank.accounts.removeMany(tx, { orgId, balance: { $gt: 1 } })).toBe(2);
    });
    expect(await bank.accounts.count({ orgId })).toBe(0);
  });
});

describe('an organization', () => {
  it('does not see, save, remove or touch what another has', async () => {
    const mine = await bank.open(inOrg(), { orgId, _id: `${orgId}-mine` });
    const other = newOrgId();
    await expect(bank.accounts.get({ orgId: other, _id: mine._id })).rejects.toMatchObject({ code: 'not-found' });
    expect(await bank.accounts.touch({ orgId: other, _id: mine._id }, { seenAt: new Date() })).toBe(false);
    const work = bank.work;
    await expect(work.run(inOrg(other), (tx) => bank.accounts.save(tx, mine))).rejects.toThrow('organizations do not mix');
    await expect(work.run(inOrg(other), (tx) => bank.accounts.save(tx, { ...mine, orgId: other }))).rejects.toMatchObject({
      code: 'conflict.version',
    });
    await expect(work.run(inOrg(other), (tx) => bank.accounts.remove(tx, mine))).rejects.toThrow('organizations do not mix');
    await expect(work.run(inOrg(other), (tx) => bank.accounts.find({ orgId }, { tx }))).rejects.toThrow(
      'organizations do not mix',
    );
    expect(await bank.accounts.get(mine)).toEqual(mine);
  });

  it('cannot be left out by a hole in the types', () => {
    const asAny = (value: unknown): never => value as never;
    expect(() => bank.accounts.find(asAny({ name: 'Ana' }))).toThrow('orgId in a filter must be one plain id');
    expect(() => bank.accounts.find(asAny({ orgId: { $exists: true } }))).toThrow('orgId in a filter must be one plain id');
  });

  it('is not asked for by the system scope', async () => {
    const mine = await bank.open(inOrg(), { orgId, _id: `${orgId}-mine`, email: 'scope@example.com' });
    expect(await systemScope(bank.accounts).find({ email: 'scope@example.com' })).toEqual([mine]);
  });
});

it.each([
  ['at the top', { email: undefined }],
  ['in an operator', { email: { $ne: undefined } }],
  ['in a branch', { $or: [{ name: 'a' }, { email: undefined }] }],
])('a condition that is undefined %s is refused, because it would match everything', async (_where, filter) => {
  await expect(bank.accounts.find({ orgId, ...(filter as object) })).rejects.toThrow('is undefined');
});

it('a touch leaves the version alone', async () => {
  const opened = await bank.open(inOrg(), { orgId, _id: `${orgId}-t` });
  const seenAt = new Date('2026-01-01');
  expect(await bank.accounts.touch(opened, { seenAt })).toBe(true);
  expect(await bank.accounts.get(opened)).toEqual({ ...opened, seenAt });
});
