import { defineJob, DomainError, type JobView, type OrgId, type StaffId } from '@leasewire/contracts';
import { systemClock, systemIds, type Call } from '@leasewire/messaging';
import { eventually, freshDatabase, newOrgId, staffCall, systemCall } from '@leasewire/testing';
import { z } from 'zod';
import { Jobs, type Database, type JobHandler, type JobItemSeed } from '../src/index.js';
import { bankOn, caughtLog, emptied, type Bank } from './subjects.js';
import { aString } from './like.js';

const payOut = defineJob('bank.pay-out', {
  input: z.object({ amount: z.int(), count: z.int().default(0) }),
  item: z.object({ balance: z.int() }),
  permission: 'residence.residence:full',
  describe: 'Pay everyone',
});
type PayOut = JobHandler<typeof payOut>;

let db: Database;
let bank: Bank;
let orgId: OrgId;
const staffId: StaffId = 'stf_00000000000000000000000001';
const logs = caughtLog();
const running: Jobs[] = [];
beforeAll(async () => {
  db = await freshDatabase();
});
beforeEach(async () => {
  await emptied(db);
  bank = await bankOn(db);
  orgId = newOrgId();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((jobs) => jobs.runner.stop()));
});

const call = (of: Parameters<typeof staffCall>[0] = {}): Call =>
  staffCall({ orgId, staffId, permissions: { 'residence.residence': 'full' }, ...of });
const names = (count: number) => Array.from({ length: count }, (_, n) => `a${String(n).padStart(4, '0')}`);
const items = (count: number): JobItemSeed[] => names(count).map((key) => ({ key }));
const accountsFor = (count: number, org = orgId) =>
  bank.work.run(systemCall('bank', org), (tx) =>
    bank.accounts.insertMany(
      tx,
      names(count).map((name) => ({ orgId: org, _id: `${org}:${name}`, name, balance: 0, labels: [] })),
    ),
  );

/** Pays each its amount; accounts that are not there fail. */
const pay: PayOut['run'] = async (tx, some, job) => {
  const found = await bank.accounts.find({ orgId: tx.orgId, name: { $in: some.map(({ key }) => key) } }, { tx });
  const paid = await bank.accounts.saveMany(
    tx,
    found.map((one) => ({ ...one, balance: one.balance + job.input.amount })),
  );
  return some.map(({ key }) => {
    const account = paid.find(({ name }) => name === key);
    if (account) return { state: 'done', outcome: { balance: account.balance } };
    return { state: 'failed', reason: { code: 'not-found', message: `There is no account ${key}` } };
  });
};

function jobs(handler: Partial<PayOut> = {}, start = true): Jobs {
  const made = new Jobs({ db, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: logs.log, pollMs: 50 });
  made.define(payOut, { run: pay, ...handler });
  running.push(made);
  if (start) made.runner.start();
  return made;
}
const over = (of: Jobs, { id }: JobView, state: JobView['state'] = 'done', by = call()) =>
  eventually(
    async () => {
      const view = await of.get(by, id);
      expect(view.state).toBe(state);
      return view;
    },
    { timeoutMs: 15_000 },
  );
const published = async (id: string) =>
  (await bank.outbox()).filter((row) => row.aggregate === id).map((row) => (JSON.parse(row.envelope) as { data: JobView }).data);

