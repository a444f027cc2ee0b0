const mostWords = 8;

/** `identity.staff.invited.v1` → `identity`, `identity.staff`, `identity.staff.invited`, and itself. */
function beginningsOf(type: string): string[] {
  const words = type.split('.', mostWords);
  const beginnings = words.map((_word, at) => words.slice(0, at + 1).join('.'));
  return [...new Set([...beginnings, type])];
}

/** The database stores UTF-8, which has no half of a surrogate pair; the hash must be over what comes back. */
export function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** What an entry is found by beside what it tells. Derived, so not in its hash; verification derives it again. */
export function foundBy(entry: { readonly type: string; readonly propertyId: string | null; readonly actor: string }): {
  types: string[];
  scope: string;
} {
  return { types: beginningsOf(entry.type), scope: entry.propertyId ?? entry.actor };
}
