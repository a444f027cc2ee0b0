import type { Href, Mark } from './rich-text.rules.js';

/** One line of text while it is read: pieces as they stand in the HTML, before fields are found in them. */
export interface Raw {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly link: Href | null;
}

/** Inside a box a new line is one; elsewhere it is a space, and only `<br>` breaks. */
const newLine = '\u2028';
export const spaces = (text: string): string =>
  text.replaceAll(/[ \t\r\n\f]+/g, (found) => (found.includes('\n') ? newLine : ' '));

/** Signs nobody sees: they hide words from filters, or turn the order of letters around. */
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

export const asTyped = (raw: Raw): Raw => ({ ...raw, text: raw.text.replaceAll(newLine, '\n') });

/** White space as a browser shows it: one space, none at the ends of a line, no empty line at the ends of a paragraph. */
export function tidied(raws: readonly Raw[]): Raw[] {
  const clean = raws.map((raw) => ({ ...raw, text: raw.text.replaceAll(newLine, ' ').replaceAll(unseen, '') }));
  const forward = swept(clean, (char, last) => char === '\n' || (last !== '\n' && last !== ' '));
  return swept(forward.toReversed(), (char, next) => char === '\n' || next !== '\n', true).toReversed();
}

type Keeps = (char: ' ' | '\n', neighbour: string) => boolean;
/** Goes over the characters of all in turn; a space or break stays if `keeps` says so of what stayed before it. */
function swept(raws: readonly Raw[], keeps: Keeps, fromEnd = false): Raw[] {
  let last: string | null = null;
  return raws.map((raw) => {
    const chars = fromEnd ? [...raw.text].toReversed() : [...raw.text];
    const kept = chars.filter((char) => {
      if ((char === ' ' || char === '\n') && (last === null || !keeps(char, last))) return false;
      last = char;
      return true;
    });
    return { ...raw, text: (fromEnd ? kept.toReversed() : kept).join('') };
  });
}
