import { systemClock, systemIds } from '@leasewire/messaging';
import {
  answers,
  Child,
  eventually,
  freePort,
  freshDatabase,
  freshMongo,
  newOrgId,
  temporaryFolder,
  systemCall,
  type MongoServer,
} from '@leasewire/testing';
import {
  anyText,
  checkIndexes,
  Database,
  defineCollection,
  ensureIndexes,
  tenantDoc,
  UnitOfWork,
  type CollectionDef,
  type IndexSpec,
} from '../src/index.js';
import { assertFit } from '../src/database/database.js';
import { z } from 'zod';
import { account, bankOn, caughtLog } from './subjects.js';
import { matching, saying } from './like.js';

describe('a database that goes away', () => {
  let mongo: MongoServer;
  let db: Database;
  const logs = caughtLog();
  beforeAll(async () => {
    mongo = await freshMongo();
    db = await Database.connect(mongo.uri, 'bank', logs.log);
  });
  afterAll(() => db.close());

  it('is unavailable within two seconds, and back by itself when it is back', async () => {
    const bank = await bankOn(db);
    const orgId = newOrgId();
    const cause = () => systemCall('bank', orgId);
    const opened = await bank.open(cause(), { orgId, _id: 'a', balance: 1 });
    await mongo.stop('SIGKILL');
    const { _id } = opened;
    const askings = [
      () => bank.accounts.findOne({ orgId, _id }),
      () => bank.accounts.page({ orgId }, { sort: { name: 1 }, limit: 1 }),
      () => bank.pay(cause(), opened, 1),
      () => db.ping(),
    ];
    const tooLate = 2000;
    await Promise.all(
      askings.map(async (asking) => {
        const started = performance.now();
        await expect(asking()).rejects.toMatchObject({ code: 'unavailable' });
        expect(performance.now() - started).toBeLessThan(tooLate);
      }),
    );
    await mongo.start();
    await eventually(() => bank.pay(cause(), opened, 1), { timeoutMs: 10_000 });
    expect(await bank.accounts.get(opened)).toEqual(expect.objectContaining({ balance: 2, version: 2 }));
  });

  it('in the middle of a unit of work is unavailable within two seconds too', async () => {
    const bank = await bankOn(db);
    const orgId = newOrgId();
    const opened = await bank.open(systemCall('bank', orgId), { orgId, _id: 'c', balance: 1 });
    let started = 0;
    const working = bank.work.run(systemCall('bank', orgId), async (tx) => {
      const found = await bank.accounts.get(opened, { tx });
      if (started === 0) {
        await mongo.stop('SIGKILL');
        started = performance.now();
      }
      await bank.accounts.save(tx, { ...found, balance: 2 });
    });
    await expect(working).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - started).toBeLessThan(2000);
    await mongo.start();
    await eventually(() => bank.pay(systemCall('bank', orgId), opened, 1), { timeoutMs: 10_000 });
  });

  it('in the middle of a unit of work, and is back soon, does not disturb it', async () => {
    const bank = await bankOn(db);
    const orgId = newOrgId();
    let runs = 0;
    const account = await bank.work.run(systemCall('bank', orgId), async (tx) => {
      const inserted = await bank.accounts.insert(tx, { orgId, _id: 'b', name: 'b', balance: 0, labels: [] });
      if (runs++ === 0) {
        await mongo.stop('SIGKILL');
        await mongo.start();
      }
      return inserted;
    });
    expect(await bank.accounts.get(account)).toEqual(account);
    expect(runs).toBe(2);
  });

  it('but keeps its connections, as a machine that stands still does, ends also who was sending something large', async () => {
    const bank = await bankOn(db);
    const orgId = newOrgId();
    await mongo.pause();
    const started = performance.now();
    const large = { orgId, _id: 'd', name: 'd', balance: 0, labels: ['x'.repeat(12_000_000)] };
    const sending = bank.work.run(systemCall('bank', orgId), (tx) => bank.accounts.insert(tx, large));
    await expect(sending).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - started).toBeLessThan(10_000);
    mongo.resume();
    await eventually(() => bank.open(systemCall('bank', orgId), { orgId, _id: 'e', balance: 1 }), { timeoutMs: 10_000 });
  });

  it('is waited for at boot, with a line in the log', async () => {
    await mongo.stop('SIGKILL');
    const waiting = Database.connect(mongo.uri, 'bank', logs.log);
    await eventually(() =>
      expect(logs.lines).toContainEqual(
        expect.objectContaining({ level: 'warn', message: 'the database is not there yet; waiting for it' }),
      ),
    );
    await mongo.start();
    const connected = await waiting;
    await connected.ping();
    await connected.close();
  });

  it('is not waited for longer than was said', async () => {
    await expect(
      Database.connect('mongodb://127.0.0.1:9/?replicaSet=rs0', 'bank', logs.log, { giveUpAfterMs: 1 }),
    ).rejects.toThrow('ECONNREFUSED');
  });
});

