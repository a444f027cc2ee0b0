import { Envelope, type EntityVersion, type Fact, type OrgId } from '@leasewire/contracts';
import { eventDays, ignoreOlder } from '@leasewire/messaging';
import { eventually, factOf, freshDatabase, newOrgId, serviceCall, staffCall, systemCall } from '@leasewire/testing';
import { inBulk, SecretBox, type Database } from '../src/index.js';
import { inboxDays } from '../src/own-collections.js';
import { accountChanged, bankOn, caughtLog, type Bank } from './subjects.js';

const logs = caughtLog();
let db: Database;
let bank: Bank;
let orgId: OrgId;
beforeAll(async () => {
  db = await freshDatabase(logs.log);
  bank = await bankOn(db);
});
beforeEach(() => {
  orgId = newOrgId();
});

const cause = () => systemCall('bank', orgId);
const id = (name: string) => ({ orgId, _id: `${orgId}-${name}` });
const eventsOf = async (name: string) => (await bank.outbox()).filter((row) => row.aggregate === id(name)._id);
/** Makes commands of this connection fail the way a server or a network does. */
const failing = (data: object, times: number | 'always' = 1) =>
  db.client.db('admin').command({
    configureFailPoint: 'failCommand',
    mode: times === 'always' ? 'alwaysOn' : { times },
    data: { appName: db.instance, ...data },
  });
const working = () => db.client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });

