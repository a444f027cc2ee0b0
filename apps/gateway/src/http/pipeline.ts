import { DomainError } from '@leasewire/contracts';
import type { Assertions, CallOptions, RawReply, RpcCaller } from '@leasewire/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Authenticator } from '../auth/authenticator.js';
import { assertMay, type Caller } from '../auth/caller.js';
import { Credentials, isNotAccepted, type Credential } from '../auth/credentials.js';
import { addressKey, type Addresses } from './addresses.js';
import type { Limiter } from '../rate-limit/limiter.js';
import { taken } from '../routing/answer.js';
import { etagOf, isKnownTo, versionToEdit } from '../routing/conditional.js';
import { Exchange, nextId } from '../routing/exchange.js';
import { idempotencyKeyOf } from '../routing/idempotency.js';
import { InputPlan } from '../routing/input-plan.js';
import { locationFrom } from '../routing/location.js';
import type { Resolve, Route, RpcRoute, SpecialRoute } from '../routing/route.js';
import { FormBody } from './json-body.js';
import { RawBody } from './raw-body.js';
import type { Responder } from './responder.js';

type RoutedRequest = FastifyRequest<{ Params: Readonly<Record<string, string>> }>;
export type Handle = (request: RoutedRequest, reply: FastifyReply) => void;
export type Gate = (request: RoutedRequest, reply: FastifyReply, done: () => void) => void;

const longestUrl = 8192;

/**
 * The way of a request: who asks, are they within their limits, may they, is what they bring in order; then to the owner
 * and back. Written without `async` up to the call: what is remembered is answered without waiting.
 */
export class Pipeline {
  readonly #admitted = new WeakMap<RoutedRequest, Exchange>();
  readonly #credentials = new Credentials();

  constructor(
    private readonly auth: Authenticator,
    private readonly limiter: Limiter,
    private readonly addresses: Addresses,
    private readonly rpc: RpcCaller,
    private readonly assertions: Assertions,
    private readonly responder: Responder,
    private readonly resolve: Resolve,
  ) {}

  handlerOf(route: Route): Handle {
    const run = route.kind === 'rpc' ? this.#rpc(route) : this.#special(route);
    return (request, reply) => {
      const admitted = this.#admitted.get(request);
      if (admitted)
        run(admitted).catch((error: unknown) => {
          this.responder.fail(admitted, error);
        });
      else this.#enter(route, request, reply, run);
    };
  }