it.each<[object, string, string | null]>([
  [{ setName: 'rs0' }, '5.0.26', 'mongodb.too-old'],
  [{ setName: 'rs0' }, '6.0.5', null],
  [{ setName: 'rs0' }, '10.1.0', null],
  [{ msg: 'isdbgrid' }, '8.0.4', null],
  [{}, '8.0.4', 'mongodb.no-replica-set'],
])('a server that says %j, version %s, is refused by %s', (hello, version, code) => {
  const refused = () => {
    assertFit(hello, version);
  };
  if (code === null) expect(refused).not.toThrow();
  else expect(refused).toThrow(expect.objectContaining({ code }) as Error);
});

it('a mongod that is not a member of a replica set is refused with the reason', async () => {
  const shared = await freshDatabase();
  const { argv } = (await shared.client.db('admin').command({ getCmdLineOpts: 1 })) as unknown as { argv: string[] };
  const port = await freePort();
  const options = ['--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--dbpath', temporaryFolder('alone')];
  const mongod = await new Child({
    command: argv[0]!,
    args: options,
    ready: (starting) => answers(port, () => starting.running),
  }).start();
  const connecting = Database.connect(`mongodb://127.0.0.1:${port}`, 'bank', shared.log);
  await expect(connecting).rejects.toMatchObject({
    code: 'mongodb.no-replica-set',
    message: saying('--replSet'),
  });
  await mongod.stop('SIGKILL');
});

describe('indexes', () => {
  const withIndexes = (...indexes: IndexSpec[]): CollectionDef => ({ ...account, indexes });

  it('are made as declared, by several replicas at once, and then left alone', async () => {
    const db = await freshDatabase();
    await Promise.all([1, 2, 3].map(() => ensureIndexes(db, [account], db.log)));
    expect(await checkIndexes(db, [account])).toEqual({ missing: [], undeclared: [], changed: [] });
  });

  it('that are missing, changed or not declared any more are reported', async () => {
    const db = await freshDatabase();
    const logs = caughtLog();
    await ensureIndexes(db, [withIndexes({ keys: { name: 1 } }, { keys: { seenAt: 1 }, expireAfterSeconds: 10 })], db.log);
    const next = withIndexes({ keys: { name: 1 }, unique: true }, { keys: { seenAt: 1 }, expireAfterSeconds: 20 });
    expect(await checkIndexes(db, [next])).toEqual({
      missing: [matching(/^accounts\.name_1__/)],
      undeclared: ['accounts.name_1'],
      changed: ['accounts.seenAt_1'],
    });
    await ensureIndexes(db, [next], logs.log);
    expect(await checkIndexes(db, [next])).toEqual({ missing: [], undeclared: ['accounts.name_1'], changed: [] });
    expect(logs.lines).toMatchObject([{ level: 'warn', fields: { undeclared: ['accounts.name_1'] } }]);
  });

  describe('over what may be null', () => {
    const optional = (partial: object) =>
      defineCollection('optionals', tenantDoc.extend({ code: z.string().nullable() }), {
        scope: 'org',
        indexes: [{ keys: { orgId: 1, code: 1 }, unique: true, partial: { code: partial } }],
      });

    it('are used for one text and for several', async () => {
      const db = await freshDatabase(caughtLog().log);
      const def = optional(anyText);
      await ensureIndexes(db, [def], db.log);
      const orgId = newOrgId();
      const rows = db.db.collection<{ _id: string; orgId: string; code: string | null }>(def.name);
      const codes = [...Array.from({ length: 50 }, (_, n) => String(n)), null, null];
      await rows.insertMany(codes.map((code, n) => ({ _id: String(n), orgId, code })));
      for (const code of ['7', { $in: ['7', '9'] }]) {
        const { executionStats } = await rows.find({ orgId, code }).explain('executionStats');
        expect(executionStats).toMatchObject({ totalDocsExamined: code === '7' ? 1 : 2 });
      }
      const again = rows.insertOne({ _id: 'x', orgId, code: '7' });
      await expect(again).rejects.toMatchObject({ code: 11000 });
    });

    it('are refused where MongoDB would never use them', () => {
      expect(() => optional({ $type: 'string' })).toThrow('say { code: anyText }');
    });
  });

  it('that duplicates prevent say what to do', async () => {
    const db = await freshDatabase();
    await ensureIndexes(db, [withIndexes()], db.log);
    await db.db.collection('accounts').insertMany([{ name: 'a' }, { name: 'a' }]);
    await expect(ensureIndexes(db, [withIndexes({ keys: { name: 1 }, unique: true })], db.log)).rejects.toThrow(
      'Remove them by a migration first',
    );
  });

  it('do not wait for the open transactions of others', async () => {
    const db = await freshDatabase();
    await ensureIndexes(db, [account], db.log);
    const work = new UnitOfWork({ db, service: 'bank', clock: systemClock, ids: systemIds, epoch: 0 });
    const orgId = newOrgId();
    const bank = await bankOn(db);
    await work.run(systemCall('bank', orgId), async (tx) => {
      await bank.accounts.insert(tx, { orgId, _id: 'c', name: 'c', balance: 0, labels: [] });
      await ensureIndexes(db, [account], db.log);
    });
  });
});
