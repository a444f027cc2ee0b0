import { randomBytes } from 'node:crypto';
import { deadLetterRpcs, serviceNames, services, DomainError, eventSubject, snapshotRpc, streamOf } from '@leasewire/contracts';
import { AckPolicy, jetstream, jetstreamManager, type ConsumerConfig } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import {
  connectNats,
  EventTail,
  natsConfig,
  NatsEventBus,
  newNkey,
  nkeySignIn,
  Rpc,
  RpcClient,
  RpcServer,
  silentLog,
  type CallOptions,
} from '../src/index.js';
import { eventOf, greet, invite, org, otherOrg, recordingLog, staff, staffInvited, Trust } from './fixtures.js';
import { NatsServer } from './nats-server.js';
import { nestApp } from './nest-app.js';
import { until } from './until.js';

const trust = new Trust(serviceNames);
const operator = newNkey();
const outsider = newNkey();
let nats: NatsServer;
const connections: NatsConnection[] = [];

const keep = (connection: NatsConnection): NatsConnection => {
  connections.push(connection);
  return connection;
};
const as = async (service: string, log = silentLog): Promise<NatsConnection> =>
  keep(await connectNats({ url: nats.url, service, seed: trust.seed(service) }, log));
const asOperator = async () => keep(await connect({ servers: nats.url, authenticator: nkeySignIn(operator.seed) }));
const asOutsider = async () =>
  keep(await connect({ servers: nats.url, inboxPrefix: '_INBOX.subscriber-billing', authenticator: nkeySignIn(outsider.seed) }));

beforeAll(async () => {
  nats = await NatsServer.start(({ port, storeDir }) =>
    natsConfig({
      keys: trust.publicKeys,
      port,
      storeDir,
      operatorKey: operator.publicKey,
      subscribers: [{ name: 'billing', publicKey: outsider.publicKey, orgId: org }],
    }),
  );
  const identity = new NatsEventBus({
    connection: await as('identity'),
    service: 'identity',
    log: silentLog,
    streamMaxBytes: 8e6,
  });
  await identity.ensureStream('identity');
  const audit = new NatsEventBus({ connection: await as('audit'), service: 'audit', log: silentLog, streamMaxBytes: 8e6 });
  await audit.ensureStream('audit');
});
afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.close())));
afterAll(() => nats.stop());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: DomainError) => error.code,
  );
const refused = async (work: Promise<unknown>) => {
  await expect(work).rejects.toMatchObject({ cause: expect.objectContaining({ name: 'PermissionViolationError' }) as Error });
};
/** Resolves with the error that a subscription gets, or undefined when the broker accepts it. */
const subscribeTo = async (connection: NatsConnection, subject: string, queue?: string): Promise<string | undefined> => {
  let failure: string | undefined;
  connection.subscribe(subject, {
    ...(queue !== undefined && { queue }),
    callback: (error) => void (failure = error?.message ?? failure),
  });
  await connection.flush();
  return failure;
};

@Controller()
class Identity {
  @Rpc(greet)
  greet(input: { name: string }) {
    return Promise.resolve({ greeting: input.name });
  }
  @Rpc(invite)
  invite() {
    return Promise.resolve({ id: 'x', role: 'y', version: 1 });
  }
}

describe('a key', () => {
  it('is what lets a service in: nobody comes in without, or with one that is not known', async () => {
    await expect(connectNats({ url: nats.url, service: 'identity' }, silentLog, { giveUpAfterMs: 0 })).rejects.toMatchObject({
      code: 'nats.unreachable',
    });
    await expect(
      connectNats({ url: nats.url, service: 'identity', seed: newNkey().seed }, silentLog, { giveUpAfterMs: 0 }),
    ).rejects.toThrow(/Authorization Violation/i);
  });

  it('is needed for every service of the table', () => {
    expect(() => natsConfig({ keys: {}, port: 1, storeDir: 'x' })).toThrow('There is no key for the service “gateway”');
  });
});

