/** A service that commits state and event, as identity does. Told `one` it commits one and says when; told `many N` it drains N. */
import { createInterface } from 'node:readline';
import { roleChanged } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { defineCollection, systemCause, tenantDoc, TenantRepository, UnitOfWork, Relay, Database } from '@leasewire/persistence';
import { bootstrapService, IDS } from '@leasewire/service-kit';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { orgId } from '../gateway/payloads.mjs';

class Empty {}
Module({})(Empty);

const rows = defineCollection('bench_rows', tenantDoc.extend({ name: z.string() }), { scope: 'org' });
const service = await bootstrapService({ name: 'identity', module: Empty, collections: [rows] });
const work = service.get(UnitOfWork);
const relay = service.get(Relay);
const repository = new TenantRepository(service.get(Database), rows);
const ids = service.get(IDS);
const now = () => performance.timeOrigin + performance.now();

async function commit() {
  let event;
  await work.run(systemCause('identity', orgId, ids), async (tx) => {
    const row = await repository.insert(tx, { _id: newId('rol'), orgId, name: 'x'.repeat(400) });
    const role = {
      id: row._id,
      name: 'Bench',
      preset: null,
      permissions: {},
      version: 1,
      createdAt: tx.now.toISOString(),
      updatedAt: tx.now.toISOString(),
    };
    event = tx.publish(roleChanged, { role }, row);
  });
  return event;
}

async function many(count) {
  const started = now();
  let left = count;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (left-- > 0) await commit();
    }),
  );
  const committed = now();
  while ((await relay.unpublished()) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  console.log(`drained ${count} ${committed - started} ${now() - started}`);
}

console.log('publisher is ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [what, count] = line.split(' ');
  if (what === 'one') {
    const event = await commit();
    console.log(`committed ${event} ${now()}`);
  } else await many(Number(count));
}
