import { DomainError, type PropertyScope, type RoleId, type Staff, type StaffId } from '@leasewire/contracts';

/** Where someone stands. What only an invited one has, only an invited one can have. */
export type Standing =
  | { state: 'invited'; inviteExpiresAt: Date | null }
  | { state: 'active' }
  | { state: 'archived'; at: Date; before: 'invited' | 'active' };
export type StaffState = Staff['state'];

export function join(standing: Standing): Standing {
  return standing.state === 'invited' ? { state: 'active' } : standing;
}

export function archive(standing: Standing, now: Date): Standing {
  if (standing.state === 'archived') return standing;
  return { state: 'archived', at: now, before: standing.state };
}

/** As they were; the invitation of someone who never joined is void by now, a new link is asked for. */
export function restore(standing: Standing): Standing {
  if (standing.state !== 'archived') return standing;
  return standing.before === 'active' ? { state: 'active' } : { state: 'invited', inviteExpiresAt: null };
}

export interface AccessOf {
  readonly standing: Standing;
  readonly roleIds: readonly RoleId[];
  readonly properties: PropertyScope;
}

/** An owner who can act: limited to some properties, or not able to sign in, one is of no help to a locked organization. */
export function isActingOwner(staff: AccessOf, ownerRoleId: RoleId): boolean {
  return staff.standing.state === 'active' && staff.properties === 'all' && staff.roleIds.includes(ownerRoleId);
}

/** `others`: acting owners besides the one who changes, read in the transaction that changes them. */
export function assertOwnerRemains(before: AccessOf, after: AccessOf, ownerRoleId: RoleId, others: number): void {
  if (!isActingOwner(before, ownerRoleId) || isActingOwner(after, ownerRoleId) || others > 0) return;
  throw new DomainError(
    'staff.last-owner',
    'This is the last active owner with access to every property. Make someone else an owner first.',
  );
}

export function sameAccess(a: AccessOf, b: AccessOf): boolean {
  return sameSet(a.roleIds, b.roleIds) && sameScope(a.properties, b.properties);
}

export function sameScope(a: PropertyScope, b: PropertyScope): boolean {
  return a === 'all' || b === 'all' ? a === b : sameSet(a, b);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a);
  const right = new Set(b);
  return left.size === right.size && [...left].every((x) => right.has(x));
}

export function assertNotArchived(id: StaffId, standing: Standing): void {
  if (standing.state === 'archived')
    throw new DomainError('conflict.state', 'This staff member is archived. Restore them first.', { staffId: id });
}
