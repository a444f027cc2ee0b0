import { DomainError } from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';

/** What holds for the organization as a whole is not decided by somebody who sees only some of its properties. */
export function assertSeesAll(who: Pick<Actor, 'properties'>): void {
  if (who.properties === 'all') return;
  throw new DomainError(
    'forbidden',
    'This concerns the whole organization, and your account is limited to some properties. Ask an owner.',
  );
}