describe('a unit of work', () => {
  it('writes state and event together', async () => {
    await bank.open(cause(), { ...id('a'), balance: 3 });
    const [row] = await eventsOf('a');
    expect(row).toMatchObject({ version: 1, epoch: 0, n: 0, pending: true, subject: `evt.bank.account.changed.v1.${orgId}` });
    expect(Envelope.parse(JSON.parse(row!.envelope))).toMatchObject({
      id: row!._id,
      source: '/leasewire/bank',
      type: 'bank.account.changed.v1',
      subject: id('a')._id,
      orgid: orgId,
      actor: 'service:bank',
      entityversion: 1,
      data: { id: id('a')._id, balance: 3 },
    });
  });

  it('that throws leaves nothing behind', async () => {
    const ran: string[] = [];
    const call = staffCall({ orgId, idempotencyKey: 'k' });
    const failed = bank.work.run(call, async (tx) => {
      await bank.accounts.insert(tx, { ...id('b'), name: 'b', balance: 0, labels: [] });
      tx.publish(accountChanged, { id: 'b', balance: 0 }, { ...id('b'), version: 1 });
      tx.effect('mail', {});
      tx.afterCommit(() => ran.push('hook'));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await bank.accounts.findOne(id('b'))).toBeNull();
    expect(await eventsOf('b')).toEqual([]);
    expect(await db.db.collection('effects').countDocuments({ orgId })).toBe(0);
    expect(await db.db.collection('idempotency').countDocuments({ orgId })).toBe(0);
    expect(ran).toEqual([]);
  });

  it('run at once by many on one document loses no change', async () => {
    const account = await bank.open(cause(), id('c'));
    await Promise.all(Array.from({ length: 24 }, () => bank.pay(cause(), account, 1)));
    expect(await bank.accounts.get(account)).toMatchObject({ balance: 24, version: 25 });
    expect((await eventsOf('c')).map((row) => row.version)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
  });

  it('within another is refused, and its tx is refused afterwards', async () => {
    let kept: (() => Promise<unknown>) | undefined;
    await bank.work.run(cause(), async (tx) => {
      await expect(bank.work.run(cause(), async () => {})).rejects.toThrow('begun within another');
      kept = () => bank.accounts.findOne(id('a'), { tx });
    });
    await expect(kept!()).rejects.toThrow('This unit of work is over');
  });

  it('may be begun by a hook after the commit; a hook that fails changes nothing', async () => {
    const done: unknown[] = [];
    await bank.work.run(cause(), async (tx) => {
      tx.afterCommit(() => {
        throw new Error('cache is full');
      });
      tx.afterCommit(() => void bank.open(cause(), id('d')).then((account) => done.push(account.version)));
      expect(done).toEqual([]);
    });
    await eventually(() => expect(done).toEqual([1]));
    expect(logs.lines).toContainEqual(expect.objectContaining({ message: 'a hook after a commit failed; the commit stands' }));
  });

  it('does one thing after the other, however it is asked', async () => {
    for (const name of ['p', 'q', 'r']) await bank.open(cause(), { ...id(name), balance: 1 });
    await bank.work.run(cause(), (tx) =>
      Promise.all(
        ['p', 'q', 'r'].map(async (name) => {
          const account = await bank.accounts.get(id(name), { tx });
          await bank.accounts.save(tx, { ...account, balance: 2 });
        }),
      ),
    );
    expect(await bank.accounts.count({ orgId, balance: 2 })).toBe(3);
  });

  it('does not commit when its work swallows what broke it', async () => {
    await bank.open(cause(), { ...id('e'), email: 'e@example.com' });
    const swallowing = bank.work.run(cause(), async (tx) => {
      await bank.accounts.insert(tx, { ...id('f'), name: 'f', balance: 0, labels: [], email: 'e@example.com' }).catch(() => null);
    });
    await expect(swallowing).rejects.toMatchObject({ code: 'account.email-taken' });
  });

  it('tells who listens that there is something to publish or to do', async () => {
    const heard: unknown[] = [];
    bank.work.onCommit((what) => heard.push(what));
    await bank.open(cause(), id('g'));
    await bank.work.run(cause(), async (tx) => void tx.effect('mail', {}));
    await bank.work.run(cause(), async () => {});
    expect(heard).toEqual([
      { events: 1, effects: new Set() },
      { events: 0, effects: new Set(['mail']) },
    ]);
  });
});

it('many things are done by the hundred', async () => {
  const sizes: number[] = [];
  const names = Array.from({ length: 250 }, (_, n) => `bulk${n}`);
  const count = await inBulk(bank.work, cause(), names, (tx, some) => {
    sizes.push(some.length);
    return bank.accounts.insertMany(
      tx,
      some.map((name) => ({ ...id(name), name, balance: 0, labels: [] })),
    );
  });
  expect([count, sizes, await bank.accounts.count({ orgId })]).toEqual([250, [100, 100, 50], 250]);
});

describe('an event', () => {
  const publish = (contract: typeof accountChanged, data: unknown) =>
    bank.work.run(cause(), async (tx) =>
      tx.publish(contract, data as { id: string; balance: number }, { ...id('x'), version: 1 }),
    );

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'of another service',
      () => publish({ ...accountChanged, service: 'identity' }, { id: 'x', balance: 1 }),
      'may only publish its own events',
    ],
    ['that does not fit its contract', () => publish(accountChanged, { id: 'x' }), 'does not fit its contract'],
    ['too large for the bus', () => publish(accountChanged, { id: 'x'.repeat(1_000_001), balance: 1 }), 'cannot be published'],
  ])('%s is refused where it is made', async (_what, publishing, message) => {
    await expect(publishing()).rejects.toThrow(message);
    expect(await eventsOf('x')).toEqual([]);
  });

  it('names its organization itself only where the call names none', async () => {
    const call = serviceCall('gateway', { orgId: null });
    await expect(bank.work.run(call, async (tx) => tx.orgId)).rejects.toMatchObject({ code: 'invalid-input' });
    await bank.work.run(call, async (tx) =>
      tx.publish(accountChanged, { id: 'h', balance: 1 }, { ...id('h'), version: 1, orgId }),
    );
    expect(await eventsOf('h')).toHaveLength(1);
    const foreign = bank.work.run(cause(), async (tx) =>
      tx.publish(accountChanged, { id: 'h', balance: 1 }, { ...id('h'), version: 1, orgId: newOrgId() }),
    );
    await expect(foreign).rejects.toThrow('organizations do not mix');
  });

  it('says what caused it', async () => {
    const fact = factOf(accountChanged, undefined, { orgId, handler: 'copy', actor: 'service:directory' });
    await bank.open(fact, id('i'));
    const [row] = await eventsOf('i');
    expect(JSON.parse(row!.envelope)).toMatchObject({
      causationid: fact.id,
      correlationid: fact.correlationId,
      actor: 'service:directory',
    });
  });
});

