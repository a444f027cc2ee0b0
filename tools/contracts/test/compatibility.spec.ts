import fc from 'fast-check';
import { z } from 'zod';
import { breaks } from '../src/compatibility.js';
import { toJsonSchema } from '../src/json-schema.js';

const changed = (before: z.ZodType, after: z.ZodType, io: 'input' | 'output') =>
  breaks(toJsonSchema(before, io), toJsonSchema(after, io), io).map(({ at, what }) => `${at}: ${what}`);
const o = z.object;
const Colour = z.enum(['red', 'green']);
const Wider = z.enum(['red', 'green', 'blue']);
const named = (shape: z.ZodRawShape) => o(shape).meta({ id: 'Thing' });

describe('a change of what readers get', () => {
  it.each<[string, z.ZodType, z.ZodType]>([
    ['nothing', o({ a: z.string() }), o({ a: z.string() })],
    ['a description', o({ a: z.string() }), o({ a: z.string().describe('now explained') })],
    ['a new property', o({ a: z.string() }), o({ a: z.string(), b: z.int() })],
    ['a new optional property', o({ a: z.string() }), o({ a: z.string(), b: z.int().optional() })],
    ['a new property in a list', o({ a: z.array(o({ b: z.string() })) }), o({ a: z.array(o({ b: z.string(), c: z.int() })) })],
    ['optional, now always there', o({ a: z.string().optional() }), o({ a: z.string() })],
    ['never null any more', o({ a: z.string().nullable() }), o({ a: z.string() })],
    ['one alternative fewer', o({ a: z.union([z.string(), z.int()]) }), o({ a: z.string() })],
    ['fewer values', o({ a: Wider }), o({ a: Colour })],
    ['one value of a list', o({ a: Colour }), o({ a: z.literal('red') })],
    ['free text that is a list of values now', o({ a: z.string() }), o({ a: Colour })],
    ['a number that is whole now', o({ a: z.number() }), o({ a: z.int() })],
    ['a closer limit', o({ a: z.string().max(20) }), o({ a: z.string().max(10) })],
    ['a limit where none was', o({ a: z.string() }), o({ a: z.string().max(10) })],
    ['a pattern where none was', o({ a: z.string() }), o({ a: z.string().regex(/^x/) })],
    ['a new key of a set', z.partialRecord(Colour, z.int()), z.partialRecord(Wider, z.int())],
    ['a new value of an open enumeration', o({ a: Colour.meta({ 'x-open': true }) }), o({ a: Wider.meta({ 'x-open': true }) })],
    ['a schema that got a name', o({ t: o({ a: z.int() }) }), o({ t: named({ a: z.int() }) })],
    ['a new property of a named schema', o({ t: named({ a: z.int() }) }), o({ t: named({ a: z.int(), b: z.int() }) })],
    ['strict or not', z.strictObject({ a: z.int() }), o({ a: z.int() })],
    [
      'a new property of an alternative',
      z.union([o({ k: z.literal('x') }), o({ k: z.literal('y') })]),
      z.union([o({ k: z.literal('x'), n: z.int() }), o({ k: z.literal('y') })]),
    ],
  ])('may be %s', (_what, before, after) => {
    expect(changed(before, after, 'output')).toEqual([]);
  });

  it.each<[string, z.ZodType, z.ZodType, string]>([
    ['a property that goes', o({ a: z.string(), b: z.int() }), o({ a: z.string() }), 'b: is gone'],
    ['an optional property that goes', o({ a: z.string().optional() }), o({}), 'a: is gone'],
    ['a property with another name', o({ a: z.string() }), o({ b: z.string() }), 'a: is gone'],
    ['always there, now optional', o({ a: z.string() }), o({ a: z.string().optional() }), 'a: was always there and is optional'],
    [
      'sometimes null now',
      o({ a: z.string() }),
      o({ a: z.string().nullable() }),
      'a: can now also be null, which readers of the old schema do not know',
    ],
    ['another type', o({ a: z.string() }), o({ a: z.int() }), 'a: the type was string and is integer'],
    ['whole, now any number', o({ a: z.int() }), o({ a: z.number() }), 'a: the type was integer and is number'],
    ['a new value', o({ a: Colour }), o({ a: Wider }), 'a: can now also be "blue"'],
    ['a list of values that is free text', o({ a: Colour }), o({ a: z.string() }), 'a: was one of a list of values and is free'],
    ['a wider limit', o({ a: z.string().max(10) }), o({ a: z.string().max(20) }), 'a: maxLength was 10 and is 20'],
    ['no limit any more', o({ a: z.int().min(1) }), o({ a: z.int() }), 'a: minimum was 1 and is not set'],
    ['another pattern', o({ a: z.string().regex(/^x/) }), o({ a: z.string().regex(/^y/) }), 'a: pattern was "^x" and is "^y"'],
    [
      'deep in a list',
      o({ a: z.array(o({ b: z.string() })) }),
      o({ a: z.array(o({ b: z.int() })) }),
      'a[].b: the type was string and is integer',
    ],
    ['in a named schema', o({ t: named({ a: z.int() }) }), o({ t: named({}) }), 't.a: is gone'],
    ['a list that is one thing', o({ a: z.array(z.int()) }), o({ a: z.int() }), 'a: the type was array and is integer'],
    [
      'a key of a set that goes',
      z.partialRecord(Wider, z.int()),
      z.partialRecord(Colour, z.int()),
      'the whole: no longer has "blue"',
    ],
    [
      'values of a set',
      z.record(z.string(), z.int()),
      z.record(z.string(), z.string()),
      '{}: the type was integer and is string',
    ],
    [
      'a new alternative',
      z.union([o({ k: z.literal('x') })]),
      z.union([o({ k: z.literal('x') }), o({ k: z.literal('y') })]),
      'the whole: can now also be object, which readers of the old schema do not know',
    ],
  ])('may not be %s', (_what, before, after, message) => {
    expect(changed(before, after, 'output')).toEqual([message]);
  });
});

