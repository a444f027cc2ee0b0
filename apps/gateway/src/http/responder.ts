import { pipeline, Readable } from 'node:stream';
import { DomainError } from '@leasewire/contracts';
import type { Log } from '@leasewire/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { internalError, toProblem } from '../problem/problem.js';
import type { Answered } from '../routing/answer.js';
import { correlationIdOf, type Exchange } from '../routing/exchange.js';
import type { Cors } from './cors.js';
import { fromFastify } from './from-fastify.js';
import type { RequestObserver } from './request-observer.js';

const pageTypes = /^text\/html/;
const smallBody = 8192;
const apiPolicy = "default-src 'none'; frame-ancestors 'none'";

/** What goes into headers of a reply that is passed on. */
interface About {
  readonly etag: string | undefined;
  readonly replayed: boolean;
  readonly location: string | undefined;
}

/** The one place that writes replies: headers that every reply has, problems, and the note of it for logs and metrics. */
export class Responder {
  readonly #always: readonly string[];

  constructor(
    secure: boolean,
    private readonly cors: Cors,
    private readonly observer: RequestObserver,
    private readonly log: Log,
  ) {
    this.#always = [
      ...['x-content-type-options', 'nosniff', 'referrer-policy', 'no-referrer', 'cross-origin-resource-policy', 'same-origin'],
      ...(secure ? ['strict-transport-security', 'max-age=31536000; includeSubDomains'] : []),
    ];
  }

  /** Bytes as they are: the way of nearly every reply. */
  bytes(exchange: Exchange, status: number, body: Uint8Array, { etag, replayed, location }: About): void {
    const headers = this.#common(exchange, 'content-type', 'application/json');
    headers.push('cache-control', etag === undefined ? 'no-store' : 'private, no-cache', 'content-security-policy', apiPolicy);
    headers.push('content-length', String(body.byteLength));
    if (etag !== undefined) headers.push('etag', etag);
    if (replayed) headers.push('idempotency-replayed', 'true');
    if (location !== undefined) headers.push('location', location);
    exchange.reply.hijack();
    const { raw } = exchange.reply;
    raw.writeHead(status, headers);
    // as text it leaves in one piece with the headers, which is quicker than two; latin1 keeps each byte as it is
    if (body.byteLength <= smallBody)
      raw.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1');
    else raw.end(body);
    this.observer.answered(exchange, status, undefined);
  }

  send(exchange: Exchange, answer: Answered, code?: string): void {
    const { status, headers = {}, cookies = [], body } = answer;
    const own = [...Object.entries(headers).flat(), ...cookies.flatMap((cookie) => ['set-cookie', cookie])];
    const all = [...this.#common(exchange), ...own];
    if (headers['cache-control'] === undefined) all.push('cache-control', 'no-store');
    if (headers['content-security-policy'] === undefined && !pageTypes.test(headers['content-type'] ?? ''))
      all.push('content-security-policy', apiPolicy);
    exchange.reply.hijack();
    const { raw } = exchange.reply;
    if (body instanceof Readable) {
      raw.writeHead(status, all);
      this.#stream(exchange, body);
    } else {
      const hasBody = status !== 204 && status !== 304;
      const content = typeof body === 'string' ? Buffer.from(body) : body;
      raw.writeHead(status, hasBody ? [...all, 'content-length', String(content?.byteLength ?? 0)] : all);
      raw.end(hasBody ? content : undefined);
    }
    this.observer.answered(exchange, status, code);
  }

  /** A problem, for programs; people who look at a page are told on a page. */
  fail(exchange: Exchange, error: unknown): void {
    const { raw } = exchange.reply;
    if (raw.headersSent) {
      this.log.error({ correlationId: exchange.correlationId, err: error }, 'a reply broke off after it had begun');
      raw.destroy();
      return;
    }
    const known = this.#asDomainError(error, exchange.correlationId);
    const { problem, headers } = toProblem(known, exchange.correlationId);
    const asPage = exchange.route.kind === 'special' ? exchange.route.failed : undefined;
    if (asPage) {
      const page = asPage(exchange, known, problem.status);
      this.send(exchange, { ...page, headers: { ...page.headers, ...headers } }, problem.code);
      return;
    }
    const body = Buffer.from(JSON.stringify(problem));
    const all = this.#common(exchange, 'content-type', 'application/problem+json');
    all.push('cache-control', 'no-store', 'content-security-policy', apiPolicy, 'content-length', String(body.byteLength));
    all.push(...Object.entries(headers).flat());
    exchange.reply.hijack();
    raw.writeHead(problem.status, all);
    raw.end(body);
    this.observer.answered(exchange, problem.status, problem.code);
  }

  /** For requests that reached no route; with `asPage` on a page, as for people. */
  failEarly(request: FastifyRequest, reply: FastifyReply, error: unknown, asPage?: (status: number) => Answered): void {
    const correlationId = correlationIdOf(request.raw.headers['x-correlation-id']);
    const { problem, headers } = toProblem(this.#asDomainError(error, correlationId), correlationId);
    const page = asPage?.(problem.status);
    this.early(request, reply, {
      status: problem.status,
      headers: {
        ...(page?.headers ?? { 'content-type': 'application/problem+json' }),
        'x-correlation-id': correlationId,
        ...headers,
      },
      body: typeof page?.body === 'string' ? page.body : JSON.stringify(problem),
    });
    this.observer.answeredEarly(request.raw.method ?? '', problem.status, problem.code);
  }

  early(request: FastifyRequest, reply: FastifyReply, { status, headers = {}, body }: Answered & { body?: string }): void {
    const all = [...this.#always, ...this.cors.headers(request.raw.headers.origin), ...Object.entries(headers).flat()];
    if (headers['cache-control'] === undefined) all.push('cache-control', 'no-store');
    if (headers['content-security-policy'] === undefined) all.push('content-security-policy', apiPolicy);
    if (status !== 204) all.push('content-length', String(Buffer.byteLength(body ?? '')));
    reply.hijack();
    reply.raw.writeHead(status, all);
    reply.raw.end(body);
  }

  /** For a reply that goes on: who calls this writes the rest. */
  begin(exchange: Exchange, status: number, headers: Readonly<Record<string, string>>): void {
    exchange.reply.hijack();
    exchange.reply.raw.writeHead(status, [...this.#common(exchange), ...Object.entries(headers).flat()]);
    exchange.reply.raw.flushHeaders();
    this.observer.answered(exchange, status, undefined);
  }

  #common(exchange: Exchange, ...first: readonly string[]): string[] {
    const headers = [...first, 'x-correlation-id', exchange.correlationId, ...this.#always];
    if (exchange.rateLimit !== undefined) headers.push(...exchange.rateLimit);
    headers.push(...this.cors.headers(exchange.request.raw.headers.origin));
    return headers;
  }

  #stream(exchange: Exchange, body: Readable): void {
    pipeline(body, exchange.reply.raw, (error) => {
      // The one who reads may go at any time; only a fault of ours is worth a line.
      if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
        this.log.error({ correlationId: exchange.correlationId, err: error }, 'a reply broke off after it had begun');
    });
  }

  #asDomainError(error: unknown, correlationId: string): DomainError {
    if (error instanceof DomainError) return error;
    const known = fromFastify(error);
    if (known) return known;
    this.log.error({ correlationId, err: error }, 'a request failed for a reason nobody foresaw');
    return internalError();
  }
}
