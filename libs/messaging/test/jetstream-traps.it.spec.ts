import { deadLetterStreamOf, type DomainError, streamOf, type Fact } from '@leasewire/contracts';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import {
  connectNats,
  EventTail,
  NatsEventBus,
  type EventBus,
  type NatsEventBusOptions,
  type SubscriptionSpec,
} from '../src/index.js';
import { eventOf, org, otherOrg, recordingLog, staffInvited, staffRemoved } from './fixtures.js';
import { NatsServer } from './nats-server.js';
import { gate, until } from './until.js';

/** Each test is named after the trap it is about: research/architecture B.1–B.3. */

let nats: NatsServer;
let admin: JetStreamManager;
let log: ReturnType<typeof recordingLog>;
const connections: NatsConnection[] = [];

beforeAll(async () => {
  nats = await NatsServer.start();
});
afterAll(() => nats.stop());

const connectAs = async (service: string): Promise<NatsConnection> => {
  const connection = await connectNats({ url: nats.url, service }, log);
  connections.push(connection);
  return connection;
};
const busOf = async (service: string, more: Partial<NatsEventBusOptions> = {}): Promise<NatsEventBus> =>
  new NatsEventBus({ connection: await connectAs(service), service, log, streamMaxBytes: 8e6, ...more });

let identity: NatsEventBus;
beforeEach(async () => {
  log = recordingLog();
  admin = await jetstreamManager(await connectAs('admin'));
  for await (const { config } of admin.streams.list()) await admin.streams.delete(config.name);
  identity = await busOf('identity');
  await identity.ensureStream('identity');
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});

const usual = {
  service: 'audit',
  handler: 'record',
  contracts: [staffInvited],
  stream: 'identity',
  ackWaitMs: 300,
  backoffMs: [20],
  maxDeliver: 3,
} satisfies SubscriptionSpec;
const stream = streamOf('identity');
const durable = 'audit__record';
const invited = (email: string) => eventOf(staffInvited, { email, seats: 1 });
const emailOf = (fact: Fact) => (fact.data as { email: string }).email;
async function collect(bus: EventBus, spec: Partial<SubscriptionSpec> = {}): Promise<string[]> {
  const emails: string[] = [];
  await bus.subscribe({ ...usual, ...spec }, (fact) => Promise.resolve(void emails.push(emailOf(fact))));
  return emails;
}

describe('ack_wait', () => {
  it('shorter than the handler does not deliver an event twice: the handler says that it is working', async () => {
    let tries = 0;
    let done = false;
    await (
      await busOf('audit')
    ).subscribe({ ...usual, ackWaitMs: 100 }, async () => {
      tries++;
      await new Promise((resolve) => setTimeout(resolve, 500));
      done = true;
    });
    await identity.publish(invited('a'));
    await until(() => done);
    await until(async () => (await admin.consumers.info(stream, durable)).num_ack_pending === 0);
    expect(tries).toBe(1);
  });

  it('is not extended for ever: the event of a handler that hangs goes to another replica (working() is capped)', async () => {
    await (await busOf('audit')).subscribe({ ...usual, ackWaitMs: 30 }, () => new Promise(() => undefined));
    await identity.publish(invited('a'));
    await until(async () => (await admin.consumers.info(stream, durable)).num_ack_pending === 1);
    const other = await collect(await busOf('audit'), { ackWaitMs: 30 });
    await until(() => other.length === 1 && log.has('it goes to another replica')); // in any order: a busy machine tells late
  });

  it('brings the events of a process that died to another', async () => {
    const dying = await busOf('audit');
    const connection = connections.at(-1)!;
    let began = 0;
    await dying.subscribe(usual, () => {
      began++;
      return new Promise(() => undefined);
    });
    await identity.publish(invited('a'));
    await until(() => began === 1);
    await connection.close();
    const other = await collect(await busOf('audit'));
    await until(() => other.length === 1);
  });

  it('brings an event again whose ack was lost: the inbox has to know it (late redelivery after ack)', async () => {
    const facts: Fact[] = [];
    const losing = await busOf('audit');
    const connection = connections.at(-1)!;
    await losing.subscribe(usual, async (fact) => {
      facts.push(fact);
      await connection.close(); // after the commit, before the ack
    });
    await identity.publish(invited('a'));
    await until(() => facts.length === 1);
    await (await busOf('audit')).subscribe(usual, (fact) => Promise.resolve(void facts.push(fact)));
    await until(() => facts.length === 2);
    expect(facts[1]).toMatchObject({ id: facts[0]!.id, handler: facts[0]!.handler, attempt: 1 });
  });
});

