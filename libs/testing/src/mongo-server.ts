import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { binary } from './binaries.js';
import { answers, Child, freePort } from './child.js';
import { onCleanUp } from './cleanup.js';
import { runDirectory, watch } from './test-run.js';

const replicaSet = 'rs0';
const uriOf = (port: number): string => `mongodb://127.0.0.1:${port}/?replicaSet=${replicaSet}`;

function argumentsOf(port: number, directory: string): string[] {
  return [
    ...['--replSet', replicaSet, '--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', directory, '--nounixsocket'],
    // a twentieth of the cache may be dirty before the server looks for pages to evict; with less it looks without end
    ...['--wiredTigerCacheSizeGB', '1', '--oplogSize', '128', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...['--setParameter', 'enableTestCommands=1'], // failCommand: tests make a commit fail the way a network does
    ...['--setParameter', 'ttlMonitorSleepSecs=1'],
    // nobody reads what was minutes ago: what is kept of it for five cannot be evicted, and that is tried without end
    ...['--setParameter', 'minSnapshotHistoryWindowInSeconds=30', '--slowms', '1000'],
  ];
}

let shared: Promise<string> | undefined;

/** The one mongod of the test run: the first suite that asks starts it, the others find it. */
export function mongoUri(): Promise<string> {
  const given = process.env['LEASEWIRE_TEST_MONGODB_URI'];
  if (given) return Promise.resolve(given);
  return (shared ??= findOrStart());
}

async function findOrStart(): Promise<string> {
  const folder = join(runDirectory(), 'mongod');
  try {
    mkdirSync(folder);
  } catch {
    return waitForOther(join(folder, 'uri'));
  }
  mkdirSync(join(folder, 'data'));
  for (let attempt = 1; ; attempt++) {
    try {
      return await startShared(folder, join(folder, `log.${attempt}`));
    } catch (error) {
      if (attempt === 3) throw error; // another process took the port meanwhile, twice
    }
  }
}

/** Belongs to the run and not to this suite: it logs to a file and is left to the undertaker. */
async function startShared(folder: string, logFile: string): Promise<string> {
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const child = spawn(binary('mongod'), argumentsOf(port, join(folder, 'data')), { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  try {
    if (child.pid !== undefined) watch(child.pid);
  } catch (error) {
    child.kill('SIGKILL'); // the run is over
    throw error;
  }
  const died = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`mongod ended (${code}):\n${endOf(logFile)}`));
    });
  });
  died.catch(() => undefined); // also later, when nobody waits for it any more
  await Promise.race([answers(port, () => child.exitCode === null), died]);
  await Promise.race([initiate(port), died]);
  writeFileSync(join(folder, 'uri.new'), uriOf(port));
  renameSync(join(folder, 'uri.new'), join(folder, 'uri'));
  return uriOf(port);
}

/** When the run is over its folder goes before the server has ended. */
function endOf(logFile: string): string {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-2_000) : 'the run is over';
}

async function waitForOther(file: string): Promise<string> {
  const giveUpAt = performance.now() + 30_000;
  while (performance.now() < giveUpAt) {
    if (existsSync(file)) return readFileSync(file, 'utf8');
    await sleep(20);
  }
  throw new Error('The mongod of this test run did not come up within 30 s.');
}

async function initiate(port: number): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    const admin = client.db('admin');
    const config = { _id: replicaSet, members: [{ _id: 0, host: `127.0.0.1:${port}` }] };
    await admin.command({ replSetInitiate: config }).catch(ignoreAlreadyInitialized);
    for (;;) {
      const hello = await admin.command({ hello: 1 });
      if (hello['isWritablePrimary'] === true) return;
      await sleep(20);
    }
  } finally {
    await client.close();
  }
}

function ignoreAlreadyInitialized(error: unknown): void {
  if (!(error instanceof Error && 'codeName' in error && error.codeName === 'AlreadyInitialized')) throw error;
}

export interface MongoServer extends Child {
  readonly uri: string;
  readonly port: number;
}

/** A mongod of the suite's own, for tests that stop, pause or kill it. */
export async function freshMongo(): Promise<MongoServer> {
  const directory = mkdtempSync(join(runDirectory(), 'mongod-'));
  const port = await freePort();
  const child = new Child({
    command: binary('mongod'),
    args: argumentsOf(port, directory),
    ready: async (starting) => {
      await answers(port, () => starting.running);
      await initiate(port);
    },
  });
  onCleanUp(() => child.stop('SIGKILL'));
  await child.start();
  return Object.assign(child, { uri: uriOf(port), port });
}
