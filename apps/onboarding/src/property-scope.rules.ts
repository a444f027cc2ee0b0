import { DomainError, type PropertyId, type PropertyScope } from '@leasewire/contracts';

interface Scoped {
  readonly properties: PropertyScope;
}

export const sees = ({ properties }: Scoped, propertyId: PropertyId): boolean =>
  properties === 'all' || properties.includes(propertyId);

/** What is in a property that somebody may not see is not there for them. */
export function assertSees(who: Scoped, propertyId: PropertyId, what: string): void {
  if (!sees(who, propertyId)) throw new DomainError('not-found', `There is no ${what} here, or you may not see it.`);
}

/** Which properties a list is of: the one that was asked for, as far as they may see it; null when nothing can match. */
export function visibleIn(
  { properties }: Scoped,
  asked?: PropertyId,
): PropertyId | { readonly $in: PropertyId[] } | 'all' | null {
  if (asked !== undefined) return properties === 'all' || properties.includes(asked) ? asked : null;
  if (properties === 'all') return 'all';
  return properties.length === 0 ? null : { $in: [...properties] };
}