describe('a job', () => {
  it('does each of its items once, with its outcome, and tells how far it is', async () => {
    await accountsFor(250);
    const it = jobs();
    const started = await it.start(call(), payOut, { amount: 5 }, items(250));
    expect(started).toMatchObject({
      state: 'running',
      total: 250,
      name: 'bank.pay-out',
      createdBy: `staff:${staffId}`,
      counts: { waiting: 250, done: 0 },
    });
    const view = await over(it, started);
    expect(view).toMatchObject({
      counts: { waiting: 0, doing: 0, done: 250, skipped: 0, failed: 0, held: 0 },
      finishedAt: aString,
    });
    expect(await bank.accounts.count({ orgId, balance: 5 })).toBe(250);
    const events = await published(started.id);
    expect(events[0]).toEqual(started);
    expect(events.at(-1)).toEqual(view);
    expect(events.length).toBeLessThan(8);
  });

  it('is started once under one idempotency key', async () => {
    await accountsFor(3);
    const it = jobs();
    const start = () => it.start(call({ idempotencyKey: 'k' }), payOut, { amount: 1 }, items(3));
    const [one, two] = await Promise.all([start(), start()]);
    expect(one).toEqual(two);
    await over(it, one);
    expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(3);
  });

  it('is worked on by several replicas without doing anything twice', async () => {
    await accountsFor(400);
    const replicas = [jobs({ chunk: 10 }), jobs({ chunk: 10 }), jobs({ chunk: 10 })];
    const started = await Promise.all([0, 1, 2].map(() => replicas[0]!.start(call(), payOut, { amount: 1 }, items(400))));
    for (const one of started) await over(replicas[1]!, one);
    expect(await bank.accounts.count({ orgId, balance: 3 })).toBe(400);
  });

  it('finds its items itself where it is given none, and does not keep them in memory', async () => {
    await accountsFor(10);
    const asked: (string | null)[] = [];
    const it = jobs({
      async *items(job, after) {
        asked.push(after);
        for await (const one of bank.accounts.stream(
          { orgId: job.orgId, ...(after !== null && { name: { $gt: after } }) },
          { sort: { name: 1 } },
        ))
          yield { key: one.name };
        for (let n = Number(after?.slice(1) ?? 0) || 10; n < job.input.count; n++)
          yield { key: `b${String(n).padStart(5, '0')}` };
      },
    });
    const view = await over(it, await it.start(call(), payOut, { amount: 1, count: 2500 }));
    expect(view).toMatchObject({ total: 2500, counts: { done: 10, failed: 2490 } });
    expect(asked[0]).toBeNull();
    expect(asked.length).toBeGreaterThanOrEqual(3);
  });

  it('with nothing to do is over at once', async () => {
    const it = jobs();
    expect(await it.start(call(), payOut, { amount: 1 }, [])).toMatchObject({ state: 'done', total: 0 });
  });

  it('names what failed, does the rest, and does what failed again when asked', async () => {
    await accountsFor(5);
    let broken = true;
    const it = jobs({
      run: async (tx, some, job) => {
        if (broken && some.some(({ key }) => key === 'a0001'))
          throw new DomainError('account.frozen', 'The account is frozen; thaw it first.');
        if (broken && some.some(({ key }) => key === 'a0003')) throw new TypeError('x is not a function');
        return await pay(tx, some, job);
      },
    });
    const started = await it.start(call(), payOut, { amount: 1 }, [...items(5), { key: 'nobody' }]);
    expect(await over(it, started)).toMatchObject({ counts: { done: 3, failed: 3 } });
    expect((await it.listItems(call(), started.id, { state: 'failed' }, { limit: 10 })).items).toMatchObject([
      { key: 'a0001', reason: { code: 'account.frozen', message: 'The account is frozen; thaw it first.' } },
      { key: 'a0003', reason: { code: 'internal' } },
      { key: 'nobody', reason: { code: 'not-found' } },
    ]);
    expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(3);

    broken = false;
    expect(await it.retryFailed(call(), started.id)).toMatchObject({ state: 'running' });
    await eventually(async () =>
      expect(await it.get(call(), started.id)).toMatchObject({ state: 'done', counts: { done: 5, failed: 1, waiting: 0 } }),
    );
    expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(5);
    const [first] = (await it.listItems(call(), started.id, {}, { limit: 1 })).items;
    expect(first).toEqual({ key: 'a0000', state: 'done', outcome: { balance: 1 }, at: aString });
  });

  it('is not failed by what passes', async () => {
    await accountsFor(5);
    let away = 3;
    const it = jobs({
      run: (tx, some, job) =>
        away-- > 0 ? Promise.reject(new DomainError('unavailable', 'directory is away')) : pay(tx, some, job),
    });
    expect(await over(it, await it.start(call(), payOut, { amount: 1 }, items(5)))).toMatchObject({ counts: { done: 5 } });
  });

  it('is not held up by others of its organization that rest after trouble', async () => {
    await accountsFor(1);
    const isAway = (amount: number) => amount === 0;
    const it = jobs({
      run: (tx, some, job) =>
        isAway(job.input.amount) ? Promise.reject(new DomainError('unavailable', 'directory is away')) : pay(tx, some, job),
    });
    for (let n = 0; n < 9; n++) await it.start(call(), payOut, { amount: 0 }, items(1));
    await over(it, await it.start(call(), payOut, { amount: 1 }, items(1)));
  });

  it('counts as running while its items are under way elsewhere', async () => {
    const it = jobs({ run: (_tx, some) => Promise.resolve(some.map(() => ({ state: 'doing' }))) });
    const started = await it.start(call(), payOut, { amount: 1 }, items(2));
    await eventually(async () => expect((await it.get(call(), started.id)).counts.doing).toBe(2));
    expect(await it.countByState()).toEqual({ running: 1 });
  });

  it('whose items cannot be found has failed, and can be tried again', async () => {
    await accountsFor(1);
    let broken = true;
    const it = jobs({
      async *items() {
        if (broken) throw new DomainError('upstream.refused', 'The PMS refused the key; enter a new one.');
        yield { key: 'a0000' };
      },
    });
    const started = await it.start(call(), payOut, { amount: 1 });
    expect(await over(it, started, 'failed')).toMatchObject({ reason: 'The PMS refused the key; enter a new one.' });
    broken = false;
    await it.retryFailed(call(), started.id);
    expect(await over(it, started)).toMatchObject({ counts: { done: 1 } });
  });

  it('that is cancelled skips what has not begun, and keeps what is done', async () => {
    await accountsFor(60);
    let stop: () => void = () => {};
    const half = new Promise<void>((resolve) => (stop = resolve));
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let chunks = 0;
    const it = jobs({
      chunk: 20,
      run: async (tx, some, job) => {
        if (++chunks === 2) {
          stop();
          await released;
        }
        return await pay(tx, some, job);
      },
    });
    const started = await it.start(call(), payOut, { amount: 1 }, items(60));
    await half;
    expect(await it.cancel(call(), started.id)).toMatchObject({ state: 'cancelling' });
    release();
    const view = await over(it, started, 'cancelled');
    expect(view.counts.done + view.counts.skipped).toBe(60);
    expect(view.counts.skipped).toBeGreaterThanOrEqual(20);
    expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(view.counts.done);
    expect((await it.listItems(call(), started.id, { state: 'skipped' }, { limit: 1 })).items).toMatchObject([
      { reason: { code: 'job.cancelled' } },
    ]);
    expect(await it.cancel(call(), started.id)).toEqual(view);
  });

  it('tells its handler when it is cancelled what is not over, and is over when that is', async () => {
    const stopped: string[][] = [];
    const it = jobs({
      chunk: 2,
      run: (_tx, some) => Promise.resolve(some.map(() => ({ state: 'doing' as const }))),
      cancel: async (tx, some, { id }) => {
        stopped.push(some.map(({ key }) => key));
        await it.settle(tx, id, some[0]!.key, { state: 'skipped', reason: { code: 'stopped', message: 'It could be stopped.' } });
      },
    });
    const started = await it.start(call(), payOut, { amount: 1 }, items(2));
    await eventually(async () => expect(await it.get(call(), started.id)).toMatchObject({ counts: { doing: 2 } }));
    const keys = items(2).map(({ key }) => key);
    expect(await it.cancel(call(), started.id)).toMatchObject({ state: 'cancelling', counts: { skipped: 1, doing: 1 } });
    expect(stopped).toEqual([keys]);
    await bank.work.run(call(), (tx) => it.settle(tx, started.id, keys[1]!, { state: 'done', outcome: { balance: 1 } }));
    expect(await over(it, started, 'cancelled')).toMatchObject({ counts: { skipped: 1, done: 1 } });
  });

  it('may leave items under way, and is over when what came of them is told', async () => {
    const it = jobs({ run: async (_tx, some) => some.map(() => ({ state: 'doing' })) });
    const started = await it.start(call(), payOut, { amount: 1 }, items(2));
    await eventually(async () =>
      expect(await it.get(call(), started.id)).toMatchObject({ state: 'running', counts: { doing: 2 } }),
    );
    const settle = (key: string) =>
      bank.work.run(systemCall('bank', orgId), (tx) =>
        it.settle(tx, started.id, key, { state: 'done', outcome: { balance: 1 } }),
      );
    expect([await settle('a0000'), await settle('a0000'), await settle('a0001')]).toEqual([true, false, true]);
    expect(await it.get(call(), started.id)).toMatchObject({ state: 'done', counts: { done: 2 } });
  });

  it('tells its handler in the transaction that ends it', async () => {
    await accountsFor(3);
    const it = jobs({
      onFinished: (tx, job) => {
        const { orgId: org } = tx;
        return bank.accounts.insert(tx, { orgId: org, _id: job.id, name: job.state, balance: job.counts.done, labels: [] });
      },
    });
    const started = await it.start(call(), payOut, { amount: 1 }, items(3));
    await over(it, started);
    expect(await bank.accounts.get({ orgId, _id: started.id })).toMatchObject({ name: 'done', balance: 3 });
  });
});

