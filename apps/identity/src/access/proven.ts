import type { OrgId, StaffId } from '@leasewire/contracts';
import { Call } from '@leasewire/messaging';
import type { Tx, UnitOfWork } from '@leasewire/persistence';

/**
 * Runs the work of someone who has just proved who they are, by password, token or link. The gateway asked for a stranger;
 * what happens is done by this staff member, and the record says so.
 */
export async function runAs<R>(
  work: UnitOfWork,
  call: Call,
  staff: { readonly orgId: OrgId; readonly staffId: StaffId },
  { keepResult }: { readonly keepResult: boolean },
  todo: (tx: Tx) => Promise<R>,
): Promise<R> {
  const proven = new Call({
    method: call.method,
    actor: { ref: `staff:${staff.staffId}`, orgId: staff.orgId, permissions: {}, properties: [] },
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
