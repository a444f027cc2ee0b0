import { DomainError, streamOf, type Fact } from '@leasewire/contracts';
import { systemClock, type Clock } from '../clock.js';
import { Deliverer, routeOf } from '../delivery.js';
import type { EventBus, OutgoingEvent, PublishResult, Subscription, SubscriptionSpec } from '../event-bus.js';
import { silentLog, type Log } from '../log.js';
import { silentEventObserver, type EventObserver } from '../observers.js';
import { assertReadable } from '../subscription-check.js';
import { MemoryBroker } from './memory-broker.js';
import { MemoryDeadLetters } from './memory-dead-letters.js';
import type { Reader } from './memory-durable.js';

export interface MemoryEventBusOptions {
  readonly service: string;
  /** Shared by the services of a test that talk to each other. */
  readonly broker?: MemoryBroker;
  readonly log?: Log;
  readonly observer?: EventObserver;
  readonly clock?: Clock;
}

/** The bus of unit tests: the same delivery rules and the same conformance suite as NATS, without a server. */
export class MemoryEventBus implements EventBus {
  readonly broker: MemoryBroker;
  readonly deadLetters: MemoryDeadLetters;

  constructor(private readonly about: MemoryEventBusOptions) {
    this.broker = about.broker ?? new MemoryBroker();
    this.deadLetters = new MemoryDeadLetters(this.broker, about.service, about.clock ?? systemClock);
  }

  async ensureStream(service: string): Promise<void> {
    if (service !== this.about.service)
      throw new DomainError(
        'event-bus.foreign-stream',
        `${this.about.service} may not create the stream of ${service}: only its owner does.`,
      );
    await Promise.resolve();
    this.broker.createStream(streamOf(service));
  }

  async publish({ subject, envelope }: OutgoingEvent): Promise<PublishResult> {
    await Promise.resolve();
    return this.broker.store(streamOf(this.about.service), subject, Buffer.from(JSON.stringify(envelope)), envelope.id);
  }

  position(service: string): Promise<number> {
    return Promise.resolve(this.broker.lastSeq(streamOf(service)));
  }

  async subscribe(spec: SubscriptionSpec, handle: (fact: Fact) => Promise<void>): Promise<Subscription> {
    assertReadable(spec);
    await Promise.resolve();
    const { log = silentLog, observer = silentEventObserver } = this.about;
    const route = routeOf(spec, handle);
    const reader: Reader = {
      route,
      deliverer: new Deliverer(this.deadLetters, log, observer),
      wants: wantedSubjects(spec),
      running: 0,
      onIdle: [],
    };
    const durable = this.broker.durable(streamOf(spec.stream), route.durable);
    durable.add(reader);
    return {
      durable: route.durable,
      close: async (deadlineMs = 20_000) => {
        reader.deliverer.close();
        await durable.remove(reader, deadlineMs);
      },
    };
  }
}

function wantedSubjects({ contracts }: SubscriptionSpec): (subject: string) => boolean {
  if (contracts === 'all') return () => true;
  const types = new Set(contracts.map(({ type }) => `evt.${type}`));
  return (subject) => types.has(subject.slice(0, subject.lastIndexOf('.')));
}
