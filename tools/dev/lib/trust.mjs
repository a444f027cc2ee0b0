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

/**
 * The parts of libs that are needed here, as they were built. LEASEWIRE_DEV_TRUST names a stand-in, for tests.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ newNkey(): Nkey, natsConfig(settings: object): string, serviceNames: readonly string[] }>}
 */
async function loadLibraries(env) {
  if (env.LEASEWIRE_DEV_TRUST) return import(pathToFileURL(env.LEASEWIRE_DEV_TRUST).href);
  const files = ['libs/messaging/dist/nkey.js', 'libs/messaging/dist/trust.js', 'libs/contracts/dist/services.js'].map((file) =>
    join(root, file),
  );
  const missing = files.find((file) => !existsSync(file));
  if (missing) throw new Problem(`${missing} is missing. Build first: npm run build`);
  const [nkey, trust, contracts] = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  return { newNkey: nkey.newNkey, natsConfig: trust.natsConfig, serviceNames: contracts.serviceNames };
}

/**
 * One key pair per service, made once and kept under HOME/trust; the broker's configuration derives from them and from the
 * table of services in libs/contracts.
 * @param {{ folder: string, services: readonly string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Trust>}
 */
export async function prepareTrust({ folder, services, env }) {
  const { newNkey, natsConfig, serviceNames } = await loadLibraries(env);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'public-keys.json');
  /** @type {Record<string, string>} */
  const publicKeys = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const seedFile = (/** @type {string} */ service) => join(folder, `${service}.seed`);

  for (const service of new Set([...services, ...serviceNames, operator])) {
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
    natsConfig: (place) => natsConfig({ keys: publicKeys, operatorKey: publicKeys[operator], ...place }),
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
