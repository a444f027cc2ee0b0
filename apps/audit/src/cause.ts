import type { OrgId } from '@leasewire/contracts';
import type { Ids, SystemCause } from '@leasewire/messaging';

/** What audit does by itself. */
export function causeOf(orgId: OrgId, ids: Ids): SystemCause {
  return { kind: 'system', service: 'audit', orgId, correlationId: ids.next('cor'), actor: 'service:audit' };
}
