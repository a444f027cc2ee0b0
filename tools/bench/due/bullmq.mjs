/**
 * BullMQ as its documentation shows it: delayed jobs in bulk, one worker. Its handler does nothing; or waits as one does who calls
 * somebody; or does to documents in MongoDB what ours does, in a transaction for each, as such a handler would.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId, silentLog, systemClock, systemIds } from '@leasewire/messaging';
import { Database, systemCause, TenantRepository, UnitOfWork } from '@leasewire/persistence';
import { Queue, Worker } from 'bullmq';
import { answer, Seen } from './report.mjs';
import { beside, over, rows } from './rows.mjs';

const connection = { host: '127.0.0.1', port: Number(process.env.BENCH_REDIS), maxRetriesPerRequest: null };
const how = process.env.BENCH_HOW;
const queue = new Queue(how, { connection });
const seen = new Seen();
const orgId = newId('org');
const db = await Database.connect(process.env.LEASEWIRE_MONGODB_URI, `bull_${randomUUID().slice(0, 8)}`, silentLog);
const work = new UnitOfWork({ db, service: 'identity', clock: systemClock, ids: systemIds, epoch: 0 });
const [ones, others] = [new TenantRepository(db, rows), new TenantRepository(db, beside)];
const within = (task) => work.run(systemCause('identity', orgId, systemIds), task);

async function settle(_id) {
  await within(async (tx) => {
    const other = await others.get({ orgId, _id }, { tx });
    await others.save(tx, { ...other, state: 'over' });
    const saved = await ones.save(tx, { ...(await ones.get({ orgId, _id }, { tx })), state: 'over' });
    tx.publish(over, { id: _id }, saved);
  });
}

const worker = new Worker(
  how,
  async (job) => {
    seen.begins([job.id]);
    if (how === 'alone') await sleep(5);
    if (how === 'each') await settle(job.data._id);
  },
  { connection, concurrency: 100 },
);
worker.on('completed', (job) => seen.settles([job.id]));
await worker.waitUntilReady();
console.log('bullmq is ready');

await answer(async (count, at) => {
  for (let from = 0; from < count; from += 500) {
    const some = Array.from({ length: Math.min(500, count - from) }, () => ({
      ...{ _id: newId('job'), orgId, state: 'open' },
      text: 'x'.repeat(900),
    }));
    if (how === 'each')
      await within(async (tx) => {
        await ones.insertMany(tx, some);
        await others.insertMany(tx, some);
      });
    await queue.addBulk(
      some.map((data) => ({
        name: 'due',
        data,
        opts: { delay: at.getTime() - Date.now(), removeOnComplete: true },
      })),
    );
  }
}, seen);
