import type { ActorRef, OrgId, PersonId, StaffId } from '@leasewire/contracts';
import { Call } from '@leasewire/messaging';
import type { Tx, UnitOfWork } from '@leasewire/persistence';

interface Proven {
  readonly orgId: OrgId;
  readonly ref: ActorRef;
}
interface Keeping {
  readonly keepResult: boolean;
}

/**
 * Runs the work of someone who has just proved who they are, by password, token or link. The gateway asked for a stranger;
 * what happens is done by this staff member, and the record says so.
 */
export async function runAs<R>(
  work: UnitOfWork,
  call: Call,
  { orgId, staffId }: { readonly orgId: OrgId; readonly staffId: StaffId },
  keeping: Keeping,
  todo: (tx: Tx) => Promise<R>,
): Promise<R> {
  return runProven(work, call, { orgId, ref: `staff:${staffId}` }, keeping, todo);
}

/** The same for a resident. */
export async function runAsResident<R>(
  work: UnitOfWork,
  call: Call,
  { orgId, personId }: { readonly orgId: OrgId; readonly personId: PersonId },
  keeping: Keeping,
  todo: (tx: Tx) => Promise<R>,
): Promise<R> {
  return runProven(work, call, { orgId, ref: `resident:${personId}` }, keeping, todo);
}

async function runProven<R>(
  work: UnitOfWork,
  call: Call,
  { orgId, ref }: Proven,
  { keepResult }: Keeping,
  todo: (tx: Tx) => Promise<R>,
): Promise<R> {
  const proven = new Call({
    method: call.method,
    actor: { ref, orgId, permissions: {}, properties: [] },
    assertion: call.assertion,
    correlationId: call.correlationId,
    traceparent: call.traceparent,
    idempotencyKey: keepResult ? call.idempotencyKey : undefined,
    rawInput: Buffer.from(call.inputHash),
  });
  const result = await work.run(proven, todo);
  call.replayed = proven.replayed;
  return result;
}
