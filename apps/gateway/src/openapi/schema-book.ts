import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const refTo = (name: string): string => `#/components/schemas/${name}`;

/**
 * The schemas of the document: what has a name (`.meta({id})`) becomes a component. Where the input form of a thing differs
 * from its output form, it gets a component of its own.
 */
export class SchemaBook {
  readonly #components = new Map<string, JsonObject>();

  output(schema: z.ZodType): JsonObject {
    return this.#add(toJson(schema, 'output'), '');
  }

  input(schema: z.ZodType): JsonObject {
    return this.#add(toJson(schema, 'input'), 'Input');
  }

  get components(): JsonObject {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The component or the schema itself. */
  resolve(schema: JsonObject): JsonObject {
    const { $ref } = schema;
    if (typeof $ref !== 'string') return schema;
    const name = $ref.slice(refTo('').length);
    const found = this.#components.get(name);
    if (!found) throw new Error(`there is no component ${name}`);
    return found;
  }

  #add(document: JsonObject, suffix: string): JsonObject {
    const { $defs, $schema: _, ...root } = document;
    const defs = isObject($defs)
      ? Object.entries($defs).flatMap(([name, def]) => (isObject(def) ? [[name, def] as const] : []))
      : [];
    const renamed = this.#renamed(new Map(defs), suffix);
    const nameOf = (name: string): string => (renamed.has(name) ? name + suffix : name);
    for (const [name, def] of defs) this.#components.set(nameOf(name), asObject(withRefs(def, nameOf)));
    return asObject(withRefs(root, nameOf));
  }

  /** Those that are known in another form already, and those that refer to them. */
  #renamed(defs: ReadonlyMap<string, JsonObject>, suffix: string): ReadonlySet<string> {
    const renamed = new Set<string>();
    if (suffix === '') return renamed;
    for (;;) {
      const before = renamed.size;
      for (const [name, def] of defs) {
        const known = this.#components.get(name);
        const plain = JSON.stringify(withRefs(def, (other) => (renamed.has(other) ? other + suffix : other)));
        if (known && JSON.stringify(known) !== plain) renamed.add(name);
      }
      if (renamed.size === before) return renamed;
    }
  }
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const document: unknown = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- JSON.parse gives JSON, which its type does not say
  const plain = JSON.parse(JSON.stringify(document)) as Json;
  return asObject(tidied(plain, io));
}

/**
 * Replies may gain fields, so clients must not refuse them; requests must not have unknown ones. Patterns that only spell
 * out a format again, and bounds that only say “a number”, would make the document hard to read.
 */
function tidied(value: Json, io: 'input' | 'output'): Json {
  if (isList(value)) return value.map((item) => tidied(item, io));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, part]) =>
      !(key === 'pattern' && typeof value['format'] === 'string') &&
      !((key === 'maximum' || key === 'minimum') && typeof part === 'number' && Math.abs(part) === Number.MAX_SAFE_INTEGER) &&
      !(key === 'additionalProperties' && part === false && io === 'output'),
  );
  const tidy = withSaidDefault(Object.fromEntries(kept.map(([key, part]) => [key, tidied(part, io)])));
  const closes =
    io === 'input' && tidy['type'] === 'object' && isObject(tidy['properties'] ?? null) && !('additionalProperties' in tidy);
  return closes ? { ...tidy, additionalProperties: false } : tidy;
}

/** Generators of clients refuse a whole operation for a default that is an object; people read it in the words as well. */
function withSaidDefault(schema: JsonObject): JsonObject {
  const { default: preset, ...rest } = schema;
  const isSchema = typeof rest['type'] === 'string' || ['anyOf', 'oneOf', 'allOf'].some((key) => isList(rest[key]));
  if (!isSchema || !isObject(preset)) return schema;
  const { description } = rest;
  const said = `Without it: \`${JSON.stringify(preset)}\``;
  return { ...rest, description: typeof description === 'string' ? `${description}. ${said}` : said };
}

function withRefs(value: Json, nameOf: (name: string) => string): Json {
  if (isList(value)) return value.map((item) => withRefs(item, nameOf));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) =>
      key === '$ref' && typeof part === 'string'
        ? [key, refTo(nameOf(part.slice('#/$defs/'.length)))]
        : [key, withRefs(part, nameOf)],
    ),
  );
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: Json): JsonObject {
  if (isObject(value)) return value;
  throw new Error('a schema is an object');
}
