import { palette } from '../src/resident-pages/style.js';
import { languageOf, languages } from '../src/resident-pages/texts/languages.js';

/** WCAG 2.2, 1.4.3 and 1.4.11. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}
function luminance(color: string): number {
  const channel = (at: number): number => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

describe.each(Object.entries(palette))('in %s', (_theme, colors) => {
  it.each([
    ['ink', 'ground', 4.5],
    ['ink', 'card', 4.5],
    ['soft', 'ground', 4.5],
    ['soft', 'card', 4.5],
    ['accent', 'ground', 4.5],
    ['accent', 'card', 4.5],
    ['accent', 'tint', 4.5],
    ['onAccent', 'accent', 4.5],
    ['bad', 'card', 4.5],
    ['bad', 'badTint', 4.5],
    ['note', 'noteTint', 4.5],
    ['edge', 'card', 3],
  ] as const)('%s on %s is at least %s to 1', (front, back, least) => {
    expect(contrast(colors[front], colors[back])).toBeGreaterThanOrEqual(least);
  });
});

describe('the language of a page', () => {
  it.each([
    ['es-MX', 'fr;q=0.9', 'es'],
    [null, 'fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
    [null, 'de, es;q=0.4, en;q=0.7', 'en'],
    [null, 'de', 'en'],
    ['de-DE', 'es', 'es'],
    [null, 'es;q=0, fr;q=0.1', 'fr'],
    [null, undefined, 'en'],
    [undefined, '__proto__', 'en'],
  ])('of somebody who reads %s with a browser that asks for %s is %s', (own, header, language) => {
    expect(languageOf(own, header)).toBe(language);
  });
});

it('every language fills in what English fills in, and says nothing in English', () => {
  const said = (texts: object, path: string): [string, string][] =>
    Object.entries(texts).flatMap(([key, text]: [string, unknown]) => {
      if (typeof text === 'string') return [[`${path}${key}`, text] as [string, string]];
      if (typeof text === 'function') {
        const parts = key === 'throttled' ? [7] : ['«one»', '«two»'].slice(0, text.length);
        return [[`${path}${key}`, (text as (...args: unknown[]) => string)(...parts)] as [string, string]];
      }
      return said(text as object, `${path}${key}.`);
    });
  const english = new Map(said(languages.en, ''));
  const alike = new Set(['wifiTitle', 'terms']);
  for (const language of ['es', 'fr'] as const)
    for (const [key, text] of said(languages[language], '')) {
      if (!alike.has(key)) expect([key, text]).not.toEqual([key, english.get(key)]);
      for (const part of ['«one»', '«two»'].filter((one) => english.get(key)?.includes(one)))
        expect([key, text]).toEqual([key, expect.stringContaining(part)]);
    }
});