describe('attempts', () => {
  it('are unlimited on the server, so nothing is stranded: we count ourselves', async () => {
    await collect(await busOf('audit'));
    expect((await admin.consumers.info(stream, durable)).config).toMatchObject({
      max_deliver: -1,
      max_ack_pending: 1000,
      ack_policy: 'explicit',
    });
  });

  it('that never even failed end among the dead letters without another run: the event probably kills the process', async () => {
    await admin.consumers.add(stream, {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
    });
    const consumer = await jetstream(connections[0]!).consumers.get(stream, durable);
    await identity.publish(invited('a'));
    for (let i = 0; i < 6; i++) (await consumer.next({ expires: 1000 }))?.nak();
    const audit = await busOf('audit');
    const handle = jest.fn();
    await audit.subscribe({ ...usual, maxDeliver: 3 }, handle);
    await until(async () => (await audit.deadLetters.list()).items.length === 1);
    expect((await audit.deadLetters.list()).items[0]).toMatchObject({ reason: 'never-finished', attempts: 7 });
    expect(handle).not.toHaveBeenCalled();
  });

  it('of a type that only a newer replica knows are given back, not lost (changed filters during a roll-out)', async () => {
    const old = await busOf('audit');
    await old.subscribe({ ...usual, backoffMs: [20], maxDeliver: 50 }, () => Promise.resolve());
    const seen: string[] = [];
    await (
      await busOf('audit')
    ).subscribe({ ...usual, contracts: [staffInvited, staffRemoved], maxDeliver: 50 }, (fact) =>
      Promise.resolve(void seen.push(fact.type)),
    );
    for (let i = 0; i < 10; i++) await identity.publish(eventOf(staffRemoved, { email: String(i) }));
    await until(() => seen.length === 10);
    expect((await old.deadLetters.list()).items).toEqual([]);
  });
});

describe('changed consumer config', () => {
  it('that differs from what is declared is updated', async () => {
    const audit = await busOf('audit');
    await (await audit.subscribe({ ...usual, ackWaitMs: 1000 }, () => Promise.resolve())).close();
    await audit.subscribe({ ...usual, ackWaitMs: 2000, contracts: [staffInvited, staffRemoved] }, () => Promise.resolve());
    const { config } = await admin.consumers.info(stream, durable);
    expect(config).toMatchObject({
      ack_wait: nanos(2000),
      filter_subjects: ['evt.identity.staff.invited.v1.*', 'evt.identity.staff.removed.v1.*'],
    });
  });

  it('that would deliver no bodies, or come again by times of its own, is updated too', async () => {
    await admin.consumers.add(stream, {
      ...{ durable_name: durable, ack_policy: AckPolicy.Explicit, filter_subjects: ['evt.identity.staff.invited.v1.*'] },
      ...{ ack_wait: nanos(1000), max_deliver: 3, backoff: [nanos(1000), nanos(2000)], headers_only: true },
    });
    await identity.publish(invited('a'));
    const seen = await collect(await busOf('audit'), { contracts: [staffInvited] });
    await until(() => seen.length === 1);
    const { config } = await admin.consumers.info(stream, durable);
    expect([config.backoff ?? [], config.headers_only ?? false]).toEqual([[], false]);
  });

  it('that cannot be updated fails at boot with the reason', async () => {
    await admin.consumers.add(stream, {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.New,
    });
    const failure: DomainError = await (
      await busOf('audit')
    )
      .subscribe(usual, () => Promise.resolve())
      .then(
        () => Promise.reject(new Error('it did not fail')),
        (error: DomainError) => error,
      );
    expect(failure).toMatchObject({
      code: 'event-bus.consumer-conflict',
      message: expect.stringContaining('deliver_policy is new, not all') as string,
    });
  });

  it('is not set back by an old replica that reconnects', async () => {
    await collect(await busOf('audit'), { ackWaitMs: 1000 });
    const oldConnection = connections.at(-1)!;
    const fresh = await collect(await busOf('audit'), { ackWaitMs: 2000 });
    await oldConnection.reconnect();
    await until(() => log.has('NATS is back'));
    await identity.publish(invited('a'));
    await until(async () => (await admin.consumers.info(stream, durable)).num_waiting > 1);
    expect((await admin.consumers.info(stream, durable)).config.ack_wait).toBe(nanos(2000));
    expect(fresh.length).toBeLessThanOrEqual(1);
  });

  it('declared by several replicas at once is created once', async () => {
    const replicas = await Promise.all(Array.from({ length: 5 }, () => busOf('audit')));
    const all = await Promise.all(replicas.map((replica) => collect(replica)));
    for (let i = 0; i < 20; i++) await identity.publish(invited(String(i)));
    await until(() => all.flat().length === 20);
  });
});

