import { DomainError } from '@leasewire/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nothingHerePage } from '../resident-pages/failed-page.js';
import type { Route } from '../routing/route.js';
import type { Cors } from './cors.js';
import { FormBody, parseFormBody, parseJsonBody, parseMultipartBody } from './json-body.js';
import { PathIndex } from './path-index.js';
import { csvTypes, RawBody } from './raw-body.js';
import type { Pipeline } from './pipeline.js';
import type { Responder } from './responder.js';

export interface MountOptions {
  readonly routes: readonly Route[];
  readonly pipeline: Pipeline;
  readonly responder: Responder;
  readonly cors: Cors;
  readonly bodyLimit: number;
}

type AnswerUnrouted = (request: FastifyRequest, reply: FastifyReply) => void;

const used = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
export const isUnused = (method: string | undefined): boolean => !used.has(method ?? '');

/** Makes Fastify routes of the table; gives what answers requests that none of them takes. */
export function mountRoutes(
  fastify: FastifyInstance,
  { routes, pipeline, responder, cors, bodyLimit }: MountOptions,
): AnswerUnrouted {
  takeBodies(fastify, bodyLimit);
  for (const route of routes)
    fastify.route({
      method: hasHead(route) ? [route.method, 'HEAD'] : route.method,
      url: route.path,
      bodyLimit: bodyLimitOf(route) ?? bodyLimit,
      config: {
        keepsBytes: route.kind === 'special' && route.body === 'signed',
        takesForm: route.kind === 'special' && route.body === 'form',
      },
      // a body that is larger than usual is read from those only who may send it
      ...(bodyLimitOf(route) !== undefined && route.access !== 'public' && { onRequest: pipeline.gateOf(route) }),
      handler: pipeline.handlerOf(route),
    });
  const index = new PathIndex(routes.flatMap((route) => (hasHead(route) ? [route, { ...route, method: 'HEAD' }] : [route])));
  const unrouted: AnswerUnrouted = (request, reply) => {
    answerUnrouted(request, reply, index, responder, cors);
  };
  fastify.setNotFoundHandler(unrouted);
  return unrouted;
}

/** A stream has no end, so there is nothing its HEAD could tell. */
function hasHead(route: Route): boolean {
  return route.method === 'GET' && !(route.kind === 'special' && route.replies.some(({ type }) => type === 'text/event-stream'));
}

const bodyLimitOf = (route: Route): number | undefined => (route.kind === 'special' ? route.bodyLimit : undefined);

function takeBodies(fastify: FastifyInstance, bodyLimit: number): void {
  fastify.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit } as const;
  fastify.addContentTypeParser('application/json', options, (request, body: Buffer, done) => {
    const { keepsBytes } = request.routeOptions.config;
    try {
      done(null, keepsBytes === true ? new RawBody('signed', body) : parseJsonBody(body));
    } catch (error) {
      done(asError(error));
    }
  });
  fastify.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body: Buffer, done) => {
    try {
      done(null, parseFormBody(body));
    } catch (error) {
      done(asError(error));
    }
  });
  // mailboxes may press the button of a mail this way (RFC 8058)
  fastify.addContentTypeParser('multipart/form-data', options, (request, body: Buffer, done) => {
    if (request.routeOptions.config.takesForm !== true) {
      done(null, new FormBody({})); // what it holds does not matter: it is refused for its type
      return;
    }
    parseMultipartBody(body, request.headers['content-type'] ?? '').then(
      (form) => {
        done(null, form);
      },
      (error: unknown) => {
        done(asError(error));
      },
    );
  });
  fastify.addContentTypeParser([...csvTypes], options, (_request, body: Buffer, done) => {
    done(null, new RawBody('csv', body));
  });
}

function answerUnrouted(request: FastifyRequest, reply: FastifyReply, index: PathIndex, responder: Responder, cors: Cors): void {
  const { method = '', url = '', headers } = request.raw;
  const allow = index.methodsOf(url.split('?', 1)[0] ?? '');
  if (allow === undefined)
    responder.failEarly(
      request,
      reply,
      new DomainError('not-found', 'There is nothing at this address. The routes are listed at /docs.'),
      isForPerson(request) ? (status) => nothingHerePage(headers['accept-language'], status) : undefined,
    );
  else if (method === 'OPTIONS')
    responder.early(request, reply, { status: 204, headers: { allow, ...cors.preflight(headers.origin, allow) } });
  else responder.failEarly(request, reply, new DomainError('method-not-allowed', `This address takes ${allow}.`, { allow }));
}

/** A link that lost its end on the way, opened in a browser; programs ask below /v1, or for no page. */
const isForPerson = ({ raw: { method, url = '', headers } }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && !url.startsWith('/v1') && /\btext\/html\b/.test(headers.accept ?? '');

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
