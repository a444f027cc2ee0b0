import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './home.mjs';
import { Problem } from './problem.mjs';

/** Not a service: the identity of commands that a person runs (dead letters, rebuilds). */
export const operator = 'operator';

/**
 * @typedef {{ seed: string, publicKey: string }} Nkey
 * @typedef {{
 *   folder: string,
 *   seedFile(service: string): string,
 *   publicKeys: Readonly<Record<string, string>>,
 *   secretKeysFile: string,
 *   auditKeyFile: string,
 *   natsConfig(place: { host: string, port: number, storeDir: string }): string,
 * }} Trust
 */

/** @param {NodeJS.ProcessEnv} env */
async function loadTrustModule(env) {
  const file = env.LEASEWIRE_DEV_TRUST ?? join(root, 'libs/messaging/dist/trust.js');
  if (!existsSync(file)) throw new Problem(`${file} is missing. Build first: npm run build`);
  return import(pathToFileURL(file).href);
}

/**
 * One key pair per service, made once and kept under HOME/trust; the broker's configuration derives from them and from the
 * table of services in libs/contracts.
 * @param {{ folder: string, services: readonly string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Trust>}
 */
export async function prepareTrust({ folder, services, env }) {
  /** @type {{ newNkey(): Nkey, natsConfig(settings: object): string }} */
  const { newNkey, natsConfig } = await loadTrustModule(env);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'public-keys.json');
  /** @type {Record<string, string>} */
  const publicKeys = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const seedFile = (/** @type {string} */ service) => join(folder, `${service}.seed`);

  for (const service of [...services, operator]) {
    if (publicKeys[service] !== undefined && existsSync(seedFile(service))) continue;
    const { seed, publicKey } = newNkey();
    writePrivate(seedFile(service), seed);
    publicKeys[service] = publicKey;
  }
  writePrivate(file, `${JSON.stringify(publicKeys, null, 2)}\n`);

  return {
    folder,
    seedFile,
    publicKeys,
    // Losing these two loses what was sealed or signed with them: made once, never replaced here.
    secretKeysFile: once(join(folder, 'secret-keys'), () => `k1:${randomBytes(32).toString('base64')}`),
    auditKeyFile: once(join(folder, 'audit-signing-key'), () => randomBytes(32).toString('base64')),
    natsConfig: (place) => natsConfig({ keys: publicKeys, ...place }),
  };
}

/**
 * @param {string} file
 * @param {() => string} make
 */
function once(file, make) {
  if (!existsSync(file)) writePrivate(file, make());
  return file;
}

/**
 * @param {string} file
 * @param {string} text
 */
function writePrivate(file, text) {
  writeFileSync(`${file}.next`, text, { mode: 0o600 });
  renameSync(`${file}.next`, file);
}