describe('the consumer', () => {
  it('deleted under us is made again, and what was handled comes again for the inbox to skip', async () => {
    const emails = await collect(await busOf('audit'));
    await identity.publish(invited('a'));
    await until(() => emails.length === 1);
    await admin.consumers.delete(stream, durable);
    await identity.publish(invited('b'));
    await until(() => emails.includes('b'));
    expect(emails).toEqual(['a', 'a', 'b']);
  });

  it('whose stream was deleted waits for it, and the owner makes it again with its next event', async () => {
    const emails = await collect(await busOf('audit'));
    await identity.publish(invited('a'));
    await until(() => emails.length === 1);
    await admin.streams.delete(stream);
    await identity.publish(invited('b'));
    await until(() => emails.includes('b'));
  });

  it('fetches nothing it has no free hands for (prefetched messages of a dead process wait for ack_wait)', async () => {
    const held = gate();
    const here: string[] = [];
    await (
      await busOf('audit')
    ).subscribe({ ...usual, concurrency: 2, ackWaitMs: 30_000 }, async (fact) => {
      here.push(emailOf(fact));
      await held.promise;
    });
    for (let i = 0; i < 10; i++) await identity.publish(invited(String(i)));
    await until(() => here.length === 2);
    const there = await collect(await busOf('audit'), { concurrency: 2, ackWaitMs: 30_000 });
    await until(() => there.length === 8);
    held.open();
  });

  it('gives back at once what arrives while it closes (nak the backlog at shutdown)', async () => {
    const audit = await busOf('audit');
    const other = await busOf('audit');
    let handled = 0;
    const spec = { ...usual, ackWaitMs: 60_000 };
    const count = async () => {
      handled++;
    };
    for (let round = 1; round <= 10; round++) {
      const closing = await audit.subscribe(spec, count);
      const publishing = Promise.all(Array.from({ length: 5 }, (_, i) => identity.publish(invited(`${round}-${i}`))));
      await closing.close();
      const staying = await other.subscribe(spec, count);
      await publishing;
      await until(() => handled === round * 5, 5000);
      await staying.close();
    }
  });
});

describe('the broker restarted', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('with %s is found again by all, and nothing is lost', async (signal) => {
    const emails = await collect(await busOf('audit'), { maxDeliver: 20 });
    await identity.publish(invited('before'));
    await until(() => emails.includes('before'));
    await nats.down(signal);
    const during = identity.publish(invited('during')).catch((error: DomainError) => error.code);
    await nats.up();
    expect(await during).toMatch(/unavailable|timeout/);
    await until(() => identity.publish(invited('after')).then(() => true));
    await until(() => emails.includes('after'));
  });

  it('with an empty disk is set up again without restarting anyone', async () => {
    const audit = await busOf('audit');
    const emails = await collect(audit);
    await identity.publish(invited('before'));
    await until(() => emails.includes('before'));
    const followed: string[] = [];
    const tail = new EventTail(connections.at(-1)!, log).follow('identity', 0, ({ envelope }) =>
      followed.push((envelope.data as { email: string }).email),
    );
    await until(() => followed.length === 1);
    await nats.down();
    nats.wipe();
    await nats.up();
    await until(() => identity.publish(invited('after')).then(() => true));
    await until(() => emails.includes('after'));
    await until(() => followed.includes('after'));
    tail.close();
  });
});

