/** BullMQ as its documentation shows it: delayed jobs in bulk, one worker. Its handler does nothing, or waits as one does who calls somebody. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { answer, Seen } from './report.mjs';

const connection = { host: '127.0.0.1', port: Number(process.env.BENCH_REDIS), maxRetriesPerRequest: null };
const queue = new Queue('due', { connection });
const seen = new Seen();
const worker = new Worker(
  'due',
  async (job) => {
    seen.begins([job.id]);
    if (process.env.BENCH_HOW === 'alone') await sleep(5);
  },
  { connection, concurrency: 100 },
);
worker.on('completed', (job) => seen.settles([job.id]));
await worker.waitUntilReady();
console.log('bullmq is ready');

await answer(async (count, at) => {
  const data = { text: 'x'.repeat(900) };
  for (let from = 0; from < count; from += 500)
    await queue.addBulk(
      Array.from({ length: Math.min(500, count - from) }, () => ({
        name: 'due',
        data,
        opts: { delay: at.getTime() - Date.now(), removeOnComplete: true },
      })),
    );
}, seen);
