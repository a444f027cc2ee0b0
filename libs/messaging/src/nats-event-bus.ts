import { DomainError, streamOf, type Fact } from '@leasewire/contracts';
import { jetstream, jetstreamManager, JetStreamApiError, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { jserrors } from '@nats-io/jetstream/internal';
import { PermissionViolationError, RequestError, TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import { ConnectionLost, ConnectionState } from './connection-state.js';
import { Consumption } from './consumption.js';
import { DeadLetters } from './dead-letters.js';
import { Deliverer, routeOf, type Delivered, type Route } from './delivery.js';
import { ensureConsumer } from './durable-consumer.js';
import type { EventBus, OutgoingEvent, PublishResult, Subscription, SubscriptionSpec } from './event-bus.js';
import { ensureStream, eventStream } from './event-stream.js';
import type { JetStreamMessage } from './jetstream-message.js';
import type { Log } from './log.js';
import { silentEventObserver, type EventObserver } from './observers.js';
import { Replays } from './replays.js';
import { assertReadable } from './subscription-check.js';

export interface NatsEventBusOptions {
  readonly connection: NatsConnection;
  readonly service: string;
  readonly log: Log;
  readonly observer?: EventObserver;
  /** Reserved on the server's disk for the stream of this service. */
  readonly streamMaxBytes?: number;
  /** How long after a process died its events go to another, where the handler does not say. */
  readonly ackWaitMs?: number;
  /** Copies of each stream in a cluster. */
  readonly replicas?: number;
}

const usualMaxBytes = 512 * 1024 * 1024;
const closeDeadlineMs = 20_000;
/** A dead letter is the event and headers of ours: an event leaves room for them. */
const roomForHeaders = 16 * 1024;
/** The server's code for a message larger than `max_msg_size`. */
const tooLarge = 10054;

export class NatsEventBus implements EventBus {
  readonly deadLetters: DeadLetters;
  readonly #jetstream: JetStreamClient;
  readonly #manager: Promise<JetStreamManager>;
  readonly #state: ConnectionState;
  readonly #observer: EventObserver;
  readonly #replays: Replays;
  #ownsStream = false;
  /** Settles when the stream is known to be there again after an outage; never rejects. */
  #streamSeenTo: Promise<void> = Promise.resolve();

  constructor(private readonly about: NatsEventBusOptions) {
    const { connection, service, log, replicas = 1 } = about;
    this.#state = ConnectionState.of(connection, log);
    this.#jetstream = jetstream(connection);
    this.#manager = jetstreamManager(connection, { checkAPI: false });
    this.#observer = about.observer ?? silentEventObserver;
    this.deadLetters = new DeadLetters({ connection, service, replicas });
    this.#replays = new Replays(connection, service, this.deadLetters, log);
    this.#state.onChange((change) => {
      if (change === 'connected' && this.#ownsStream) this.#streamSeenTo = this.#seeToStream();
    });
  }

  async ensureStream(service: string): Promise<void> {
    if (service !== this.about.service)
      throw new DomainError(
        'event-bus.foreign-stream',
        `${this.about.service} may not create the stream of ${service}: only its owner does.`,
      );
    const { streamMaxBytes: maxBytes = usualMaxBytes, replicas = 1 } = this.about;
    const manager = await this.#manager;
    await this.#state.whileConnected(() => ensureStream(manager, eventStream(service, { maxBytes, replicas })));
    this.#ownsStream = true;
  }

  async publish({ subject, envelope }: OutgoingEvent): Promise<PublishResult> {
    const bytes = Buffer.from(JSON.stringify(envelope));
    this.#assertFits(subject, bytes.length);
    const store = () => this.#store(subject, bytes, envelope.id);
    await this.#streamSeenTo;
    try {
      return await store().catch((error: unknown) => this.#withStreamAgain(error, store));
    } catch (error) {
      throw whyNotPublished(subject, error);
    }
  }

  async #store(subject: string, bytes: Uint8Array, msgID: string): Promise<PublishResult> {
    const expect = { streamName: streamOf(this.about.service) };
    const { seq, duplicate } = await this.#state.whileConnected(() =>
      this.#jetstream.publish(subject, bytes, { msgID, expect, timeout: 5000 }),
    );
    return { seq, duplicate };
  }

  /**
   * A stream that we made and that is gone was deleted, or the broker lost its disk: events must not wait for a restart. Nobody
   * answers then, or, when someone listens to `evt.>`, only the time runs out.
   */
  async #withStreamAgain(error: unknown, store: () => Promise<PublishResult>): Promise<PublishResult> {
    if (!this.#ownsStream || !(error instanceof jserrors.JetStreamNotEnabled || error instanceof TimeoutError)) throw error;
    await this.ensureStream(this.about.service);
    return store();
  }

  async position(service: string): Promise<number> {
    return (await (await this.#manager).streams.info(streamOf(service))).state.last_seq;
  }

  async subscribe(spec: SubscriptionSpec, handle: (fact: Fact) => Promise<void>): Promise<Subscription> {
    assertReadable(spec);
    const { connection, log } = this.about;
    const route = routeOf(spec, handle, this.about.ackWaitMs);
    const deliverer = new Deliverer(this.deadLetters, log, this.#observer);
    const manager = await this.#manager;
    const stream = streamOf(spec.stream);
    const filterSubjects = filtersOf(spec);
    // Before the first event can fail, there is a place for it.
    const removeRoute = await this.#replays.add(route, stream, deliverer);
    const consumption = await Consumption.start(
      connection,
      {
        stream,
        durable: route.durable,
        concurrency: route.concurrency,
        bind: (first) =>
          ensureConsumer(manager, { stream, durable: route.durable, filterSubjects, ackWaitMs: route.ackWaitMs }, first),
        handle: (message) => deliverer.deliver(fromStream(message, stream), route),
      },
      log,
    ).catch(async (error: unknown) => {
      await removeRoute(0);
      throw error;
    });
    return {
      durable: route.durable,
      close: (deadlineMs = closeDeadlineMs) => this.#close(route, consumption, deliverer, removeRoute, deadlineMs),
    };
  }

  async #close(
    route: Route,
    consumption: Consumption,
    deliverer: Deliverer,
    removeRoute: (deadlineMs: number) => Promise<void>,
    deadlineMs: number,
  ): Promise<void> {
    deliverer.close();
    const [finished] = await Promise.all([consumption.stop(deadlineMs), removeRoute(deadlineMs)]);
    if (finished) return;
    deliverer.abandon();
    this.about.log.warn(
      { durable: route.durable, deadlineMs },
      'events were still being handled at shutdown; they are delivered again',
    );
  }

  #seeToStream(): Promise<void> {
    return this.ensureStream(this.about.service).catch((error: unknown) => {
      this.about.log.warn({ reason: String(error) }, 'cannot see to our stream yet; the next event tries again');
    });
  }

  #assertFits(subject: string, bytes: number): void {
    const most = (this.about.connection.info?.max_payload ?? Infinity) - roomForHeaders;
    if (bytes <= most) return;
    throw new DomainError(
      'payload-too-large',
      `The event for ${subject} is ${bytes} bytes; at most ${most} fit. Say less in it.`,
      { bytes, most },
    );
  }
}

