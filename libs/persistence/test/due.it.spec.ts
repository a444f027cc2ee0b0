import type { OrgId } from '@leasewire/contracts';
import { systemClock } from '@leasewire/messaging';
import { eventually, freshDatabase, newOrgId, systemCall } from '@leasewire/testing';
import { dueAt, DueClaimer, type Database, type DueSettings } from '../src/index.js';
import { bankOn, caughtLog, emptied, type Account, type Bank } from './subjects.js';
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

/** As a service does it: load again, decide, save without `due`. */
const payOnce = async (doc: Account): Promise<void> => {
  await bank.work.run(systemCall('bank', doc.orgId), async (tx) => {
    const { due, ...now } = await bank.accounts.get(doc, { tx });
    if (due) await bank.accounts.save(tx, { ...now, balance: now.balance + 1 });
  });
};

function claimer(more: Partial<DueSettings<Account>> = {}): DueClaimer<Account> {
  const made = new DueClaimer<Account>({
    ...{ repository: bank.accounts, clock: systemClock, log: logs.log, pollMs: 50 },
    ...{ handle: payOnce, onGiveUp: () => Promise.reject(new Error('never')) },
    ...more,
  });
  claimers.push(made);
  made.start();
  return made;
}

describe('what is due', () => {
  it('is run once, by whichever replica', async () => {
    await open(names(60), inMs(-1000));
    const byReplica = [0, 0, 0];
    byReplica.forEach((_, n) =>
      claimer({
        batch: 7,
        handle: async (doc) => {
          await payOnce(doc);
          byReplica[n]! += 1; // what failed, and on a busy server a transaction may, is tried again
        },
      }),
    );
    await eventually(async () => expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(60));
    expect(byReplica.reduce((a, b) => a + b)).toBe(60);
    expect(await bank.accounts.count({ orgId, 'due.at': { $exists: true } })).toBe(0);
  });

  it('is run at its time, though claimed before, and not early', async () => {
    const at = inMs(1900);
    await open(['a'], at);
    const began: number[] = [];
    const lateness: number[] = [];
    claimer({ handle: async () => void began.push(Date.now()), observer: { onLateness: (ms) => lateness.push(ms) } });
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
    claimer({ handle: async (doc) => void ran.push([doc._id, Date.now()]) });
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
    claimer({
      maxAttempts: 3,
      backoff: { firstMs: 10, mostMs: 20 },
      handle: async (doc) => {
        attempts.push(doc._id);
        if (doc._id === 'a' || attempts.filter((one) => one === 'b').length < 2) throw new Error('no luck');
        await payOnce(doc);
      },
      onGiveUp: async (doc, error) => void gaveUp.push(`${doc._id}: ${String(error)}`),
    });
    await eventually(() => expect(gaveUp).toEqual(['a: Error: no luck']));
    await eventually(async () => expect(await balanceOf('b')).toBe(1));
    expect(attempts.filter((one) => one === 'a')).toHaveLength(3);
    await eventually(async () => expect(await bank.accounts.count({ orgId, 'due.at': { $exists: true } })).toBe(0));
    expect(logs.lines).toContainEqual(expect.objectContaining({ level: 'error', message: saying('failed for the last time') }));
  });

  it('and belongs to a replica that died is taken over when its lease ends', async () => {
    await open(['a'], inMs(-1));
    const dead = { claim: 'dead', leaseUntil: inMs(300), attempts: 1, at: inMs(-1) };
    await db.db.collection<{ _id: string }>('accounts').updateOne({ _id: 'a' }, { $set: { due: dead } });
    claimer();
    await eventually(async () => expect(await balanceOf('a')).toBe(1));
    expect(Date.now()).toBeGreaterThanOrEqual(dead.leaseUntil.getTime());
  });

  it('and takes longer than the lease stays with the replica that is at it', async () => {
    await open(['a'], inMs(-1));
    let began = 0;
    const slow = async (doc: Account): Promise<void> => {
      began += 1;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await payOnce(doc);
    };
    claimer({ leaseMs: 900, handle: slow });
    claimer({ leaseMs: 900, handle: slow });
    await eventually(async () => expect(await balanceOf('a')).toBe(1));
    expect(began).toBe(1);
  });

  it('at once is handled by the hundred where the handler takes many, and one by one when that fails', async () => {
    const other = newOrgId();
    await open(names(230), inMs(-1));
    await bank.open(systemCall('bank', other), { orgId: other, _id: 'other', due: dueAt(inMs(-1)) });
    const together: number[] = [];
    claimer({
      handleMany: async (docs) => {
        together.push(docs.length);
        if (docs.some((doc) => doc._id === 'a7')) throw new Error('not together');
        await bank.work.run(systemCall('bank', docs[0]!.orgId), async (tx) => {
          const now = await bank.accounts.find({ orgId: tx.orgId, _id: { $in: docs.map((doc) => doc._id) } }, { tx });
          await bank.accounts.saveMany(
            tx,
            now.map(({ due: _due, ...rest }) => ({ ...rest, balance: 1 })),
          );
        });
      },
    });
    await eventually(async () => expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(230));
    await eventually(async () => expect(await bank.accounts.count({ orgId: other, balance: 1 })).toBe(1));
    expect(together.sort((a, b) => a - b)).toEqual([1, 30, 100, 100]);
  });

  it('and repeats itself is given its next time by its handler', async () => {
    await open(['a'], inMs(-1));
    claimer({
      handle: async (doc) => {
        await bank.work.run(systemCall('bank', orgId), async (tx) => {
          const now = await bank.accounts.get(doc, { tx });
          await bank.accounts.save(tx, {
            ...now,
            balance: now.balance + 1,
            due: dueAt(now.balance < 2 ? inMs(20) : inMs(60_000)),
          });
        });
      },
    });
    await eventually(async () =>
      expect(await bank.accounts.get({ orgId, _id: 'a' })).toMatchObject({ balance: 3, due: { attempts: 0 } }),
    );
  });
});

it('a claimer that stops gives back what it had claimed ahead', async () => {
  await open(names(5), inMs(1500));
  const first = claimer();
  await eventually(async () => expect(await bank.accounts.count({ orgId, 'due.claim': { $exists: true } })).toBe(5));
  await first.stop();
  expect(await bank.accounts.count({ orgId, 'due.claim': { $exists: true } })).toBe(0);
  expect((await bank.accounts.find({ orgId })).map((account) => account.due?.attempts)).toEqual([0, 0, 0, 0, 0]);
});
