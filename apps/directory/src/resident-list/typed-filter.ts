import type { ResidentFilter } from '@leasewire/contracts';
import type { Conditions } from '@leasewire/persistence';
import type { ResidentDoc } from '../resident/resident.repository.js';
import { beginningAsked } from '../search-beginnings.rules.js';
import { pairsAsked } from '../search-pairs.rules.js';
import { fold } from '../search-words.rules.js';

/** Digits however they are grouped: with a country, or too many for a unit. */
const leastDigits = 6;
const isNumber = (text: string): boolean =>
  /^\+?[\d\s()./-]+$/.test(text) && (text.startsWith('+') || text.replace(/\D/g, '').length >= leastDigits);

/** Of a phone number both ways to write it, of which either may be; else words that all must be there. */
export function wordsOf(search: string): string[] {
  const text = fold(search);
  const digits = text.replace(/\D/g, '');
  if (isNumber(text) && digits !== '') return bothWays(digits);
  return text.split(/[\s,()/]+/).filter((word) => word !== '');
}
const bothWays = (digits: string): string[] => [digits.replace(/^0+(?=\d)/, ''), digits];

const beginning = (word: string) => ({ $gte: word, $lt: `${word}\uffff` });
/** Read from the keys of the index alone; with `$elemMatch` everybody who is found would be looked at, too. */
const found = (...words: string[]) => ({ search: { $in: [...new Set(words)].map(begins) } });
const begins = (word: string): RegExp => new RegExp(`^${escaped(word.replaceAll('\0', ''))}`);

/** Of a collection that keeps words and no pairs of them. */
export function searchFor(search: string) {
  const words = wordsOf(search);
  return isNumber(fold(search)) ? found(...words) : { $and: words.map((word) => found(word)) };
}

/** Everybody who has all the words, found by the pairs of them, and looked at where a pair does not say it all. */
function withAll(words: readonly string[]): Part[] {
  const needed = [...new Set(words)].filter((word, _at, all) => !all.some((other) => other !== word && other.startsWith(word)));
  const pairs = pairsAsked(needed);
  if (pairs.length === 0) return needed.map(alone);
  const isSaid = needed.length === 2 && pairs[0]?.lost === 0;
  return [...pairs.map((pair) => found(pair.begins)), ...(isSaid ? [] : [looked(needed)])];
}
function alone(word: string): Part {
  const beginning = beginningAsked(word);
  return beginning === null ? found(word) : { search: beginning };
}
/** In a form that no index is tried for: a word alone finds far more than a pair. */
const looked = (words: readonly string[]) => ({ $nor: words.map((word) => ({ search: { $nin: [begins(word)] } })) });

/** Some of the conditions of a filter. */
export type Part = Conditions<Omit<ResidentDoc, 'orgId'>>;
type Typed = Pick<ResidentFilter, 'search' | 'name' | 'email' | 'phone' | 'unit'>;

/** What is typed into a column: the words of the search find the few, the column decides. Null where nothing can match. */
export function typedFor({ search, name, email, phone, unit }: Typed): Part[] | null {
  const all: Part[] = [];
  if (search !== undefined) {
    const words = wordsOf(search);
    if (words.length === 0) return null;
    all.push(...(isNumber(fold(search)) ? [found(...words)] : withAll(words)));
  }
  if (name !== undefined) {
    const words = fold(name)
      .split(/[\s,()/]+/)
      .filter((word) => word !== '');
    if (words.length === 0) return null;
    all.push(...withAll(words), ...words.map((word) => ({ 'sort.name': { $regex: `(^|[\\s,()/-])${escaped(word)}` } })));
  }
  if (email !== undefined) all.push(found(fold(email)), { email: beginning(fold(email)) });
  if (phone !== undefined) {
    const digits = phone.replace(/\D/g, '');
    if (digits === '') return null;
    all.push(found(...bothWays(digits)), { $or: numbersBeginning(digits) });
  }
  if (unit !== undefined) {
    const words = wordsOf(unit);
    if (words.length === 0) return null;
    all.push(...withAll(words), { 'occupancy.unit': { $regex: `^${escaped(unit)}`, $options: 'i' } });
  }
  return all;
}

/** As it is dialled from anywhere, and as somebody wrote it. */
function numbersBeginning(digits: string): Part[] {
  const [national = digits] = bothWays(digits);
  const written = [...digits].join('\\D*');
  return [
    { 'phones.e164': { $regex: `^\\+${digits}` } },
    { 'phones.e164': { $regex: `^\\+\\d{1,3}${national}` } },
    { 'phones.raw': { $regex: `^\\D*${written}` } },
  ];
}
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
