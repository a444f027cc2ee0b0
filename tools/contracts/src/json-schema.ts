import { z } from 'zod';

/**
 * The part of JSON Schema (draft 7) that our contracts turn into. Draft 7, because AsyncAPI 3 reads it without a plug-in and
 * every validator a subscriber may have does too.
 */
export const JsonSchema = z.looseObject({
  $ref: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  required: z.array(z.string()).optional(),
  'x-open': z.boolean().optional(),
  get properties() {
    return z.record(z.string(), JsonSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), JsonSchema]).optional();
  },
  get propertyNames() {
    return JsonSchema.optional();
  },
  get items() {
    return z.union([z.boolean(), JsonSchema, z.array(JsonSchema)]).optional();
  },
  get anyOf() {
    return z.array(JsonSchema).optional();
  },
  get oneOf() {
    return z.array(JsonSchema).optional();
  },
  get allOf() {
    return z.array(JsonSchema).optional();
  },
  get definitions() {
    return z.record(z.string(), JsonSchema).optional();
  },
});
export type JsonSchema = z.infer<typeof JsonSchema>;

/** Formats that say all their pattern says; zod's own pattern changes with its versions and would look like a change of ours. */
const formatsThatSuffice = new Set(['date-time', 'date', 'email', 'uuid', 'uri']);

/**
 * What is published of a zod schema. `input` is what a caller may send, `output` what a reader gets. Objects stay open, so
 * that a later additive property does not fail the validator of someone who reads with an older copy.
 */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const converted = z.toJSONSchema(schema, {
    io,
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      const strict = zodSchema._zod.def.type === 'object' && isStrict(zodSchema);
      if (jsonSchema.additionalProperties === false && !(strict && io === 'input')) delete jsonSchema.additionalProperties;
      if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
      if (jsonSchema.format !== undefined && formatsThatSuffice.has(jsonSchema.format)) delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return JsonSchema.parse(converted);
}

function isStrict(schema: unknown): boolean {
  return schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** The schema a reference within `root` points to; a schema that only wraps one (draft 7 wants it for a comment beside it) is that one. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema;
  for (let hops = 0; hops < 20; hops++) {
    const only = found.allOf?.length === 1 && !found.type ? found.allOf[0] : undefined;
    if (found.$ref === undefined && only === undefined) return found;
    const next = found.$ref === undefined ? only : root.definitions?.[found.$ref.replace('#/definitions/', '')];
    if (!next) throw new Error(`The reference ${String(found.$ref)} leads nowhere`);
    found = next;
  }
  throw new Error(`The reference ${String(schema.$ref)} leads in a circle`);
}
