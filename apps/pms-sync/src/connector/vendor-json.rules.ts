import { VendorError } from './vendor-error.js';

/** Reading what vendors send: ids as numbers or strings, one thing where a list belongs, keys that are not there. Never throws on shape. */

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** A list, one thing instead of a list (XML heritage), or nothing. What is not an object in it is left out. */
export function listOf(value: unknown): Json[] {
  if (Array.isArray(value)) return value.filter(isJson);
  return isJson(value) && Object.keys(value).length > 0 ? [value] : [];
}

/** `{ lease: [..] }`, `[..]` or `{ lease: {..} }`: the list under a key, wherever it is. */
export function listUnder(value: unknown, ...keys: readonly string[]): Json[] {
  if (Array.isArray(value)) return listOf(value);
  const holder = objectOf(value);
  for (const key of keys) if (holder[key] !== undefined) return listOf(holder[key]);
  return [];
}

/** What a list holds that is no object: it cannot be read, and must not be mistaken for nothing. */
export function unreadableIn(value: unknown): number {
  return Array.isArray(value) ? value.filter((item) => !isJson(item)).length : 0;
}

/** Nearly all that vendors send: letters of the Latin alphabets, digits and signs, single spaces. There is nothing to tidy in it. */
const tidyAlready = /^[!-~\u00a1-\u00ac\u00ae-\u024f\u2019]+(?: [!-~\u00a1-\u00ac\u00ae-\u024f\u2019]+)*$/;

/** Text without control characters and with single spaces; numbers count as text; nothing is null. */
export function textOf(value: unknown, most = 300): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || value === '') return null;
  if (value.length <= most && tidyAlready.test(value)) return value;
  const text = withoutControls(value).replace(/\s+/g, ' ').trim();
  return text === '' ? null : [...text].slice(0, most).join('').slice(0, most);
}

/** The first that is there. Vendors rename fields between versions. */
export function firstText(holder: Json, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textOf(holder[key]);
    if (text !== null) return text;
  }
  return null;
}

/** An id as a string. 0, "" and what is longer than any id are none. */
export function idOf(value: unknown): string | null {
  const text = textOf(value, 101);
  return text === null || text === '0' || text.length > 100 ? null : text;
}

export function flagOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  if (text === undefined) return null;
  if (['1', 't', 'true', 'y', 'yes'].includes(text)) return true;
  return ['0', 'f', 'false', 'n', 'no'].includes(text) ? false : null;
}

export function numberOf(value: unknown): number | null {
  const text = textOf(value);
  if (text === null || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

export function parseJson(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new VendorError('not-readable', `The answer about ${what} is not JSON, or was cut off.`, { field: 'body' });
  }
}

function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (char) => (/\s/.test(char) ? ' ' : char === '\u200d' ? char : ''));
}
