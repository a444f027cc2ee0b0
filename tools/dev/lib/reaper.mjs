// Runs as a process of its own, started by leash.mjs. It reads what its parent holds; when the parent is gone without
// having said "done", it stops those processes in order, and deletes what must not stay.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { leashVariable } from './leash.mjs';
import { isAlive, processesMarked, signalGroup } from './process-identity.mjs';

const politeMs = 5000;
const mark = process.argv[2] ?? '';

/** @type {Map<number, { pid: number, order: number, birth: string }>} */
const held = new Map();
/** @type {Set<string>} */
const paths = new Set();
let done = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined); // its end is the end of the pipe

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [verb, first = '', second = '', ...rest] = line.split(' ');
    if (verb === '+') held.set(Number(first), { pid: Number(first), order: Number(second), birth: rest.join(' ') });
    else if (verb === '-') held.delete(Number(first));
    else if (verb === 'rm') paths.add(line.slice(3));
    else if (verb === 'done') done = true;
  })
  .on('close', () => {
    if (done) process.exit(0);
    void reap().finally(() => process.exit(0));
  });

async function reap() {
  addUnannounced();
  const orders = [...new Set([...held.values()].map(({ order }) => order))].sort((a, b) => a - b);
  for (const order of orders) await stopAll([...held.values()].filter((entry) => entry.order === order));
  for (const { pid } of processesMarked(leashVariable, isOurs)) signalGroup(pid, 'SIGKILL'); // grandchildren that left their group
  for (const path of paths) rmSync(path, { recursive: true, force: true });
}

/** The parent may have died between starting a process and telling us. */
function addUnannounced() {
  for (const { pid, value } of processesMarked(leashVariable, isOurs)) {
    if (!held.has(pid)) held.set(pid, { pid, order: Number(value.split('|').at(-1)), birth: '' });
  }
}

/** @param {string} value */
function isOurs(value) {
  return mark !== '' && value.startsWith(`${mark}|`);
}

/** @param {{ pid: number, birth: string }[]} entries */
async function stopAll(entries) {
  const alive = entries.filter(isAlive);
  for (const { pid } of alive) signalGroup(pid, 'SIGTERM');
  const deadline = Date.now() + politeMs;
  while (alive.some(isAlive) && Date.now() < deadline) await delay(20);
  for (const entry of alive) if (isAlive(entry)) signalGroup(entry.pid, 'SIGKILL');
}
