import { DomainError, type Permission, type RpcContract } from '@leasewire/contracts';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import type { RawKind } from '../http/raw-body.js';
import type { LimitName } from '../rate-limit/policy.js';
import type { Answer, Answered } from './answer.js';
import type { Exchange } from './exchange.js';
import { invalidBy } from './problems-of-input.js';
import { strictly } from './strict.js';

/** An object schema whose fields are schemas, whichever they are. */
export type AnyObject = z.ZodObject<z.core.$ZodShape>;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who gets in: anyone, anyone who is signed in or has a key, or who holds a permission. */
export type Access = 'public' | 'member' | Permission;

interface RouteBase {
  readonly method: Method;
  /** As people read it: `/v1/staff/:staffId`. */
  readonly path: string;
  readonly tag: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly limit: LimitName | 'none';
  readonly status: number;
  /** What path, query and body bring, together. */
  readonly input: AnyObject;
  /** Codes that this operation may answer besides those that every one may. */
  readonly errors: readonly string[];
}

/** Path, query and body become the input of a contract; the owner's reply is passed on as it is. */
export interface RpcRoute extends RouteBase {
  readonly kind: 'rpc';
  readonly contract: RpcContract;
  /** Where several services answer the same call: which one does, by what is asked. */
  readonly contractFor?: (input: Readonly<Record<string, unknown>>) => RpcContract;
  readonly ifMatch?: IfMatch;
  /** Fields of the input that this route sets by itself. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** `/v1/staff/{id}`: filled from the reply, for 201 and 202. */
  readonly location?: string;
}

/** The version that If-Match names goes into this field of the input. */
export interface IfMatch {
  readonly field: string;
  readonly required: boolean;
}

/** A route that does more than pass on: cookies, streams, pages. Its handler is a method of a Nest provider. */
export interface SpecialRoute extends RouteBase {
  readonly kind: 'special';
  readonly replies: readonly Reply[];
  /** csv, signed: bytes that are not looked at here; all input is in the path and the query then. */
  readonly body: 'json' | 'form' | RawKind;
  /** What signed bytes say, for the document. */
  readonly signs?: z.ZodType;
  /** In bytes, where it is another than that of all routes. */
  readonly bodyLimit?: number;
  readonly takesIdempotencyKey: boolean;
  readonly cookie: boolean;
  /** Pages and probes are not part of the API document. */
  readonly documented: boolean;
  bind(resolve: Resolve): Handler;
  /** How a page says that something went wrong. Without it that is a problem, for programs. */
  readonly failed?: FailurePage;
}

export type Route = RpcRoute | SpecialRoute;
export type FailurePage = (exchange: Exchange, error: DomainError, status: number) => Answered;
export type Handler = (exchange: Exchange, input: unknown) => Answer | Promise<Answer>;

