import { DomainError, type OrgId } from '@leasewire/contracts';
import { systemClock, systemIds } from '@leasewire/messaging';
import { eventually, freshDatabase, newOrgId, systemCall } from '@leasewire/testing';
import { dueAt, DueClaimer, type Database, type DueHandling, type DueOptions, type DueSettings, type Tx } from '../src/index.js';
import { accountChanged, bankOn, caughtLog, emptied, type Account, type Bank } from './subjects.js';
import { saying } from './like.js';

let db: Database;
let bank: Bank;
let orgId: OrgId;
const logs = caughtLog();
const claimers: DueClaimer<Account>[] = [];
beforeAll(async () => {
  db = await freshDatabase();
});
beforeEach(async () => {
  await emptied(db);
  bank = await bankOn(db);
  orgId = newOrgId();
});
afterEach(async () => {
  await Promise.all(claimers.splice(0).map((claimer) => claimer.stop()));
});

const inMs = (ms: number) => new Date(Date.now() + ms);
const open = (names: readonly string[], at: Date) =>
  bank.work.run(systemCall('bank', orgId), (tx) =>
    bank.accounts.insertMany(
      tx,
      names.map((name) => ({ orgId, _id: name, name, balance: 0, labels: [], due: dueAt(at) })),
    ),
  );
const names = (count: number) => Array.from({ length: count }, (_, n) => `a${n}`);
const balanceOf = async (name: string) => (await bank.accounts.get({ orgId, _id: name })).balance;

/** As a service does it: decide, save without `due`. */
const pay = async (tx: Tx, { due: _due, ...doc }: Account): Promise<void> => {
  const saved = await bank.accounts.save(tx, { ...doc, balance: doc.balance + 1 });
  tx.publish(accountChanged, { id: saved._id, balance: saved.balance }, saved);
};
const payEach = (tx: Tx, docs: readonly Account[]) => Promise.all(docs.map((doc) => pay(tx, doc)));
/** The same in a unit of work of its own. */
const payAlone = (doc: Account): Promise<void> =>
  bank.work.run(systemCall('bank', doc.orgId), async (tx) => {
    const now = await bank.accounts.get(doc, { tx });
    if (now.due) await pay(tx, now);
  });

type Options = Partial<DueOptions<Account>> & Pick<DueSettings<Account>, 'observer'>;
function claimer(more: Options = {}, handling: DueHandling<Account> = { handle: payEach }): DueClaimer<Account> {
  const made = new DueClaimer<Account>({
    ...{ repository: bank.accounts, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: logs.log },
    ...{ pollMs: 50, onGiveUp: () => Promise.reject(new Error('never')) },
    ...more,
    ...handling,
  });
  claimers.push(made);
  made.start();
  return made;
}

/** Handles one document, in both ways. */
const ways: [string, (one: (doc: Account, tx?: Tx) => Promise<unknown>) => DueHandling<Account>][] = [
  ['together', (one) => ({ handle: (tx, docs) => Promise.all(docs.map((doc) => one(doc, tx))) })],
  ['alone', (one) => ({ handleAlone: one })],
];
const payment = (doc: Account, tx?: Tx) => (tx ? pay(tx, doc) : payAlone(doc));
const paid = () => bank.accounts.count({ orgId, balance: 1 });
const stillDue = () => bank.accounts.count({ orgId, 'due.at': { $exists: true } });

