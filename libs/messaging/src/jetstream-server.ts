import { DomainError, services, type EventContract, type Fact } from '@leasewire/contracts';
import { BaseRpcContext, Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { EventBus, Subscription } from './event-bus.js';
import type { Log } from './log.js';
import { jetStreamTransport, type EventExtras } from './on-event.decorator.js';

export interface JetStreamServerOptions {
  readonly bus: EventBus;
  readonly service: string;
  readonly log: Log;
  /** Whose streams `@OnEveryEvent` reads: all that have one. */
  readonly streams?: readonly string[];
  readonly closeDeadlineMs?: number;
}

const everyStream = Object.entries(services)
  .filter(([, row]) => row.owns)
  .map(([name]) => name);

/**
 * The Nest transport of events. Handlers are keyed by their durable name and never chained: two on one event each have a
 * place in the stream, a back-off and dead letters of their own.
 */
export class JetStreamServer extends Server implements CustomTransportStrategy {
  override readonly transportId = jetStreamTransport;
  /** Errors reach the bus, which decides on retry or dead letter; Nest need not log them. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #open: Subscription[] = [];

  constructor(private readonly about: JetStreamServerOptions) {
    super();
  }

  override addHandler(pattern: unknown, handler: MessageHandler, isEvent = false, extras: Record<string, unknown> = {}): void {
    const durable = String(pattern);
    if (!isEvent || !extrasOf(extras)) throw new Error(`${durable} must be declared with @OnEvent(contract, {durable})`);
    if (this.messageHandlers.has(durable))
      throw new DomainError(
        'event-bus.duplicate-durable',
        `Two handlers of ${this.about.service} are called “${durable}”; give one another durable name.`,
      );
    handler.extras = extras;
    handler.isEventHandler = true;
    this.messageHandlers.set(durable, handler);
  }

  listen(callback: (error?: unknown) => void): void {
    void this.#subscribeAll().then(
      () => {
        callback();
      },
      async (error: unknown) => {
        await this.close();
        callback(error);
      },
    );
  }

  /** Gives back what was not begun, awaits what was. */
  async close(): Promise<void> {
    // All, whatever becomes of one: a subscription that cannot be closed must not keep the others from finishing.
    await Promise.allSettled(this.#open.splice(0).map((subscription) => subscription.close(this.about.closeDeadlineMs)));
  }

  on(): void {
    // The state of the connection is told by ConnectionState.
  }

  unwrap<T>(): T {
    throw new Error('The JetStream transport has no client of its own; inject the event bus.');
  }

  async #subscribeAll(): Promise<void> {
    for (const [durable, handler] of this.messageHandlers) {
      const extras = extrasOf(handler.extras);
      if (!extras) continue;
      for (const stream of this.#streamsOf(extras)) this.#open.push(await this.#subscribe(durable, stream, extras, handler));
    }
  }

  #streamsOf({ on }: EventExtras): readonly string[] {
    return on === 'all' ? (this.about.streams ?? everyStream) : [...new Set(on.map(({ service }) => service))];
  }

  #subscribe(durable: string, stream: string, { on, options }: EventExtras, handler: MessageHandler): Promise<Subscription> {
    const { durable: _name, ...limits } = options;
    return this.about.bus.subscribe({ ...limits, service: this.about.service, handler: durable, stream, contracts: on }, (fact) =>
      handled(handler, fact),
    );
  }
}

async function handled(handler: MessageHandler, fact: Fact): Promise<void> {
  const result: unknown = await handler(fact, new BaseRpcContext([fact]));
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}

function extrasOf(extras: Partial<Record<keyof EventExtras, unknown>> | undefined): EventExtras | undefined {
  const on = extras?.on;
  const options = extras?.options;
  if ((on !== 'all' && !isContracts(on)) || !isOptions(options)) return undefined;
  return { on, options };
}

function isContracts(value: unknown): value is readonly EventContract[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => typeof one === 'object' && one !== null && 'kind' in one && one.kind === 'event')
  );
}

function isOptions(value: unknown): value is EventExtras['options'] {
  return typeof value === 'object' && value !== null && 'durable' in value;
}