describe('what services need is allowed', () => {
  it('a snapshot of whose events it reads, and nothing else of them', async () => {
    const snapshot = snapshotRpc('identity', z.object({}));
    const client = new RpcClient(await as('audit'), silentLog);
    const via = { assertion: trust.assertions('audit').forService(null), correlationId: 'c', timeoutMs: 5000 };
    expect(await codeOf(client.call(snapshot, {}, via))).toBe('unavailable'); // it went out; nobody answers here
    expect(await codeOf(client.call(greet, { name: 'a' }, via))).toBe('forbidden');
    client.close();
  });

  it('to see the dead letters of everybody for whoever tells staff of them; it can do nothing about them', async () => {
    const { list, drop } = deadLetterRpcs('audit');
    const client = new RpcClient(await as('notifications'), silentLog);
    const via = { assertion: trust.assertions('notifications').forService(null), correlationId: 'c', timeoutMs: 5000 };
    expect(await codeOf(client.call(list, {}, via))).toBe('unavailable'); // it went out; nobody answers here
    expect(await codeOf(client.call(drop, { handler: 'record' }, via))).toBe('forbidden');
    client.close();
  });

  it('signs of life before the answer to a call that a person waits for', async () => {
    const log = recordingLog();
    const [gateway, identity, audit] = await Promise.all([as('gateway', log), as('identity', log), as('audit', log)]);
    let answer = (): void => undefined;
    @Controller()
    class Slow {
      @Rpc(greet)
      greet() {
        return new Promise<{ greeting: string }>((resolve) => (answer = () => resolve({ greeting: 'at last' })));
      }
    }
    const app = await nestApp(
      new RpcServer({ connection: identity, service: 'identity', assertions: trust.assertions('identity'), log }),
      Slow,
    );
    audit.subscribe('rpc.audit.greet', { queue: 'audit', callback: () => undefined });
    await audit.flush();
    const client = new RpcClient(gateway, log, true);
    const via = { assertion: trust.assertions('gateway').forActor(staff()), correlationId: 'c', timeoutMs: 60_000 };
    const slow = client.call(greet, { name: 'Ana' }, via);
    const mute = { ...greet, name: 'audit.greet', service: 'audit' } as typeof greet;
    expect(await codeOf(client.call(mute, { name: 'Ana' }, via))).toBe('unavailable'); // so long had the other to show one
    answer();
    expect(await slow).toEqual({ greeting: 'at last' });
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    client.close();
    await app.close();
  });

  it('calls, events with retries, dead letters and replays, tails and hints', async () => {
    const log = recordingLog();
    const [gateway, identity, audit] = await Promise.all([as('gateway', log), as('identity', log), as('audit', log)]);
    const app = await nestApp(
      new RpcServer({ connection: identity, service: 'identity', assertions: trust.assertions('identity'), log }),
      Identity,
    );
    const client = new RpcClient(gateway, log);
    const via: CallOptions = { assertion: trust.assertions('gateway').forActor(staff()), correlationId: 'c' };
    expect(await client.call(greet, { name: 'Ana' }, via)).toEqual({ greeting: 'Ana' });

    const identityBus = new NatsEventBus({ connection: identity, service: 'identity', log, streamMaxBytes: 8e6 });
    await identityBus.ensureStream('identity');
    const auditBus = new NatsEventBus({ connection: audit, service: 'audit', log, streamMaxBytes: 8e6 });
    let tries = 0;
    const subscription = await auditBus.subscribe(
      {
        service: 'audit',
        handler: 'record',
        contracts: 'all',
        stream: 'identity',
        backoffMs: [5],
        maxDeliver: 2,
        ackWaitMs: 500,
      },
      async () => {
        tries++;
        await new Promise((resolve) => setTimeout(resolve, 700)); // longer than ack_wait: says that it is working
        if (tries <= 2) throw new Error('no');
      },
    );
    const seen: number[] = [];
    const tail = new EventTail(gateway, log).follow('identity', await identityBus.position('identity'), ({ seq }) =>
      seen.push(seq),
    );
    const { seq } = await identityBus.publish(eventOf(staffInvited, { email: 'a', seats: 1 }));
    await until(async () => (await auditBus.deadLetters.list()).items.length === 1);
    await auditBus.deadLetters.replay({ handler: 'record' });
    await until(() => tries === 3);
    await until(() => seen.includes(seq));
    expect(await auditBus.deadLetters.counts()).toEqual({});
    expect(await auditBus.deadLetters.drop({ handler: 'record' })).toEqual({ dropped: 0 });

    let hints = 0;
    const hear = (connection: NatsConnection, subject: string) =>
      connection.subscribe(subject, {
        callback: (error) => {
          if (!error) hints++;
        },
      });
    hear(identity, 'wake.identity');
    hear(gateway, 'beat.identity');
    hear(gateway, 'sync.gateway');
    await Promise.all([identity.flush(), gateway.flush()]);
    identity.publish('wake.identity');
    identity.publish('beat.identity');
    gateway.publish('sync.gateway');
    await until(() => hints === 3);

    tail.close();
    await subscription.close();
    client.close();
    await app.close();
    expect(log.lines.filter(({ message }) => message.includes('does not let'))).toEqual([]);
  });
});

