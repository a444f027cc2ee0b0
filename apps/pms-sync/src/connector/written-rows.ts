import { hash, randomUUID } from 'node:crypto';
import { isJson, parseJson, type Json } from './vendor-json.rules.js';

/** A row as the vendor wrote it. Who knows it by its hash need not read it. */
export class WrittenRow {
  #value: Json | undefined;

  constructor(
    private readonly text: string,
    readonly hash = hashOf(text),
  ) {}

  static of(value: Json): WrittenRow {
    const row = new WrittenRow(JSON.stringify(value));
    row.#value = value;
    return row;
  }

  get value(): Json {
    this.#value ??= objectIn(this.text);
    return this.#value;
  }
}

/** 96 bits. */
const hashOf = (text: string): string => hash('sha256', text, 'buffer').toString('base64url', 0, 12);

function objectIn(text: string): Json {
  const value = parseJson(text, 'a row');
  if (!isJson(value)) throw new TypeError('A row that was cut out of a page is an object.');
  return value;
}

/** Where the rows of a page were there is a mark for each. */
export interface CutPage {
  readonly text: string;
  /** What was found where the rows belong; null: it is not the marks, all of them and in order. */
  rowsFor(found: readonly Json[]): WrittenRow[] | null;
}

/** No vendor knows it. */
const mark = randomUUID();

/**
 * Cuts the list under a key out of a page, so that the rest and each row can be read by themselves, and a row that `isKnown` not at all.
 * Every row is JSON by itself, or this is null: the others are read here, and whoever is known was read once. So the page says what its
 * rest says with each mark replaced by its row, wherever the cuts are; and if the marks are not found where the rows belong, it was
 * another list. Both times the page is to be read as a whole.
 */
export function cutPage(text: string, key: string, isKnown: (hash: string) => boolean): CutPage | null {
  const from = new RegExp(`"${key}"\\s*:\\s*\\[`).exec(text);
  if (!from) return null;
  const rows: WrittenRow[] = [];
  let rest = '';
  let end = 0;
  for (const [at, till] of objectsFrom(text, from.index + from[0].length)) {
    const row = new WrittenRow(text.slice(at, till));
    if (!isKnown(row.hash) && !isReadable(row)) return null;
    rest += `${text.slice(end, at)}{"${mark}":${rows.length}}`;
    rows.push(row);
    end = till;
  }
  return {
    text: rest + text.slice(end),
    rowsFor: (found) =>
      found.length === rows.length && found.every((one, at) => one[mark] === at && Object.keys(one).length === 1) ? rows : null,
  };
}

function isReadable(row: WrittenRow): boolean {
  try {
    return isJson(row.value);
  } catch {
    return false;
  }
}

const [quote, backslash, openList, closeList, openObject, closeObject] = [34, 92, 91, 93, 123, 125];

/** Where the objects of a list begin and end, as far as it goes. What else is in it stays where it is. */
function objectsFrom(text: string, from: number): [number, number][] {
  const found: [number, number][] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      for (at++; at < text.length; at++) {
        const inside = text.charCodeAt(at);
        if (inside === quote) break;
        if (inside === backslash) at++;
      }
    } else if (char === openObject || char === openList) {
      if (depth === 0) start = at;
      depth++;
    } else if (char === closeObject || char === closeList) {
      if (depth === 0) return found;
      depth--;
      if (depth === 0 && char === closeObject) found.push([start, at + 1]);
    }
  }
  return found;
}
