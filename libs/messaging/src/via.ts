import type { Assertions } from './assertions.js';
import type { Call, Cause } from './call.js';
import type { CallOptions } from './rpc-client.js';

/**
 * How a handler calls on: in the name of whoever called it while that is fresh, else in the service's own name; with the
 * same correlation; and, where the cause itself may be repeated, with idempotency keys that are the same on each repeat.
 */
export function via(cause: Cause, assertions: Assertions): CallOptions {
  switch (cause.kind) {
    case 'call':
      return ofCall(cause, assertions);
    case 'fact':
      return {
        assertion: assertions.forService(cause.orgId),
        correlationId: cause.correlationId,
        idempotencyBase: `${cause.handler}:${cause.id}`,
        ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
      };
    case 'system':
      return { assertion: assertions.forService(cause.orgId), correlationId: cause.correlationId };
  }
}

function ofCall(call: Call, assertions: Assertions): CallOptions {
  return {
    assertion: assertions.isLive(call.assertion) ? call.assertion : assertions.forService(call.actor.orgId),
    correlationId: call.correlationId,
    ...(call.attended && { attended: true }),
    ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
    ...(call.idempotencyKey !== undefined && { idempotencyBase: `${call.method}:${call.actor.ref}:${call.idempotencyKey}` }),
  };
}
