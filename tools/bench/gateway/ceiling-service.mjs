/** Answers with bytes that are made once: what a service could do at best. */
import { connect } from '@nats-io/transport-node';
import { oneKilobyte, page } from './payloads.mjs';

const nats = await connect({ servers: process.env.BENCH_NATS, noAsyncTraces: true });
const answers = { 'bench.one': Buffer.from(JSON.stringify(oneKilobyte)), 'bench.page': Buffer.from(JSON.stringify(page)) };
for (const [subject, bytes] of Object.entries(answers))
  nats.subscribe(subject, { queue: 'bench', callback: (_error, message) => message.respond(bytes) });
await nats.flush();
console.log('ready');
