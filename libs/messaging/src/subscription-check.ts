import { DomainError, type EventContract } from '@leasewire/contracts';
import type { SubscriptionSpec } from './event-bus.js';

const word = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What is wrong with a subscription whatever the bus, found at boot. */
export function assertReadable({ handler, contracts, stream }: SubscriptionSpec): void {
  if (!word.test(handler))
    throw new DomainError('event-bus.contract-mismatch', `“${handler}” is no name for a handler: use kebab-case words.`);
  const strange = contracts === 'all' ? undefined : contracts.find(({ service }: EventContract) => service !== stream);
  if (strange)
    throw new DomainError(
      'event-bus.contract-mismatch',
      `${handler} reads the stream of ${stream}; ${strange.type} is not in it.`,
    );
}