describe('streams', () => {
  it('have every limit set explicitly, and reserve little', async () => {
    const plain = new NatsEventBus({ connection: await connectAs('audit'), service: 'audit', log });
    await plain.ensureStream('audit');
    await plain.subscribe(usual, () => Promise.resolve());
    const day = 24 * 60 * 60_000;
    expect((await admin.streams.info('EVT_AUDIT')).config).toMatchObject({
      subjects: ['evt.audit.>'],
      retention: 'limits',
      storage: 'file',
      discard: 'old',
      max_age: nanos(28 * day),
      max_bytes: 512 * 1024 * 1024,
      duplicate_window: nanos(600_000),
    });
    expect((await admin.streams.info(deadLetterStreamOf('audit'))).config).toMatchObject({
      subjects: ['dlq.audit.>'],
      retention: 'limits',
      max_age: nanos(30 * day),
      max_bytes: 64 * 1024 * 1024,
    });
  });

  it('of ours are brought up to date', async () => {
    await (await busOf('identity', { streamMaxBytes: 9e6 })).ensureStream('identity');
    expect((await admin.streams.info(stream)).config.max_bytes).toBe(9e6);
  });

  it('of someone else are not touched', async () => {
    await admin.streams.add({ name: 'EVT_AUDIT', subjects: ['evt.audit.>'] });
    await expect((await busOf('audit')).ensureStream('audit')).rejects.toMatchObject({
      code: 'event-bus.foreign-stream',
      message: expect.stringContaining('left as it is') as string,
    });
  });

  it('whose subjects someone else takes are refused with the reason', async () => {
    await admin.streams.add({ name: 'GREEDY', subjects: ['evt.audit.>'] });
    await expect((await busOf('audit')).ensureStream('audit')).rejects.toMatchObject({
      code: 'event-bus.foreign-stream',
      message: expect.stringContaining('evt.audit.>') as string,
    });
  });

  it('that the server has no room for are refused with what to do (GB reservations)', async () => {
    await expect((await busOf('audit', { streamMaxBytes: 1e15 })).ensureStream('audit')).rejects.toMatchObject({
      code: 'nats.no-storage',
      message: expect.stringContaining('max_file_store') as string,
    });
  });
});

