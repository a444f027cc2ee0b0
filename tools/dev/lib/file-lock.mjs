import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { birthOf, isAlive } from './process-identity.mjs';

/**
 * @typedef {{ pid: number, birth: string, url?: string }} Holder
 * @typedef {{ update(more: { url: string }): void, release(): void }} HeldLock
 */

/**
 * @param {string} file
 * @returns {Holder | undefined} undefined when there is none or it cannot be read
 */
function readHolder(file) {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value.pid === 'number' ? { pid: value.pid, birth: String(value.birth ?? ''), url: value.url } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock, or says who has it. A lock whose process is gone is taken over.
 * The file appears complete or not at all (written beside, then linked), so nobody reads half of it.
 * @param {string} file
 * @returns {{ lock: HeldLock } | { holder: Holder }}
 */
export function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = { pid: process.pid, birth: birthOf(process.pid) };
  const beside = `${file}.${String(process.pid)}.${randomBytes(4).toString('hex')}`;
  for (;;) {
    writeFileSync(beside, JSON.stringify(mine), { mode: 0o600 });
    try {
      linkSync(beside, file);
      rmSync(beside, { force: true });
      return { lock: heldLock(file, mine) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder)) {
      rmSync(beside, { force: true });
      return { holder };
    }
    clearStale(file, beside);
  }
}

/**
 * Moves the stale lock away and looks at what was moved: another process may have taken it over in the same moment,
 * and then its lock is put back.
 * @param {string} file
 * @param {string} beside
 */
function clearStale(file, beside) {
  try {
    renameSync(file, beside);
    const moved = readHolder(beside);
    if (moved && isAlive(moved)) linkSync(beside, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error; // those two: someone else cleared or took it first
  }
}

/**
 * @param {string} file
 * @param {Holder} mine
 * @returns {HeldLock}
 */
function heldLock(file, mine) {
  return {
    update({ url }) {
      const next = `${file}.next`;
      writeFileSync(next, JSON.stringify({ ...mine, url }), { mode: 0o600 });
      renameSync(next, file);
    },
    release() {
      if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

/**
 * Does the work while no other process does work under the same lock; waits for its turn.
 * @template T
 * @param {string} file
 * @param {(holder: Holder) => void} onWait
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  let told = false;
  for (;;) {
    const taken = takeLock(file);
    if ('lock' in taken) {
      try {
        return await work();
      } finally {
        taken.lock.release();
      }
    }
    if (!told) onWait(taken.holder);
    told = true;
    await delay(200);
  }
}
