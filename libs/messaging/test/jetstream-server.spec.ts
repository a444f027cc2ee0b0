import { defineEvent, DomainError, type Fact } from '@leasewire/contracts';
import { Controller, type INestMicroservice, type Type } from '@nestjs/common';
import { z } from 'zod';
import {
  JetStreamServer,
  MemoryBroker,
  MemoryEventBus,
  OnEveryEvent,
  OnEvent,
  type EventBus,
  type Subscription,
  type SubscriptionSpec,
} from '../src/index.js';
import { eventOf, recordingLog, staffInvited, staffRemoved } from './fixtures.js';
import { nestApp } from './nest-app.js';
import { gate, until } from './until.js';

const broker = new MemoryBroker();
const busOf = (service: string) => new MemoryEventBus({ service, broker });
let identity: MemoryEventBus;
let app: INestMicroservice | undefined;

beforeAll(async () => {
  identity = busOf('identity');
  await identity.ensureStream('identity');
  await busOf('audit').ensureStream('audit');
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const serve = async (service: string, ...controllers: Type[]) => {
  const bus = busOf(service);
  app = await nestApp(
    new JetStreamServer({ bus, service, log: recordingLog(), streams: ['identity', 'audit'], closeDeadlineMs: 5000 }),
    ...controllers,
  );
  return bus;
};
const invited = (email: string) => eventOf(staffInvited, { email, seats: 1 });

it('two handlers of one event each get it, and one that fails does not disturb the other', async () => {
  const good: string[] = [];
  let failures = 0;
  @Controller()
  class Handlers {
    @OnEvent(staffInvited, { durable: 'good-one' })
    good(fact: Fact<typeof staffInvited>): Promise<void> {
      good.push(fact.data.email);
      return Promise.resolve();
    }
    @OnEvent(staffInvited, { durable: 'bad-one', maxDeliver: 2, backoffMs: [5] })
    bad(): Promise<void> {
      failures++;
      return Promise.reject(new DomainError('conflict.state', 'no'));
    }
  }
  const bus = await serve('two-handlers', Handlers);
  await identity.publish(invited('a'));
  await until(async () => (await bus.deadLetters.counts())['bad-one'] === 1);
  expect(good).toEqual(['a']);
  expect(failures).toBe(2);
  expect((await bus.deadLetters.list()).items[0]).toMatchObject({ error: 'DomainError: no' });
});

it('a handler keeps its this, and its options reach the bus', async () => {
  const specs: SubscriptionSpec[] = [];
  const bus: EventBus = Object.assign(busOf('options'), {
    subscribe: (spec: SubscriptionSpec): Promise<Subscription> =>
      Promise.resolve({ durable: String(specs.push(spec)), close: () => Promise.resolve() }),
  });
  @Controller()
  class Handlers {
    @OnEvent(staffRemoved, { durable: 'tuned', concurrency: 3, ackWaitMs: 1000, maxDeliver: 4, backoffMs: [1, 2] })
    tuned(_fact: Fact<typeof staffRemoved>): Promise<void> {
      return Promise.resolve();
    }
  }
  app = await nestApp(new JetStreamServer({ bus, service: 'options', log: recordingLog() }), Handlers);
  expect(specs).toEqual([
    {
      service: 'options',
      handler: 'tuned',
      stream: 'identity',
      contracts: [staffRemoved],
      concurrency: 3,
      ackWaitMs: 1000,
      maxDeliver: 4,
      backoffMs: [1, 2],
    },
  ]);
});

it('a handler of every event has a place in every stream', async () => {
  const seen: string[] = [];
  @Controller()
  class Everything {
    readonly #prefix = 'saw ';
    @OnEveryEvent({ durable: 'record' })
    record(fact: Fact): Promise<void> {
      seen.push(this.#prefix + fact.service);
      return Promise.resolve();
    }
  }
  await serve('every-event', Everything);
  const audit = busOf('audit');
  const recorded = defineEvent('audit.entry.recorded', 1, z.object({}), { describe: 'x', view: 'service', example: {} });
  await audit.publish(eventOf(recorded, {}));
  await identity.publish(invited('b'));
  await until(() => seen.includes('saw audit') && seen.includes('saw identity'));
});

it('two handlers with one durable name fail at boot (duplicate durable)', async () => {
  @Controller()
  class Handlers {
    @OnEvent(staffInvited, { durable: 'same' })
    one(): Promise<void> {
      return Promise.resolve();
    }
    @OnEvent(staffRemoved, { durable: 'same' })
    two(): Promise<void> {
      return Promise.resolve();
    }
  }
  await expect(serve('duplicates', Handlers)).rejects.toMatchObject({ code: 'event-bus.duplicate-durable' });
});

it('a subscription that cannot be made fails at boot, and those before it are closed', async () => {
  @Controller()
  class Handlers {
    @OnEvent(staffInvited, { durable: 'Not A Name' })
    one(): Promise<void> {
      return Promise.resolve();
    }
  }
  await expect(serve('wrong-name', Handlers)).rejects.toMatchObject({ code: 'event-bus.contract-mismatch' });
});

it('closing the application awaits what is being handled', async () => {
  const held = gate();
  let began = 0;
  let ended = 0;
  @Controller()
  class Slow {
    @OnEvent(staffInvited, { durable: 'slow' })
    async slow(): Promise<void> {
      began++;
      await held.promise;
      ended++;
    }
  }
  await serve('closing', Slow);
  await identity.publish(invited('c'));
  await until(() => began > 0);
  const closing = app!.close();
  app = undefined;
  setTimeout(held.open, 20);
  await closing;
  expect(ended).toBe(began);
});
