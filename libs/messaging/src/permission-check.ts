import { DomainError, permits, type RpcContract } from '@leasewire/contracts';
import { isService, type Actor } from './actor.js';

/** The owner's own check of the originating actor, whatever the gateway has checked before. */
export function assertPermitted(contract: Pick<RpcContract, 'name' | 'permission'>, actor: Actor): void {
  const { permission } = contract;
  if (permission === 'service') {
    if (!isService(actor.ref)) throw new DomainError('forbidden', `Only a service may call ${contract.name}.`);
    return;
  }
  if (isService(actor.ref)) return;
  if (actor.orgId === null) throw new DomainError('forbidden', 'Sign in to an organization first.');
  if (permission === 'member') return;
  if (actor.permissions === 'all' || permits(actor.permissions, permission)) return;
  throw new DomainError('forbidden', `This needs the permission ${permission}. Ask someone who manages roles.`, {
    needs: permission,
  });
}
