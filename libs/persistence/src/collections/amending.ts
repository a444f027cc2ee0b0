import { isDeepStrictEqual } from 'node:util';
import type { Document } from 'mongodb';
import type { Id } from './transacted.js';

/** Some fields of a document, as it was read, get other values. */
export interface Amendment {
  readonly was: Id & { readonly version: number };
  readonly set: Readonly<Record<string, unknown>>;
}

/** One update of the server. */
export interface Amending {
  readonly filter: { readonly _id: { readonly $in: readonly string[] }; readonly orgId?: string; readonly version: number };
  readonly update: Document | Document[];
}

/**
 * What happens to many at once is one update, also where a field differs from one to the other: the server then looks its value up by
 * the place of the document’s id. One update for each would be planned and answered one by one.
 */
export function amendingOf(amendments: readonly Amendment[]): Amending[] {
  const groups = new Map<string, Amendment[]>();
  for (const one of amendments) {
    for (const [field, value] of Object.entries(one.set))
      if (value === undefined) throw new TypeError(`“${field}” becomes undefined, which is not stored; save the whole document`);
    const { orgId, version } = one.was;
    const key = JSON.stringify([orgId, version, Object.keys(one.set)]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(together);
}

function together(group: readonly Amendment[]): Amending[] {
  const [first] = group;
  if (!first) return [];
  const { _id: _, ...same } = first.was;
  const ids = group.map(({ was }) => was._id);
  const differing = Object.keys(first.set).filter((field) =>
    group.some(({ set }) => !isDeepStrictEqual(set[field], first.set[field])),
  );
  const update = differing.length === 0 ? { $set: first.set } : [{ $set: lookedUp(group, first, ids, new Set(differing)) }];
  return [{ filter: { _id: { $in: ids }, ...same }, update }];
}

/** Literally: in such an update a text that begins with a dollar would be the name of a field. */
function lookedUp(
  group: readonly Amendment[],
  first: Amendment,
  ids: readonly string[],
  differing: ReadonlySet<string>,
): Document {
  const place = { $indexOfArray: [{ $literal: ids }, '$_id'] };
  const valueOf = (field: string): Document =>
    differing.has(field)
      ? { $arrayElemAt: [{ $literal: group.map(({ set }) => set[field]) }, place] }
      : { $literal: first.set[field] };
  return Object.fromEntries(Object.keys(first.set).map((field) => [field, valueOf(field)]));
}
