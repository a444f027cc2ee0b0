/**
 * npm run bench:events — from the commit in one service to the end of the handler's own transaction in another, on an idle
 * system, beside bare JetStream (publish → consumed in another process). `--count 500`
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mongo, plainBroker, trustedBroker } from './lib/broker.mjs';
import { budget, endWithBudgets, table } from './lib/figures.mjs';
import { latencies } from './lib/latency.mjs';
import { start } from './lib/processes.mjs';

const { values } = parseArgs({ options: { count: { type: 'string', default: '500' } } });
const count = Number(values.count);
const here = join(import.meta.dirname, 'events');
const node = (file, env, until) => start(process.execPath, [file], { env, cwd: here, until, keep: true });

const [database, trusted, plain] = [await mongo(), await trustedBroker(), await plainBroker()];
const inMongo = { LEASEWIRE_MONGODB_URI: database.uri, LEASEWIRE_SECRET_KEYS: `bench:${Buffer.alloc(32).toString('base64')}` };
const publisher = await node('publisher.mjs', { ...trusted.envOf('identity'), ...inMongo }, /publisher is ready/);
const handler = await node('handler.mjs', { ...trusted.envOf('audit'), ...inMongo }, /handler is ready/);
const consumer = await node('bare.mjs', { BENCH_NATS: plain.url, BENCH_ROLE: 'consumer' }, /consumer is ready/);
const producer = await node('bare.mjs', { BENCH_NATS: plain.url }, /producer is ready/);

const bare = await latencies(producer, consumer, { count, pauseMs: 20 });
const ours = await latencies(publisher, handler, { count, pauseMs: 20 });
const row = (name, f) => [name, f.count, ...[f.p50, f.p99, f.max].map((ms) => ms.toFixed(1)), (f.p99 / bare.p99).toFixed(1)];
table(
  ['idle system, ms', 'events', 'p50', 'p99', 'max', '× bare p99'],
  [row('bare JetStream: publish → consumed', bare), row('Leasewire: committed → handled (two transactions)', ours)],
);
console.log();
budget('event, commit to handled, p99', ours.p99, '≤', 50, ' ms');
endWithBudgets();