describe('a fact', () => {
  it('is handled once by each handler, however often and at once it comes', async () => {
    const account = await bank.open(cause(), id('j'));
    const fact = factOf(accountChanged, undefined, { orgId, handler: 'interest' });
    const results = await Promise.all(Array.from({ length: 8 }, () => bank.pay(fact, account, 1)));
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await bank.pay(fact, account, 1)).toBeUndefined();
    expect(await bank.pay({ ...fact, handler: 'bonus' }, account, 1)).toMatchObject({ balance: 2 });
  });

  it('of the same change as another is not older: a handler that ignores what is older handles both, once each', async () => {
    const opened = await bank.open(cause(), id('two'));
    await bank.work.run(cause(), async (tx) => {
      const saved = await bank.accounts.save(tx, { ...opened, balance: 5 });
      tx.publish(accountChanged, { id: saved._id, balance: 5 }, saved);
      tx.publish(accountChanged, { id: saved._id, balance: 5 }, saved);
    });
    const facts = (await eventsOf('two')).map(({ aggregate: subject, version, epoch }) =>
      factOf(accountChanged, undefined, { orgId, subject, version, epoch, handler: 'both' }),
    );
    expect(facts.map(({ version }) => version.version)).toEqual([1, 2, 2]);
    let known: EntityVersion | undefined;
    const handled: number[] = [];
    const handle = (fact: Fact) =>
      bank.work.run(fact, () => {
        if (ignoreOlder(fact, known)) return Promise.resolve();
        known = fact.version;
        handled.push(fact.version.version);
        return Promise.resolve();
      });
    const [first, second, third] = facts;
    for (const fact of [second!, third!, first!, second!, third!]) await handle(fact);
    expect(handled).toEqual([2, 2]);
  });

  describe('that comes with others of its handler', () => {
    const names = Array.from({ length: 12 }, (_, n) => `many-${n}`);
    const openAll = () => Promise.all(names.map((name) => bank.open(cause(), id(name))));
    const factsOf = (handler: string) => names.map(() => factOf(accountChanged, undefined, { orgId, handler }));
    /** What was committed together was noted at one moment. */
    const transactionsOf = async (handler: string): Promise<number> => {
      const noted = await db.db
        .collection<{ _id: string; at: Date }>('inbox')
        .find({ _id: { $regex: `^${handler}:` } })
        .toArray();
      expect(noted).toHaveLength(names.length);
      return new Set(noted.map(({ at }) => at.getTime())).size;
    };

    it('is committed with them, and each change is told as caused by its own', async () => {
      const accounts = await openAll();
      const facts = factsOf('together');
      const paid = await Promise.all(facts.map((fact, n) => bank.pay(fact, accounts[n]!, n)));
      expect(paid.map((account) => account?.balance)).toEqual(names.map((_, n) => n));
      expect(await transactionsOf('together')).toBe(2); // the first waits for nobody
      for (const [n, name] of names.entries())
        expect(Envelope.parse(JSON.parse((await eventsOf(name)).at(-1)!.envelope))).toMatchObject({
          causationid: facts[n]!.id,
          correlationid: facts[n]!.correlationId,
          data: { balance: n },
        });
    });

    it('takes effect although one of them fails, which is handled when it comes again', async () => {
      const accounts = await openAll();
      const facts = factsOf('one-fails');
      const pay = (n: number) =>
        n === 7
          ? bank.work.run(facts[n]!, async (tx) => {
              await bank.accounts.save(tx, { ...accounts[n]!, balance: 99 });
              throw new Error('not this one');
            })
          : bank.pay(facts[n]!, accounts[n]!, 1);
      const paid = await Promise.allSettled(names.map((_, n) => pay(n)));
      expect(paid.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7]);
      await bank.pay({ ...facts[7]!, attempt: 1 }, accounts[7]!, 1);
      const now = await Promise.all(names.map((name) => bank.accounts.get(id(name))));
      expect(now.map(({ balance }) => balance)).toEqual(names.map(() => 1));
    });

    it('takes effect although all of them change the same', async () => {
      const account = await bank.open(cause(), id('crowded'));
      await Promise.all(factsOf('crowd').map((fact) => bank.pay(fact, account, 1)));
      expect(await bank.accounts.get(account)).toMatchObject({ balance: names.length, version: names.length + 1 });
      expect((await eventsOf('crowded')).map(({ version }) => version)).toEqual([...names, ''].map((_, n) => n + 1));
    });

    it('takes effect once although some were handled before', async () => {
      const accounts = await openAll();
      const facts = factsOf('again');
      await Promise.all([2, 5].map((n) => bank.pay(facts[n]!, accounts[n]!, 1)));
      const paid = await Promise.all(facts.map((fact, n) => bank.pay(fact, accounts[n]!, 1)));
      expect(paid.flatMap((account, n) => (account === undefined ? [n] : []))).toEqual([2, 5]);
      const now = await Promise.all(names.map((name) => bank.accounts.get(id(name))));
      expect(now.map(({ balance }) => balance)).toEqual(names.map(() => 1));
    });

    it('does not wait for long for one that is slow', async () => {
      const accounts = await openAll();
      const [slow, ...facts] = factsOf('slow');
      let go: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (go = resolve));
      const waiting = bank.work.run(slow!, () => gate);
      await Promise.all(facts.map((fact, n) => bank.pay(fact, accounts[n]!, 1)));
      go();
      await waiting;
    });
  });

  it('whose handling failed is handled when it comes again', async () => {
    const account = await bank.open(cause(), id('k'));
    const fact = factOf(accountChanged, undefined, { orgId, handler: 'interest' });
    await expect(bank.work.run(fact, () => Promise.reject(new Error('not today')))).rejects.toThrow('not today');
    expect(await bank.pay(fact, account, 1)).toMatchObject({ balance: 1 });
  });
});