describe('a service cannot', () => {
  it('publish the events of another', async () => {
    const [identity, audit, gateway] = await Promise.all([as('identity'), as('audit'), as('gateway')]);
    const heard: string[] = [];
    gateway.subscribe('evt.>', { callback: (_error, message) => void heard.push(message.subject) });
    await gateway.flush();
    const forged = eventOf(staffInvited, { email: 'forged', seats: 1 });
    const bus = new NatsEventBus({ connection: audit, service: 'audit', log: silentLog });
    expect(await codeOf(bus.publish(forged))).toBe('forbidden');
    audit.publish(forged.subject, JSON.stringify(forged.envelope));
    await audit.flush();
    await new NatsEventBus({ connection: identity, service: 'identity', log: silentLog }).publish(
      eventOf(staffInvited, { email: 'real', seats: 1 }, { orgId: otherOrg }),
    );
    await until(() => heard.length > 0);
    expect(heard).toEqual([eventSubject(staffInvited, otherOrg)]);
  });

  it('delete, purge or change a stream of another, nor delete its own', async () => {
    const manager = await jetstreamManager(await as('audit'), { checkAPI: false });
    await refused(manager.streams.delete(streamOf('identity')));
    await refused(manager.streams.purge(streamOf('identity')));
    await refused(manager.streams.delete(streamOf('audit')));
    await refused(manager.streams.deleteMessage(streamOf('identity'), 1));
    await refused(manager.streams.add({ name: 'EVERYTHING', subjects: ['rpc.>'] }));
  });

  it('make, read or remove the dead letters of another', async () => {
    const audit = await as('audit');
    const manager = await jetstreamManager(audit, { checkAPI: false });
    await refused(manager.direct.getMessage('DLQ_IDENTITY', { seq: 1 }));
    await refused(manager.streams.deleteMessage('DLQ_IDENTITY', 1));
    await refused(jetstream(audit).publish('dlq.identity.record', 'x'));
  });

  it('take the events of another handler’s durable, or read a stream that is not in its row', async () => {
    const manager = await jetstreamManager(await as('audit'), { checkAPI: false });
    await refused(manager.consumers.info(streamOf('identity'), 'billing__charge'));
    await refused(
      manager.consumers.add(streamOf('identity'), {
        durable_name: 'billing__charge',
        ack_policy: AckPolicy.Explicit,
        filter_subjects: ['evt.identity.>'],
      }),
    );
    const ofIdentity = await jetstreamManager(await as('identity'), { checkAPI: false });
    await refused(
      ofIdentity.consumers.add(streamOf('audit'), {
        durable_name: 'identity__spy',
        ack_policy: AckPolicy.Explicit,
        filter_subjects: ['evt.audit.>'],
      }),
    );
    await refused(ofIdentity.consumers.delete(streamOf('identity'), 'audit__record'));
  });

  it('take what waits for the handler of another, though it reads the same stream', async () => {
    expect(services.directory.reads).toContain('identity');
    const directory = await as('directory');
    const record = `${streamOf('identity')}.audit__record`;
    const manager = await jetstreamManager(directory, { checkAPI: false });
    await refused(manager.consumers.info(streamOf('identity'), 'audit__record'));
    await refused(directory.request(`$JS.API.CONSUMER.MSG.NEXT.${record}`, '{"batch":1}', { timeout: 1000 }));
    await refused(directory.request(`$JS.ACK.${record}.1.1.1.1.1`, '+ACK', { timeout: 1000 }));
  });

  it('begin a handler that its row does not name, and is told where to name it', async () => {
    const bus = new NatsEventBus({ connection: await as('audit'), service: 'audit', log: silentLog });
    const spying = bus.subscribe({ service: 'audit', handler: 'spy', stream: 'identity', contracts: [staffInvited] }, () =>
      Promise.resolve(),
    );
    await expect(spying).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('services.ts') as string });
  });

  it.each([
    ['>', undefined],
    ['rpc.>', undefined],
    ['rpc.identity.>', undefined],
    ['rpc.identity.greet', 'audit'],
    ['_INBOX.>', undefined],
    ['_INBOX.gateway.>', undefined],
    ['evt.>', undefined],
    ['$JS.API.>', undefined],
  ])('listen in on %s', async (subject, queue) => {
    expect(await subscribeTo(await as('audit'), subject, queue)).toMatch(/permissions violation/i);
  });

  it('answer the calls of another, or its own outside its queue group', async () => {
    const identity = await as('identity');
    expect(await subscribeTo(identity, 'rpc.identity.greet')).toMatch(/permissions violation/i);
    expect(await subscribeTo(identity, 'rpc.audit.list', 'identity')).toMatch(/permissions violation/i);
    expect(await subscribeTo(identity, 'rpc.identity.greet', 'identity')).toBeUndefined();
  });

  it('call whom its row does not list, and is told so at once', async () => {
    const client = new RpcClient(await as('audit'), silentLog);
    const started = performance.now();
    const via = { assertion: trust.assertions('audit').forService(org), correlationId: 'c', timeoutMs: 5000 };
    expect(await codeOf(client.call(greet, { name: 'a' }, via))).toBe('forbidden');
    expect(performance.now() - started).toBeLessThan(1000);
    client.close();
  });

  it('send anything to someone who has not asked', async () => {
    const log = recordingLog();
    const identity = await as('identity', log);
    identity.publish('_INBOX.gateway.anything', 'x');
    await until(() => log.has('does not let this service publish'));
  });
});

