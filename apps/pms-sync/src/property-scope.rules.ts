import { DomainError, type PropertyId } from '@leasewire/contracts';

type Scope = 'all' | readonly PropertyId[];

/** The condition on properties that a caller's scope means; null: nothing can match. */
export function visible(scope: Scope, asked?: PropertyId): PropertyId | { $in: PropertyId[] } | undefined | null {
  if (scope === 'all') return asked;
  if (asked === undefined) return { $in: [...scope] };
  return scope.includes(asked) ? asked : null;
}

export function assertSees(scope: Scope, propertyId: PropertyId): void {
  if (scope !== 'all' && !scope.includes(propertyId))
    throw new DomainError('not-found', `There is no such thing in a property that you may see.`);
}

/** Whoever edits names the version they looked at; without one, the last to come wins. */
export function assertVersion(doc: { readonly version: number }, looked: number | undefined): void {
  if (looked === undefined || looked === doc.version) return;
  throw new DomainError('conflict.version', 'Somebody changed this meanwhile. Look at it again, then repeat your change.', {
    version: doc.version,
  });
}