describe('a change of what callers send', () => {
  it.each<[string, z.ZodType, z.ZodType]>([
    ['a new optional property', o({ a: z.string() }), o({ a: z.string(), b: z.int().optional() })],
    ['a new property with a default', o({}), o({ b: z.int().default(3) })],
    ['required, now optional', o({ a: z.string() }), o({ a: z.string().optional() })],
    ['a new value', o({ a: Colour }), o({ a: Wider })],
    ['a wider limit', o({ a: z.string().max(10) }), o({ a: z.string().max(20) })],
    ['a new alternative', o({ a: z.string() }), o({ a: z.union([z.string(), z.int()]) })],
    ['null too', o({ a: z.string() }), o({ a: z.string().nullable() })],
  ])('may be %s', (_what, before, after) => {
    expect(changed(before, after, 'input')).toEqual([]);
  });

  it.each<[string, z.ZodType, z.ZodType, string]>([
    ['a new required property', o({}), o({ a: z.string() }), 'a: was not needed and is required'],
    ['optional, now required', o({ a: z.string().optional() }), o({ a: z.string() }), 'a: was not needed and is required'],
    ['a property that is ignored now', o({ a: z.string().optional() }), o({}), 'a: is gone'],
    ['fewer values', o({ a: Wider }), o({ a: Colour }), 'a: no longer takes "blue"'],
    ['a closer limit', o({ a: z.string() }), o({ a: z.string().max(10) }), 'a: maxLength was not set and is 10'],
    ['one alternative fewer', o({ a: z.union([z.string(), z.int()]) }), o({ a: z.string() }), 'a: no longer takes integer'],
    ['another default', o({ a: z.int().default(1) }), o({ a: z.int().default(2) }), 'a: the default was 1 and is 2'],
    ['strict now', o({ a: z.int() }), z.strictObject({ a: z.int() }), 'the whole: refuses properties it does not know'],
  ])('may not be %s', (_what, before, after, message) => {
    expect(changed(before, after, 'input')).toEqual([message]);
  });
});

describe('the rule', () => {
  const leaf = fc.constantFrom<z.ZodType>(
    z.string(),
    z.string().max(5),
    z.int(),
    z.boolean(),
    Colour,
    z.string().nullable(),
    z.array(z.int()),
  );
  const shape = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.tuple(leaf, fc.boolean()));
  const build = (parts: Record<string, [z.ZodType, boolean]>) =>
    o(
      Object.fromEntries(
        Object.entries(parts).map(([name, [schema, optional]]) => [name, optional ? schema.optional() : schema]),
      ),
    );

  it('never objects to a schema that stays as it is', () => {
    fc.assert(
      fc.property(shape, fc.constantFrom('input' as const, 'output' as const), (parts, io) => {
        expect(changed(build(parts), build(parts), io)).toEqual([]);
      }),
    );
  });

  it('calls narrowing in one direction what is widening in the other', () => {
    fc.assert(
      fc.property(leaf, leaf, (a, b) => {
        const [from, to] = [o({ v: a }), o({ v: b })];
        expect(changed(from, to, 'output').length === 0).toBe(changed(to, from, 'input').length === 0);
      }),
    );
  });

  it('lets an output keep its properties and gain any', () => {
    fc.assert(
      fc.property(shape, shape, (parts, more) => {
        expect(changed(build(parts), build({ ...more, ...parts }), 'output')).toEqual([]);
      }),
    );
  });
});
