import {
  deadLetterRpcs,
  eventSubject,
  snapshotRpc,
  streamOf,
  type EntityVersion,
  type Fact,
  type OutputOf,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Controller, type INestMicroservice } from '@nestjs/common';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import {
  connectNats,
  ignoreOlder,
  NatsEventBus,
  newId,
  rebuild,
  Rpc,
  RpcClient,
  RpcServer,
  serveSnapshot,
  silentLog,
  type ReadModel,
  type SnapshotItem,
  type SnapshotSource,
} from '../src/index.js';
import { eventOf, org, staffInvited, Trust } from './fixtures.js';
import { NatsServer } from './nats-server.js';
import { nestApp } from './nest-app.js';
import { until } from './until.js';

type Staff = z.output<typeof staffInvited.schema>;
const identitySnapshot = snapshotRpc('identity', staffInvited.schema);

/** The owner: a map instead of a database; every change is an event with the full state. */
class Owner {
  readonly staff = new Map<string, { version: number; data: Staff }>();
  constructor(private readonly bus: NatsEventBus) {}

  async set(id: string, data: Staff): Promise<void> {
    const version = (this.staff.get(id)?.version ?? 0) + 1;
    this.staff.set(id, { version, data });
    const { envelope } = eventOf(staffInvited, data, { subject: id, version });
    await this.bus.publish({ subject: eventSubject(staffInvited, org), envelope });
  }

  source(): SnapshotSource<Staff> {
    return {
      entity: 'staff',
      page: (cursor = '', limit) => {
        const ids = [...this.staff.keys()].sort().filter((id) => id > cursor);
        const items = ids.slice(0, limit).map((id) => ({ id, orgId: org, epoch: 0, ...this.staff.get(id)! }));
        return Promise.resolve({ items, nextCursor: ids.length > limit ? (items.at(-1)?.id ?? null) : null });
      },
    };
  }
}

/** A reader: one function takes both events and snapshot items. */
class Reader implements ReadModel<Staff> {
  readonly rows = new Map<string, { version: EntityVersion; data: Staff }>();
  applied = 0;

  begin(): Promise<void> {
    this.rows.clear();
    return Promise.resolve();
  }
  apply(items: readonly SnapshotItem<Staff>[]): Promise<void> {
    for (const item of items) this.put(item.id, { version: { epoch: item.epoch, version: item.version } }, item.data);
    return Promise.resolve();
  }
  onEvent(fact: Fact<typeof staffInvited>): Promise<void> {
    this.put(fact.subject, fact, fact.data);
    return Promise.resolve();
  }
  private put(id: string, at: Pick<Fact, 'version'>, data: Staff): void {
    this.applied++;
    if (ignoreOlder(at, this.rows.get(id)?.version)) return;
    this.rows.set(id, { version: at.version, data });
  }
}

let nats: NatsServer;
let app: INestMicroservice;
let owner: Owner;
let client: RpcClient;
let auditBus: NatsEventBus;
const connections: NatsConnection[] = [];
const trust = new Trust();
const via = () => ({ assertion: trust.assertions('gateway').forService(org), correlationId: newId('cor') });

beforeEach(async () => {
  nats = await NatsServer.start();
  const [gateway, identity, audit] = await Promise.all(
    ['gateway', 'identity', 'audit'].map((service) => connectNats({ url: nats.url, service }, silentLog)),
  );
  connections.push(gateway!, identity!, audit!);
  const bus = new NatsEventBus({ connection: identity!, service: 'identity', log: silentLog, streamMaxBytes: 8e6 });
  await bus.ensureStream('identity');
  auditBus = new NatsEventBus({ connection: audit!, service: 'audit', log: silentLog, streamMaxBytes: 8e6 });
  client = new RpcClient(gateway!);
  owner = new Owner(bus);

  const serve = serveSnapshot({ position: () => bus.position('identity'), sources: [owner.source()] });
  @Controller()
  class Snapshot {
    @Rpc(identitySnapshot)
    snapshot(query: ParsedInputOf<typeof identitySnapshot>) {
      return serve(query);
    }
  }
  app = await nestApp(
    new RpcServer({
      connection: identity!,
      service: 'identity',
      assertions: trust.assertions('identity'),
      log: silentLog,
      checkOutputs: true,
    }),
    Snapshot,
  );
});
afterEach(async () => {
  client.close();
  await app.close();
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await nats.stop();
});

