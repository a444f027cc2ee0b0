import { isDeepStrictEqual } from 'node:util';
import { type JsonSchema, resolve } from './json-schema.js';

/**
 * May a published schema change from `before` to `after` without a new version?
 *
 * - `output` (events, answers, items of jobs): whoever reads with the old schema must be able to read everything we now
 *   write. New properties are fine, readers ignore what they do not know. Everything else may only become narrower: a
 *   property may not go, become optional, change its type or take values it did not take before.
 * - `input` (what callers send): whatever a caller of the old schema sends must still be taken, and mean the same. New
 *   optional properties are fine; everything else may only become wider.
 *
 * A new value of an enumeration in an output is a break, because readers decide by cases; an enumeration that is meant to grow
 * says so from its first version with `.meta({ 'x-open': true })`, and its readers are told to expect values they do
 * not know. Where the rule cannot tell (a changed pattern, other alternatives), it says break: a new version is cheap.
 */
export type Direction = 'input' | 'output';

export interface Break {
  /** Where: `staff.roleIds[]`. */
  readonly at: string;
  readonly what: string;
}

export function breaks(before: JsonSchema, after: JsonSchema, direction: Direction): Break[] {
  const found: Break[] = [];
  const comparison: Comparison = { direction, roots: { before, after }, seen: new Set(), found };
  compare(before, after, '', comparison);
  return found;
}

interface Comparison {
  readonly direction: Direction;
  readonly roots: { readonly before: JsonSchema; readonly after: JsonSchema };
  /** Pairs of references under comparison: a schema may hold itself. */
  readonly seen: Set<string>;
  readonly found: Break[];
}

/** They say nothing about which values are valid. */
const annotations = new Set([
  '$schema',
  '$id',
  'id',
  'title',
  'description',
  'examples',
  'example',
  'deprecated',
  'definitions',
  'x-open',
  'x-view',
]);
const understood = new Set([
  '$ref',
  'allOf',
  'type',
  'enum',
  'const',
  'default',
  'anyOf',
  'oneOf',
  'properties',
  'required',
  'additionalProperties',
  'propertyNames',
  'items',
]);
const lowerBounds = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const upperBounds = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);

function compare(before: JsonSchema, after: JsonSchema, at: string, on: Comparison): void {
  if (before.$ref !== undefined && after.$ref !== undefined) {
    const pair = `${before.$ref} ${after.$ref}`;
    if (on.seen.has(pair)) return;
    on.seen.add(pair);
  }
  const was = resolve(before, on.roots.before);
  const is = resolve(after, on.roots.after);
  const say = (what: string) => on.found.push({ at: at || 'the whole', what });
  if (on.direction === 'input') compareDefaults(before.default ?? was.default, after.default ?? is.default, say);
  if (was.allOf !== undefined || is.allOf !== undefined) {
    compareParts(was.allOf ?? [], is.allOf ?? [], at, on, say);
    return;
  }

  const alternatives = { was: alternativesOf(was), is: alternativesOf(is) };
  if (alternatives.was.length > 1 || alternatives.is.length > 1) {
    compareAlternatives(alternatives, say, on);
    return;
  }
  if (!compareTypes(was, is, say, on.direction)) return;
  compareValues(was, is, say, on.direction);
  compareLimits(was, is, say, on.direction);
  compareObjects(was, is, at, on, say);
  compareItems(was, is, at, on, say);
}

type Say = (what: string) => void;

/** In the wide schema every alternative of the narrow one must have its place. */
function compareAlternatives({ was, is }: Record<'was' | 'is', JsonSchema[]>, say: Say, on: Comparison): void {
  const [narrow, wide] = on.direction === 'output' ? [is, was] : [was, is];
  for (const alternative of narrow) {
    const fits = wide.some((other) => {
      const found: Break[] = [];
      const attempt = { ...on, found, seen: new Set(on.seen) };
      if (on.direction === 'output') compare(other, alternative, '', attempt);
      else compare(alternative, other, '', attempt);
      return found.length === 0;
    });
    if (fits) continue;
    if (on.direction === 'output') say(`can now also be ${nameOf(alternative)}, which readers of the old schema do not know`);
    else say(`no longer takes ${nameOf(alternative)}`);
  }
}

function compareTypes(was: JsonSchema, is: JsonSchema, say: Say, direction: Direction): boolean {
  const [narrow, wide] = direction === 'output' ? [typesOf(is), typesOf(was)] : [typesOf(was), typesOf(is)];
  if (wide === undefined) return true;
  if (narrow?.every((type) => wide.includes(type) || (type === 'integer' && wide.includes('number')))) return true;
  say(`the type was ${typesOf(was)?.join(' or ') ?? 'anything'} and is ${typesOf(is)?.join(' or ') ?? 'anything'}`);
  return false;
}

function compareValues(was: JsonSchema, is: JsonSchema, say: Say, direction: Direction): void {
  const [before, now] = [valuesOf(was), valuesOf(is)];
  const [narrow, wide] = direction === 'output' ? [now, before] : [before, now];
  if (wide === undefined) return;
  if (direction === 'output' && was['x-open'] === true) return;
  if (narrow === undefined) {
    say(direction === 'output' ? 'was one of a list of values and is free' : 'was free and is one of a list of values');
    return;
  }
  const outside = narrow.filter((value) => !wide.some((known) => isDeepStrictEqual(known, value)));
  if (outside.length === 0) return;
  const list = outside.map((value) => JSON.stringify(value)).join(', ');
  say(direction === 'output' ? `can now also be ${list}` : `no longer takes ${list}`);
}

