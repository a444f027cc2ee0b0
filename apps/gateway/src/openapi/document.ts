import { Problem } from '../problem/problem.js';
import type { RouteGroup } from '../routing/route.js';
import { operationOf, repliesOf } from './operation.js';
import { SchemaBook, type JsonObject } from './schema-book.js';

export interface DocumentOptions {
  readonly publicUrl: string;
  readonly version: string;
  readonly cookieName: string;
}

/** OpenAPI 3.1, made of the routes and their contracts: there is no other description that could say something else. */
export function openApiDocument(groups: readonly RouteGroup[], options: DocumentOptions): JsonObject {
  const book = new SchemaBook();
  book.output(Problem);
  const documented = groups.map((group) => ({
    ...group,
    routes: group.routes.filter((route) => route.kind === 'rpc' || route.documented),
  }));
  const paths: Record<string, Record<string, JsonObject>> = {};
  const routes = documented.flatMap((group) => group.routes);
  // Replies first: where a thing looks different in a request, that form gets the longer name.
  for (const { schema } of routes.flatMap(repliesOf)) if (schema) book.output(schema);
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route, book);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Leasewire',
      version: options.version,
      summary: 'Keeps a property’s people, their invitations and their Wi-Fi in step with its property-management system.',
      description,
      license: { name: 'Proprietary', url: `${options.publicUrl}/docs` },
    },
    servers: [{ url: options.publicUrl }],
    tags: documented
      .filter((group) => group.routes.length > 0)
      .map(({ tag, describe }) => ({ name: tag, description: describe })),
    paths,
    components: {
      schemas: book.components,
      securitySchemes: securitySchemes(options.cookieName),
      parameters,
      headers,
    },
  };
}

const description = `
**Signing in.** \`POST /v1/sessions\` gives an access token; send it as \`Authorization: Bearer …\`. Programs use an API key, in the same header or as \`X-Api-Key\`.

**Errors** are RFC 9457 problems with a stable \`code\`; every code is explained at [/docs/errors](/docs/errors). \`correlationId\` finds a request in logs and audit.

**Lists** take \`limit\` and \`cursor\` and answer \`items\` and \`nextCursor\`; give it as \`cursor\` until it is null. A page may hold fewer items than asked for.

**Edits** name the version they edit: send the \`ETag\` you read as \`If-Match\`. A stale one is refused with 412.

**Repeating.** Send an \`Idempotency-Key\` with whatever changes something; the same key with the same input is done once, and answered again with \`Idempotency-Replayed: true\`.

**Unknown** query parameters and body fields are refused, so a misspelt one is noticed. Replies may gain fields at any time: ignore those you do not know.

**Limits.** \`RateLimit\` says what is left and \`Retry-After\` when to come back.
`.trim();

function securitySchemes(cookieName: string): JsonObject {
  return {
    bearer: { type: 'http', scheme: 'bearer', description: 'An access token of `POST /v1/sessions`, or an API key (`lw_…`)' },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'An API key (`lw_…`)' },
    cookie: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieName,
      description: 'The refresh token of a browser; only for /v1/sessions',
    },
  };
}

const text = { type: 'string' } as const;
const parameters: JsonObject = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    // no example: programs that send examples as they are would send one key for everything, and be refused
    description:
      'Up to 128 visible ASCII characters, new for each intent (a UUID is good): the same key and input are done once. Kept for a day.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The ETag of the version you edit, or `*` for whatever is there',
    schema: text,
    example: '"3"',
  },
  IfMatchOptional: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The version you edit, quoted; refused when it is not the newest',
    schema: text,
    example: '"3"',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag you have: 304 when it is still the newest',
    schema: text,
    example: '"3"',
  },
  LastEventId: {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'The last `id` you received: goes on behind it',
    schema: text,
  },
};

const headers: JsonObject = {
  CorrelationId: { description: 'Finds this request in logs and audit; the one you sent, if it was well formed', schema: text },
  RateLimitPolicy: { description: 'The limit that is nearest: `"credential";q=1200;w=60`', schema: text },
  RateLimit: { description: 'What is left of it, and when it begins anew: `"credential";r=1199;t=42`', schema: text },
  RetryAfter: { description: 'Seconds until another try makes sense', schema: { type: 'integer' } },
  ETag: { description: 'The version, quoted', schema: text },
  IdempotencyReplayed: { description: 'true: it had been done before, and this is the stored answer', schema: text },
};
