import { existsSync, statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from './problem.mjs';

const mebibyte = 1024 * 1024;

/**
 * Refuses to begin on a disk that will be full before we are done: a half-written database is worse than a clear sentence.
 * @param {string} folder Need not exist yet.
 * @param {string} what What would be written there.
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function requireFreeSpace(folder, what, env = process.env) {
  const needed = Number(env.LEASEWIRE_MIN_FREE_MB ?? 1024);
  let place = folder;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  const free = Math.floor((bavail * bsize) / mebibyte);
  if (free >= needed) return;
  throw new Problem(
    `Only ${String(free)} MB are free on the disk of ${folder}, and ${what} needs ${String(needed)} MB. ` +
      'Free some space, or choose another disk with LEASEWIRE_HOME (data) and LEASEWIRE_CACHE (servers).',
  );
}

const asGoodAsNothing = 16 * mebibyte;

/**
 * A server that cannot write cannot even write that into its log.
 * @param {string} folder
 * @returns {string | undefined}
 */
export function fullDisk(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < asGoodAsNothing
    ? `The disk of ${folder} is full. Free some space, then run the same command again.`
    : undefined;
}
