import fc from 'fast-check';
import { isSealed, keyIdOf, SecretBox, type SecretPlace } from '../src/index.js';
import { placesAt, valuesAt } from '../src/collections/places.js';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const box = SecretBox.fromRing(`k1:${key(1)}`);
const place: SecretPlace = { orgId: 'org_1', collection: 'networks', field: 'wifi.key' };

describe('a sealed secret', () => {
  const place_ = fc.record({ orgId: fc.string(), collection: fc.string(), field: fc.string() });

  it('opens where it was sealed, and tells nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), place_, (plain, where) => {
        const sealed = box.seal(plain, where);
        expect(box.open(sealed, where)).toBe(plain);
        expect(isSealed(sealed)).toBe(true);
        expect(keyIdOf(sealed)).toBe('k1');
        if (plain.length > 5) expect(sealed).not.toContain(plain);
      }),
    );
  });

  it('does not open anywhere else', () => {
    fc.assert(
      fc.property(fc.string(), place_, place_, (plain, where, elsewhere) => {
        fc.pre(JSON.stringify(where) !== JSON.stringify(elsewhere));
        expect(() => box.open(box.seal(plain, where), elsewhere)).toThrow('does not open');
      }),
    );
  });

  it.each([
    ['another organization', { ...place, orgId: 'org_2' }],
    ['another collection', { ...place, collection: 'connections' }],
    ['another field', { ...place, field: 'wifi.name' }],
    ['a place spelled to look the same', { orgId: 'org_1","networks', collection: 'wifi.key', field: '' }],
  ])('moved to %s does not open', (_where, elsewhere) => {
    expect(() => box.open(box.seal('hunter2', place), elsewhere)).toThrow('it was sealed for another place');
  });

  it('does not open when a bit of it is changed', () => {
    const sealed = box.seal('hunter2', place);
    const [, , text = ''] = sealed.split(':');
    const bytes = Buffer.from(text, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => box.open(`sealed:k1:${changed.toString('base64url')}`, place)).toThrow('does not open');
    }
    expect(() => box.open(sealed.slice(0, -8), place)).toThrow();
  });

  it('looks different every time', () => {
    expect(new Set(Array.from({ length: 100 }, () => box.seal('hunter2', place))).size).toBe(100);
  });
});

describe('a key ring', () => {
  const both = SecretBox.fromRing(`k2:${key(2)}, k1:${key(1)}`);

  it('seals with its first key and opens with all', () => {
    expect(keyIdOf(both.seal('a', place))).toBe('k2');
    expect(both.currentKeyId).toBe('k2');
    expect(both.open(box.seal('a', place), place)).toBe('a');
    expect(() => box.open(both.seal('a', place), place)).toThrow('The key “k2” is not in the key ring');
  });

  it('with the right id and the wrong key does not open', () => {
    expect(() => SecretBox.fromRing(`k1:${key(9)}`).open(box.seal('a', place), place)).toThrow('does not open');
  });

  it.each([
    ['', 'has no id'],
    [key(1), 'has no id'],
    ['k1:c2hvcnQ=', '“k1” of the ring has 5 bytes instead of 32'],
    [`k1:${key(1)},k1:${key(2)}`, 'names “k1” twice'],
    [`k 1:${key(1)}`, 'has no id'],
  ])('%j is refused, without saying what the key is', (ring, message) => {
    expect(() => SecretBox.fromRing(ring)).toThrow(message);
    expect(() => SecretBox.fromRing(ring)).not.toThrow(key(1));
  });
});

describe('sealed paths', () => {
  const doc = { a: { b: 'x' }, list: [{ s: '1' }, { t: 0 }, { s: '2' }], many: ['p', 'q'], nothing: null };
  it.each([
    ['a.b', [['a.b', 'x']]],
    [
      'list.s',
      [
        ['list.0.s', '1'],
        ['list.2.s', '2'],
      ],
    ],
    [
      'many',
      [
        ['many.0', 'p'],
        ['many.1', 'q'],
      ],
    ],
    ['nothing', []],
    ['not.there', []],
    ['a.b.c', []],
  ])('%s', (path, places) => {
    expect(placesAt(doc, path)).toEqual(places);
    expect(valuesAt(doc, path)).toEqual(places.map(([, value]) => value));
  });
});
