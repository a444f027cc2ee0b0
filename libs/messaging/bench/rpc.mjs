// What a checked call costs beside the bare exchange of the same bytes, in one run: `node libs/messaging/bench/rpc.mjs [url]`.
// Build first (npm run build libs/messaging) and have a nats-server; all three parts share the cores of this machine.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connect, createInbox } from '@nats-io/transport-node';
import { defineRpc } from '@leasewire/contracts';
import { z } from 'zod';
import {
  Assertions,
  connectNats,
  newNkey,
  newId,
  Rpc,
  RpcClient,
  RpcServer,
  silentLog,
  systemClock,
  TokenSigner,
  TokenVerifier,
} from '../dist/index.js';

const url = process.argv[2] ?? 'nats://127.0.0.1:4222';
const seconds = 2;
const body = {
  name: 'x'.repeat(500),
  items: Array.from({ length: 10 }, (_, i) => ({ id: `item-${i}`, count: i, label: 'some words here' })),
};
const echo = defineRpc('identity.echo', {
  does: 'query',
  input: z.object({ name: z.string(), items: z.array(z.object({ id: z.string(), count: z.int(), label: z.string() })) }),
  output: z.any(),
  permission: 'accounts.staff:view',
  describe: 'echo',
});

const keys = { gateway: newNkey(), identity: newNkey() };
const verifier = () => new TokenVerifier({ gateway: keys.gateway.publicKey, identity: keys.identity.publicKey }, systemClock);
const assertions = (name) => new Assertions(name, new TokenSigner(name, keys[name].seed, systemClock), verifier());

class Echo {
  echo(input) {
    return Promise.resolve(input);
  }
}
const descriptor = Object.getOwnPropertyDescriptor(Echo.prototype, 'echo');
Rpc(echo)(Echo.prototype, 'echo', descriptor);
class Root {}
Module({ controllers: [Echo] })(Root);

const serverConnection = await connectNats({ url, service: 'identity' }, silentLog);
const server = new RpcServer({
  connection: serverConnection,
  service: 'identity',
  assertions: assertions('identity'),
  log: silentLog,
});
const app = await NestFactory.createMicroservice(Root, { strategy: server, logger: false });
await app.listen();

const clientConnection = await connectNats({ url, service: 'gateway' }, silentLog);
const client = new RpcClient(clientConnection);
const gateway = assertions('gateway');
const actor = { ref: `staff:${newId('stf')}`, orgId: newId('org'), permissions: { 'accounts.staff': 'full' }, properties: 'all' };
const options = () => ({ assertion: gateway.forActor(actor), correlationId: newId('cor') });

// The ceilings: one wildcard inbox and a map; nothing checked. JSON at both ends, and bytes only.
const rawConnection = await connect({ servers: url, noAsyncTraces: true });
const rawServer = await connect({ servers: url });
rawServer.subscribe('raw.json', { callback: (_e, m) => m.respond(JSON.stringify(JSON.parse(Buffer.from(m.data).toString()))) });
rawServer.subscribe('raw.bytes', { callback: (_e, m) => m.respond(m.data) });
await rawServer.flush();
const inbox = `${createInbox()}.`;
const pending = new Map();
let next = 0;
rawConnection.subscribe(`${inbox}*`, {
  callback: (_e, m) => {
    const id = m.subject.slice(inbox.length);
    pending.get(id)(m.data);
    pending.delete(id);
  },
});
const raw = (subject, data) =>
  new Promise((resolve) => {
    const id = String(next++);
    pending.set(id, resolve);
    rawConnection.publish(subject, data, { reply: inbox + id });
  });
const bytes = Buffer.from(JSON.stringify(body));

const variants = {
  'raw mux, bytes': () => raw('raw.bytes', bytes),
  'raw mux, JSON both ends': async () => JSON.parse(Buffer.from(await raw('raw.json', JSON.stringify(body))).toString()),
  'RpcClient.callRaw': () => client.callRaw(echo, body, options()),
  'RpcClient.call': () => client.call(echo, body, options()),
};

async function rate(call, inFlight) {
  let done = 0;
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < until) {
        await call();
        done++;
      }
    }),
  );
  return done / seconds;
}

for (const inFlight of [1, 32, 256]) {
  const figures = {};
  for (const [name, call] of Object.entries(variants)) {
    await rate(call, inFlight);
    figures[name] = await rate(call, inFlight);
  }
  const ceiling = figures['raw mux, JSON both ends'];
  for (const [name, figure] of Object.entries(figures))
    console.log(
      `${String(inFlight).padStart(3)} in flight  ${name.padEnd(26)} ${Math.round(figure).toString().padStart(7)}/s  ${(figure / ceiling).toFixed(2)} of JSON mux`,
    );
}
client.close();
await app.close();
await Promise.all([serverConnection, clientConnection, rawConnection, rawServer].map((c) => c.close()));
