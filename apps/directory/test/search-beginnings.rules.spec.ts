import fc from 'fast-check';
import { beginningAsked, beginningsOf } from '../src/search-beginnings.rules.js';

describe('beginnings of words', () => {
  it('of two and three letters are kept, each once, apart from words and pairs', () => {
    expect(beginningsOf(['ana', 'angela', 'b', '12'])).toEqual(['  an', '  ana', '  ang', '  12']);
    expect(beginningsOf([])).toEqual([]);
  });

  it('are what is asked for where as much is typed', () => {
    expect(['a', 'an', 'ana', 'anal'].map(beginningAsked)).toEqual([null, '  an', '  ana', null]);
  });

  const word = fc.stringMatching(/^[abé1.@-]{1,5}$/);
  it('find whoever has a word that begins so, and nobody else', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), word, (words, typed) => {
        const asked = beginningAsked(typed);
        if (asked !== null) expect(beginningsOf(words).includes(asked)).toBe(words.some((one) => one.startsWith(typed)));
      }),
    );
  });
});