describe.each(ways)('what is due and handled %s', (_way, handled) => {
  it('is run once, by whichever replica', async () => {
    await open(names(60), inMs(-1000));
    for (let n = 0; n < 3; n++) claimer({ batch: 7 }, handled(payment));
    await eventually(async () => expect(await paid()).toBe(60));
    await eventually(async () => expect(await stillDue()).toBe(0));
    expect(await paid()).toBe(60);
    expect(await bank.outbox()).toHaveLength(60);
  });

  it('is run at its time, though claimed before, and not early', async () => {
    const at = inMs(1900);
    await open(['a'], at);
    const began: number[] = [];
    const lateness: number[] = [];
    const observer = { onLateness: (ms: number) => void lateness.push(ms) };
    claimer(
      { observer },
      handled(async () => void began.push(Date.now())),
    );
    await eventually(async () => expect((await bank.accounts.get({ orgId, _id: 'a' })).due?.claim).toBeDefined(), {
      timeoutMs: 350,
    });
    expect(began).toEqual([]);
    await eventually(() => expect(began).toHaveLength(1));
    expect(began[0]).toBeGreaterThanOrEqual(at.getTime());
    expect(lateness[0]).toBeLessThan(1000);
    await eventually(async () => expect((await bank.accounts.get({ orgId, _id: 'a' })).due).toBeUndefined());
  });

  it('and is cancelled or moved after it was claimed is not run at the old time', async () => {
    const [cancelled, moved] = await open(['cancelled', 'moved'], inMs(1200));
    const ran: [string, number][] = [];
    claimer(
      {},
      handled(async (doc) => void ran.push([doc._id, Date.now()])),
    );
    await eventually(async () => expect(await bank.accounts.count({ orgId, 'due.claim': { $exists: true } })).toBe(2), {
      timeoutMs: 350,
    });
    const later = inMs(1600);
    await bank.work.run(systemCall('bank', orgId), async (tx) => {
      const { due: _due, ...rest } = cancelled!;
      await bank.accounts.saveMany(tx, [rest, { ...moved!, due: dueAt(later) }]);
    });
    await eventually(() => expect(ran).toHaveLength(1));
    expect(ran[0]![0]).toBe('moved');
    expect(ran[0]![1]).toBeGreaterThanOrEqual(later.getTime());
  });

  it('and fails is tried again with a pause, and given up after its last attempt', async () => {
    await open(['a', 'b'], inMs(-1));
    const attempts: string[] = [];
    const gaveUp: string[] = [];
    claimer(
      {
        maxAttempts: 3,
        backoff: { firstMs: 10, mostMs: 20 },
        onGiveUp: async (doc, error) => void gaveUp.push(`${doc._id}, ${doc.due?.attempts}: ${String(error)}`),
      },
      handled(async (doc, tx) => {
        if (doc._id === 'a' || doc.due?.attempts === 1) throw new Error('no luck');
        attempts.push(doc._id);
        await payment(doc, tx);
      }),
    );
    await eventually(() => expect(gaveUp).toEqual(['a, 3: Error: no luck']));
    await eventually(async () => expect(await balanceOf('b')).toBe(1));
    await eventually(async () => expect(await stillDue()).toBe(0));
    expect(logs.lines).toContainEqual(expect.objectContaining({ level: 'error', message: saying('failed for the last time') }));
  });

  it('is not given up for what is away and comes back', async () => {
    await open(['a'], inMs(-1));
    let away = 5;
    const gaveUp = jest.fn(() => Promise.resolve());
    claimer(
      { maxAttempts: 2, backoff: { firstMs: 5, mostMs: 10 }, onGiveUp: gaveUp },
      handled(async (doc, tx) => {
        if (away-- > 0) throw new DomainError('unavailable', 'directory is away');
        await payment(doc, tx);
      }),
    );
    await eventually(async () => expect(await balanceOf('a')).toBe(1));
    expect(gaveUp).not.toHaveBeenCalled();
  });

  it('and ends the process of whoever takes it is given up too', async () => {
    await open(['a', 'b'], inMs(-1));
    const gone = { claim: 'dead', leaseUntil: inMs(-1), attempts: 6, at: inMs(-2) };
    await db.db.collection<{ _id: string }>('accounts').updateOne({ _id: 'a' }, { $set: { due: gone } });
    const begun: string[] = [];
    const gaveUp: string[] = [];
    claimer(
      { maxAttempts: 3, onGiveUp: async (doc, error) => void gaveUp.push(`${doc._id}: ${String(error)}`) },
      handled(async (doc, tx) => {
        begun.push(doc._id);
        await payment(doc, tx);
      }),
    );
    await eventually(() =>
      expect(gaveUp).toEqual([
        'a: Error: It was begun 6 times and never ended: whatever process took it died of it, or was stopped',
      ]),
    );
    await eventually(async () => expect(await stillDue()).toBe(0));
    expect(begun).toEqual(['b']);
  });

  it('and belongs to a replica that died is taken over when its lease ends', async () => {
    await open(['a'], inMs(-1));
    const dead = { claim: 'dead', leaseUntil: inMs(300), attempts: 1, at: inMs(-1) };
    await db.db.collection<{ _id: string }>('accounts').updateOne({ _id: 'a' }, { $set: { due: dead } });
    claimer({}, handled(payment));
    await eventually(async () => expect(await balanceOf('a')).toBe(1));
    expect(Date.now()).toBeGreaterThanOrEqual(dead.leaseUntil.getTime());
  });

  it('and repeats itself is given its next time by its handler', async () => {
    await open(['a'], inMs(-1));
    const next = (tx: Tx, now: Account) =>
      bank.accounts.save(tx, { ...now, balance: now.balance + 1, due: dueAt(inMs(now.balance < 2 ? 20 : 60_000)) });
    claimer(
      {},
      handled((doc, tx) =>
        tx
          ? next(tx, doc)
          : bank.work.run(systemCall('bank', orgId), async (own) => next(own, await bank.accounts.get(doc, { tx: own }))),
      ),
    );
    await eventually(async () =>
      expect(await bank.accounts.get({ orgId, _id: 'a' })).toMatchObject({ balance: 3, due: { attempts: 0 } }),
    );
  });
});

