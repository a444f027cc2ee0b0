import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Beside each binary lies a record `<name>.json` of what it is. The binary keeps its plain name, so that people and other
 * tools can use the folder too.
 * @typedef {{ version: string, sha256: string, size: number, mtimeMs: number, from: string }} CacheRecord
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function cacheFolder(env) {
  return env.LEASEWIRE_CACHE ? env.LEASEWIRE_CACHE : join(env.HOME ?? homedir(), '.cache', 'leasewire', 'bin');
}

/**
 * @param {string} file
 * @returns {Promise<string>}
 */
export async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {CacheRecord | undefined}
 */
function readRecord(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The cached server, when it is the pinned one. It is hashed again only when its size or time changed since it was recorded.
 * @param {string} folder
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {string | undefined} expected sha256 of the binary, where known
 * @returns {Promise<{ path: string, version: string } | undefined>}
 */
export async function findInCache(folder, pin, expected) {
  const path = join(folder, pin.name);
  if (!existsSync(path)) return undefined;
  const { size, mtimeMs } = await stat(path);
  const record = readRecord(folder, pin.name);
  if (record && record.size === size && record.mtimeMs === mtimeMs) {
    return record.version === pin.version && (expected === undefined || record.sha256 === expected)
      ? { path, version: pin.version }
      : undefined;
  }
  const sha256 = await sha256Of(path);
  if (sha256 !== (expected ?? record?.sha256)) return undefined; // half-written by someone, or an older pin
  await writeRecord(folder, pin, { version: pin.version, sha256, size, mtimeMs, from: record?.from ?? 'found in the cache' });
  return { path, version: pin.version };
}

/**
 * @param {string} folder
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {CacheRecord} record
 */
async function writeRecord(folder, pin, record) {
  const next = join(folder, `.${pin.name}.json.${String(process.pid)}`);
  try {
    await writeFile(next, `${JSON.stringify(record, null, 2)}\n`);
    await rename(next, join(folder, `${pin.name}.json`));
  } catch {
    await rm(next, { force: true }); // a read-only cache works, only a little slower
  }
}

/**
 * Puts a finished file in place. Whoever looks sees the old one or the whole new one.
 * @param {string} folder
 * @param {import('./pins.mjs').ServerPin} pin
 * @param {{ file: string, expected: string | undefined, from: string }} download
 * @returns {Promise<{ path: string, version: string }>}
 */
export async function install(folder, pin, { file, expected, from }) {
  const sha256 = await sha256Of(file);
  if (expected !== undefined && sha256 !== expected) {
    throw new Error(`${pin.name} from ${from} has sha256 ${sha256}, but ${expected} was expected: it is not used`);
  }
  await mkdir(folder, { recursive: true });
  await chmod(file, 0o755);
  const path = join(folder, pin.name);
  await rename(file, path);
  const { size, mtimeMs } = await stat(path);
  await writeRecord(folder, pin, { version: pin.version, sha256, size, mtimeMs, from });
  return { path, version: pin.version };
}
