import fc from 'fast-check';
import { canonicalJson, toJson, type Json } from '../../src/chain/canonical-json.js';

describe('canonical JSON', () => {
  it.each<[string, unknown, string]>([
    ['sorts keys by code unit', { b: 1, a: 2, B: 3, é: 4, '': 5 }, '{"":5,"B":3,"a":2,"b":1,"é":4}'],
    // RFC 8785 3.2.3: U+1F600 is a surrogate pair and sorts before U+FB33
    ['sorts surrogate pairs before higher units', { '\ufb33': 1, '\u{1f600}': 2 }, '{"\u{1f600}":2,"\ufb33":1}'],
    ['sorts within', { a: [{ z: 1, y: [] }] }, '{"a":[{"y":[],"z":1}]}'],
    ['keeps the order of lists', [3, 1, 2], '[3,1,2]'],
    ['writes numbers the shortest way', [1.0, -0, 1e21, 0.1 + 0.2], '[1,0,1e+21,0.30000000000000004]'],
    ['leaves out what is not there', { a: undefined, b: null }, '{"b":null}'],
    ['writes moments as text', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['escapes half a pair', '\ud800', '"\\ud800"'],
    ['knows no magic keys', JSON.parse('{"__proto__":{"a":1},"constructor":2}'), '{"__proto__":{"a":1},"constructor":2}'],
  ])('%s', (_name, value, text) => {
    expect(canonicalJson(toJson(value))).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (value) => {
    expect(() => canonicalJson(toJson({ value }))).toThrow('has no JSON');
  });

  it('is the same for the same value, however it was put together', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer(), (value, seed) => {
        const text = canonicalJson(value as Json);
        expect(canonicalJson(shuffled(value as Json, seed))).toBe(text);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

function shuffled(value: Json, seed: number): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((v) => shuffled(v, seed));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const turned = [
    ...fields.slice(Math.abs(seed) % (fields.length || 1)),
    ...fields.slice(0, Math.abs(seed) % (fields.length || 1)),
  ];
  return Object.fromEntries(turned.reverse().map(([k, v]) => [k, shuffled(v, seed)]));
}
