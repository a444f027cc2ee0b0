import { languageAsked, languageOf, nameOfLanguage, type LanguageFacts } from '../../src/decision/language.rules.js';

const nobody: LanguageFacts = { upstream: null };
const file = { upstream: { language: 'fr' } };

describe('the language of a resident', () => {
  it.each<[string, LanguageFacts, string | null | undefined, ReturnType<typeof languageOf>]>([
    ['nobody has said', nobody, undefined, {}],
    ['nobody has said, nor the property', nobody, null, {}],
    ['the property says', nobody, 'es', { language: 'es' }],
    ['the file says', file, 'es', { language: 'fr', source: 'pms' }],
    ['the file says no more', { upstream: { language: null } }, 'es', { language: 'es' }],
    ['staff say', { ...file, staffLanguage: 'de' }, 'es', { language: 'de', source: 'staff' }],
    ['staff have taken back', { ...file, staffLanguage: null }, 'es', { language: 'fr', source: 'pms' }],
    [
      'they chose themselves',
      { ...file, staffLanguage: 'de', ownLanguage: 'en-US' },
      'es',
      { language: 'en-US', source: 'resident' },
    ],
  ])('is what %s', (_name, facts, property, expected) => {
    expect(languageOf(facts, property)).toEqual(expected);
  });
  it('has a name for people', () => {
    expect([nameOfLanguage('es-MX'), nameOfLanguage('fr')]).toEqual(['Mexican Spanish', 'French']);
  });
});

it.each([
  [['es'], ['es', 'es-MX'], ['est', 'fr', null]],
  [['es-MX'], ['es-MX'], ['es', 'es-US']],
  [
    ['en', 'fr'],
    ['en', 'en-AU', 'fr', null],
    ['es', 'eng'],
  ],
])('who is asked for by %j reads %j and not %j', (asked, found, others) => {
  const { $in } = languageAsked(asked);
  const finds = (language: string | null): boolean =>
    $in.some((one) => (one === null || language === null ? one === language : one.test(language)));
  expect(found.map(finds)).toEqual(found.map(() => true));
  expect(others.map(finds)).toEqual(others.map(() => false));
});