export interface Reply {
  readonly status: number;
  readonly describe: string;
  readonly type: 'application/json' | 'application/x-ndjson' | 'text/csv' | 'text/event-stream' | 'text/html' | 'none';
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Gives the instance of a provider. */
export type Resolve = <T>(token: new (...args: never[]) => T) => T;

export interface RouteGroup {
  readonly tag: string;
  readonly describe: string;
  readonly routes: readonly Route[];
}

interface RpcOptions {
  readonly summary: string;
  readonly description?: string;
  readonly status?: 200 | 201 | 202 | 204;
  readonly location?: string;
  readonly ifMatch?: string | IfMatch;
  readonly limit?: LimitName;
  readonly operationId?: string;
  readonly contractFor?: (input: Readonly<Record<string, unknown>>) => RpcContract;
  readonly fixed?: Readonly<Record<string, unknown>>;
}

interface SpecialOptions<I extends z.ZodObject> {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly limit?: LimitName | 'none';
  readonly input: I;
  readonly replies: readonly Reply[];
  readonly errors?: readonly string[];
  readonly body?: SpecialRoute['body'];
  readonly signs?: z.ZodType;
  readonly bodyLimit?: number;
  readonly takesIdempotencyKey?: boolean;
  readonly cookie?: boolean;
  readonly documented?: boolean;
  readonly failed?: FailurePage;
}

type Undressed<T extends Route> = Omit<T, 'tag'>;
type Draft = Undressed<RpcRoute> | Undressed<SpecialRoute>;

export function defineRoutes(tag: string, describe: string, drafts: readonly Draft[]): RouteGroup {
  return { tag, describe, routes: drafts.map((draft) => ({ ...draft, tag })) };
}

const rpcRoute =
  (method: Method) =>
  (path: string, contract: RpcContract, options: RpcOptions): Undressed<RpcRoute> => {
    const { input, permission } = contract;
    if (!(input instanceof z.ZodObject)) throw new Error(`${contract.name} cannot be a route: its input is not an object`);
    if (permission === 'service')
      throw new Error(`${contract.name} is for services only; give it a route of its own that speaks for the caller`);
    const { status = 200, ifMatch, limit = 'credential', operationId = camelCase(contract.name), ...rest } = options;
    return {
      kind: 'rpc',
      method,
      path: `/v1${path}`,
      contract,
      input,
      access: permission,
      errors: contract.errors,
      description: contract.describe,
      status,
      limit,
      operationId,
      ...rest,
      ...(ifMatch !== undefined && { ifMatch: typeof ifMatch === 'string' ? { field: ifMatch, required: true } : ifMatch }),
    };
  };

export const get = rpcRoute('GET');
export const post = rpcRoute('POST');
export const put = rpcRoute('PUT');
export const patch = rpcRoute('PATCH');
export const del = rpcRoute('DELETE');

/** For those who are known, and hold a permission where one is named. */
export function memberRoute<I extends z.ZodObject>(
  method: Method,
  path: string,
  { access = 'member', ...options }: SpecialOptions<I> & { readonly access?: Permission | 'member' },
  handler: (resolve: Resolve) => (exchange: Exchange, input: z.output<I>, caller: Caller) => Answer | Promise<Answer>,
): Undressed<SpecialRoute> {
  return specialRoute(method, path, access, options, (resolve) => {
    const handle = handler(resolve);
    return (exchange, input: z.output<I>) => handle(exchange, input, callerOf(exchange));
  });
}

/** For anyone. */
export function openRoute<I extends z.ZodObject>(
  method: Method,
  path: string,
  options: SpecialOptions<I>,
  handler: (resolve: Resolve) => (exchange: Exchange, input: z.output<I>) => Answer | Promise<Answer>,
): Undressed<SpecialRoute> {
  return specialRoute(method, path, 'public', options, handler);
}

function specialRoute<I extends z.ZodObject>(
  method: Method,
  path: string,
  access: Access,
  options: SpecialOptions<I>,
  handler: (resolve: Resolve) => (exchange: Exchange, input: z.output<I>) => Answer | Promise<Answer>,
): Undressed<SpecialRoute> {
  const { limit = access === 'public' ? 'address' : 'credential', ...rest } = options;
  return {
    kind: 'special',
    method,
    path,
    access,
    limit,
    status: options.replies[0]?.status ?? 200,
    errors: [],
    body: 'json',
    takesIdempotencyKey: false,
    cookie: false,
    documented: true,
    ...rest,
    bind(resolve) {
      const handle = handler(resolve);
      const schema = strictly(options.input);
      return (exchange, brought) => handle(exchange, parse(schema, brought));
    },
  };
}

/** For routes that take nothing. */
export const nothing = z.object({});

function parse<S extends z.ZodObject>(schema: S, brought: unknown): z.output<S> {
  const result = schema.safeParse(brought);
  if (!result.success) throw invalidBy(result.error);
  return result.data;
}

/** `identity.invite-staff` → inviteStaff */
function camelCase(contractName: string): string {
  return contractName.slice(contractName.indexOf('.') + 1).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function callerOf(exchange: Exchange): Caller {
  if (!exchange.caller) throw new DomainError('unauthenticated', 'Sign in first.');
  return exchange.caller;
}
