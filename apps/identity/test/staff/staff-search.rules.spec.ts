import fc from 'fast-check';
import { fold, searchPhrases, startsWith } from '../../src/staff/staff-search.rules.js';

const found = (search: string, name: string, email = 'x@y.example') =>
  searchPhrases(name, email).some((phrase) => startsWith(search).test(phrase));

describe('a search', () => {
  it.each([
    ['ana', 'Ana Reyes', true],
    ['ANA  re', 'Ana Reyes', true],
    ['rey', 'Ana Reyes', true],
    ['ana maria', 'Ana María Reyes', true],
    ['maria r', 'Ana María Reyes', true],
    ['yes', 'Ana Reyes', false],
    ['muller', 'Jörg Müller', true],
    ['müller', 'Jorg Muller', true],
    ['strasse', 'Karl Straße', true],
    ['lodz', 'Łódź Office', true],
    ['.*', 'Ana Reyes', false],
    ['a.a', 'Ana Reyes', false],
  ])('“%s” finds %s: %s', (search, name, expected) => {
    expect(found(search, name)).toBe(expected);
  });

  it('finds by the start of the address', () => {
    expect(found('ana.r+', 'X', 'ana.r+x@harbour.example')).toBe(true);
    expect(found('harbour', 'X', 'ana@harbour.example')).toBe(false);
  });

  it('finds every name by itself, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((name) => fold(name) !== ''),
        (name) => {
          expect(found(name, name)).toBe(true);
        },
      ),
    );
  });
});
