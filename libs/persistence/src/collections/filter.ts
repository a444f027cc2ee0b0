import type { OrgId } from '@leasewire/contracts';
import type { Condition, Document } from 'mongodb';
import type { SystemDoc } from './collection.js';

/** Conditions on the fields of a document. Dotted paths reach into it; their values are not type-checked. */
export type Conditions<D> = {
  // undefined is not a condition (see below); null finds what is null or not there
  readonly [P in keyof D]?: Condition<Exclude<D[P], undefined>> | (undefined extends D[P] ? null : never);
} & {
  readonly [path: `${string}.${string}`]: unknown;
  readonly $or?: readonly Conditions<D>[];
  readonly $and?: readonly Conditions<D>[];
  readonly $nor?: readonly Conditions<D>[];
  readonly $expr?: Document;
  readonly $text?: { readonly $search: string };
};

/** A filter within one organization: `orgId` is a plain id, never an operator. Without it, it does not compile. */
export type TenantFilter<D> = Conditions<Omit<D, 'orgId'>> & { readonly orgId: OrgId };

/** What the caller gives for a new document; the repository adds the version and the timestamps. */
export type New<D extends SystemDoc> = Omit<D, 'version' | 'createdAt' | 'updatedAt'>;

/** Which fields, in which order. Ties are broken by `_id`, so an order is always complete. */
export type Sort = Readonly<Record<string, 1 | -1>>;

/**
 * `ignoreUndefined` drops a condition whose value is undefined, and the filter then matches more than was meant: other
 * people's documents, perhaps. So such a filter is refused.
 */
export function refuseUndefined(filter: object, where: string): void {
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined)
      throw new TypeError(`The condition on “${key}” in a filter of ${where} is undefined; leave it out or give null`);
    const parts: readonly unknown[] = key.startsWith('$') && Array.isArray(value) ? value : [value];
    for (const part of parts) if (holdsConditions(part, key)) refuseUndefined(part, where);
  }
}

/** Operators, or the branches of `$or` and the like; any other object is a value to compare with. */
function holdsConditions(value: unknown, key: string): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return key.startsWith('$') || Object.keys(value).some((name) => name.startsWith('$'));
}
