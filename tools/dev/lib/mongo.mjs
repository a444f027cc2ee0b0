import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from './logs.mjs';
import { freePort, isFree, releasePort } from './ports.mjs';
import { greetingOf, stopOrder, untilReady } from './servers.mjs';

const replicaSet = 'leasewire';
const notYetInitialized = 94;
const sameDatabase = 'It was started by an earlier run that was killed, or by another Leasewire with the same LEASEWIRE_HOME.';

/**
 * @typedef {{ uri: string, port: number, server: import('./supervisor.mjs').Supervised }} RunningMongo
 */

/**
 * Starts mongod as a replica set of one: transactions and change streams need one.
 * @param {{
 *   supervisor: import('./supervisor.mjs').Supervisor, binary: string, dir: string, logFile?: string,
 *   port?: number | undefined, cacheGb?: number, signal?: AbortSignal | undefined,
 * }} options
 * @returns {Promise<RunningMongo>}
 */
export async function startMongo({
  supervisor,
  binary,
  dir,
  logFile = join(dir, 'mongod.log'),
  port: preferred,
  cacheGb = 0.5,
  signal,
}) {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  let port = await freePort(preferred);
  let settled = false;
  const logFrom = sizeOf(logFile);

  const server = supervisor.add({
    name: 'mongod',
    order: stopOrder.mongodb,
    graceMs: 30_000,
    output: { file: logFile },
    async prepare() {
      if (!settled && !(await isFree(port))) {
        releasePort(port);
        port = await freePort(); // someone took it between our look and mongod's
      }
      return { command: binary, args: argumentsFor({ port, data, cacheGb }) };
    },
  });
  await server.start();
  await untilReady(server, async () => (await greetingOf(port, { greeting: false })) !== undefined && isPrimary(port, signal), {
    logFile,
    logFrom,
    explain: (tail) => explain(tail, dir),
    signal,
  });
  settled = true;
  return { uri: uriFor(port), port, server };
}

/** @param {number} port */
const uriFor = (port) => `mongodb://127.0.0.1:${String(port)}/?replicaSet=${replicaSet}`;

/**
 * @param {{ port: number, data: string, cacheGb: number }} options
 * @returns {string[]}
 */
function argumentsFor({ port, data, cacheGb }) {
  return [
    ...['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--replSet', replicaSet],
    ...['--wiredTigerCacheSizeGB', String(cacheGb), '--oplogSize', '512', '--quiet'],
    // alone in its set, it would wait for a successor before it stops
    ...[
      '--setParameter',
      'shutdownTimeoutMillisForSignaledShutdown=100',
      '--setParameter',
      'diagnosticDataCollectionEnabled=false',
      // nobody reads what was minutes ago; docs/operations.md says more
      '--setParameter',
      'minSnapshotHistoryWindowInSeconds=30',
      '--slowms',
      '1000',
    ],
  ];
}

/**
 * When the port changed, mongod first asks at the old one whether that is itself; only then can it be told. Where a program
 * listens there that never answers, this takes it 30 s.
 *
 * Makes it the only member of its replica set where it is not yet, under its present port, and asks whether it takes writes.
 * @param {number} port
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<boolean>}
 */
async function isPrimary(port, signal) {
  const { MongoClient, MongoServerError } = await import('mongodb');
  const client = new MongoClient(`mongodb://127.0.0.1:${String(port)}/?directConnection=true`, {
    serverSelectionTimeoutMS: 2000,
  });
  const host = `127.0.0.1:${String(port)}`;
  try {
    const admin = client.db('admin');
    const config = await admin.command({ replSetGetConfig: 1 }).then(
      (reply) => reply.config,
      (error) => {
        if (error instanceof MongoServerError && error.code === notYetInitialized) return undefined;
        throw error;
      },
    );
    if (!config) await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } });
    else if (config.members[0].host !== host) {
      await admin.command({
        replSetReconfig: { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] },
        force: true,
      });
    }
    for (let look = 0; look < 400; look += 1) {
      signal?.throwIfAborted();
      if ((await admin.command({ hello: 1 })).isWritablePrimary) return true;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    return false;
  } catch (error) {
    if (signal?.aborted) throw error;
    return false; // it is still starting, or stopped again: the caller looks at that
  } finally {
    await client.close();
  }
}

/**
 * @param {string} tail the end of its log
 * @param {string} dir
 * @returns {string | undefined}
 */
function explain(tail, dir) {
  if (/No space left on device/.test(tail))
    return `The disk of ${dir} is full, so mongod cannot start. Free some space and run the same command again.`;
  if (/DBPathInUse|Unable to (lock|acquire).*mongod\.lock/.test(tail)) {
    return `Another mongod already uses ${dir}. ${sameDatabase} Stop it (its process id is in ${join(dir, 'data', 'mongod.lock')}) and try again.`;
  }
  if (/UPGRADE PROBLEM|Wrong mongod version|InvalidFeatureCompatibilityVersion|unsupported WiredTiger file version/.test(tail)) {
    return `The data in ${dir} was written by another version of MongoDB. Put that version on PATH, or begin anew: npm start -- --fresh`;
  }
  if (/Permission denied/.test(tail))
    return `mongod may not read or write ${dir}. Correct the owner of that folder, or choose another LEASEWIRE_HOME.`;
  return undefined;
}
