import type { z } from 'zod';
import type { Permission } from './permissions.js';

/** `identity.staff.invited` */
type EventName = `${string}.${string}.${string}`;
/** `identity.invite-staff` */
type RpcName = `${string}.${string}`;

export interface EventContract<Schema extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly name: string;
  readonly version: number;
  readonly service: string;
  /** What the wire calls it: `identity.staff.invited.v1`. */
  readonly type: string;
  readonly schema: Schema;
  readonly describe: string;
  /** Who may read it over REST (`/v1/stream`, `/v1/events`). `service` = nobody outside the platform. */
  readonly view: Permission | 'service';
  readonly example: z.input<Schema>;
}

/**
 * An event is a fact with the full current state of its entity. Its payload never holds a secret.
 * An additive change keeps the version; anything else is a new version beside the old one.
 */
export function defineEvent<Schema extends z.ZodType>(
  name: EventName,
  version: number,
  schema: Schema,
  about: { describe: string; view: Permission | 'service'; example: z.input<Schema> },
): EventContract<Schema> {
  assertWords(name, 3);
  return { kind: 'event', name, version, service: serviceOf(name), type: `${name}.v${version}`, schema, ...about };
}

export interface RpcContract<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: 'rpc';
  readonly name: string;
  readonly service: string;
  /** A query changes nothing and may be repeated; a command carries an idempotency key. */
  readonly does: 'query' | 'command';
  readonly input: Input;
  readonly output: Output;
  readonly errors: readonly string[];
  /**
   * What the originating actor must hold, checked by the owner whatever the gateway did. `service`: only another service
   * may call, for itself. `member`: anyone of the organization, for themselves.
   */
  readonly permission: Permission | 'service' | 'member';
  readonly describe: string;
  readonly timeoutMs: number;
}

export function defineRpc<Input extends z.ZodType, Output extends z.ZodType>(
  name: RpcName,
  about: {
    does: 'query' | 'command';
    input: Input;
    output: Output;
    errors?: readonly string[];
    permission: RpcContract['permission'];
    describe: string;
    timeoutMs?: number;
  },
): RpcContract<Input, Output> {
  assertWords(name, 2);
  return { kind: 'rpc', name, service: serviceOf(name), errors: [], timeoutMs: 2000, ...about };
}

export interface JobContract<Input extends z.ZodType = z.ZodType, Item extends z.ZodType = z.ZodType> {
  readonly kind: 'job';
  readonly name: string;
  readonly service: string;
  readonly input: Input;
  /** What is kept of each item when it is done: its outcome, in words a person reads. */
  readonly item: Item;
  readonly permission: Permission;
  readonly describe: string;
}

export function defineJob<Input extends z.ZodType, Item extends z.ZodType>(
  name: RpcName,
  about: { input: Input; item: Item; permission: Permission; describe: string },
): JobContract<Input, Item> {
  assertWords(name, 2);
  return { kind: 'job', name, service: serviceOf(name), ...about };
}

export type InputOf<C> = C extends { input: infer I extends z.ZodType } ? z.input<I> : never;
export type ParsedInputOf<C> = C extends { input: infer I extends z.ZodType } ? z.output<I> : never;
export type OutputOf<C> = C extends { output: infer O extends z.ZodType } ? z.output<O> : never;
export type DataOf<C> = C extends { schema: infer S extends z.ZodType } ? z.output<S> : never;

export const rpcSubject = (contract: Pick<RpcContract, 'name'>): string => `rpc.${contract.name}`;
export const eventSubject = (contract: Pick<EventContract, 'type'>, orgId: string): string => `evt.${contract.type}.${orgId}`;
export const streamOf = (service: string): string => `EVT_${service.toUpperCase().replaceAll('-', '_')}`;
export const dlqSubject = (service: string, handler: string): string => `dlq.${service}.${handler}`;
/** A durable consumer is named after the service and its handler. */
export const durableOf = (service: string, handler: string): string => `${service}__${handler}`;

const word = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
function assertWords(name: string, count: number): void {
  const words = name.split('.');
  if (words.length !== count || !words.every((w) => word.test(w)))
    throw new Error(`“${name}” must be ${count} kebab-case words joined by dots`);
}
function serviceOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}
