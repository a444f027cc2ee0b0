import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { birthOf, processesMarked, signalGroup } from './process-identity.mjs';

/** Every process that we start carries this variable, so that none is ever overlooked. */
export const leashVariable = 'LEASEWIRE_LEASH';

const reaperFile = join(dirname(fileURLToPath(import.meta.url)), 'reaper.mjs');

/**
 * Holds the processes that must not outlive this one, even when it is killed with -9: a small second process, the reaper,
 * waits at the end of a pipe. The system closes the pipe when we die, however we die; then the reaper stops them in order.
 */
export class Leash {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #reaper;
  /** @type {Map<number, string>} what the reaper was told, to tell its successor */
  #held = new Map();
  /** @type {Set<string>} */
  #paths = new Set();
  #released = false;

  /** @param {{ owner?: string }} [options] `owner`: names what the processes belong to, e.g. the folder of their data */
  constructor({ owner = 'none' } = {}) {
    this.mark = `${owner}|${randomBytes(6).toString('hex')}`;
  }

  /**
   * Like child_process.spawn, in a process group of its own: Ctrl-C in the terminal reaches only us, and we decide the order.
   * @param {string} command
   * @param {readonly string[]} args
   * @param {import('node:child_process').SpawnOptions & { order?: number }} options `order`: stopped from low to high
   * @returns {import('node:child_process').ChildProcess}
   */
  spawn(command, args, { order = 0, env = process.env, ...options }) {
    this.#ensureReaper();
    const child = spawn(command, args, {
      ...options,
      detached: true,
      env: { ...env, [leashVariable]: `${this.mark}|${String(order)}` },
    });
    const { pid } = child;
    if (pid !== undefined) {
      this.#tell(pid, `+ ${String(pid)} ${String(order)} ${birthOf(pid)}`);
      child.once('exit', () => this.#forget(pid));
    }
    return child;
  }

  /**
   * Deleted too when this process dies without saying goodbye: temporary folders, files that say that we run.
   * @param {string} path
   */
  alsoRemove(path) {
    this.#ensureReaper();
    this.#paths.add(path);
    this.#write(`rm ${path}`);
  }

  /** Everything was stopped properly: the reaper has nothing to do any more. */
  release() {
    this.#released = true;
    this.#write('done');
    this.#reaper?.stdin?.end();
  }

  /** Kills what is still there, at once. */
  killAll() {
    for (const pid of this.#held.keys()) signalGroup(pid, 'SIGKILL');
  }

  #ensureReaper() {
    if (this.#reaper || this.#released) return;
    const { [leashVariable]: _outer, ...env } = process.env; // it must outlive whoever holds us on a leash
    const reaper = spawn(process.execPath, [reaperFile, this.mark], { detached: true, env, stdio: ['pipe', 'ignore', 'ignore'] });
    this.#reaper = reaper;
    reaper.unref();
    reaper.stdin.on('error', () => undefined);
    if ('unref' in reaper.stdin && typeof reaper.stdin.unref === 'function') reaper.stdin.unref();
    reaper.once('exit', () => {
      if (this.#released) return;
      this.#reaper = undefined; // someone killed it: put another in its place
      this.#ensureReaper();
    });
    for (const line of this.#held.values()) this.#write(line);
    for (const path of this.#paths) this.#write(`rm ${path}`);
  }

  /**
   * @param {number} pid
   * @param {string} line
   */
  #tell(pid, line) {
    this.#held.set(pid, line);
    this.#write(line);
  }

  /** @param {number} pid */
  #forget(pid) {
    this.#held.delete(pid);
    this.#write(`- ${String(pid)}`);
  }

  /** @param {string} line */
  #write(line) {
    this.#reaper?.stdin?.write(`${line}\n`);
  }
}

/**
 * Kills what an earlier run left behind, when even its reaper was killed.
 * @param {string} owner
 * @returns {number} how many processes
 */
export function killLeftovers(owner) {
  const left = processesMarked(leashVariable, (value) => value.startsWith(`${owner}|`));
  for (const { pid } of left) signalGroup(pid, 'SIGKILL');
  return left.length;
}
