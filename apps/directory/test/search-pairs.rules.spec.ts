import fc from 'fast-check';
import { pairsAsked, pairsOf } from '../src/search-pairs.rules.js';

describe('pairs of words', () => {
  const ana = { words: ['ana', 'reyes', 'ana.reyes@example.com', 'b-12', 'b', '12'], phones: ['61412345678', '0412345678'] };
  const isFound = (typed: string[], of = ana): boolean =>
    pairsAsked(typed).every(({ begins }) => pairsOf(of).some((pair) => pair.startsWith(begins)));

  it.each([
    ['both as they are', ['ana', 'reyes'], ' ana reyes', 0],
    ['the other way round', ['reyes', 'ana'], ' ana reyes', 0],
    ['beginnings', ['an', 're'], ' an re', 0],
    ['an initial', ['a', 'reyes'], ' rey a', 2],
    ['a long first name and a short last one', ['christopher', 'li'], ' li christopher', 0],
    ['a name and a unit', ['reyes', 'b-12'], ' rey b-12', 2],
    ['a name and a number', ['ana', '12'], ' an 12', 1],
    ['a name and three digits, which come first', ['reyes', '204'], ' 204 reyes', 0],
  ])('%s', (_name, typed, begins, lost) => {
    expect(pairsAsked(typed)).toEqual([{ begins, lost }]);
  });

  it('there are none of two initials, nor of a number that may be a phone’s', () => {
    expect(pairsAsked(['a', 'r'])).toEqual([]);
    expect(pairsAsked(['ana', '04123'])).toEqual([]);
    expect(pairsAsked(['ana', 'reyes', '12']).map(({ begins }) => begins)).toEqual([' ana reyes', ' an 12', ' re 12']);
  });

  it.each([
    [['ana', 'reyes'], true],
    [['rey', 'an'], true],
    [['ana', '0412'], true],
    [['ana', '041'], true],
    [['reyes', '042'], false],
    [['reyes', 'ana.r'], true],
    [['b', 'ana'], true],
    [['ana', 'smith'], false],
    [['reyes', '13'], false],
  ])('of somebody: %j', (typed, is) => {
    expect(isFound(typed)).toBe(is);
  });

  it('are few', () => {
    expect(pairsOf(ana).length).toBeLessThan(25);
  });

  // few letters, so that words begin one another often
  const word = fc.stringMatching(/^[ab1][abé1.@-]{0,15}$/);
  const number = fc.stringMatching(/^[0146]{4,14}$/);
  it('miss nobody who has all the words, and where nothing is left out find nobody else', () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 8 }),
        fc.array(number, { maxLength: 2 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 16 })), { minLength: 2, maxLength: 4 }),
        fc.array(word, { maxLength: 2 }),
        (words, phones, picks, others) => {
          const all = [...words, ...phones];
          const begun = picks.flatMap(([at, length]) => all[at % Math.max(1, all.length)]?.slice(0, length) ?? []);
          for (const typed of [begun, [...begun.slice(0, 1), ...others]]) {
            const needed = typed.filter((one, at) => !typed.some((other, n) => n !== at && other.startsWith(one)));
            const hasAll = needed.every((one) => all.some((known) => known.startsWith(one)));
            const pairs = pairsOf({ words, phones });
            for (const { begins, lost } of pairsAsked(needed)) {
              const found = pairs.some((pair) => pair.startsWith(begins));
              if (hasAll) expect([begins, found]).toEqual([begins, true]);
              else if (needed.length === 2 && lost === 0) expect([begins, found]).toEqual([begins, false]);
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