  /** Who asks, and may they: before their body is read. */
  gateOf(route: Route): Gate {
    return (request, reply, done) => {
      this.#enter(route, request, reply, (exchange) => {
        this.#admitted.set(request, exchange);
        done();
        return Promise.resolve();
      });
    };
  }

  #enter(route: Route, request: RoutedRequest, reply: FastifyReply, go: (exchange: Exchange) => Promise<void>): void {
    const address = this.addresses.of(request.raw.socket.remoteAddress, request.raw.headers['x-forwarded-for']);
    const exchange = new Exchange(request, reply, route, address);
    const fail = (error: unknown): void => {
      this.responder.fail(exchange, error);
    };
    try {
      if ((request.raw.url?.length ?? 0) > longestUrl)
        throw new DomainError('uri-too-long', 'The address is longer than allowed.');
      if (route.access === 'public') {
        this.#limit(exchange, route.limit, addressKey(address));
        go(exchange).catch(fail);
        return;
      }
      const credential = this.#credentials.of(request.raw);
      if (!credential) throw notSignedIn();
      const caller = this.auth.remembered(credential);
      if (caller) {
        this.#admit(exchange, caller);
        go(exchange).catch(fail);
      } else
        void this.#ask(exchange, credential)
          .then(() => go(exchange))
          .catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  async #ask(exchange: Exchange, credential: Credential): Promise<void> {
    // Tokens that are not accepted cost a question each: whoever tries many of them is stopped before.
    const refusals = addressKey(exchange.address);
    this.limiter.check('refused', refusals);
    try {
      this.#admit(exchange, await this.auth.ask(credential, exchange.correlationId));
    } catch (error) {
      if (isNotAccepted(error)) this.limiter.take('refused', refusals);
      throw error;
    }
  }

  #admit(exchange: Exchange, caller: Caller): void {
    const { route } = exchange;
    exchange.caller = caller;
    this.#limit(exchange, route.limit, caller.key);
    // Only then: what one's own limit refuses is not taken from one's colleagues.
    this.#limit(exchange, 'organization', caller.principal.orgId);
    if (route.access !== 'member' && route.access !== 'public') assertMay(caller, route.access);
  }

  #limit(exchange: Exchange, name: Route['limit'], subject: string): void {
    if (name === 'none') return;
    const taken = this.limiter.take(name, subject);
    if (!taken) return;
    // The reply tells of one's own limit, which is the first, unless it is another that refuses.
    exchange.rateLimit = taken.refusal ? taken.headers : (exchange.rateLimit ?? taken.headers);
    if (taken.refusal) throw taken.refusal;
  }

  #rpc(route: RpcRoute): (exchange: Exchange) => Promise<void> {
    const plan = new InputPlan(route);
    const { contract, contractFor, ifMatch } = route;
    const isCommand = contract.does === 'command';
    const locate = route.location === undefined ? undefined : locationFrom(route.location);
    return async (exchange) => {
      const { headers } = exchange.request.raw;
      const input = plan.collect(broughtBy(exchange.request));
      if (ifMatch) {
        const version = versionToEdit(exchange.header('if-match'), ifMatch);
        if (version !== undefined) input[ifMatch.field] = version;
      }
      plan.check(input);
      // One of our own where none is given, so that the client of calls may repeat it.
      const key = isCommand ? (idempotencyKeyOf(headers['idempotency-key']) ?? nextId()) : undefined;
      const reply = await this.rpc.callRaw(contractFor?.(input) ?? contract, input, this.#options(exchange, key));
      this.#pass(exchange, route, reply, locate);
    };
  }

  #options(exchange: Exchange, idempotencyKey: string | undefined): CallOptions {
    const { caller, correlationId, traceparent } = exchange;
    return {
      assertion: caller ? caller.assertion(this.assertions, exchange.startedAt) : this.assertions.forService(null),
      correlationId,
      ...(traceparent !== undefined && { traceparent }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
  }

  #pass(exchange: Exchange, route: RpcRoute, reply: RawReply, locate?: (body: Uint8Array) => string): void {
    if (!reply.ok) throw errorIn(reply.body);
    const etag = reply.version === undefined ? undefined : etagOf(reply.version);
    if (etag !== undefined && route.method === 'GET' && isKnownTo(exchange.header('if-none-match'), etag)) {
      this.responder.send(exchange, { status: 304, headers: { etag, 'cache-control': 'private, no-cache' } });
    } else if (route.status === 204) {
      this.responder.send(exchange, { status: 204, ...(reply.replayed && { headers: { 'idempotency-replayed': 'true' } }) });
    } else {
      const { body, replayed } = reply;
      this.responder.bytes(exchange, route.status, body, { etag, replayed, location: locate?.(body) });
    }
  }

  #special(route: SpecialRoute): (exchange: Exchange) => Promise<void> {
    const plan = new InputPlan(route);
    const handle = route.bind(this.resolve);
    return async (exchange) => {
      const input = plan.collect(broughtBy(exchange.request, route.body));
      const answer = await handle(exchange, input);
      if (answer !== taken) this.responder.send(exchange, answer);
    };
  }
}

const howToSend: Readonly<Record<SpecialRoute['body'], string>> = {
  json: 'Send the body as application/json.',
  form: 'Send the form as a browser does.',
  csv: 'Send the file itself as the body, as text/csv.',
  signed: 'Send the body as application/json.',
};

/** Bytes that are not looked at here are no part of the input: who takes them reads them from the request. */
function broughtBy(request: RoutedRequest, wanted: SpecialRoute['body'] = 'json') {
  const url = request.raw.url ?? '';
  const at = url.indexOf('?');
  const { body } = request;
  const kind = body instanceof FormBody ? 'form' : body instanceof RawBody ? body.kind : 'json';
  if (body !== undefined && body !== null && kind !== wanted) throw new DomainError('unsupported-media-type', howToSend[wanted]);
  const fields = body instanceof FormBody ? body.fields : body instanceof RawBody ? undefined : body;
  return { params: request.params, query: at < 0 ? '' : url.slice(at + 1), body: fields ?? undefined };
}

const ErrorReply = z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() });

function errorIn(body: Uint8Array): DomainError {
  const parsed = ErrorReply.safeParse(jsonIn(body));
  if (!parsed.success) return new DomainError('internal', 'The service answered with an error that cannot be read.');
  const { code, message, details } = parsed.data;
  return new DomainError(code, message, details);
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

const notSignedIn = (): DomainError =>
  new DomainError('unauthenticated', 'Sign in first, or send an API key: Authorization: Bearer followed by the token or key.');
