import type { Abstract, Type } from '@nestjs/common';

/** Injection tokens of what has no class of its own. Everything else of the kit is injected by its class. */
export const CLOCK = Symbol('Clock');
export const IDS = Symbol('Ids');
/** The service's configuration, typed by `Config<typeof schema>`. */
export const CONFIG = Symbol('Config');
/** The event bus. Services publish through their unit of work; this is for those who read streams (the gateway's feed). */
export const EVENT_BUS = Symbol('EventBus');
/** The one connection to NATS. */
export const NATS = Symbol('NatsConnection');
/** Who this is: its ServiceDefinition. */
export const SERVICE = Symbol('ServiceDefinition');

/** What `get` takes: a class, also one that is not made with `new`, or one of the symbols above. */
export type Token<T> = Type<T> | Abstract<T> | symbol;
