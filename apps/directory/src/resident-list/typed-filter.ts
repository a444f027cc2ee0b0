import type { ResidentFilter } from '@leasewire/contracts';
import type { Conditions } from '@leasewire/persistence';
import type { ResidentDoc } from '../resident/resident.repository.js';
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
/** A range of the index. */
const found = (word: string) => ({ search: { $elemMatch: beginning(word) } });

export function searchFor(search: string) {
  const ranges = wordsOf(search).map(found);
  return isNumber(fold(search)) ? { $or: ranges } : { $and: ranges };
}

/** Some of the conditions of a filter. */
export type Part = Conditions<Omit<ResidentDoc, 'orgId'>>;
type Typed = Pick<ResidentFilter, 'search' | 'name' | 'email' | 'phone' | 'unit'>;

/** What is typed into a column: the words of the search find the few, the column decides. Null where nothing can match. */
export function typedFor({ search, name, email, phone, unit }: Typed): Part[] | null {
  const all: Part[] = [];
  if (search !== undefined) {
    if (wordsOf(search).length === 0) return null;
    all.push(searchFor(search));
  }
  if (name !== undefined) {
    const words = fold(name)
      .split(/[\s,()/]+/)
      .filter((word) => word !== '');
    if (words.length === 0) return null;
    for (const word of words) all.push(found(word), { 'sort.name': { $regex: `(^|[\\s,()/-])${escaped(word)}` } });
  }
  if (email !== undefined) all.push(found(fold(email)), { email: beginning(fold(email)) });
  if (phone !== undefined) {
    const digits = phone.replace(/\D/g, '');
    if (digits === '') return null;
    all.push({ $or: bothWays(digits).map(found) }, { $or: numbersBeginning(digits) });
  }
  if (unit !== undefined) {
    const words = wordsOf(unit);
    if (words.length === 0) return null;
    all.push(...words.map(found), { 'occupancy.unit': { $regex: `^${escaped(unit)}`, $options: 'i' } });
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
