/**
 * Text that goes into a header. A new line would begin another header, so there is none; signs that turn the order of letters
 * around would show another sender than there is.
 */
const notForHeaders = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu;
/** Half of a character of two units. */
const halves = /[\ud800-\udfff]/gu;
const unseen = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;
/** RFC 5322 allows 998 bytes a line; nobody reads beyond a hundred. */
export const longestSubject = 200;

/** Words of plain letters with a space between: nothing is to be done, and a blast asks for ten thousand. */
const plainWords = /^(?:[!-~]+ )*[!-~]+$/;

export function headerText(text: string, longest = longestSubject): string {
  if (text.length <= longest && plainWords.test(text)) return text;
  const clean = text
    .replaceAll(halves, '\ufffd')
    .replaceAll(notForHeaders, ' ')
    .replaceAll(unseen, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const chars = [...clean];
  return chars.length <= longest
    ? clean
    : `${chars
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}

/** The name before the address of the sender: never one that looks like an address, or mail programs show it as one. */
export const senderName = (name: string): string =>
  headerText(name, 70)
    .replaceAll(/[<>"@,;:\\[\]()]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
