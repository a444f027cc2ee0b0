import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireFreeSpace } from './disk.mjs';
import { startMongo } from './mongo.mjs';
import { startNats } from './nats.mjs';
import { Supervisor } from './supervisor.mjs';

const memoryDisk = '/dev/shm';
const enough = 3 * 1024 ** 3;

/** In memory where there is room: nothing here must survive, and no test should wait for a disk. */
async function fastFolder() {
  try {
    accessSync(memoryDisk, constants.W_OK);
    const { bavail, bsize } = await statfs(memoryDisk);
    if (bavail * bsize > enough) return memoryDisk;
  } catch {
    // no such thing here
  }
  return tmpdir();
}

/**
 * @typedef {{ mongoUri: string, natsUrl: string, binDir: string, dir: string }} TemporaryServers
 */

/**
 * Servers with empty data that are gone afterwards. NATS lets everyone in; suites that are about trust start their own.
 * @param {{
 *   session: Pick<import('./session.mjs').Session, 'leash' | 'signal' | 'env' | 'atEnd'>,
 *   servers: import('./provision/provision.mjs').Servers,
 *   parent?: string | undefined,
 * }} options `parent`: where the folder of the data is made
 * @returns {Promise<TemporaryServers>}
 */
export async function startTemporaryServers({ session: { leash, signal, env, atEnd }, servers, parent }) {
  const place = parent ?? (await fastFolder());
  await requireFreeSpace(place, 'the data of the tests', env);
  const dir = mkdtempSync(join(place, 'leasewire-test-'));
  leash.alsoRemove(dir);
  atEnd(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const supervisor = new Supervisor({ leash });
  atEnd(() => supervisor.stop());

  const binDir = join(dir, 'bin');
  mkdirSync(binDir);
  const link = (/** @type {string} */ name, /** @type {{ path: string } | { url: string }} */ found) => {
    if ('path' in found && existsSync(found.path)) symlinkSync(found.path, join(binDir, name));
  };
  link('mongod', servers.mongod);
  link('nats-server', servers.natsServer);

  const [mongoUri, natsUrl] = await Promise.all([
    'url' in servers.mongod
      ? servers.mongod.url
      : startMongo({ supervisor, binary: servers.mongod.path, dir: join(dir, 'mongodb'), cacheGb: 0.5, signal }).then(
          ({ uri }) => uri,
        ),
    'url' in servers.natsServer
      ? servers.natsServer.url
      : startNats({ supervisor, binary: servers.natsServer.path, dir: join(dir, 'nats'), signal }).then(({ url }) => url),
  ]);
  return { mongoUri, natsUrl, binDir, dir };
}
