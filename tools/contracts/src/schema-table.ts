import { type JsonSchema, resolve } from './json-schema.js';

export interface Row {
  readonly field: string;
  readonly type: string;
  readonly note: string;
}

/** A schema as the rows of a table, one per field, nested ones by their path; things with a name are described on their own. */
export function rowsOf(schema: JsonSchema): Row[] {
  return objectRows(schema, '', schema, 0);
}

const deepest = 6;

function objectRows(schema: JsonSchema, prefix: string, root: JsonSchema, depth: number): Row[] {
  if (depth > deepest) return [];
  const object = resolve(schema, root);
  return Object.entries(object.properties ?? {}).flatMap(([name, part]) => {
    const field = `${prefix}${name}`;
    const optional = object.required?.includes(name) ? '' : '?';
    return [
      { field: `${field}${optional}`, type: typeOf(part, root), note: noteOf(part, root) },
      ...nested(part, field, root, depth + 1),
    ];
  });
}

function nested(part: JsonSchema, field: string, root: JsonSchema, depth: number): Row[] {
  if (thingOf(part, root) !== undefined) return [];
  const schema = resolve(part, root);
  const branches = (schema.anyOf ?? schema.oneOf ?? [schema]).filter((branch) => thingOf(branch, root) === undefined);
  return branches.flatMap((branch) => {
    if (branch.properties) return objectRows(branch, `${field}.`, root, depth);
    if (typeof branch.items !== 'object' || Array.isArray(branch.items) || thingOf(branch.items, root) !== undefined) return [];
    return objectRows(branch.items, `${field}[].`, root, depth);
  });
}

/** The name of the object that a schema refers to. */
function thingOf(part: JsonSchema, root: JsonSchema): string | undefined {
  const reference = part.$ref ?? part.allOf?.[0]?.$ref;
  return reference !== undefined && resolve(part, root).properties ? reference.replace('#/definitions/', '') : undefined;
}

function typeOf(part: JsonSchema, root: JsonSchema): string {
  const thing = thingOf(part, root);
  if (thing !== undefined) return `[${thing}](#${thing.toLowerCase()})`;
  const schema = resolve(part, root);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return [...new Set(branches.map((branch) => typeOf(branch, root)))].join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.type === 'array')
    return typeof schema.items === 'object' && !Array.isArray(schema.items) ? `list of ${typeOf(schema.items, root)}` : 'list';
  if (schema.format !== undefined) return schema.format;
  const id = /^\^([a-z-]+:)?([a-z]+)_\[/.exec(schema.pattern ?? '');
  if (id) return `\`${id[1] ?? ''}${id[2] ?? ''}_…\``;
  const prefix = /^\^([a-z-]+:)/.exec(schema.pattern ?? '')?.[1];
  if (prefix !== undefined) return `\`${prefix}…\``;
  if (typeof schema.additionalProperties === 'object') return `map to ${typeOf(schema.additionalProperties, root)}`;
  return schema.type === undefined ? 'anything' : [schema.type].flat().join(' or ');
}

function noteOf(part: JsonSchema, root: JsonSchema): string {
  const schema = resolve(part, root);
  const open = schema['x-open'] === true ? ' More values will come: treat one you do not know as “other”.' : '';
  return `${part.description ?? schema.description ?? ''}${open}`.trim();
}
