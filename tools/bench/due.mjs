/**
 * npm run bench:due — 5,000 things due at one instant: how late each handler begins, with claimed documents (MongoDB, majority and
 * journal) beside BullMQ on Redis that syncs every write. Ours asks again, before it begins, whether each is still due, and once more
 * in the transaction that settles it. `--count 5000 --rounds 3`
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

/** The contender says what it saw of each instant; several, because one is luck. */
async function instants(contender, times = rounds) {
  const seen = [];
  for (let nth = 0; nth < times; nth++) {
    const before = contender.said().length;
    contender.tell(String(count));
    let line;
    while (!(line = /^late (\d+) ([\d.]+) ([\d.]+) ([\d.]+) done ([\d.]+)$/m.exec(contender.said().slice(before)))) {
      if (!contender.runs()) throw new Error(`It ended before it said how late it was:\n${contender.said().slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [began, p50, p99, last, done] = line.slice(1).map(Number);
    if (began !== count) throw new Error(`${began} of ${count} began`);
    seen.push({ p50, p99, last, done });
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
    LEASEWIRE_SECRET_KEYS: `bench:${Buffer.alloc(32).toString('base64')}`,
    BENCH_HOW: how,
  });
const bull = await instants(await contender('bullmq.mjs', { BENCH_REDIS: String(port) }));
const many = await instants(await ours('many'));
const single = await instants(await ours('single'), 1);
const row = (name, { p50, p99, last, done }) => [
  name,
  ...[p50, p99, last, done].map((ms) => ms.toFixed(0)),
  (p99 / bull.p99).toFixed(2),
];
table(
  [`${count} due at one instant, ms late, median of ${rounds}`, 'p50', 'p99', 'last', 'all settled', 'p99 of BullMQ’s'],
  [
    row('BullMQ, Redis with appendfsync always, 100 at once', bull),
    row('Leasewire, a hundred of an organization in one transaction', many),
    row('Leasewire, each in a transaction of its own, 32 at once (one run)', single),
  ],
);
console.log();
budget('p99 lateness beside BullMQ and Redis, both durable', many.p99 / bull.p99, '≤', 1);
endWithBudgets();
