import { canonicalJson, isList, type Json } from '../chain/canonical-json.js';
import { fieldsOf } from './marked.js';

/** A list of ten thousand ids is not what anybody reads in an audit record, and a page of such entries fits no reply. */
const largestValue = 4_000;
const largestWhole = 24_000;

/**
 * Puts the size and a keyed digest in the place of what is too large, so that a change still shows. Keyed, because the
 * digest of a short list could be tried out.
 */
export function shortened(value: Json, digest: (text: string) => string): Json {
  const short = shortenedWithin(value, digest);
  const text = canonicalJson(short);
  if (text.length <= largestWhole || typeof short !== 'object' || short === null || isList(short)) return short;
  // Many values of which none is too large: the largest go first.
  const bySize = Object.entries(short).map(([name, field]) => ({ name, field, size: canonicalJson(field).length }));
  bySize.sort((a, b) => a.size - b.size);
  let room = largestWhole;
  const kept = new Map<string, Json>();
  for (const { name, field, size } of bySize) {
    room -= size;
    kept.set(name, room >= 0 ? field : standIn(canonicalJson(field), digest));
  }
  return fieldsOf(Object.keys(short).map((name) => [name, kept.get(name) ?? null]));
}

function shortenedWithin(value: Json, digest: (text: string) => string): Json {
  if (typeof value === 'string') return value.length <= largestValue ? value : standIn(value, digest);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) {
    const text = canonicalJson(value);
    return text.length <= largestValue ? value : standIn(text, digest);
  }
  return fieldsOf(Object.entries(value).map(([name, field]) => [name, shortenedWithin(field, digest)]));
}

function standIn(text: string, digest: (text: string) => string): Json {
  return { $large: text.length, digest: digest(text) };
}
