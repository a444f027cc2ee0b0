import {
  DomainError,
  isWithin,
  permissionKeys,
  permits,
  type Permission,
  type Permissions,
  type PropertyScope,
} from '@leasewire/contracts';

/** What someone may do, and where. */
export interface Holding {
  readonly permissions: Permissions;
  readonly properties: PropertyScope;
}
/** What an actor may hand out. `all`: the platform itself, for a command an operator typed. */
export type Authority = Holding | 'all';

export function scopeWithin(a: PropertyScope, b: PropertyScope): boolean {
  if (b === 'all') return true;
  if (a === 'all') return false;
  const wider = new Set<string>(b);
  return a.every((id) => wider.has(id));
}

export function holdingWithin(a: Holding, own: Authority): boolean {
  return own === 'all' || (isWithin(a.permissions, own.permissions) && scopeWithin(a.properties, own.properties));
}

/**
 * Nobody hands out, or takes hold of by a link, a password or an e-mail address, more than they hold themselves. The
 * error names what is too much, so that an owner can be asked for exactly that.
 */
export function assertWithin(a: Holding, own: Authority, what: string): void {
  if (own === 'all' || holdingWithin(a, own)) return;
  const permissions = permissionKeys.filter((key) => !isWithin({ [key]: a.permissions[key] ?? 'none' }, own.permissions));
  const properties = scopeWithin(a.properties, own.properties) ? [] : beyondScope(a.properties, own.properties);
  throw new DomainError(
    'staff.beyond-own-permissions',
    `${what} holds more than you do, so only someone who holds it too can do this. Ask an owner of the organization.`,
    { permissions, properties },
  );
}

function beyondScope(a: PropertyScope, own: PropertyScope): PropertyScope {
  if (a === 'all' || own === 'all') return a;
  const held = new Set<string>(own);
  return a.filter((id) => !held.has(id));
}

/** Roles hold for the whole organization: who is limited to some properties would change access in the others. */
export function assertWholeOrganization(own: Authority): void {
  if (own === 'all' || own.properties === 'all') return;
  throw new DomainError(
    'staff.beyond-own-permissions',
    'Roles hold for every property of the organization, and your access is limited to some. Ask someone whose access is not.',
    { permissions: [], properties: 'all' },
  );
}

export function assertPermits(own: Authority, needed: Permission): void {
  if (own === 'all' || permits(own.permissions, needed)) return;
  throw new DomainError('forbidden', `This needs the permission ${needed}. Ask an owner of the organization for it.`, { needed });
}

export const accessEnded = (): DomainError => new DomainError('unauthenticated', 'Your access has ended. Sign in again.');
