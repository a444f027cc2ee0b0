import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freshDatabase, servers, systemCall } from '@leasewire/testing';
import fc from 'fast-check';
import type { Database } from '../../src/index.js';
import { bankOn } from '../subjects.js';
import { accounts, orgId, type StreamRow } from './ledger.js';

let db: Database;
let uri: string;
beforeEach(async () => {
  db = await freshDatabase();
  uri = (await servers()).mongoUri;
  const bank = await bankOn(db);
  for (const _id of accounts) await bank.open(systemCall('bank', orgId), { orgId, _id });
});

/** Runs the service; resolves with the signal it died of, or with its exit code. */
function serve(
  facts: number,
  { fault = '', killAfterMs = -1 }: { fault?: string; killAfterMs?: number } = {},
): Promise<string | number | null> {
  const loader = join(__dirname, 'typescript.mjs');
  const program = join(__dirname, 'ledger-process.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=@leasewire/source', '--import', loader, program, uri, db.db.databaseName, String(facts)],
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
  it.each([
    'before-commit:7',
    'after-commit:7',
    'after-handling-before-ack:7',
    'before-publish:5',
    'after-publish-before-mark:3',
  ])('at %s loses nothing, doubles nothing and goes on at once when it is started again', async (fault) => {
    expect(await serve(24, { fault })).toBe('SIGKILL');
    expect(await serve(24)).toBe(0);
    await expectExactLedger(24);
  });

  it('at any moment, with another replica beside it, loses nothing and doubles nothing', async () => {
    const [delays = []] = fc.sample(fc.array(fc.integer({ max: 150 }), { minLength: 6, maxLength: 6 }), {
      seed: 20_261_120,
      numRuns: 1,
    });
    for (let n = 0; n < delays.length; n += 2)
      await Promise.all([serve(120, { killAfterMs: delays[n]! }), serve(120, { killAfterMs: delays[n + 1]! })]);
    expect(await serve(120)).toBe(0);
    await expectExactLedger(120);
  });
});
