/**
 * npm run bench:due — 5,000 things of ten organizations due at one instant: how late each handler begins, with claimed documents
 * (MongoDB, majority and journal) beside BullMQ on Redis that syncs every write. In the ways that the claimers of the services run:
 * in a unit of work with others, or alone because somebody else is called. Ours asks again whether each is still due, in the
 * transaction that settles it or right before it begins; and it stores what follows, where BullMQ’s handler does nothing.
 * `--count 5000 --rounds 3`: some six minutes, for everything is stored a quarter of a minute before its instant.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mongo, temporary, trustedBroker } from './lib/broker.mjs';
import { budget, endWithBudgets, median, table } from './lib/figures.mjs';
import { freePort, start } from './lib/processes.mjs';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '5000' }, rounds: { type: 'string', default: '3' } },
});
const [count, rounds] = [Number(values.count), Number(values.rounds)];
const here = join(import.meta.dirname, 'due');

async function redis() {
  try {
    execFileSync('redis-server', ['--version']);
  } catch {
    console.error('There is no redis-server to compare with: `apt-get install redis-server`, then run this again.');
    process.exit(1);
  }
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', temporary(), '--save', ''];
  await start('redis-server', [...args, '--appendonly', 'yes', '--appendfsync', 'always'], { until: /Ready to accept/ });
  return port;
}

let done = 0;

/** The contender says what it saw of each instant; several, because one is luck. */
async function instants(contender, times = rounds) {
  const seen = [];
  for (let nth = 0; nth < times; nth++) {
    console.error(`${++done} of ${rounds * 5 + 1} instants`);
    const before = contender.said().length;
    contender.tell(String(count));
    let line;
    while (!(line = /^late (\d+) ([\d.]+) ([\d.]+) ([\d.]+) done ([\d.]+)$/m.exec(contender.said().slice(before)))) {
      if (!contender.runs()) throw new Error(`It ended before it said how late it was:\n${contender.said().slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [began, p50, p99, last, settled] = line.slice(1).map(Number);
    if (began !== count) throw new Error(`${began} of ${count} began`);
    seen.push({ p50, p99, last, done: settled });
  }
  await contender.stop();
  const of = (what) => median(seen.map((one) => one[what]));
  return { p50: of('p50'), p99: of('p99'), last: of('last'), done: of('done') };
}

const [database, broker, port] = [await mongo(), await trustedBroker(), await redis()];
const contender = (file, env) => start(process.execPath, [join(here, file)], { env, cwd: here, until: /is ready/, keep: true });
const ours = (how) =>
  contender('ours.mjs', {
    ...broker.envOf('identity'),
    LEASEWIRE_MONGODB_URI: database.uri,
    LEASEWIRE_MONGODB_PREFIX: `${how}_`,
    LEASEWIRE_SECRET_KEYS: `bench:${Buffer.alloc(32).toString('base64')}`,
    BENCH_HOW: how,
  });
const theirs = (how) =>
  contender('bullmq.mjs', { BENCH_REDIS: String(port), LEASEWIRE_MONGODB_URI: database.uri, BENCH_HOW: how });

const bull = await instants(await theirs('nothing'));
const together = await instants(await ours('together'));
const each = await instants(await ours('each'));
const bullEach = await instants(await theirs('each'), 1);
const bullCalling = await instants(await theirs('alone'));
const alone = await instants(await ours('alone'));
const row = (name, { p50, p99, last, done }, beside) => [
  name,
  ...[p50, p99, last, done].map((ms) => ms.toFixed(0)),
  (p99 / beside.p99).toFixed(2),
];
table(
  [`${count} due at one instant, ms late, median of ${rounds}`, 'p50', 'p99', 'last', 'all settled', 'p99 of BullMQ’s'],
  [
    row('BullMQ, Redis with appendfsync always, 100 at once, does nothing', bull, bull),
    row('Leasewire, together: saved and told', together, bull),
    row('Leasewire, together: another document loaded, both saved, told', each, bull),
    row('BullMQ, the same in a transaction for each (one run)', bullEach, bull),
    row('BullMQ, a call of 5 ms', bullCalling, bullCalling),
    row('Leasewire, each alone: a call of 5 ms', alone, bullCalling),
  ],
);
console.log();
const what = (how) => `p99 lateness ${how}, beside BullMQ and Redis, both durable`;
budget(what('of what is saved and told'), together.p99 / bull.p99, '≤', 1);
budget(what('of what loads and saves more'), each.p99 / bull.p99, '≤', 1);
budget(what('of what calls somebody'), alone.p99 / bullCalling.p99, '≤', 1);
endWithBudgets();
