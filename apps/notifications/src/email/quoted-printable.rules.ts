const longest = 76;
const printable = /^[\t\x20-\x7e]*$/;
const lineEnd = /\r\n|\r|\n/;

/** Every line as it is: of ASCII, and short enough for any server on the way. */
export const isPlain = (text: string): boolean =>
  text.split(lineEnd).every((line) => line.length <= longest && printable.test(line));

/** Lines end as mail wants it. */
export const wireLines = (text: string): string => text.split(lineEnd).join('\r\n');

/**
 * RFC 2045 6.7, in one go: the library's own takes more time for a blast of ten thousand than everything else about the mail. Letters
 * of several bytes stay on one line, for some mail programs read each line by itself.
 */
export const quotedPrintable = (text: string): string => text.split(lineEnd).map(encodedLine).join('\r\n');

const encodedLine = (line: string): string => broken(visibleEnd(escaped(line)));

function escaped(line: string): string {
  const withoutEquals = line.replaceAll('=', '=3D');
  if (printable.test(line)) return withoutEquals;
  return withoutEquals.replaceAll(/[^\t\x20-\x7e]+/g, (signs) =>
    Array.from(Buffer.from(signs), (byte) => `=${hex(byte)}`).join(''),
  );
}

/** Blanks at the end of a line get lost on the way. */
function visibleEnd(line: string): string {
  const last = line.at(-1);
  return last === ' ' || last === '\t' ? `${line.slice(0, -1)}=${hex(last.charCodeAt(0))}` : line;
}

function broken(line: string): string {
  if (line.length <= longest) return line;
  const pieces: string[] = [];
  let from = 0;
  while (line.length - from > longest) {
    const to = breakBefore(line, from + longest - 1);
    pieces.push(line.slice(from, to));
    from = to;
  }
  pieces.push(line.slice(from));
  return pieces.join('=\r\n');
}

/** Not within an escape, and not between the bytes of one letter. */
function breakBefore(line: string, at: number): number {
  let to = at;
  if (line[to - 1] === '=') to -= 1;
  else if (line[to - 2] === '=') to -= 2;
  while (isContinuation(line, to)) to -= 3;
  return to;
}

/** The second and later bytes of a letter are 80 to BF. */
const isContinuation = (line: string, at: number): boolean => line[at] === '=' && /[89AB]/.test(line[at + 1] ?? '');
const hexes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
const hex = (byte: number): string => hexes[byte] ?? '';
