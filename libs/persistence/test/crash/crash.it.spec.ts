import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { systemClock, systemIds } from '@leasewire/messaging';
import { eventually, freshDatabase, servers, staffCall, systemCall } from '@leasewire/testing';
import fc from 'fast-check';
import { dueAt, Jobs, type Database } from '../../src/index.js';
import { bankOn } from '../subjects.js';
import { payingClaimer, stillDue } from './due.js';
import { accounts, fact, orgId, type StreamRow } from './ledger.js';
import { payEach, payOut } from './work.js';

jest.setTimeout(60_000);

let db: Database;
let uri: string;
beforeEach(async () => {
  db = await freshDatabase();
  uri = (await servers()).mongoUri;
  const bank = await bankOn(db);
  for (const _id of accounts) await bank.open(systemCall('bank', orgId), { orgId, _id });
});

/** Runs the service; resolves with the signal it died of, or with its exit code. */
const serve = (facts: number, death: Death = {}) => run('ledger-process.ts', String(facts), death);

interface Death {
  readonly fault?: string;
  readonly killAfterMs?: number;
}

function run(name: string, argument: string, { fault = '', killAfterMs = -1 }: Death): Promise<string | number | null> {
  const loader = join(__dirname, 'typescript.mjs');
  const program = join(__dirname, name);
  const child = spawn(
    process.execPath,
    ['--conditions=@leasewire/source', '--import', loader, program, uri, db.db.databaseName, argument],
    {
      env: { ...process.env, LEASEWIRE_FAULT: fault },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  child.stdout.once('data', () => killAfterMs >= 0 && setTimeout(() => child.kill('SIGKILL'), killAfterMs));
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}

/** Every fact counted once, every change published once, in order, and nothing left over. */
async function expectExactLedger(facts: number): Promise<void> {
  const bank = await bankOn(db);
  const balances = await bank.accounts.find({ orgId }, { sort: { _id: 1 } });
  expect(balances.map((account) => account.balance)).toEqual(accounts.map(() => facts / accounts.length));
  expect(await db.db.collection('outbox').countDocuments({ pending: true })).toBe(0);
  const stream = await db.db.collection<StreamRow>('stream').find().sort({ seq: 1 }).toArray();
  for (const { _id, version } of balances)
    expect(stream.filter((row) => row.aggregate === _id).map((row) => row.version)).toEqual(
      Array.from({ length: version }, (_, n) => n + 1),
    );
}

describe('a service killed -9', () => {
  it('at each step in turn loses nothing, doubles nothing and goes on at once when it is started again', async () => {
    const steps = [
      'before-commit:7',
      'after-commit:7',
      'after-handling-before-ack:7',
      'before-publish:5',
      'after-publish-before-mark:2',
    ];
    for (const fault of steps) expect([fault, await serve(45, { fault })]).toEqual([fault, 'SIGKILL']);
    expect(await serve(45)).toBe(0);
    await expectExactLedger(45);
  });

  it('in the middle of a transaction holds up the replica that takes over only for a moment', async () => {
    const bank = await bankOn(db);
    expect(await serve(1, { fault: 'before-commit' })).toBe('SIGKILL');
    const started = performance.now();
    expect(await bank.pay(fact(0), { orgId, _id: accounts[0]! }, 1)).toMatchObject({ balance: 1 });
    expect(performance.now() - started).toBeLessThan(5000); // mongod itself would let go after a minute
  });

  it('at any moment, with another replica beside it, loses nothing and doubles nothing', async () => {
    const [delays = []] = fc.sample(fc.array(fc.integer({ max: 150 }), { minLength: 4, maxLength: 4 }), {
      seed: 20_261_120,
      numRuns: 1,
    });
    for (let n = 0; n < delays.length; n += 2)
      await Promise.all([serve(90, { killAfterMs: delays[n]! }), serve(90, { killAfterMs: delays[n + 1]! })]);
    expect(await serve(90)).toBe(0);
    await expectExactLedger(90);
  });
});

describe('work that is killed -9', () => {
  const work = (death: Death = {}) => run('work-process.ts', '', death);
  const cause = () => systemCall('bank', orgId);

  it('in a job, again and again, goes on where it was, each item once', async () => {
    const bank = await bankOn(db);
    const names = Array.from({ length: 60 }, (_, n) => String(n).padStart(5, '0'));
    await bank.work.run(cause(), (tx) =>
      bank.accounts.insertMany(
        tx,
        names.map((name) => ({ orgId, _id: name, name, balance: 0, labels: [] })),
      ),
    );
    const jobs = new Jobs({ db, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: db.log });
    jobs.define(payOut, payEach(bank.accounts));
    const { id } = await bank.work.run(cause(), (tx) => jobs.begin(tx, payOut, { items: 60 }));
    for (const fault of ['before-commit:2', 'before-commit:3', 'after-commit:2']) {
      expect([fault, await work({ fault })]).toEqual([fault, 'SIGKILL']);
      await db.db.collection<{ _id: string }>('leases').deleteMany({}); // the dead one's, which ends by itself in three seconds
    }
    expect(await work()).toBe(0);
    expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(60);
    const view = await jobs.get(staffCall({ orgId }), id);
    expect(view).toMatchObject({ state: 'done', total: 60, counts: { done: 60, waiting: 0 } });
  });

  it('in side effects, again and again, repeats none blindly', async () => {
    const bank = await bankOn(db);
    await bank.work.run(cause(), async (tx) => {
      for (let n = 0; n < 30; n++) tx.effect('mail', { to: `p${n}` });
    });
    for (const fault of ['effect-attempting', 'effect-attempted', 'before-commit:2'])
      expect([fault, await work({ fault })]).toEqual([fault, 'SIGKILL']);
    expect(await work()).toBe(0);
    const sent = (await db.db.collection<{ to: string }>('sent').find().toArray()).map((one) => one.to);
    expect(new Set(sent).size).toBe(sent.length);
    const rows = await db.db.collection('effects').find().toArray();
    // those that each had in hand wait for somebody to find out; all others are done
    expect(rows.filter((row) => row['state'] === 'attempting')).toHaveLength(15);
    expect(rows.filter((row) => row['state'] === 'done')).toHaveLength(15);
  });

  it('at what is due together does each once', async () => {
    const bank = await bankOn(db);
    const names = Array.from({ length: 300 }, (_, n) => `due_${n}`);
    await bank.work.run(cause(), (tx) =>
      bank.accounts.insertMany(
        tx,
        names.map((name) => ({ orgId, _id: name, name, balance: 0, labels: [], due: dueAt(new Date()) })),
      ),
    );
    const die = (fault: string) => run('due-process.ts', '', { fault });
    expect(await Promise.all([die('before-commit:2'), die('after-commit:2')])).toEqual(['SIGKILL', 'SIGKILL']);
    const left = await stillDue(bank);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(300);
    const third = payingClaimer(bank);
    third.start();
    await eventually(async () => expect(await stillDue(bank)).toBe(0));
    await third.stop();
    expect(await bank.accounts.count({ orgId, balance: 1 })).toBe(300);
    const told = (await bank.outbox()).filter(({ aggregate }) => aggregate.startsWith('due_'));
    expect(told).toHaveLength(300);
  });
});
