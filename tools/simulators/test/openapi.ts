import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Just enough of OpenAPI 3.0 for Buildium's public document: the keywords it uses and no more. A keyword it does not know is an error. */
interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
}
interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
interface Document {
  paths: Record<string, { get: Operation }>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, { in: string; name: string }> };
}

export const document = JSON.parse(readFileSync(join(__dirname, 'reference/buildium-openapi-subset.json'), 'utf8')) as Document;

const known = [
  '$ref',
  'type',
  'format',
  'enum',
  'items',
  'properties',
  'allOf',
  'description',
  'additionalProperties',
  'example',
  'nullable',
  'title',
];

/** What is wrong with a reply of this operation; empty: nothing. Keys that the document does not name are wrong too. */
export function problemsOf(path: string, status: number, body: unknown): string[] {
  const schema = document.paths[path]?.get.responses[String(status)]?.content?.['application/json']?.schema;
  return schema === undefined ? [`${path} has no reply ${status}`] : check(schema, body, '$');
}

function check(schema: Schema, value: unknown, at: string): string[] {
  const strange = Object.keys(schema).filter((key) => !known.includes(key));
  if (strange.length > 0) return [`${at}: cannot check ${strange.join()}`];
  if (schema.$ref !== undefined) return check(document.components.schemas[schema.$ref.split('/').at(-1)!]!, value, at);
  if (schema.allOf !== undefined) return schema.allOf.flatMap((one) => check(one, value, at));
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) return [`${at}: ${String(value)} is not in the enum`];
  return ofType[schema.type ?? 'object']!(schema, value, at);
}

type Check = (schema: Schema, value: unknown, at: string) => string[];
const wrong = (at: string, what: string) => [`${at} is not ${what}`];

const formats: Record<string, RegExp> = {
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
};

const ofType: Record<string, Check> = {
  array: (schema, value, at) =>
    Array.isArray(value) ? value.flatMap((one, index) => check(schema.items!, one, `${at}[${index}]`)) : wrong(at, 'an array'),
  object: (schema, value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(at, 'an object');
    return Object.entries(value).flatMap(([key, inner]) => {
      const of = schema.properties?.[key];
      return of === undefined ? [`${at}.${key} is not in the document`] : check(of, inner, `${at}.${key}`);
    });
  },
  string: ({ format }, value, at) => {
    if (typeof value !== 'string') return wrong(at, 'a string');
    return format !== undefined && formats[format]?.test(value) === false ? wrong(at, format) : [];
  },
  integer: ({ format }, value, at) => {
    const most = format === 'int32' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
    return Number.isInteger(value) && Math.abs(value as number) <= most ? [] : wrong(at, `an ${format ?? 'integer'}`);
  },
  number: (_schema, value, at) => (typeof value === 'number' ? [] : wrong(at, 'a number')),
  boolean: (_schema, value, at) => (typeof value === 'boolean' ? [] : wrong(at, 'a boolean')),
};