describe('what is due at one instant', () => {
  it('is handled by the hundred, each organization for itself', async () => {
    const other = newOrgId();
    await open(names(230), inMs(-1));
    await bank.open(systemCall('bank', other), { orgId: other, _id: 'other', due: dueAt(inMs(-1)) });
    const together: number[] = [];
    claimer(
      {},
      {
        handle: async (tx, docs) => {
          together.push(docs.length);
          await payEach(tx, docs);
        },
      },
    );
    await eventually(async () => expect(await paid()).toBe(230));
    await eventually(async () => expect(await bank.accounts.count({ orgId: other, balance: 1 })).toBe(1));
    expect(together.sort((a, b) => a - b)).toEqual([1, 30, 100, 100]);
  });

  it('and gathers while all are busy goes together, though it came one by one', async () => {
    const begin = inMs(3000).getTime();
    for (const [n, name] of names(20).entries()) await open([name], new Date(begin + n)); // each at a time of its own
    const together: number[] = [];
    claimer(
      { concurrency: 1 },
      {
        handle: async (tx, docs) => {
          together.push(docs.length);
          if (docs.some(({ _id }) => _id === 'a0')) await new Promise((resolve) => setTimeout(resolve, 200));
          await payEach(tx, docs);
        },
      },
    );
    await eventually(async () => expect(await paid()).toBe(20));
    expect(together.length).toBeLessThan(10);
  });

  it('is not held up by one that fails: all others are done, each once, and it is tried again by itself', async () => {
    await open(names(100), inMs(-1));
    const tried: string[][] = [];
    let isMended = false;
    claimer(
      { backoff: { firstMs: 50, mostMs: 50 }, maxAttempts: Infinity },
      {
        handle: async (tx, docs) => {
          tried.push(docs.map(({ _id }) => _id));
          await Promise.all(
            docs.map(async (doc) => {
              if (doc._id === 'a50' && !isMended) throw new Error('poison');
              await pay(tx, doc);
            }),
          );
        },
      },
    );
    await eventually(async () => expect(await paid()).toBe(99));
    expect(await bank.accounts.get({ orgId, _id: 'a50' })).toMatchObject({ balance: 0, due: { lastError: 'poison' } });
    expect(await bank.outbox()).toHaveLength(99);
    // by halves, and then by itself, whatever else is due
    const trials = tried.filter((some) => some.includes('a50')).map((some) => some.length);
    expect(trials.slice(0, 3)).toEqual([100, 50, 25]);
    expect(trials.indexOf(1)).toBeLessThanOrEqual(7);
    expect(trials.slice(trials.indexOf(1)).every((length) => length === 1)).toBe(true);
    const before = tried.length;
    await open(
      names(3).map((name) => `later-${name}`),
      inMs(-1),
    );
    await eventually(async () => expect(await paid()).toBe(102));
    isMended = true;
    await eventually(async () => expect(await paid()).toBe(103));
    expect(tried.slice(before).filter((some) => some.includes('a50') && some.length > 1)).toEqual([]);
  });

  it('and is left alone by the handler is not due any more, in the same transaction', async () => {
    const [was] = await open(['a'], inMs(-1));
    claimer({}, { handle: () => Promise.resolve() });
    await eventually(async () => expect(await stillDue()).toBe(0));
    expect((await bank.accounts.get({ orgId, _id: 'a' })).version).toBe(was!.version);
  });

  it('and was taken over by another replica meanwhile is left to it', async () => {
    await open(names(3), inMs(-1));
    let tries = 0;
    claimer(
      {},
      {
        handle: async (tx, docs) => {
          tries += 1;
          if (tries === 1) {
            const theirs = { 'due.claim': 'theirs', 'due.leaseUntil': inMs(60_000) };
            await db.db.collection<{ _id: string }>('accounts').updateOne({ _id: 'a1' }, { $set: theirs });
          }
          await payEach(tx, docs);
        },
      },
    );
    await eventually(async () => expect(await paid()).toBe(2));
    expect(await bank.accounts.get({ orgId, _id: 'a1' })).toMatchObject({ balance: 0, due: { claim: 'theirs' } });
  });

  it('but cannot be done within a transaction is asked for again right before each', async () => {
    await open(['a', 'b'], inMs(-1));
    const ran: string[] = [];
    claimer(
      { concurrency: 1 },
      {
        handleAlone: async ({ _id }) => {
          ran.push(_id);
          const cancelled = await bank.accounts.find({ orgId, _id: { $in: _id === 'a' ? ['b'] : ['a'] } });
          await bank.work.run(systemCall('bank', orgId), (tx) =>
            bank.accounts.saveMany(
              tx,
              cancelled.map(({ due: _due, ...rest }) => rest),
            ),
          );
        },
      },
    );
    await eventually(async () => expect(await stillDue()).toBe(0));
    expect(ran).toHaveLength(1);
  });

  it('and takes longer than the lease stays with the replica that is at it', async () => {
    await open(['a'], inMs(-1));
    let began = 0;
    const slow = async (doc: Account): Promise<void> => {
      began += 1;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await payAlone(doc);
    };
    claimer({ leaseMs: 900 }, { handleAlone: slow });
    claimer({ leaseMs: 900 }, { handleAlone: slow });
    await eventually(async () => expect(await balanceOf('a')).toBe(1));
    expect(began).toBe(1);
  });
});

it('a claimer that stops gives back what it had claimed ahead, and what waited for its turn', async () => {
  await open(names(5), inMs(1500));
  await open(['now', 'waits'], inMs(-1));
  let end: () => void = () => undefined;
  const ends = new Promise<void>((resolve) => (end = resolve));
  const began: string[] = [];
  const alone = async ({ _id }: Account): Promise<void> => {
    began.push(_id);
    await ends;
  };
  const first = claimer({ concurrency: 1 }, { handleAlone: alone });
  await eventually(async () => expect(await bank.accounts.count({ orgId, 'due.claim': { $exists: true } })).toBe(7));
  await eventually(() => expect(began).toHaveLength(1));
  const stopped = first.stop();
  await eventually(async () => expect(await bank.accounts.count({ orgId, 'due.claim': { $exists: true } })).toBe(1));
  end();
  await stopped;
  expect(await bank.accounts.count({ orgId, 'due.claim': { $exists: true } })).toBe(0);
  const givenBack = await bank.accounts.find({ orgId, 'due.at': { $exists: true } });
  expect(givenBack.map(({ due }) => due?.attempts)).toEqual(Array.from({ length: 6 }, () => 0));
  expect(began).toHaveLength(1);
});
