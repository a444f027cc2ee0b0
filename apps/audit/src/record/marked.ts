import { isList, type Json } from '../chain/canonical-json.js';

/** A value that belongs to a person: it is kept under their key, and gone when that is gone. */
export class Personal {
  constructor(
    readonly person: string,
    readonly value: Json,
  ) {}
}

/** JSON in which some values are marked as somebody's. */
export type Marked = null | boolean | number | string | Personal | readonly Marked[] | MarkedFields;
export interface MarkedFields {
  readonly [key: string]: Marked;
}

export function isMarkedList(value: Marked | undefined): value is readonly Marked[] {
  return Array.isArray(value);
}

export function isMarkedFields(value: Marked | undefined): value is MarkedFields {
  return typeof value === 'object' && value !== null && !(value instanceof Personal) && !isMarkedList(value);
}

/** Fields from entries, also one named `__proto__`. */
export function fieldsOf<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries);
}

export function sameMarked(a: Marked | undefined, b: Marked | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Personal) return b instanceof Personal && a.person === b.person && sameJson(a.value, b.value);
  if (isMarkedList(a)) return isMarkedList(b) && a.length === b.length && a.every((item, at) => sameMarked(item, b[at]));
  if (!isMarkedFields(a) || !isMarkedFields(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameMarked(a[key], b[key]));
}

function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && sameMarked(a, b);
  return !isList(b) && sameMarked(a, b);
}
