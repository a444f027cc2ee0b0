import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import type { Route } from './route.js';

/** One request on its way through, and what is known of it so far. */
export class Exchange {
  readonly correlationId: string;
  readonly traceparent: string | undefined;
  readonly startedAt = performance.now();
  caller: Caller | undefined;
  /** Of the limit that applied, for the reply's headers. */
  rateLimit: readonly string[] | undefined;

  constructor(
    readonly request: FastifyRequest<{ Params: Readonly<Record<string, string>> }>,
    readonly reply: FastifyReply,
    readonly route: Route,
    /** Of whoever asks, as far as trusted proxies tell. */
    readonly address: string,
  ) {
    const { headers } = request.raw;
    this.correlationId = correlationIdOf(headers['x-correlation-id']);
    this.traceparent = traceparentOf(headers['traceparent']);
  }

  get userAgent(): string {
    return (this.request.raw.headers['user-agent'] ?? '').slice(0, 300);
  }

  header(name: string): string | undefined {
    const value = this.request.raw.headers[name];
    return typeof value === 'string' ? value : undefined;
  }
}

const wellFormedId = /^[\w.:-]{8,100}$/;
const wellFormedTrace = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export function correlationIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && wellFormedId.test(given) ? given : nextId();
}

/** Random of this process, and counting within it: unique, and made in no time. */
const ofProcess = randomBytes(9).toString('base64url');
let count = 0;
export const nextId = (): string => `req_${ofProcess}${(++count).toString(36).padStart(7, '0')}`;

function traceparentOf(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' && wellFormedTrace.test(given) ? given : undefined;
}
