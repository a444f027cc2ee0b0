import { beginningsOf } from './search-beginnings.rules.js';
import { pairsOf } from './search-pairs.rules.js';

/** How words are compared and sorted: case and accents do not matter to someone who types a name into a search box. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/gi, 'o')
    .replace(/ł/gi, 'l')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** Sorts as people count: 2 before 10. */
export const naturalKey = (text: string): string => fold(text).replace(/\d+/g, (digits) => digits.padStart(10, '0'));

export interface Searchable {
  readonly names: readonly (string | null | undefined)[];
  readonly email?: string | null;
  readonly phones?: readonly { readonly e164: string | null; readonly raw: string }[];
  readonly units?: readonly (string | null)[];
}

/** What the words of a search may begin with. */
export function searchWords(of: Searchable): string[] {
  return [...new Set([...wordsIn(of), ...numbersIn(of)])].slice(0, 60);
}

/** And what short ones, and two or more of them, may: for a collection that is too large to look at everybody who has the first one. */
export const searchWordsAndPairs = (of: Searchable): string[] => [
  ...searchWords(of),
  ...beginningsOf(searchWords(of)),
  // who adds a word to a number writes the number as people here do
  ...pairsOf({ words: wordsIn(of), phones: (of.phones ?? []).map(({ raw }) => digitsOf(raw)) }),
];

function wordsIn({ names, email, units = [] }: Searchable): string[] {
  const wordsOf = (texts: readonly (string | null | undefined)[]): string[] =>
    texts.flatMap((text) => (text ? [...fold(text).split(/[\s,()/]+/), ...fold(text).split(/[^a-z0-9]+/)] : []));
  return [...wordsOf(names), ...(email ? [fold(email)] : []), ...wordsOf(units)].filter((word) => word !== '');
}
const numbersIn = ({ phones = [] }: Searchable): string[] =>
  phones
    .flatMap(({ e164, raw }) => [e164 ?? '', raw])
    .map(digitsOf)
    .filter((digits) => digits !== '');
const digitsOf = (number: string): string => number.replace(/\D/g, '');
