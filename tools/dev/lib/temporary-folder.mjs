import { accessSync, constants, mkdtempSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireFreeSpace } from './disk.mjs';

const memoryDisk = '/dev/shm';
const enough = 3 * 1024 ** 3;

/** In memory where there is room: nothing here must survive, and no test should wait for a disk. */
async function fastPlace() {
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
 * A folder that is gone afterwards, whatever happens.
 * @param {Pick<import('./session.mjs').Session, 'leash' | 'env' | 'atEnd'>} session
 * @returns {Promise<string>}
 */
export async function temporaryFolder({ leash, env, atEnd }) {
  const place = await fastPlace();
  await requireFreeSpace(place, 'the data of the tests', env);
  const dir = mkdtempSync(join(place, 'leasewire-test-'));
  leash.alsoRemove(dir);
  atEnd(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}