describe('a forged actor', () => {
  it.each([
    [
      'signed by a service that may not speak for people',
      () => trust.signer('audit').sign('actor', { ref: staff().ref, org, perms: 'all', props: 'all' }, 60),
    ],
    ['signed by a key nobody trusts', () => new Trust(['gateway']).assertions('gateway').forActor(staff())],
    ['that is only written in the header', () => JSON.stringify(staff())],
    ['of a token that was changed', () => `${trust.assertions('gateway').forActor(staff()).slice(0, -4)}AAAA`],
    [
      'that is an access token',
      () => trust.signer('identity').sign('access', { ref: staff().ref, org, perms: 'all', props: 'all' }, 60),
    ],
  ])('%s is refused', async (_name, forge) => {
    const [gateway, identity] = await Promise.all([as('gateway'), as('identity')]);
    const app = await nestApp(
      new RpcServer({ connection: identity, service: 'identity', assertions: trust.assertions('identity'), log: silentLog }),
      Identity,
    );
    const client = new RpcClient(gateway);
    expect(await codeOf(client.call(invite, { email: 'a' }, { assertion: forge(), correlationId: 'c' }))).toBe('unauthenticated');
    client.close();
    await app.close();
  });
});

describe('a subscriber limited to an organization', () => {
  const stream = streamOf('identity');
  const durable = 'subscriber__billing';
  const mine = `evt.identity.*.*.*.${org}`;
  const publishBoth = async (): Promise<void> => {
    const bus = new NatsEventBus({ connection: await as('identity'), service: 'identity', log: silentLog });
    await bus.publish(eventOf(staffInvited, { email: randomBytes(4).toString('hex'), seats: 1 }, { orgId: otherOrg }));
    await bus.publish(eventOf(staffInvited, { email: randomBytes(4).toString('hex'), seats: 1 }));
  };

  it('hears its own events live and no others', async () => {
    const connection = await asOutsider();
    const subjects: string[] = [];
    connection.subscribe(`evt.*.*.*.*.${org}`, { callback: (_error, message) => void subjects.push(message.subject) });
    await connection.flush();
    await publishBoth();
    await until(() => subjects.length === 1);
    expect(subjects).toEqual([eventSubject(staffInvited, org)]);
  });

  it.each(['>', 'evt.>', 'evt.identity.>', `evt.*.*.*.*.${otherOrg}`, 'evt.*.*.*.*.*', 'rpc.>', '_INBOX.>', 'dlq.>'])(
    'cannot listen on %s',
    async (subject) => {
      expect(await subscribeTo(await asOutsider(), subject)).toMatch(/permissions violation/i);
    },
  );

  it('reads its own events from the beginning of the stream, at its own pace', async () => {
    await publishBoth();
    const connection = await asOutsider();
    const manager = await jetstreamManager(connection, { checkAPI: false });
    await manager.consumers.add(stream, {
      name: durable,
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      filter_subject: mine,
    });
    const consumer = await jetstream(connection).consumers.get(stream, durable);
    const messages = await consumer.fetch({ max_messages: 100, expires: 1000 });
    const subjects = new Set<string>();
    for await (const message of messages) {
      subjects.add(message.subject);
      message.ack();
      if (message.info.pending === 0) break;
    }
    expect([...subjects]).toEqual([eventSubject(staffInvited, org)]);
  });

  const wider: [string, string, Partial<ConsumerConfig>][] = [
    ['another filter in the request than in the subject', `${durable}.${mine}`, { filter_subject: 'evt.identity.>' }],
    ['no filter in the request', `${durable}.${mine}`, {}],
    ['many filters in the request', `${durable}.${mine}`, { filter_subjects: [mine, 'evt.identity.>'] }],
    ['both kinds of filters', `${durable}.${mine}`, { filter_subject: mine, filter_subjects: ['evt.identity.>'] }],
  ];
  it.each(wider)('cannot widen its consumer by %s', async (_name, tail, config) => {
    const connection = await asOutsider();
    const request = { stream_name: stream, config: { durable_name: durable, ack_policy: AckPolicy.Explicit, ...config } };
    const reply = await connection.request(`$JS.API.CONSUMER.CREATE.${stream}.${tail}`, JSON.stringify(request));
    expect(reply.json()).toMatchObject({ error: { code: 400 } });
  });

  it.each([
    `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${durable}.evt.identity.>`,
    `$JS.API.CONSUMER.CREATE.${stream}.${durable}.evt.identity.*.*.*.${otherOrg}`,
    `$JS.API.CONSUMER.CREATE.${stream}.audit__record.${mine}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.audit__record`,
    `$JS.API.CONSUMER.DELETE.${stream}.audit__record`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.STREAM.INFO.${stream}`,
    '$JS.API.STREAM.CREATE.MINE',
    `$JS.ACK.${stream}.audit__record.1.1.1.1.1`,
    'rpc.identity.greet',
    `evt.identity.staff.invited.v1.${org}`,
  ])('cannot ask for %s', async (subject) => {
    await refused((await asOutsider()).request(subject, '{}', { timeout: 1000 }));
  });
});

describe('streams provisioned by the operator', () => {
  it('leave services without the right to create or change them', () => {
    const config = natsConfig({ keys: trust.publicKeys, port: 1, storeDir: 'x', streamsProvisioned: true });
    expect(config).not.toMatch(/STREAM\.(CREATE|UPDATE)/);
  });
});

it('the operator may look at everything', async () => {
  const manager = await jetstreamManager(await asOperator());
  const names: string[] = [];
  for await (const { config } of manager.streams.list()) names.push(config.name);
  expect(names.sort()).toEqual(expect.arrayContaining(['EVT_AUDIT', 'EVT_IDENTITY']));
});
