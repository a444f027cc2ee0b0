import { fold } from '../search-words.rules.js';

/** What people type as a phone number: with its country, or long enough not to be a unit. */
const phone = /^\+[\d\s()./-]+$|^[\d\s()./-]*$/;
const leastDigits = 6;

/** Each must begin a word of the document; digits of a phone number are one word, however they are grouped. */
export function wordsOf(search: string): string[] {
  const folded = fold(search);
  const digits = folded.replace(/\D/g, '');
  if (phone.test(folded) && (digits.length >= leastDigits || (folded.startsWith('+') && digits !== ''))) return [digits];
  return folded.split(/[\s,()/]+/).filter((word) => word !== '');
}

/** Anchored, so that it is a range of the index. Null where nothing can match. */
export function searched(search: string | undefined): { readonly $and?: { readonly search: RegExp }[] } | null {
  if (search === undefined) return {};
  const words = wordsOf(search);
  return words.length === 0 ? null : { $and: words.map((word) => ({ search: beginningWith(word) })) };
}

const beginningWith = (word: string): RegExp => new RegExp(`^${word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}`);
