/** The physical ceiling: node:http, one wildcard inbox, bytes through, no checks at all. */
import { createServer } from 'node:http';
import { connect, createInbox } from '@nats-io/transport-node';

const nats = await connect({ servers: process.env.BENCH_NATS, noAsyncTraces: true });
const inbox = createInbox();
const waiting = new Map();
let next = 0;
nats.subscribe(`${inbox}.*`, {
  callback: (_error, message) => {
    const id = message.subject.slice(inbox.length + 1);
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.(message.data);
  },
});

function ask(subject, bytes) {
  const id = String(next++);
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    nats.publish(subject, bytes, { reply: `${inbox}.${id}` });
  });
}

const server = createServer((request, response) => {
  const answer = (status) => (bytes) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  };
  if (request.method === 'GET') return void ask('bench.page').then(answer(200));
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => void ask('bench.one', Buffer.concat(chunks)).then(answer(201)));
});
server.listen(Number(process.env.BENCH_PORT), '127.0.0.1', () => console.log('ready'));
