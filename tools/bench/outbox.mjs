/**
 * npm run bench:outbox — units of work (state, event, in one transaction; 32 at once) until everything is on the stream, beside
 * what each half can do alone: the bare driver with the same transaction, and bare JetStream publishing. `--count 4000`
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { mongo, plainBroker, trustedBroker } from './lib/broker.mjs';
import { budget, endWithBudgets, table } from './lib/figures.mjs';
import { drained } from './lib/latency.mjs';
import { start } from './lib/processes.mjs';

const { values } = parseArgs({ options: { count: { type: 'string', default: '4000' } } });
const count = Number(values.count);
const here = join(import.meta.dirname, 'events');
const node = (file, env, until) => start(process.execPath, [file], { env, cwd: here, until, keep: true });

async function bareDriver(uri) {
  const client = await new MongoClient(uri, { writeConcern: { w: 'majority', j: true } }).connect();
  const db = client.db('bench_bare');
  await Promise.all(['rows', 'outbox'].map((name) => db.createCollection(name)));
  const one = () =>
    client.withSession((session) =>
      session.withTransaction(async () => {
        await db.collection('rows').insertOne({ name: 'x'.repeat(400) }, { session });
        await db.collection('outbox').insertOne({ envelope: 'x'.repeat(700) }, { session });
      }),
    );
  for (let n = 0; n < 200; n++) await one();
  const started = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (left-- > 0) await one();
    }),
  );
  const took = performance.now() - started;
  await client.close();
  return took;
}

const [database, trusted, plain] = [await mongo(), await trustedBroker(), await plainBroker()];
const inMongo = { LEASEWIRE_MONGODB_URI: database.uri, LEASEWIRE_SECRET_KEYS: `bench:${Buffer.alloc(32).toString('base64')}` };
const publisher = await node('publisher.mjs', { ...trusted.envOf('identity'), ...inMongo }, /publisher is ready/);
const consumer = await node('bare.mjs', { BENCH_NATS: plain.url, BENCH_ROLE: 'consumer' }, /consumer is ready/);
await consumer.stop();
const producer = await node('bare.mjs', { BENCH_NATS: plain.url }, /producer is ready/);

await drained(publisher, 500); // warm
const driver = await bareDriver(database.uri);
const stream = (await drained(producer, count)).drainedMs;
const ours = await drained(publisher, count);
const perSecond = (ms) => (count / ms) * 1000;
table(
  [`${count} events`, 'per second', 'of the bare driver'],
  [
    ['bare driver: transaction of two inserts', Math.round(perSecond(driver)), '1.00'],
    ['bare JetStream: 256 publishes in flight', Math.round(perSecond(stream)), (driver / stream).toFixed(2)],
    ['Leasewire: committed', Math.round(perSecond(ours.committedMs)), (driver / ours.committedMs).toFixed(2)],
    ['Leasewire: committed, published, marked', Math.round(perSecond(ours.drainedMs)), (driver / ours.drainedMs).toFixed(2)],
  ],
);
console.log();
budget('share of the bare driver, everything published', driver / ours.drainedMs, '≥', 0.5);
endWithBudgets();
