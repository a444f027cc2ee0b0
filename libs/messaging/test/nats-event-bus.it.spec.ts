import { deadLetterStreamOf, streamOf } from '@leasewire/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats, NatsEventBus } from '../src/index.js';
import { eventBusConformance } from './conformance/event-bus.js';
import { eventOf, recordingLog, staffInvited } from './fixtures.js';
import { NatsServer } from './nats-server.js';
import { until } from './until.js';

let nats: NatsServer;
beforeAll(async () => {
  nats = await NatsServer.start();
});
afterAll(() => nats.stop());

const small = 8 * 1024 * 1024;

eventBusConformance('on NATS', async () => {
  const log = recordingLog();
  const admin = await connectNats({ url: nats.url, service: 'admin' }, log);
  const manager = await jetstreamManager(admin);
  for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
  const connections: Promise<NatsConnection>[] = [];
  const services = new Map<string, NatsConnection>();
  for (const service of ['identity', 'audit']) services.set(service, await connectNats({ url: nats.url, service }, log));
  return {
    log,
    bus: (service, observer) =>
      new NatsEventBus({
        connection: services.get(service)!,
        service,
        log,
        streamMaxBytes: small,
        ...(observer && { observer }),
      }),
    raw: async (_service, subject, bytes) => {
      admin.publish(subject, bytes);
    },
    purge: async (service) => {
      await manager.streams.purge(streamOf(service));
    },
    breakDeadLetters: async (service) => {
      // A limit of one tiny message: the stream is there and stores nothing.
      const stream = deadLetterStreamOf(service);
      const { config } = await manager.streams.info(stream);
      await manager.streams.update(stream, { ...config, max_msg_size: 1 });
      return async () => {
        await manager.streams.update(stream, { ...config, max_msg_size: -1 });
      };
    },
    stop: async () => {
      await Promise.all([admin.close(), ...[...services.values()].map((connection) => connection.close()), ...connections]);
    },
  };
});

describe('a subscription to a service that has never run', () => {
  it('waits without a complaint, as every first start has it, and begins with the first event', async () => {
    const log = recordingLog();
    const of = async (service: string) =>
      new NatsEventBus({ connection: await connectNats({ url: nats.url, service }, log), service, log, streamMaxBytes: small });
    const admin = await connectNats({ url: nats.url, service: 'admin' }, log);
    const manager = await jetstreamManager(admin);
    for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
    const heard: string[] = [];
    const spec = { service: 'audit', handler: 'first', contracts: [staffInvited], stream: 'identity' };
    const audit = await of('audit');
    const subscription = await audit.subscribe(spec, async ({ id }) => void heard.push(id));
    expect(log.has('there are no events yet')).toBe(true);

    const identity = await of('identity');
    await identity.ensureStream('identity');
    const event = eventOf(staffInvited, { email: 'ana@example.com', seats: 1 });
    await identity.publish(event);
    await until(() => heard.includes(event.envelope.id));
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);

    await subscription.close(50);
    await admin.close();
  });
});
