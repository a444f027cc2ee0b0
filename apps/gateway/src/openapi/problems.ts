import { rowsOf } from '../problem/codes.js';
import type { Route } from '../routing/route.js';
import { splitOf, takesFields } from '../routing/input-plan.js';
import { STATUS_CODES } from 'node:http';
import type { JsonObject } from './schema-book.js';

/** Every code an operation can answer: its own, and those that come with how it is reached. */
export function codesOf(route: Route): string[] {
  const split = splitOf(route);
  const command = takesIdempotencyKey(route);
  return [
    ...new Set([
      ...route.errors,
      ...(route.access === 'public' ? [] : ['unauthenticated', 'unavailable']),
      ...(route.access === 'public' || route.access === 'member' ? [] : ['forbidden']),
      ...(split.path.length + split.query.length + split.body.length > 0 || command ? ['invalid-input'] : []),
      ...(split.path.length + split.query.length > 0 ? ['uri-too-long', 'header-too-large'] : []),
      ...(split.body.length > 0 || !takesFields(route)
        ? ['malformed-request', 'payload-too-large', 'unsupported-media-type']
        : []),
      ...(route.kind === 'rpc' && route.ifMatch
        ? ['conflict.version', ...(route.ifMatch.required ? ['precondition-required'] : [])]
        : []),
      ...(command ? ['idempotency.key-reused', 'idempotency.in-progress'] : []),
      ...(route.kind === 'rpc' || route.access !== 'public' || route.errors.length > 0 ? ['timeout', 'unavailable'] : []),
      'rate-limited',
      'internal',
    ]),
  ];
}

export function takesIdempotencyKey(route: Route): boolean {
  return route.kind === 'rpc' ? route.contract.does === 'command' : route.takesIdempotencyKey;
}

/** By status: the codes that come with it, each explained, and an example. */
export function problemResponses(route: Route): Record<string, JsonObject> {
  const byStatus = new Map<number, ReturnType<typeof rowsOf>>();
  for (const row of rowsOf(codesOf(route))) byStatus.set(row.status, [...(byStatus.get(row.status) ?? []), row]);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, rows]) => [
        String(status),
        {
          description: rows.map(({ code, describe }) => `\`${code}\`: ${describe}`).join('\n\n'),
          headers: headersOf(status),
          content: {
            'application/problem+json': {
              schema: {
                allOf: [
                  { $ref: '#/components/schemas/Problem' },
                  {
                    type: 'object',
                    properties: {
                      status: { type: 'integer', enum: [status] },
                      code: { type: 'string', enum: rows.map(({ code }) => code) },
                    },
                  },
                ],
              },
              examples: Object.fromEntries(
                rows.map(({ code, describe, retryable }) => [
                  code,
                  {
                    value: {
                      type: `/docs/errors#${code}`,
                      title: STATUS_CODES[status] ?? 'Error',
                      status,
                      code,
                      detail: describe,
                      correlationId: 'req_01jd3k8x9e7m2q4r5s6t7v8w9y',
                      ...(retryable === true && { retryable }),
                      ...(code === 'invalid-input' && { details: { fields: [{ path: 'name', message: 'is missing' }] } }),
                    },
                  },
                ]),
              ),
            },
          },
        },
      ]),
  );
}

function headersOf(status: number): JsonObject {
  const headers = { 'X-Correlation-Id': { $ref: '#/components/headers/CorrelationId' } };
  return status === 429 || status === 503 ? { ...headers, 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } : headers;
}
