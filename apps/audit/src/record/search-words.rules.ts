import { Personal, type Marked } from './marked.js';

const mostWords = 40;
const shortestWord = 2;

/** The words of a text as they are searched for: without case and accents, letters and digits only. */
export function wordsIn(text: string): string[] {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= shortestWord || /[^\x20-\x7e]/.test(word));
  return [...new Set(words)];
}

export interface SearchWord {
  readonly word: string;
  /** Whose it is: it is forgotten with them. */
  readonly person: string | null;
}

/** The words of a sentence. A word that is in the text and in a name is kept as the text's: it tells of nobody. */
export function searchWords(pieces: readonly Marked[]): SearchWord[] {
  const found = new Map<string, string | null>();
  const add = (value: unknown, person: string | null): void => {
    if (typeof value === 'string' || typeof value === 'number')
      for (const word of wordsIn(String(value))) if (person === null || !found.has(word)) found.set(word, person);
  };
  for (const piece of pieces) if (!(piece instanceof Personal)) add(piece, null);
  for (const piece of pieces) if (piece instanceof Personal) add(piece.value, piece.person);
  return [...found].slice(0, mostWords).map(([word, person]) => ({ word, person }));
}
