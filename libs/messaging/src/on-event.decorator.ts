import type { EventContract, Fact } from '@leasewire/contracts';
import { UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PassErrorsOn } from './rpc.decorator.js';

/** How Nest knows which handlers are for the JetStream transport and which for NATS. */
export const jetStreamTransport = Symbol('leasewire.jetstream');

export interface OnEventOptions {
  /** Names the handler in kebab-case: its place in the stream and its inbox rows hang on it. Renaming it starts it over. */
  readonly durable: string;
  /** Events at once in each process. */
  readonly concurrency?: number;
  readonly ackWaitMs?: number;
  readonly maxDeliver?: number;
  readonly backoffMs?: readonly number[];
}

/** What `Accepts` leaves of a method that does not fit is named so that the compiler's message says what is wrong. */
type Accepts<M, F> = M extends (...args: infer A) => Promise<void>
  ? [F] extends Padded<A>
    ? unknown
    : { readonly wrong: 'the method must take the Fact of its contract'; readonly wants: F }
  : { readonly wrong: 'the method must be async and return nothing' };

/** A method may take no parameter. */
type Padded<A extends readonly unknown[]> = A extends readonly [] ? [unknown] : A;

export type EventMethodDecorator<F> = <M>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<M> & Accepts<M, F>,
) => void;

export interface EventExtras {
  readonly on: readonly EventContract[] | 'all';
  readonly options: OnEventOptions;
}

/**
 * Makes a method a durable handler of one event: `(fact) => Promise<void>`. It commits before it resolves (`UnitOfWork.run`
 * with the fact as cause keeps it from doing anything twice); when it rejects, it is tried again with growing pauses, and in
 * the end its event waits among the dead letters.
 */
export function OnEvent<C extends EventContract>(contract: C, options: OnEventOptions): EventMethodDecorator<Fact<C>> {
  return decorate({ on: [contract], options });
}

/** The same for several events of one service, which say the same of the same things: one durable, so that they keep their order. */
export function OnEvents<const C extends readonly EventContract[]>(
  contracts: C,
  options: OnEventOptions,
): EventMethodDecorator<Fact<C[number]>> {
  return decorate({ on: contracts, options });
}

/** For those who take everything (audit): one durable consumer on the stream of every service. */
export function OnEveryEvent(options: OnEventOptions): EventMethodDecorator<Fact> {
  return decorate({ on: 'all', options });
}

function decorate<F>(extras: EventExtras): EventMethodDecorator<F> {
  return (target, key, descriptor) => {
    Payload()(target, key, 0);
    UseFilters(new PassErrorsOn())(target, key, descriptor);
    // Nest's overload for literals would not compile with a typed parameter (research A.2, 1).
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-arguments -- it chooses the overload
    EventPattern<string>(extras.options.durable, jetStreamTransport, { ...extras })(target, key, descriptor);
  };
}
