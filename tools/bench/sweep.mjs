/**
 * npm run bench:sweep — an unchanged sweep by the code of pms-sync alone (connector, door to the vendor, flow of people), beside fetching
 * and parsing the same pages, in turns; and what it holds when all rows have come. Without database and directory, which
 * `npm run bench:sync` has: so it comes to large sizes in seconds. `--sizes 10000,30000,100000 --rounds 5`; `--profile folder`
 * writes a CPU profile of the rounds of each size there.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { endOwnRun, cleanUp } from '@leasewire/testing';
import { budget, endWithBudgets, median, table } from './lib/figures.mjs';
import { start } from './lib/processes.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,30000,100000' },
    rounds: { type: 'string', default: '5' },
    profile: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const folder = values.profile && resolve(values.profile);
if (folder) mkdirSync(folder, { recursive: true });
const profiling = folder ? ['--import', `${import.meta.dirname}/sync/profiled.mjs`] : [];
const node = (args, env, until) => start(process.execPath, args, { cwd: `${import.meta.dirname}/sync`, env, until, keep: true });

async function round(child) {
  const had = child.said().length;
  child.tell('go');
  while (!/round \{.*\}\n/.test(child.said().slice(had))) await sleep(5);
  return JSON.parse(/round (\{.*\})/.exec(child.said().slice(had))[1]);
}

async function measured(people) {
  process.stderr.write(`${people} people\n`);
  const vendor = await node(['vendor.mjs'], { BENCH_PEOPLE: String(people) }, /vendor is ready .*\n/);
  const access = JSON.parse(/vendor is ready (.*)\n/.exec(vendor.said())[1]);
  const pastFrom = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10);
  const american = `${pastFrom.slice(5, 7)}/${pastFrom.slice(8, 10)}/${pastFrom.slice(0, 4)}`;
  const to = (more) => ({ BENCH_VENDOR: JSON.stringify({ ...access, propertyId: access.firstProperty, ...more }) });
  const flow = await node(
    ['--expose-gc', ...profiling, 'flow.mjs'],
    { ...to({ pastFrom }), ...(folder && { BENCH_PROFILE: folder }) },
    /flow is ready/,
  );
  const bare = await node(['bare.mjs'], to({ pastFrom: american }), /bare is ready/);
  const figures = { ours: [], bare: [] };
  for (let n = -2; n < rounds; n++) {
    if (folder && n === 0) process.kill(flow.pid, 'SIGUSR2');
    const [theirs, ours] = [await round(bare), await round(flow)];
    if (n < 0) continue; // warm
    figures.bare.push(theirs.cpuMs);
    figures.ours.push(ours);
  }
  if (folder) {
    process.kill(flow.pid, 'SIGUSR2');
    await sleep(2_000);
  }
  await Promise.all([vendor.stop(), flow.stop(), bare.stop()]);
  return {
    people,
    counts: figures.ours.at(-1).counts,
    cpu: median(figures.ours.map(({ cpuMs }) => cpuMs)),
    bare: median(figures.bare),
    heldMb: median(figures.ours.map(({ heldMb }) => heldMb)),
  };
}

const all = [];
for (const size of values.sizes.split(',').map(Number)) all.push(await measured(size));
table(
  ['unchanged sweep, by itself', 'people seen', 'CPU ms', 'bare CPU ms', 'times bare', 'held MB', 'bytes a person'],
  all.map(({ people, counts, cpu, bare, heldMb }) => [
    `${people} people`,
    counts.unchanged + counts.skipped,
    Math.round(cpu),
    Math.round(bare),
    (cpu / bare).toFixed(2),
    heldMb.toFixed(1),
    Math.round((heldMb * 1e6) / (counts.unchanged + counts.skipped)),
  ]),
);
console.log();
for (const { people, cpu, bare, counts } of all) {
  if (counts.synced + counts.failed + counts.held > 0) throw new Error(`something changed: ${JSON.stringify(counts)}`);
  budget(`${people}: CPU, times fetching and parsing the same pages`, cpu / bare, '≤', 3);
}
await cleanUp();
await endOwnRun();
endWithBudgets();