describe('publishing', () => {
  it('leaves room for what a dead letter adds', async () => {
    await expect(identity.publish(invited('x'.repeat(1_040_000)))).rejects.toMatchObject({ code: 'payload-too-large' });
    const audit = await busOf('audit');
    await audit.subscribe({ ...usual, maxDeliver: 1 }, () => Promise.reject(new Error('y'.repeat(100_000))));
    await identity.publish(invited('x'.repeat(1_030_000)));
    await until(async () => (await audit.deadLetters.list()).items.length === 1);
  });

  it('lands in one’s own stream or nowhere', async () => {
    const audit = await busOf('audit');
    await expect(audit.publish(invited('forged'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await identity.position('identity')).toBe(0);
  });

  it('many at once keeps each exactly once', async () => {
    const events = Array.from({ length: 200 }, (_, i) => invited(String(i)));
    await Promise.all([...events, ...events].map((event) => identity.publish(event)));
    expect(await identity.position('identity')).toBe(200);
  });
});

describe('dead letters', () => {
  const fail = () => Promise.reject(new Error('no'));

  it('of one message are one, however often it is set aside (a lost term)', async () => {
    const audit = await busOf('audit');
    const subscription = await audit.subscribe({ ...usual, maxDeliver: 1 }, fail);
    await identity.publish(invited('a'));
    await until(async () => (await audit.deadLetters.list()).items.length === 1);
    await subscription.close();
    await admin.consumers.delete(stream, durable); // forgets that it was terminated
    let again = 0;
    await audit.subscribe({ ...usual, maxDeliver: 1 }, () => {
      again++;
      return fail();
    });
    await until(async () => again === 1 && (await admin.consumers.info(stream, durable)).num_ack_pending === 0);
    expect((await audit.deadLetters.list()).items).toHaveLength(1);
  });

  it('are kept when their event has expired', async () => {
    const audit = await busOf('audit');
    let fails = true;
    const handled: string[] = [];
    await audit.subscribe({ ...usual, maxDeliver: 1 }, (fact) =>
      fails ? fail() : Promise.resolve(void handled.push(emailOf(fact))),
    );
    await identity.publish(invited('a'));
    await until(async () => (await audit.deadLetters.list()).items.length === 1);
    await admin.streams.purge(stream);
    fails = false;
    await audit.deadLetters.replay({ handler: 'record' });
    await until(() => handled.length === 1);
    await until(async () => (await admin.streams.info(deadLetterStreamOf('audit'))).state.messages === 0);
  });

  it('replayed for a handler that this replica does not have wait for one that has it', async () => {
    const audit = await busOf('audit');
    let fails = true;
    const spec = { ...usual, maxDeliver: 1 };
    const subscription = await audit.subscribe(spec, () => (fails ? fail() : Promise.resolve()));
    await identity.publish(invited('a'));
    await until(async () => (await audit.deadLetters.list()).items.length === 1);
    await subscription.close();
    await audit.subscribe({ ...spec, handler: 'another' }, () => Promise.resolve());
    await audit.deadLetters.replay({ handler: 'record' });
    await until(() => log.has('for a handler that is not in this process'));
    // put back as new: its waits are no tries, of which it would run out
    const before = (await admin.streams.info(deadLetterStreamOf('audit'))).state.last_seq;
    await until(async () => {
      const { messages, last_seq: last } = (await admin.streams.info(deadLetterStreamOf('audit'))).state;
      return messages === 1 && last > before;
    });
    fails = false;
    let handled = 0;
    await audit.subscribe(spec, async () => {
      handled++;
    });
    await until(() => handled === 1);
  });
});

describe('the tail of a stream', () => {
  it('gives every event from a place on, in order and once, live and over a restart of the broker', async () => {
    const tail = new EventTail(await connectAs('gateway'), log);
    for (let i = 1; i <= 5; i++) await identity.publish(invited(String(i)));
    const seqs: number[] = [];
    const following = tail.follow('identity', 2, ({ seq }) => seqs.push(seq));
    await until(() => seqs.length === 3);
    await Promise.all(Array.from({ length: 300 }, (_, i) => identity.publish(invited(`more ${i}`))));
    await until(() => seqs.length === 303);
    await nats.down();
    await nats.up();
    await until(() => identity.publish(invited('last')).then(() => true));
    const last = await identity.position('identity');
    await until(() => seqs.at(-1) === last);
    expect(seqs).toEqual(Array.from({ length: last - 2 }, (_, i) => i + 3));
    following.close();
  });

  it('tells of an event within milliseconds', async () => {
    const tail = new EventTail(await connectAs('gateway'), log);
    let seen = 0;
    const following = tail.follow('identity', 0, () => {
      seen++;
    });
    const took: number[] = [];
    for (let i = 1; i <= 20; i++) {
      const started = performance.now();
      await identity.publish(invited(String(i)));
      await until(() => seen === i);
      took.push(performance.now() - started);
    }
    expect(took.sort((a, b) => a - b)[10]).toBeLessThan(500); // the middle one: a busy machine delays some
    following.close();
  });

  it('leaves no subscription behind for each page it reads', async () => {
    const connection = await connectAs('gateway');
    const tail = new EventTail(connection, log);
    await identity.publish(invited('1'));
    await tail.read('identity', 0);
    const { protocol } = connection as unknown as { protocol: { subscriptions: { size(): number } } };
    const before = protocol.subscriptions.size();
    for (let i = 0; i < 20; i++) await tail.read('identity', i % 2);
    expect(protocol.subscriptions.size()).toBe(before);
  });

  it('is read page by page, of one organization or all, and what cannot be read is left out', async () => {
    const connection = await connectAs('gateway');
    const tail = new EventTail(connection, log);
    expect(await tail.read('identity', 0)).toEqual([]);
    await identity.publish(invited('1'));
    await identity.publish(eventOf(staffInvited, { email: '2', seats: 1 }, { orgId: otherOrg }));
    connection.publish(`evt.identity.staff.invited.v1.${org}`, 'rubbish');
    await connection.flush();
    await identity.publish(invited('4'));
    expect((await tail.read('identity', 0)).map(({ seq }) => seq)).toEqual([1, 2, 4]);
    expect((await tail.read('identity', 0, { orgId: org })).map(({ seq }) => seq)).toEqual([1, 4]);
    expect((await tail.read('identity', 1, { limit: 1 })).map(({ seq }) => seq)).toEqual([2]);
    expect(await tail.slice('identity', 2, { limit: 1 })).toMatchObject({ events: [], place: 3, more: true });
    expect(await tail.bounds('identity')).toEqual({ first: 1, last: 4, created: expect.any(String) as string });
  });
});
