import { segmentsOf, type Segments } from './segment.rules.js';

/** Written differently, read the same: what word processors and phones put in place of the keys that were pressed. */
const typographic: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '′': "'",
  '`': "'",
  '´': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '″': '"',
  '«': '"',
  '»': '"',
  '‹': "'",
  '›': "'",
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '…': '...',
  '•': '-',
  '·': '-',
  '⁄': '/',
  '×': 'x',
  '\u00a0': ' ',
  '\u2002': ' ',
  '\u2003': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u3000': ' ',
  '\t': ' ',
  '\u00ad': '',
  '\u200b': '',
  '\u200c': '',
  '\u2060': '',
  '\ufeff': '',
};
const typographicSigns = new RegExp(`[${Object.keys(typographic).join('')}]`, 'gu');

/** Always done: it changes no word. */
export const withPlainSigns = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replace(typographicSigns, (sign) => typographic[sign] ?? sign);

const letters: Readonly<Record<string, string>> = {
  ç: 'Ç',
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ª: 'a',
  º: 'o',
};

/** Only advised: `ó` becomes `o`, and whoever reads it notices. What has no such letter stays. */
export function withPlainLetters(text: string): string {
  return [...withPlainSigns(text)]
    .map((char) => {
      if (segmentsOf(char).encoding === 'gsm-7') return char;
      const plain = letters[char] ?? char.normalize('NFD').replaceAll(/\p{M}/gu, '');
      return segmentsOf(plain).encoding === 'gsm-7' ? plain : char;
    })
    .join('');
}

export interface Advice {
  readonly segments: Segments;
  /** What it would cost without accents, and how it would read; null when that saves nothing. */
  readonly plainer: { readonly text: string; readonly count: number } | null;
  /** Signs that make it cost double and have no plain form, such as emoji. */
  readonly costly: readonly string[];
}

export function adviceFor(text: string): Advice {
  const segments = segmentsOf(text);
  const plain = withPlainLetters(text);
  const count = segmentsOf(plain).count;
  const costly = segmentsOf(plain).unusual;
  return { segments, plainer: count < segments.count ? { text: plain, count } : null, costly };
}