describe('a call with an idempotency key', () => {
  const repeated = { orgId, staffId: 'stf_00000000000000000000000001' as const, idempotencyKey: 'key-1', input: { amount: 1 } };
  const call = (of: Partial<typeof repeated> & { method?: string } = {}) => staffCall({ ...repeated, orgId, ...of });

  it('has one effect however often it is repeated, and gives the same result', async () => {
    const account = await bank.open(cause(), id('l'));
    const at = new Date('2026-02-03T04:05:06.789Z');
    const pay = (by = call()) =>
      bank.work.run(by, async (tx) => ({
        after: await bank.accounts.save(tx, { ...account, balance: 1, seenAt: at }),
        none: undefined,
      }));
    const first = await pay();
    const again = call();
    expect(await pay(again)).toEqual(first);
    expect(again.replayed).toBe(true);
    expect(first.after.seenAt).toEqual(at);
  });

  it('and nothing to say is repeated with nothing to say', async () => {
    await bank.work.run(call({ idempotencyKey: 'void' }), async () => {});
    const again = call({ idempotencyKey: 'void' });
    expect(await bank.work.run<unknown>(again, async () => undefined)).toBeUndefined();
    expect(again.replayed).toBe(true);
  });

  it('and other input is refused', async () => {
    await bank.work.run(call({ idempotencyKey: 'other' }), async () => 1);
    const other = bank.work.run(call({ idempotencyKey: 'other', input: { amount: 2 } }), async () => 2);
    await expect(other).rejects.toMatchObject({ code: 'idempotency.key-reused' });
  });

  it('of another person, organization or method is another call', async () => {
    const run = (by: Parameters<typeof call>[0]) => bank.work.run(call({ idempotencyKey: 'mine', ...by }), async () => by);
    for (const by of [
      {},
      { staffId: 'stf_00000000000000000000000002' as never },
      { orgId: newOrgId() },
      { method: 'bank.other' },
    ])
      expect(await run(by)).toEqual(by);
  });

  it('that comes several times at once has one effect, and all get its result', async () => {
    const account = await bank.open(cause(), id('m'));
    const calls = Array.from({ length: 8 }, () => call({ idempotencyKey: 'rush' }));
    const results = await Promise.all(calls.map((one) => bank.pay(one, account, 1)));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(calls.filter((one) => one.replayed)).toHaveLength(7);
    expect(await bank.accounts.get(account)).toMatchObject({ balance: 1, version: 2 });
    expect(await eventsOf('m')).toHaveLength(2);
  });

  it('whose result is secret keeps it sealed', async () => {
    const box = SecretBox.fromRing(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
    const { work } = await bankOn(db, { box });
    const ask = () => work.run(call({ idempotencyKey: 'secret' }), async () => ({ key: 'lw_very_secret' }));
    await ask();
    const rows = await db.db.collection('idempotency').find({ orgId }).toArray();
    expect(JSON.stringify(rows)).not.toContain('lw_very_secret');
    expect(await ask()).toEqual({ key: 'lw_very_secret' });
  });
});

describe('when the database fails in the middle', () => {
  afterEach(working);

  it.each([
    ['a write meets another', { failCommands: ['update'], errorCode: 112, errorLabels: ['TransientTransactionError'] }],
    ['the connection breaks at a write', { failCommands: ['update'], closeConnection: true }],
    ['the connection breaks before the commit', { failCommands: ['commitTransaction'], closeConnection: true }],
    [
      'the primary steps down at the commit',
      {
        failCommands: ['commitTransaction'],
        errorCode: 11600,
        errorLabels: ['RetryableWriteError', 'UnknownTransactionCommitResult'],
      },
    ],
    [
      'nobody knows whether the commit reached a majority',
      { failCommands: ['commitTransaction'], writeConcernError: { code: 64, errmsg: 'waiting timed out' } },
    ],
    [
      'the server takes too long to commit',
      { failCommands: ['commitTransaction'], errorCode: 50, errorLabels: ['UnknownTransactionCommitResult'] },
    ],
  ])('because %s, it is done once all the same', async (what, data) => {
    const account = await bank.open(cause(), id(what));
    for (const times of [1, 3]) {
      await failing(data, times);
      await bank.pay(cause(), account, 1);
      await working();
    }
    expect(await bank.accounts.get(account)).toMatchObject({ balance: 2, version: 3 });
    expect(await eventsOf(what)).toHaveLength(3);
  });

  it('and the commit is in doubt to the end, the note it left decides', async () => {
    const { work } = await bankOn(db, { retryForMs: 200 });
    const call = () => staffCall({ orgId, staffId: 'stf_00000000000000000000000001', idempotencyKey: 'doubt' });
    const open = () =>
      work.run(call(), async (tx) => bank.accounts.insert(tx, { ...id('n'), name: 'n', balance: 0, labels: [] }));
    await failing(
      { failCommands: ['commitTransaction'], writeConcernError: { code: 64, errmsg: 'waiting timed out' } },
      'always',
    );
    expect(await open()).toMatchObject({ version: 1 });
    await working();
    expect(await open()).toMatchObject({ version: 1 });
  });

  it('and it was not committed in the time there was, the caller is told that nobody knows, and repeats it', async () => {
    const { work } = await bankOn(db, { retryForMs: 200 });
    const call = () => staffCall({ orgId, staffId: 'stf_00000000000000000000000001', idempotencyKey: 'lost' });
    const open = () =>
      work.run(call(), async (tx) => bank.accounts.insert(tx, { ...id('o'), name: 'o', balance: 0, labels: [] }));
    await failing({ failCommands: ['commitTransaction'], closeConnection: true }, 'always');
    await expect(open()).rejects.toMatchObject({ code: 'timeout' });
    await working();
    expect(await open()).toMatchObject({ version: 1 });
  });

  it('and conflicts do not end, the caller is told to come again', async () => {
    const { work } = await bankOn(db, { retryForMs: 200 });
    await failing({ failCommands: ['insert'], errorCode: 112, errorLabels: ['TransientTransactionError'] }, 'always');
    const open = work.run(cause(), async (tx) => bank.accounts.insert(tx, { ...id('z'), name: 'z', balance: 0, labels: [] }));
    await expect(open).rejects.toMatchObject({ code: 'unavailable' });
  });
});

it('an event is known to be handled for longer than it stays in its stream', () => {
  expect(inboxDays).toBeGreaterThan(eventDays);
});
