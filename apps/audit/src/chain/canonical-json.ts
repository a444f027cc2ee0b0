export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * One text for one value, after RFC 8785: keys in the order of their UTF-16 code units, no white space, numbers and
 * strings as JSON.stringify writes them. Lone surrogates are escaped by it, so the text is always valid UTF-8.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}

/** Array.isArray does not narrow a readonly array. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isFields(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** Only what canonicalJson wrote. */
export function parseJson(text: string): Json {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- JSON.parse gives JSON, which its type does not say
  return JSON.parse(text) as Json;
}

/** What came over the wire is JSON already, but its type does not say so. Anything else is a mistake of the caller. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON`);
    return value;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} has no JSON`);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]: [string, unknown]) => (field === undefined ? [] : [[key, toJson(field)]])),
  );
}