describe('jobs of several organizations', () => {
  it('take turns: a small one does not wait for a large one', async () => {
    const other = newOrgId();
    await accountsFor(20, other);
    const slow: PayOut['run'] = async (tx, some, job) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return await pay(tx, some, job);
    };
    const it = jobs({ chunk: 1, run: slow });
    const large = [1, 2, 3].map(() => it.start(call(), payOut, { amount: 1 }, items(400)));
    const [first] = await Promise.all(large);
    await eventually(async () => expect((await it.get(call(), first!.id)).counts.waiting).toBeLessThan(400));
    const by = call({ orgId: other });
    const small = await it.start(by, payOut, { amount: 1 }, items(20));
    await over(it, small, 'done', by);
    expect(await it.countByState()).toEqual({ running: 3 });
  });
});

describe('a job is seen', () => {
  const someoneElse: StaffId = 'stf_00000000000000000000000002';
  it.each([
    ['by who started it', { permissions: {} }, true],
    ['by who may do it', { staffId: someoneElse }, true],
    ['not by who may not do it', { staffId: someoneElse, permissions: { 'residence.residence': 'view' as const } }, false],
    ['not by who sees only some properties', { staffId: someoneElse, properties: [] }, false],
    ['not by another organization', { orgId: newOrgId() }, false],
  ])('%s', async (_who, of, seen) => {
    const it = jobs({}, false);
    const started = await it.start(call(), payOut, { amount: 1 }, items(2));
    const by = () => call({ ...of });
    const listed = (await it.list(by(), {}, { limit: 10 })).items.map(({ id }) => id);
    expect(listed).toEqual(seen ? [started.id] : []);
    if (seen) expect(await it.get(by(), started.id)).toEqual(started);
    else {
      await expect(it.get(by(), started.id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(it.listItems(by(), started.id, {}, { limit: 1 })).rejects.toMatchObject({ code: 'not-found' });
      await expect(it.cancel(by(), started.id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(it.retryFailed(by(), started.id)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('but not changed by who may not do it any more', async () => {
    const it = jobs({}, false);
    const { id } = await it.start(call(), payOut, { amount: 1 }, items(2));
    await expect(it.cancel(call({ permissions: {} }), id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(it.retryFailed(call(), id)).rejects.toMatchObject({ code: 'conflict.state' });
  });

  it('page by page, newest first; its items in their order', async () => {
    const it = jobs({}, false);
    const started: string[] = [];
    for (let n = 0; n < 5; n++) started.push((await it.start(call(), payOut, { amount: 1 }, items(7))).id);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await it.list(call(), { state: 'running' }, { limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(started.reverse());
    const first = await it.listItems(call(), seen[0] as JobView['id'], {}, { limit: 4 });
    const second = await it.listItems(call(), seen[0] as JobView['id'], {}, { limit: 4, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map(({ key }) => key)).toEqual(names(7));
    expect(second.nextCursor).toBeNull();
    await expect(it.list(call(), { state: 'done' }, { limit: 2, cursor: first.nextCursor! })).rejects.toMatchObject({
      code: 'cursor.invalid',
    });
  });
});