const expected = () => Object.fromEntries([...owner.staff].map(([id, { data }]) => [id, data]));
const had = (reader: Reader) => Object.fromEntries([...reader.rows].map(([id, { data }]) => [id, data]));

it('a read model rebuilt from an empty stream equals the owner’s state, and goes on with live events without a gap', async () => {
  const ids = Array.from({ length: 25 }, () => newId('stf'));
  for (const id of ids) await owner.set(id, { email: id, seats: 1 });
  for (const id of ids.slice(0, 5)) await owner.set(id, { email: id, seats: 2 });
  const manager = await jetstreamManager(connections[0]!);
  await manager.streams.purge(streamOf('identity'));

  const reader = new Reader();
  await auditBus.subscribe({ service: 'audit', handler: 'read', contracts: [staffInvited], stream: 'identity' }, (fact) =>
    reader.onEvent(fact as Fact<typeof staffInvited>),
  );
  const done = await rebuild({ caller: client, contract: identitySnapshot, via, model: reader, pageSize: 7 });
  expect(done).toEqual({ items: 25, position: 30 });
  expect(had(reader)).toEqual(expected());

  await owner.set(ids[3]!, { email: 'changed', seats: 9 });
  await owner.set(newId('stf'), { email: 'new', seats: 1 });
  await until(() => reader.rows.size === 26);
  await until(() => reader.rows.get(ids[3]!)?.data.seats === 9);
  expect(had(reader)).toEqual(expected());
});

it('a rebuild while everything changes loses and undoes nothing', async () => {
  const ids = Array.from({ length: 30 }, () => newId('stf'));
  for (const id of ids) await owner.set(id, { email: id, seats: 0 });
  const reader = new Reader();
  await auditBus.subscribe({ service: 'audit', handler: 'read', contracts: [staffInvited], stream: 'identity' }, (fact) =>
    reader.onEvent(fact as Fact<typeof staffInvited>),
  );

  const changing = new AbortController();
  const changes = (async () => {
    for (let i = 1; !changing.signal.aborted; i++) await owner.set(ids[i % ids.length]!, { email: `round ${i}`, seats: i });
  })();
  for (let round = 0; round < 5; round++)
    await rebuild({ caller: client, contract: identitySnapshot, via, model: reader, pageSize: 4 });
  changing.abort();
  await changes;
  await until(
    () =>
      JSON.stringify(had(reader)) === JSON.stringify(had(reader)) &&
      ids.every((id) => reader.rows.get(id)?.version.version === owner.staff.get(id)?.version),
  );
  expect(had(reader)).toEqual(expected());
});

it('a cursor that is none is refused', async () => {
  await expect(client.call(identitySnapshot, { cursor: 'bogus' }, via())).rejects.toMatchObject({ code: 'cursor.invalid' });
});

it('several kinds of entities follow one another', async () => {
  const one = (entity: string, count: number): SnapshotSource<string> => ({
    entity,
    page: (cursor = '0', limit) => {
      const from = Number(cursor);
      const items = Array.from({ length: Math.min(limit, count - from) }, (_, i) => ({
        id: String(from + i),
        orgId: org,
        version: 1,
        epoch: 0,
        data: entity,
      }));
      return Promise.resolve({ items, nextCursor: from + limit < count ? String(from + limit) : null });
    },
  });
  const serve = serveSnapshot({
    position: () => Promise.resolve(7),
    sources: [one('staff', 3), one('nothing', 0), one('role', 2)],
  });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await serve({ limit: 2, cursor });
    expect(page.position).toBe(7);
    seen.push(...page.items.map(({ entity, id }) => `${entity} ${id}`));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(['staff 0', 'staff 1', 'staff 2', 'role 0', 'role 1']);
});

it('every service has the calls for its dead letters', () => {
  type Shown = OutputOf<ReturnType<typeof deadLetterRpcs>['show']>;
  const body: keyof Shown = 'body';
  expect(body).toBe('body');
  expect(Object.values(deadLetterRpcs('network-access')).map(({ name, permission }) => [name, permission])).toEqual([
    ['network-access.list-dead-letters', 'service'],
    ['network-access.show-dead-letter', 'service'],
    ['network-access.replay-dead-letters', 'service'],
    ['network-access.drop-dead-letters', 'service'],
  ]);
});
