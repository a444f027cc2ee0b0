/**
 * Two words typed together: “ana rey”. An index of words finds everybody named Ana, of whom hardly anybody is a Reyes; so
 * pairs of words are kept as well, and are found by the beginnings of both. A pair is kept as the first two and three letters
 * of one word and the whole other, each way round: `an reyes`, `ana reyes`, `re ana`, `rey ana`. Of a number that is the first
 * it is three digits (`204 reyes`), and of a phone’s that is the second four. Each pair begins with a space, so that who looks for one word does not read the pairs.
 */
const lengths = [2, 3] as const;
/** Nobody types more of the second word before the first letters of the other have decided. */
const longest = 12;
const digitsOfPhone = 4;
const mostWords = 24;
const mostPairs = 150;

export interface Paired {
  /** Of name, e-mail and unit. */
  readonly words: readonly string[];
  readonly phones: readonly string[];
}

const isLetters = (text: string): boolean => /^\p{L}+$/u.test(text);
const beginsWithLetter = (word: string): boolean => /^\p{L}/u.test(word);
const isDigits = (text: string): boolean => /^\d+$/.test(text);
/** Two that are typed and of which neither begins the other are not found in one word, nor in a word and what it begins with. */
const isOneWord = (first: string, second: string): boolean =>
  second.startsWith(first) || (first.startsWith(second) && second.length < longest);

/** What is kept of somebody, beside their words. */
export function pairsOf({ words, phones }: Paired): string[] {
  const most = [...new Set(words)].slice(0, mostWords);
  const firsts = new Set([...most, ...phones]);
  const seconds = withoutBeginnings([
    ...most.map((word) => word.slice(0, longest)),
    ...phones.map((number) => number.slice(0, digitsOfPhone)).filter((digits) => digits !== ''),
  ]);
  const pairs = new Set<string>();
  for (const first of firsts)
    for (const second of seconds)
      if (!isOneWord(first, second))
        for (const length of lengthsFor(first, second)) pairs.add(` ${first.slice(0, length)} ${second}`);
  return [...pairs].slice(0, mostPairs);
}

/** Before a number two letters decide enough. A number itself, as of a unit, comes before letters only. */
const lengthsFor = (first: string, second: string): number[] =>
  lengths.filter((length) => {
    const begin = first.slice(0, length);
    if (begin.length < length) return false;
    if (length === 2) return isLetters(begin);
    return beginsWithLetter(second) && (isLetters(begin) || isDigits(begin));
  });

/** Whatever a word begins with, the longer one that it begins begins with as well. */
const withoutBeginnings = (words: readonly string[]): string[] =>
  [...new Set(words)].filter((word, _at, all) => !all.some((other) => other !== word && other.startsWith(word)));

/** What to look for: everybody who has all the words has a pair that begins so. */
export interface AskedPair {
  readonly begins: string;
  /** Letters that were typed and that the pair does not say. With none, whoever has the pair has both words. */
  readonly lost: number;
}

/** The best pair for each two of the words; none for words of which no pairs are kept. */
export function pairsAsked(words: readonly string[]): AskedPair[] {
  return words.flatMap((a, at) => words.slice(at + 1).flatMap((b) => bestOf([asked(a, b), asked(b, a)])));
}

function asked(first: string, second: string): AskedPair | null {
  // a long number may be a phone’s, of which less is kept
  if ([first, second].some((word) => isDigits(word) && word.length > digitsOfPhone)) return null;
  const length = lengthsFor(first, second).at(-1);
  if (length === undefined) return null;
  const lost = first.length - length + Math.max(0, second.length - longest);
  return { begins: ` ${first.slice(0, length)} ${second.slice(0, longest)}`, lost };
}

/** The fewer letters it leaves out, the fewer others it finds. */
function bestOf(some: readonly (AskedPair | null)[]): AskedPair[] {
  const [best] = some.flatMap((one) => one ?? []).toSorted((a, b) => a.lost - b.lost);
  return best ? [best] : [];
}
