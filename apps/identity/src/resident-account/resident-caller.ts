import { DomainError, PersonId, SessionId, type OrgId } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';

export interface ResidentCaller {
  readonly orgId: OrgId;
  readonly personId: PersonId;
  readonly sessionId: SessionId | undefined;
}

/** Who calls, when it is a resident: the gateway speaks for them as `resident:per_…`. */
export function residentOf(call: Call): ResidentCaller | null {
  const personId = PersonId.safeParse(/^resident:(.*)$/.exec(call.actor.ref)?.[1]).data;
  if (personId === undefined) return null;
  return { orgId: call.orgId, personId, sessionId: SessionId.safeParse(call.actor.sessionId).data };
}

export function assertResident(call: Call): ResidentCaller {
  const caller = residentOf(call);
  if (!caller) throw new DomainError('forbidden', 'Only a signed-in resident can do this, on the resident pages.');
  return caller;
}
