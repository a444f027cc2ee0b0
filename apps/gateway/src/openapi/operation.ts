import { z } from 'zod';
import { splitOf, takesFields, type InputSplit } from '../routing/input-plan.js';
import { kindOf } from '../routing/query.js';
import type { Reply, Route } from '../routing/route.js';
import { bodyExampleOf, exampleOf } from './examples.js';
import { problemResponses, takesIdempotencyKey } from './problems.js';
import { isObject, type JsonObject, type SchemaBook } from './schema-book.js';

const csvExample = 'Unit,Bedroom,First name,Last name,E-mail,Phone\n301,A,Rosa,Silva,rosa@example.com,+1 303 555 0142\n';
const header = (name: string): JsonObject => ({ $ref: `#/components/headers/${name}` });
const parameter = (name: string): JsonObject => ({ $ref: `#/components/parameters/${name}` });

export function operationOf(route: Route, book: SchemaBook): JsonObject {
  const split = splitOf(route);
  const body = requestBody(route, split, book);
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description !== undefined && { description: described(route) }),
    tags: [route.tag],
    security: securityOf(route),
    parameters: [...parametersOf(route, split, book), ...headerParametersOf(route)],
    ...(body && { requestBody: body }),
    responses: { ...successOf(route, book), ...problemResponses(route) },
    'x-leasewire-access': route.access,
    'x-leasewire-rate-limit': route.limit,
  };
}

function described({ description = '', access }: Route): string {
  return access === 'public' || access === 'member' ? description : `${description}\n\nNeeds the permission \`${access}\`.`;
}

function securityOf(route: Route): JsonObject[] {
  const cookie = route.kind === 'special' && route.cookie;
  if (route.access !== 'public') return [{ bearer: [] }, { apiKey: [] }];
  if (route.operationId === 'signOut') return [{ bearer: [] }, { cookie: [] }];
  return cookie ? [{ cookie: [] }] : [];
}

function parametersOf(route: Route, split: InputSplit, book: SchemaBook): JsonObject[] {
  const one = (name: string, place: 'path' | 'query'): JsonObject => {
    const field = route.input.shape[name];
    if (!(field instanceof z.ZodType)) throw new Error(`${route.operationId}: no field ${name}`);
    // What a parameter means is its value after parsing: `limit` is a number, whatever text it comes as.
    const { description, ...schema } = book.output(place === 'path' ? withoutNull(field) : field);
    const required = place === 'path' || !field.safeParse(undefined).success;
    return {
      name,
      in: place,
      required,
      ...(description !== undefined && { description }),
      ...(kindOf(field) === 'list' && { style: 'form', explode: true }),
      schema,
      ...(required && { example: exampleOf(schema, book, name) }),
    };
  };
  return [...split.path.map((name) => one(name, 'path')), ...split.query.map((name) => one(name, 'query'))];
}

/** An address has no null in it: what is meant by null (the organization’s sender) is a route of its own. */
function withoutNull(field: z.ZodType): z.ZodType {
  if (!(field instanceof z.ZodNullable)) return field;
  const inner = field.unwrap();
  return inner instanceof z.ZodType ? inner : field;
}

function headerParametersOf(route: Route): JsonObject[] {
  const ifMatch = route.kind === 'rpc' ? route.ifMatch : undefined;
  return [
    ...(takesIdempotencyKey(route) ? [parameter('IdempotencyKey')] : []),
    ...(ifMatch ? [parameter(ifMatch.required ? 'IfMatch' : 'IfMatchOptional')] : []),
    ...(route.method === 'GET' && hasVersion(route) ? [parameter('IfNoneMatch')] : []),
    ...(route.operationId === 'streamEvents' ? [parameter('LastEventId')] : []),
  ];
}

function requestBody(route: Route, split: InputSplit, book: SchemaBook): JsonObject | undefined {
  if (route.kind === 'special' && !takesFields(route)) {
    if (route.body === 'csv')
      return {
        required: true,
        content: {
          'text/csv': { schema: { type: 'string', description: 'The file itself' }, example: csvExample },
          // Generated clients that know no CSV send bytes.
          'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
        },
      };
    const schema = route.signs ? book.input(route.signs) : { type: 'object' };
    return {
      required: true,
      content: { 'application/json': { schema, example: route.signs ? exampleOf(schema, book, '') : {} } },
    };
  }
  if (split.body.length === 0) return undefined;
  const { shape } = route.input;
  const picked = z.object(Object.fromEntries(Object.entries(shape).filter(([name]) => split.body.includes(name))));
  const schema = book.input(picked);
  return {
    required: !picked.safeParse({}).success,
    content: { 'application/json': { schema, example: bodyExampleOf(route.input, split.body, book) } },
  };
}

function successOf(route: Route, book: SchemaBook): Record<string, JsonObject> {
  const byStatus: Record<string, JsonObject> = {};
  for (const reply of repliesOf(route)) {
    const before = byStatus[String(reply.status)];
    const content = { ...contentOf(before), ...mediaOf(reply, book) };
    byStatus[String(reply.status)] = {
      description: reply.describe,
      headers: { ...commonHeaders(route), ...ownHeaders(reply) },
      ...(Object.keys(content).length > 0 && { content }),
    };
  }
  if (route.method === 'GET' && hasVersion(route))
    byStatus['304'] = {
      description: 'Not changed since the version that If-None-Match names',
      headers: { ETag: header('ETag') },
    };
  return byStatus;
}

export function repliesOf(route: Route): readonly Reply[] {
  return route.kind === 'special' ? route.replies : [replyOf(route)];
}

function replyOf(route: Extract<Route, { kind: 'rpc' }>): Reply {
  const { status, contract, location } = route;
  return {
    status,
    describe: status === 204 ? 'Done' : status === 202 ? 'Begun, as a job' : route.summary,
    type: status === 204 ? 'none' : 'application/json',
    ...(status !== 204 && { schema: contract.output }),
    ...(location !== undefined && { headers: { Location: status === 202 ? 'The job' : 'The new thing' } }),
  };
}

function mediaOf({ type, schema }: Reply, book: SchemaBook): JsonObject {
  if (type === 'none' || !schema) return {};
  const shape = book.output(schema);
  return { [type]: { schema: shape, ...(type === 'application/json' && { example: exampleOf(shape, book) }) } };
}

function contentOf(response: JsonObject | undefined): JsonObject {
  const content = response?.['content'];
  return isObject(content) ? content : {};
}

function commonHeaders(route: Route): JsonObject {
  return {
    'X-Correlation-Id': header('CorrelationId'),
    'RateLimit-Policy': header('RateLimitPolicy'),
    RateLimit: header('RateLimit'),
    ...(hasVersion(route) && { ETag: header('ETag') }),
    ...(takesIdempotencyKey(route) && { 'Idempotency-Replayed': header('IdempotencyReplayed') }),
  };
}

function ownHeaders({ headers = {} }: Reply): JsonObject {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

function hasVersion(route: Route): boolean {
  return (
    route.kind === 'rpc' &&
    route.status !== 204 &&
    route.contract.output instanceof z.ZodObject &&
    'version' in route.contract.output.shape
  );
}
