import fc from 'fast-check';
import { asText, plain, putTogether, takeApart, type PersonalValues } from '../../src/record/content.rules.js';
import type { Json } from '../../src/chain/canonical-json.js';
import { Personal, sameMarked, type Marked } from '../../src/record/marked.js';

const { marked } = fc.letrec<{ marked: Marked }>((tie) => ({
  marked: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Marked>(null, true, 1, 'x', '$', '{"$":[0,0]}'),
    fc
      .tuple(fc.constantFrom('stf_1', 'per_2'), fc.jsonValue())
      .map(([person, value]) => new Personal(person, JSON.parse(JSON.stringify(value)) as Json)),
    fc.array(tie('marked'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', '$', '$$', '$a', '__proto__', 'b'), tie('marked'), { maxKeys: 4 }),
  ),
}));
const opened = (personal: readonly PersonalValues[], without?: string) =>
  personal.map(({ person, values }) => ({ person, values: person === without ? null : values }));

describe('content that is taken apart', () => {
  it('holds nothing personal, and is the same put together again', () => {
    fc.assert(
      fc.property(marked, (content) => {
        const { text, personal } = takeApart(content);
        expect(sameMarked(putTogether(text, opened(personal)), content)).toBe(true);
        expect(takeApart(putTogether(text, opened(personal)))).toEqual({ text, personal });
      }),
    );
  });
  it('shows neither name nor place of a value in its text', () => {
    const { text } = takeApart({ name: new Personal('stf_1', 'Ana Reyes'), $: 'x' });
    expect(text).toBe('{"$$":"x","name":{"$":[0,0]}}');
  });
  it('reads null where a person was erased, and only there', () => {
    const { text, personal } = takeApart({ a: new Personal('stf_1', 'Ana'), b: new Personal('per_2', 'Bo'), c: 1 });
    expect(plain(putTogether(text, opened(personal, 'stf_1')))).toEqual({ a: null, b: 'Bo', c: 1 });
  });
});

it.each<[string, Marked[], string]>([
  ['plain', ['a ', 'b'], 'a b'],
  ['of somebody', [new Personal('stf_1', 'Ana'), ' did it'], 'Ana did it'],
  ['of somebody erased', [new Personal('stf_1', null), ' did it'], '(erased) did it'],
  ['with numbers', ['at ', 7], 'at 7'],
])('a sentence %s', (_name, pieces, text) => {
  expect(asText(pieces)).toBe(text);
});