function fromStream(message: JetStreamMessage, stream: string): Delivered {
  const { subject, data } = message.message;
  return {
    bytes: data,
    subject,
    stream,
    seq: message.seq,
    deliveries: message.deliveries,
    identity: `${stream}:${message.seq}:${message.storedAt}`,
    ack: () => {
      message.ack();
    },
    retry: (afterMs) => {
      message.nak(afterMs);
    },
    discard: (reason) => {
      message.term(reason);
    },
    working: () => {
      message.working();
    },
  };
}

function filtersOf({ contracts, stream }: SubscriptionSpec): string[] {
  return contracts === 'all' ? [`evt.${stream}.>`] : contracts.map(({ type }) => `evt.${type}.*`);
}

function whyNotPublished(subject: string, error: unknown): unknown {
  const failure = (code: string, message: string): DomainError => new DomainError(code, message, {}, { cause: error });
  if (error instanceof jserrors.JetStreamNotEnabled)
    return failure('unavailable', `No stream takes ${subject} at the moment; the event waits in the outbox.`);
  if (error instanceof ConnectionLost)
    return failure('unavailable', 'NATS cannot be reached at the moment; the event waits in the outbox.');
  if (error instanceof TimeoutError)
    return failure(
      'timeout',
      `NATS did not confirm ${subject}; it is published again, the event id keeps it from being stored twice.`,
    );
  if (error instanceof RequestError && error.cause instanceof PermissionViolationError)
    return failure('forbidden', `This service may not publish on ${subject}: it may only publish its own events.`);
  if (error instanceof JetStreamApiError && error.code === tooLarge)
    return failure('payload-too-large', `The event for ${subject} is larger than its stream takes. Say less in it.`);
  if (error instanceof JetStreamApiError) return failure('unavailable', `NATS did not store ${subject}: ${error.message}.`);
  return error;
}
