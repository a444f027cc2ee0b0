import fc from 'fast-check';
import { changesBetween, changesOfEvent, partsOf } from '../../src/record/changes.rules.js';
import { Personal, sameMarked, type Marked, type MarkedFields } from '../../src/record/marked.js';

describe('what changed', () => {
  const ana = new Personal('stf_1', 'Ana');
  it.each<[string, MarkedFields | null, MarkedFields | null, MarkedFields | null, MarkedFields | null]>([
    ['nothing', { a: 1, version: 1 }, { a: 1, version: 2, updatedAt: 'x' }, null, null],
    ['a field', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 2 }, { b: 3 }],
    ['a field that came', { a: 1 }, { a: 1, b: null }, {}, { b: null }],
    ['a field that went', { a: 1, b: 2 }, { a: 1 }, { b: 2 }, {}],
    ['only what changed within', { p: { x: 1, y: 2 } }, { p: { x: 1, y: 3 } }, { p: { y: 2 } }, { p: { y: 3 } }],
    ['lists as a whole', { l: [1, 2] }, { l: [1, 3] }, { l: [1, 2] }, { l: [1, 3] }],
    ['everything of a new thing', null, { id: 'x', a: 1, version: 1 }, null, { id: 'x', a: 1 }],
    ['everything of a removed one', { id: 'x', a: 1 }, null, { id: 'x', a: 1 }, null],
    [
      'the same person’s other name',
      { name: ana },
      { name: new Personal('stf_1', 'Bea') },
      { name: ana },
      { name: new Personal('stf_1', 'Bea') },
    ],
    ['the same name of the same person is none', { name: ana }, { name: new Personal('stf_1', 'Ana') }, null, null],
    ['a form to another', { a: { b: 1 } }, { a: 'b' }, { a: { b: 1 } }, { a: 'b' }],
    [
      'fields with the names of magic',
      {},
      JSON.parse('{"__proto__": 1, "constructor": 2}'),
      {},
      JSON.parse('{"__proto__": 1, "constructor": 2}'),
    ],
  ])('%s', (_name, before, after, was, is) => {
    expect(changesBetween(before, after)).toEqual({ before: was, after: is });
  });

  it('put upon the state before gives the state after', () => {
    const state = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.integer({ max: 3, min: 0 }), fc.dictionary(fc.constantFrom('x', 'y'), fc.nat({ max: 2 }))),
    );
    fc.assert(
      fc.property(state, state, (before, after) => {
        const changes = changesBetween(before, after);
        expect(sameMarked(patched(before, changes.before ?? {}, changes.after ?? {}), after)).toBe(true);
      }),
    );
  });
});

function patched(state: MarkedFields, was: MarkedFields, is: MarkedFields): MarkedFields {
  const out: Record<string, Marked> = { ...state };
  for (const key of Object.keys(was)) if (!(key in is)) delete out[key];
  for (const [key, value] of Object.entries(is)) {
    const [old, before] = [out[key], was[key]];
    const deep = [old, before, value].every((v) => typeof v === 'object' && v !== null && !Array.isArray(v));
    out[key] = deep ? patched(old as MarkedFields, before as MarkedFields, value as MarkedFields) : value;
  }
  return out;
}

describe('the things in an event', () => {
  it('are what has an id; the rest the event says by itself', () => {
    const { parts, said } = partsOf({ staff: { id: 's' }, session: { id: 't' }, cause: 'x', more: { a: 1 } }, 'subject');
    expect(parts.map(({ key, id }) => [key, id])).toEqual([
      ['staff', 's'],
      ['session', 't'],
    ]);
    expect(said).toEqual({ cause: 'x', more: { a: 1 } });
  });
  it('are the subject where there is a version without an id', () => {
    expect(partsOf({ retention: { days: 1, version: 2 } }, 'subject').parts.map(({ key, id }) => [key, id])).toEqual([
      ['retention', 'subject'],
    ]);
  });
  it('may be the whole data', () => {
    expect(partsOf({ id: 'job', state: 'done' }, 'subject')).toEqual({
      parts: [{ key: null, id: 'job', stateKey: 'subject/job', state: { id: 'job', state: 'done' } }],
      said: {},
    });
  });
  it.each<Marked>([null, 'text', 7, [1]])('are none in %j', (data) => {
    expect(partsOf(data, 'subject').parts).toEqual([]);
  });
  it('are put back where they stood', () => {
    const parts = [
      { key: 'a', before: { x: 1 }, after: { x: 2 } },
      { key: 'b', before: null, after: null },
      { key: null, before: null, after: { y: 1 } },
    ];
    expect(changesOfEvent(parts, { cause: 'z' })).toEqual({ before: { a: { x: 1 } }, after: { a: { x: 2 }, y: 1, cause: 'z' } });
  });
});
