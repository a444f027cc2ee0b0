import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '@leasewire/contracts';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import fastify, { type FastifyHttpOptions, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { toProblem } from '../problem/problem.js';

export type EarlyFailure = (request: FastifyRequest, reply: FastifyReply, error: unknown) => void;

/**
 * The server and its limits. A client gets ten seconds for its headers and thirty for its body, so that nobody holds a
 * connection by sending slowly. Errors and unknown paths are answered by us, as problems, and not by Nest.
 */
export class GatewayAdapter extends FastifyAdapter {
  readonly #late: { fail?: EarlyFailure };

  constructor() {
    const late: { fail?: EarlyFailure } = {};
    const instance = fastify(serverOptions(late));
    // Nest's adapter would add seven hooks, asked for every request, for what is done here in other ways: CORS, security headers,
    // versions, 503 while closing.
    const addHook = instance.addHook.bind(instance);
    instance.addHook = () => instance;
    super(instance);
    instance.addHook = addHook;
    this.#late = late;
  }

  /** Nest would bring its middleware here; there is none. */
  override init(): Promise<void> {
    return Promise.resolve();
  }

  /** How requests end that reach no route. */
  failsBy(fail: EarlyFailure): void {
    this.#late.fail = fail;
    this.getInstance().setErrorHandler((error, request, reply) => {
      fail(request, reply, error);
    });
  }

  /** Nest would set its own. */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }

  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance();
  }
}

function serverOptions(late: { readonly fail?: EarlyFailure }): FastifyHttpOptions<Server> {
  return {
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000, // longer than load balancers usually hold theirs, so that it is they who close
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2000, maxHeaderSize: 16 * 1024 },
    // Queries are read where the schema is known, once.
    routerOptions: { maxParamLength: 300, querystringParser: () => ({}) },
    exposeHeadRoutes: false,
    // What still comes while it closes is answered; a bare 503 would be neither a problem nor true.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      late.fail?.(request, reply, error);
    },
    clientErrorHandler: answerBrokenRequest,
  };
}

/** What is so broken that there is no request: an answer on the bare socket, and the end of the connection. */
function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { problem } = toProblem(brokenRequest(error.code), 'none');
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function brokenRequest(code: string | undefined): DomainError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError('header-too-large', 'The header fields are larger than 16 kB together.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DomainError('request-timeout', 'The request did not arrive in time.');
    default:
      return new DomainError('malformed-request', 'This is not a proper HTTP request.');
  }
}
