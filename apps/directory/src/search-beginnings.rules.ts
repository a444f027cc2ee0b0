/**
 * Two or three letters begin a word of thousands. As a range of the index all of them are read and put in order before the first
 * fifty are known; where the beginning itself is kept, the index has them in order, and fifty are read. Each begins with two
 * spaces, as no word and no pair does.
 */
const lengths: readonly number[] = [2, 3];
const kept = (beginning: string): string => `  ${beginning}`;

export const beginningsOf = (words: readonly string[]): string[] => [
  ...new Set(
    words.flatMap((word) => lengths.filter((length) => word.length >= length).map((length) => kept(word.slice(0, length)))),
  ),
];

/** Null for words of which as much is not kept. */
export const beginningAsked = (word: string): string | null => (lengths.includes(word.length) ? kept(word) : null);
