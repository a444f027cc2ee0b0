import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { closeAfterSpawn, openForChild } from './logs.mjs';
import { messageOf } from './problem.mjs';
import { killRestOfGroup, signalGroup } from './process-identity.mjs';

/**
 * @typedef {{ command: string, args: readonly string[], env?: NodeJS.ProcessEnv, cwd?: string }} Launch
 * @typedef {{ code: number | null, signal: string | null, livedMs: number }} Exit
 * @typedef {{
 *   name: string,
 *   order: number,
 *   prepare(): Promise<Launch>,
 *   output: { file: string } | { onLine(line: string): void },
 *   graceMs?: number,
 * }} Spec `order`: stopped from low to high. `prepare`: asked before every start, so that a port can change.
 * @typedef {{ firstMs: number, mostMs: number, stableMs: number }} Backoff
 */

/** @type {Backoff} */
const patience = { firstMs: 250, mostMs: 10_000, stableMs: 30_000 };

/** One process that is kept running: whatever ends it, also an exit with code 0, it is started again. */
export class Supervised {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {NodeJS.Timeout | undefined} */
  #pending;
  #failures = 0;
  #stopping = false;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();

  /** @type {Exit[]} in the order they happened */
  exits = [];

  /**
   * @param {Spec} spec
   * @param {{ leash: import('./leash.mjs').Leash, backoff: Backoff, changed(of: Supervised, exit?: Exit & { againInMs: number }): void }} around
   */
  constructor(spec, around) {
    this.spec = spec;
    this.around = around;
  }

  get name() {
    return this.spec.name;
  }

  /** undefined while it is down */
  get pid() {
    return this.#child?.pid;
  }

  async start() {
    const { command, args, env, cwd } = await this.spec.prepare();
    if (this.#stopping) return;
    const { output, order } = this.spec;
    const file = 'file' in output ? openForChild(output.file) : undefined;
    const sink = file ?? 'pipe';
    const child = this.around.leash.spawn(command, args, {
      order,
      stdio: ['ignore', sink, sink],
      ...(env ? { env } : {}),
      ...(cwd ? { cwd } : {}),
    });
    if (file !== undefined) closeAfterSpawn(file);
    if ('onLine' in output) {
      for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', output.onLine);
    }
    const began = performance.now();
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      let over = false;
      const end = (/** @type {number | null} */ code, /** @type {string | null} */ signal) => {
        if (over) return;
        over = true;
        this.#onEnd({ code, signal, livedMs: performance.now() - began });
        resolve();
      };
      child.once('exit', end);
      child.once('error', (error) => {
        if ('onLine' in output) output.onLine(`cannot be started: ${messageOf(error)}`);
        if (child.pid === undefined) end(null, null);
      });
    });
    this.around.changed(this);
  }

  /** @param {Exit} exit */
  #onEnd(exit) {
    if (this.#child?.pid !== undefined) killRestOfGroup(this.#child.pid);
    this.#child = undefined;
    this.exits.push(exit);
    if (this.#stopping) return;
    const { firstMs, mostMs, stableMs } = this.around.backoff;
    if (exit.livedMs >= stableMs) this.#failures = 0;
    const againInMs = Math.min(mostMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#again(againInMs);
    this.around.changed(this, { ...exit, againInMs });
  }

  /** @param {number} inMs */
  #again(inMs) {
    this.#pending = setTimeout(() => {
      this.start().catch(() => this.#stopping || this.#again(this.around.backoff.mostMs)); // e.g. no port is free just now
    }, inMs);
  }

  /** Asks it to end, and ends it when it does not within its grace. */
  async stop() {
    this.#stopping = true;
    clearTimeout(this.#pending);
    const pid = this.pid;
    if (pid === undefined) return;
    signalGroup(pid, 'SIGTERM');
    const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), this.spec.graceMs ?? 10_000);
    await this.#ended;
    clearTimeout(force);
  }
}

/** Keeps all processes of one Leasewire running, and stops them in order. */
export class Supervisor {
  /** @type {Supervised[]} */
  #all = [];

  /**
   * @param {{
   *   leash: import('./leash.mjs').Leash,
   *   backoff?: Backoff,
   *   changed?(of: Supervised, exit?: Exit & { againInMs: number }): void,
   * }} options
   */
  constructor({ leash, backoff = patience, changed = () => undefined }) {
    this.around = { leash, backoff, changed };
  }

  /**
   * @param {Spec} spec
   * @returns {Supervised} not started yet
   */
  add(spec) {
    const supervised = new Supervised(spec, this.around);
    this.#all.push(supervised);
    return supervised;
  }

  /** Those of one order at the same time, the next order only when they are gone. */
  async stop() {
    const orders = [...new Set(this.#all.map(({ spec }) => spec.order))].sort((a, b) => a - b);
    for (const order of orders) await Promise.all(this.#all.filter(({ spec }) => spec.order === order).map((one) => one.stop()));
  }
}
