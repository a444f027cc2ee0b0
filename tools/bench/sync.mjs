/**
 * npm run bench:sync — a full sync in which nothing has changed, beside fetching and parsing the same pages and nothing else, in
 * turns and in one run; what it writes and tells; and its memory, from one size to the next.
 * `--sizes 10000` (joined by commas: 10000,30000,100000), `--rounds 5`; `--profile folder` writes a CPU profile of pms-sync there, of the
 * rounds alone. The import before it is timed, not judged.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp, endOwnRun } from '@leasewire/testing';
import { budget, endWithBudgets, median, table } from './lib/figures.mjs';
import { start } from './lib/processes.mjs';
import { nextRun, platform } from './sync/platform.mjs';
import { cpuMs, forgetPeak, peakMb } from './sync/process-figures.mjs';
import { changed, contents, makeDue } from './sync/written.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    profile: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const folder = values.profile && resolve(values.profile);
if (folder) mkdirSync(folder, { recursive: true });
const profiling = folder && {
  'pms-sync': { NODE_OPTIONS: `--import ${import.meta.dirname}/sync/profiled.mjs`, BENCH_PROFILE: folder },
};
const node = (file, env, until) =>
  start(process.execPath, [file], { cwd: `${import.meta.dirname}/sync`, env, until, keep: true });

async function bareRound(bare) {
  const had = bare.said().length;
  bare.tell('go');
  while (!/round \{.*\}\n/.test(bare.said().slice(had))) await sleep(5);
  return JSON.parse(/round (\{.*\})/.exec(bare.said().slice(had))[1]);
}

async function measured(people) {
  process.stderr.write(`${people} people: building the world\n`);
  const vendor = await node('vendor.mjs', { BENCH_PEOPLE: String(people) }, /vendor is ready .*\n/);
  const access = JSON.parse(/vendor is ready (.*)\n/.exec(vendor.said())[1]);
  const { stack, ask } = await platform(profiling);
  const connection = await ask('POST', '/v1/connections', {
    pms: 'entrata',
    name: 'bench',
    settings: { subdomain: access.subdomain, baseUrl: `${access.url}/ext/orgs` },
    credentials: { apiKey: access.apiKey },
  });
  const shown = await ask('GET', `/v1/connections/${connection.id}/upstream-properties`);
  const upstreamId = shown.items[0].id;
  process.stderr.write(`${people} people: the first import\n`);
  const began = performance.now();
  const adopted = await ask('POST', `/v1/connections/${connection.id}/properties`, { properties: [{ upstreamId }] });
  const { propertyId } = adopted.items[0];
  const known = new Set();
  const first = await nextRun(ask, propertyId, known);
  if (!first.complete) throw new Error(`the import came to ${JSON.stringify(first)}`);
  const importMs = performance.now() - began;
  // once a day, so that only the bench makes it due
  await ask('PUT', `/v1/properties/${propertyId}/sync/policy`, { policy: { everyMinutes: 1440 } });

  const { pid } = stack.one('pms-sync');
  const directory = stack.one('directory').pid;
  const pastFrom = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10);
  const american = `${pastFrom.slice(5, 7)}/${pastFrom.slice(8, 10)}/${pastFrom.slice(0, 4)}`;
  const bare = await node(
    'bare.mjs',
    { BENCH_VENDOR: JSON.stringify({ ...access, propertyId: upstreamId, pastFrom: american }) },
    /bare is ready/,
  );

  /** What both cost while nothing is to be done, but for answering our questions: taken off what a sweep costs. */
  const idle = async () => {
    const before = [cpuMs(pid), cpuMs(directory), performance.now()];
    while (performance.now() - before[2] < 5_000) await nextRun(ask, propertyId, known, 1);
    const ms = performance.now() - before[2];
    return { cpu: (cpuMs(pid) - before[0]) / ms, directory: (cpuMs(directory) - before[1]) / ms };
  };
  const sweep = async (idling = { cpu: 0, directory: 0 }) => {
    const before = [cpuMs(pid), cpuMs(directory), performance.now()];
    await makeDue(stack.deployment, propertyId);
    const run = await nextRun(ask, propertyId, known);
    const ms = performance.now() - before[2];
    return {
      run,
      ms,
      cpu: cpuMs(pid) - before[0] - idling.cpu * ms,
      directoryCpu: cpuMs(directory) - before[1] - idling.directory * ms,
    };
  };
  await bareRound(bare);
  await sweep(); // warm, and whatever the import left to do is done
  await sleep(3_000);
  forgetPeak(pid);
  const figures = { ours: [], bare: [] };
  const { nextCursor } = await ask('GET', '/v1/events?after=now');
  const held = await contents(stack.deployment);
  const { run } = await sweep();
  await sleep(1_500); // the event is on its way, and directory hears it
  const written = changed(held, await contents(stack.deployment));
  const events = (await ask('GET', `/v1/events?after=${nextCursor}&limit=500`)).items.map(({ type }) => type);
  const idling = await idle();
  if (profiling) process.kill(pid, 'SIGUSR2');
  for (let round = 1; round <= rounds; round++) {
    figures.bare.push((await bareRound(bare)).cpuMs);
    figures.ours.push(await sweep(idling));
  }
  const peak = peakMb(pid);
  if (profiling) {
    process.kill(pid, 'SIGUSR2');
    await sleep(2_000);
  }
  await Promise.all([bare.stop(), vendor.stop()]);
  await stack.stop();
  return {
    people,
    run,
    written,
    events,
    peak,
    importMs,
    bareCpu: median(figures.bare),
    cpu: median(figures.ours.map((one) => one.cpu)),
    directoryCpu: median(figures.ours.map((one) => one.directoryCpu)),
    ms: median(figures.ours.map((one) => one.ms)),
  };
}

const all = [];
for (const size of values.sizes.split(',').map(Number)) all.push(await measured(size));
table(
  [
    'unchanged full sync',
    'people seen',
    'CPU ms',
    'bare CPU ms',
    'times bare',
    'directory CPU ms',
    'took ms',
    'peak MB',
    'import s',
  ],
  all.map(({ people, run, cpu, bareCpu, directoryCpu, ms, peak, importMs }) => [
    `${people} people`,
    run.counts.unchanged + run.counts.skipped,
    Math.round(cpu),
    Math.round(bareCpu),
    (cpu / bareCpu).toFixed(2),
    Math.round(directoryCpu),
    Math.round(ms),
    Math.round(peak),
    (importMs / 1000).toFixed(0),
  ]),
);
console.log();
for (const { people, cpu, bareCpu, written, events, run } of all) {
  if (run.counts.synced + run.counts.failed + run.counts.held > 0) throw new Error(`something changed: ${JSON.stringify(run)}`);
  for (const { name, more } of written) console.log(`        ${people}: ${name} is not what it was (${more} documents more)`);
  console.log(`        ${people}: ${events.join(', ')}`);
  const runs = written.find(({ name }) => name.endsWith('.sync_runs'))?.more ?? 0;
  budget(`${people}: CPU, times fetching and parsing the same pages`, cpu / bareCpu, '≤', 3);
  budget(`${people}: run documents`, runs, '≤', 1);
  budget(`${people}: events`, events.length, '≤', 1);
}
if (all.length > 1) {
  const [least, most] = [all[0], all.at(-1)];
  budget(`peak memory of ${most.people} people, times that of ${least.people}`, most.peak / least.peak, '≤', 1.5);
}
await cleanUp();
await endOwnRun();
endWithBudgets();