function compareLimits(was: JsonSchema, is: JsonSchema, say: Say, direction: Direction): void {
  const [narrow, wide] = direction === 'output' ? [is, was] : [was, is];
  for (const keyword of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (annotations.has(keyword) || understood.has(keyword)) continue;
    const [limit, value] = [wide[keyword], narrow[keyword]];
    if (limit === undefined || isDeepStrictEqual(limit, value)) continue;
    // every value of a list is known, so a length or a pattern adds nothing
    if (valuesOf(narrow) !== undefined) continue;
    if (typeof limit === 'number' && typeof value === 'number') {
      if (lowerBounds.has(keyword) && value >= limit) continue;
      if (upperBounds.has(keyword) && value <= limit) continue;
    }
    say(`${keyword} was ${show(was[keyword])} and is ${show(is[keyword])}`);
  }
}

function compareObjects(was: JsonSchema, is: JsonSchema, at: string, on: Comparison, say: Say): void {
  const [before, now] = [was.properties ?? {}, is.properties ?? {}];
  for (const [name, schema] of Object.entries(before)) {
    const path = at ? `${at}.${name}` : name;
    const successor = now[name];
    if (!successor) on.found.push({ at: path, what: 'is gone' });
    else compare(schema, successor, path, on);
  }
  const [needed, needs] = [was.required ?? [], is.required ?? []];
  const [lost, gained] = [
    needed.filter((name) => !needs.includes(name) && name in now),
    needs.filter((name) => !needed.includes(name)),
  ];
  for (const name of on.direction === 'output' ? lost : gained)
    on.found.push({
      at: at ? `${at}.${name}` : name,
      what: on.direction === 'output' ? 'was always there and is optional' : 'was not needed and is required',
    });

  const [narrow, wide] = on.direction === 'output' ? [is, was] : [was, is];
  if (wide.additionalProperties === false && narrow.additionalProperties !== false) say('refuses properties it does not know');
  if (typeof wide.additionalProperties === 'object') {
    if (typeof narrow.additionalProperties !== 'object') say('the values of other properties were of another kind');
    else if (typeof was.additionalProperties === 'object' && typeof is.additionalProperties === 'object')
      compare(was.additionalProperties, is.additionalProperties, `${at}{}`, on);
  }
  compareNames(was.propertyNames, is.propertyNames, say, on);
}

/** A name that comes is like a property that comes; one that goes is like a property that goes. */
function compareNames(before: JsonSchema | undefined, after: JsonSchema | undefined, say: Say, on: Comparison): void {
  const was = before && resolve(before, on.roots.before);
  const is = after && resolve(after, on.roots.after);
  const [names, newNames] = [was && valuesOf(was), is && valuesOf(is)];
  if (names && newNames) {
    const gone = names.filter((name) => !newNames.includes(name));
    if (gone.length > 0) say(`no longer has ${gone.map(show).join(', ')}`);
    return;
  }
  const [narrow, wide] = on.direction === 'output' ? [is, was] : [was, is];
  if (wide && !isDeepStrictEqual(withoutAnnotations(narrow ?? {}), withoutAnnotations(wide)))
    say('the names of its properties follow another rule');
}

function compareItems(was: JsonSchema, is: JsonSchema, at: string, on: Comparison, say: Say): void {
  const [narrow, wide] = on.direction === 'output' ? [is.items, was.items] : [was.items, is.items];
  if (wide === undefined || wide === true || isDeepStrictEqual(narrow, wide)) return;
  if (isSchema(was.items) && isSchema(is.items)) compare(was.items, is.items, `${at}[]`, on);
  else say('its items are of another kind');
}

/** Everything at once: part by part, which is more than needed and never less. */
function compareParts(was: JsonSchema[], is: JsonSchema[], at: string, on: Comparison, say: Say): void {
  if (was.length !== is.length) say('is put together from other parts');
  for (const [position, part] of was.entries()) {
    const successor = is[position];
    if (successor) compare(part, successor, at, on);
  }
}

/** A caller that leaves a property out gets the default; another default is another meaning of the same call. */
function compareDefaults(was: unknown, is: unknown, say: Say): void {
  if (was !== undefined && !isDeepStrictEqual(was, is)) say(`the default was ${show(was)} and is ${show(is)}`);
}

function alternativesOf(schema: JsonSchema): JsonSchema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return alternatives;
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }));
  return [schema];
}

function typesOf(schema: JsonSchema): string[] | undefined {
  if (schema.type !== undefined) return [schema.type].flat();
  const values = valuesOf(schema);
  return values && [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
}

function valuesOf(schema: JsonSchema): unknown[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

function isSchema(items: JsonSchema['items']): items is JsonSchema {
  return typeof items === 'object' && !Array.isArray(items);
}

function withoutAnnotations(schema: JsonSchema): object {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !annotations.has(keyword)));
}

function nameOf(schema: JsonSchema): string {
  return (
    schema.$ref?.replace('#/definitions/', '') ??
    valuesOf(schema)?.map(show).join(' or ') ??
    typesOf(schema)?.join(' or ') ??
    'something else'
  );
}

function show(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
