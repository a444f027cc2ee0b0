/**
 * What a text costs. Carriers count in segments: 160 characters of the GSM alphabet, or 70 of UCS-2 as soon as one character is
 * not in it; joined ones carry a header, which leaves 153 and 67 (3GPP TS 23.038 and 23.040).
 */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Each of these is an escape and a character: two, and never parted. */
const extended = new Set('\f^{}\\[~]|€');

/** Almost every text is of these only, and then its length says it all; a blast looks at ten thousand. */
const basicOnly = new RegExp(`^[${[...basic].join('').replaceAll(/[\\\]^-]/gu, String.raw`\$&`)}]*$`, 'u');

export type Encoding = 'gsm-7' | 'ucs-2';
const room = { 'gsm-7': { alone: 160, joined: 153 }, 'ucs-2': { alone: 70, joined: 67 } } as const;

export interface Segments {
  readonly encoding: Encoding;
  readonly count: number;
  /** In septets or in UTF-16 units, as the carrier counts them. */
  readonly used: number;
  /** How much more fits before it costs another segment. */
  readonly left: number;
  /** The characters that make it UCS-2, each once, in the order they come. */
  readonly unusual: readonly string[];
}

export function segmentsOf(text: string): Segments {
  if (basicOnly.test(text)) return plainSegments(text.length);
  const unusual = [...new Set([...text].filter((char) => !basic.has(char) && !extended.has(char)))];
  const encoding: Encoding = unusual.length === 0 ? 'gsm-7' : 'ucs-2';
  const sizes = [...text].map((char) => sizeOf(char, encoding));
  const used = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, joined } = room[encoding];
  if (used <= alone) return { encoding, count: used === 0 ? 0 : 1, used, left: alone - used, unusual };
  const { count, inLast } = fill(sizes, joined);
  return { encoding, count, used, left: joined - inLast, unusual };
}

function plainSegments(used: number): Segments {
  const { alone, joined } = room['gsm-7'];
  const count = used === 0 ? 0 : used <= alone ? 1 : Math.ceil(used / joined);
  return { encoding: 'gsm-7', count, used, left: (count <= 1 ? alone : count * joined) - used, unusual: [] };
}

/** The longest beginning that fits, cut at a word where there is one; `…` would make it UCS-2. */
export function cutToSegments(text: string, most: number): string {
  if (segmentsOf(text).count <= most) return text;
  const chars = [...text];
  let [fits, tooLong] = [0, chars.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (segmentsOf(`${chars.slice(0, middle).join('')}...`).count <= most) fits = middle;
    else tooLong = middle;
  }
  const cut = chars.slice(0, fits).join('');
  const atWord = cut.replace(/\s+\S*$/u, '');
  return `${(atWord.length > cut.length / 2 ? atWord : cut).trimEnd()}...`;
}

const sizeOf = (char: string, encoding: Encoding): number => (encoding === 'ucs-2' ? char.length : extended.has(char) ? 2 : 1);

/** A character of two units goes to the next segment whole, which may leave one unit empty. */
function fill(sizes: readonly number[], most: number): { count: number; inLast: number } {
  let [count, inLast] = [1, 0];
  for (const size of sizes) {
    if (inLast + size > most) [count, inLast] = [count + 1, 0];
    inLast += size;
  }
  return { count, inLast };
}
