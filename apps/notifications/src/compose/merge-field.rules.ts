import { fieldNames, isFieldName, type FieldName } from './field-registry.js';

/**
 * `{{ resident.firstName | default: "there" }}`: the writing of Liquid, which mailing tools for property managers share. Two words
 * after the bar: `default` says what stands for a value that somebody lacks; `optional` leaves the paragraph out for them.
 * There is nothing else: no conditions, no loops, so that what is previewed is what everyone gets.
 */
export interface Placeholder {
  readonly field: FieldName;
  readonly fallback?: string;
  readonly optional?: true;
}
export type Piece = string | Placeholder;

export interface Parsed {
  readonly pieces: readonly Piece[];
  /** Where each piece begins in what was read. */
  readonly starts: readonly number[];
  readonly problems: readonly string[];
}

/** Quotes as any word processor makes them. */
const quoted = /^["“”„«']\s?(.*?)\s?["“”»']$/su;

export function parseFields(text: string): Parsed {
  const pieces: Piece[] = [];
  const starts: number[] = [];
  const problems: string[] = [];
  const add = (piece: Piece, start: number): void => {
    pieces.push(piece);
    starts.push(start);
  };
  const plain = (start: number, end: number): void => {
    const part = text.slice(start, end);
    if (part !== '') add(part, start);
    const open = part.indexOf('{{');
    if (open >= 0) problems.push(`A merge field is not closed: “${excerpt(part.slice(open))}”. Write }} after it.`);
  };
  let from = 0;
  for (const found of text.matchAll(/\{\{((?:(?!\{\{|\}\}).)*)\}\}/gsu)) {
    plain(from, found.index);
    from = found.index + found[0].length;
    const read = readPlaceholder(found[1] ?? '');
    if (typeof read === 'string') problems.push(read);
    add(typeof read === 'string' ? found[0] : read, found.index);
  }
  plain(from, text.length);
  return { pieces, starts, problems };
}

/** As it is written when it is stored: one spelling, whatever the editor made of it. */
export function written({ field, fallback, optional }: Placeholder): string {
  const filter = optional ? ' | optional' : fallback === undefined ? '' : ` | default: "${fallback}"`;
  return `{{ ${field}${filter} }}`;
}

export const placeholdersIn = (pieces: readonly Piece[]): Placeholder[] => pieces.filter((piece) => typeof piece !== 'string');

function readPlaceholder(inside: string): Placeholder | string {
  const [name = '', ...filters] = inside
    .replaceAll(/\s+/gu, ' ')
    .split('|')
    .map((part) => part.trim());
  if (!isFieldName(name)) return unknown(name);
  if (filters.length === 0) return { field: name };
  const [filter = ''] = filters;
  if (filters.length > 1) return `“${name}” has two words after its bar; one is allowed.`;
  if (filter === 'optional') return { field: name, optional: true };
  const fallback = quoted.exec(/^default ?:? ?(.*)$/su.exec(filter)?.[1] ?? '')?.[1];
  if (fallback === undefined || fallback.trim() === '' || /["“”{}]/u.test(fallback))
    return `What follows “${name}” is not understood. Write {{ ${name} | default: "there" }} or {{ ${name} | optional }}.`;
  return { field: name, fallback: fallback.trim() };
}

function unknown(name: string): string {
  if (name === '') return 'A merge field is empty. Write the name of a field between {{ and }}.';
  const close = fieldNames.find((known) => simple(known) === simple(name)) ?? nearest(name);
  const hint = close === undefined ? 'Choose one from the list.' : `Did you mean {{ ${close} }}?`;
  return `There is no field “${excerpt(name)}”. ${hint}`;
}

/** `First Name`, `first_name` and `FIRSTNAME` all mean `resident.firstName`. */
const simple = (name: string): string =>
  name
    .slice(name.indexOf('.') + 1)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');

function nearest(name: string): FieldName | undefined {
  const ranked = fieldNames.map((known) => ({ known, off: distance(known.toLowerCase(), name.toLowerCase()) }));
  const best = ranked.reduce((a, b) => (b.off < a.off ? b : a));
  return best.off <= 3 ? best.known : undefined;
}

/** How many letters to change, add or leave out (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}

const excerpt = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
