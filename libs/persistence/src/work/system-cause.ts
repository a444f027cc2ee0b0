import type { OrgId } from '@leasewire/contracts';
import type { Ids, SystemCause } from '@leasewire/messaging';

/** The cause of what a service does out of its own accord: a due row, a command. */
export function systemCause(service: string, orgId: OrgId, ids: Ids, causationId?: string): SystemCause {
  return {
    kind: 'system',
    service,
    orgId,
    correlationId: ids.next('cor'),
    actor: `service:${service}`,
    ...(causationId !== undefined && { causationId }),
  };
}
