import { StaffId, type ActorRef, type PropertyId, type PropertyScope } from '@leasewire/contracts';

interface Scoped {
  readonly properties: PropertyScope;
}

/**
 * Messages of a property are seen by who sees the property. Those of the organization may be about anybody, so only who sees all
 * properties sees them, and whoever wrote one.
 */
export function visible(
  message: { readonly propertyId: PropertyId | null; readonly createdBy: ActorRef },
  actor: Scoped & { readonly ref: ActorRef },
): boolean {
  if (actor.properties === 'all' || message.createdBy === actor.ref) return true;
  return message.propertyId !== null && actor.properties.includes(message.propertyId);
}

type InScope =
  | { readonly propertyId?: PropertyId }
  | { readonly $or: readonly ({ readonly propertyId: { readonly $in: PropertyId[] } } | { readonly createdBy: ActorRef })[] };

/** The same as a condition; null when nothing can match. */
export function visibleWhere(
  { properties, ref }: Scoped & { readonly ref: ActorRef },
  asked: PropertyId | undefined,
): InScope | null {
  if (asked !== undefined) return properties === 'all' || properties.includes(asked) ? { propertyId: asked } : null;
  if (properties === 'all') return {};
  return { $or: [{ propertyId: { $in: [...properties] } }, { createdBy: ref }] };
}

export const mayStill = (doc: { readonly version: number }, version: number | undefined): boolean =>
  version === undefined || doc.version === version;

export function staffOf(ref: ActorRef): StaffId | null {
  const id = StaffId.safeParse(ref.startsWith('staff:') ? ref.slice('staff:'.length) : '');
  return id.success ? id.data : null;
}
