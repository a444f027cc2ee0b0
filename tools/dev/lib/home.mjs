import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from './problem.mjs';

/** The repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * @typedef {{
 *   dir: string, marker: string, lock: string, endpoints: string, ports: string,
 *   mongodb: string, nats: string, trust: string, audit: string, logs: string,
 * }} Home
 */

/**
 * Everything that one running Leasewire keeps. Two with different homes know nothing of each other.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Home}
 */
export function homeOf(env = process.env) {
  const dir = resolve(env.LEASEWIRE_HOME ? env.LEASEWIRE_HOME : join(root, '.leasewire'));
  return {
    dir,
    marker: join(dir, 'README.txt'),
    lock: join(dir, 'instance.lock'),
    endpoints: join(dir, 'endpoints.json'),
    ports: join(dir, 'ports.json'),
    mongodb: join(dir, 'mongodb'),
    nats: join(dir, 'nats'),
    trust: join(dir, 'trust'),
    audit: join(dir, 'audit'),
    logs: join(dir, 'logs'),
  };
}

/** What may lie in the folder before we mark it as ours: the default one is in the repository, and workspace.mjs uses it too. */
const harmless = new Set(['workspace.lock', 'built']);

/** @param {Home} home */
export function createHome(home) {
  mkdirSync(home.dir, { recursive: true, mode: 0o700 });
  if (!existsSync(home.marker)) {
    if (readdirSync(home.dir).some((name) => !harmless.has(name) && !name.startsWith('workspace.lock.'))) {
      throw new Problem(`${home.dir} has files that Leasewire did not make. Choose an empty or new folder for LEASEWIRE_HOME.`);
    }
    writeFileSync(
      home.marker,
      'Data, keys and logs of one local Leasewire (npm start). Stop it before you delete this folder; `npm start -- --fresh` empties it.\n',
    );
  }
  for (const folder of folders(home)) mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** @param {Home} home */
const folders = (home) => [home.mongodb, home.nats, home.trust, home.audit, home.logs];

/**
 * Begins anew. Only what createHome made is deleted; it refuses folders that hold anything else.
 * @param {Home} home
 */
export async function emptyHome(home) {
  for (const path of [home.endpoints, home.ports, ...folders(home)]) await rm(path, { recursive: true, force: true });
  createHome(home);
}
