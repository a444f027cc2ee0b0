import { DomainError } from '@leasewire/contracts';
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  ReplayPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos, PermissionViolationError, RequestError } from '@nats-io/transport-node';

export interface DurableSpec {
  readonly stream: string;
  readonly durable: string;
  readonly filterSubjects: readonly string[];
  readonly ackWaitMs: number;
}

/**
 * Not the concurrency: an event that waits for its back-off counts as pending, and a limit of ten would let ten bad events
 * block a handler for an hour. Concurrency is kept by asking for free slots only.
 */
const maxAckPending = 1000;
const codes = { consumerNotFound: 10014, nameInUse: 10013, exists: 10148 };

function configOf(spec: DurableSpec): Partial<ConsumerConfig> & { readonly durable_name: string } {
  return {
    durable_name: spec.durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(spec.ackWaitMs),
    // We count ourselves: the server would let a message lie for good after its last try.
    max_deliver: -1,
    max_ack_pending: maxAckPending,
    headers_only: false,
    backoff: [],
    filter_subjects: [...spec.filterSubjects].sort(),
  };
}

/**
 * Creates the durable, or makes the stored one what is declared. `mayUpdate` only at the first binding of a process:
 * during a roll-out an old replica that reconnects must not set back what a new one has declared.
 */
export async function ensureConsumer(manager: JetStreamManager, spec: DurableSpec, mayUpdate: boolean): Promise<void> {
  const wanted = configOf(spec);
  const stored = await find(manager, spec);
  try {
    if (!stored) await manager.consumers.add(spec.stream, wanted);
    else if (mayUpdate) await update(manager, spec, stored.config, wanted);
  } catch (error) {
    const raced = error instanceof JetStreamApiError && (error.code === codes.exists || error.code === codes.nameInUse);
    if (raced && !stored) return ensureConsumer(manager, spec, mayUpdate);
    throw error;
  }
}

async function find(manager: JetStreamManager, spec: DurableSpec): Promise<ConsumerInfo | undefined> {
  try {
    return await manager.consumers.info(spec.stream, spec.durable);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === codes.consumerNotFound) return undefined;
    if (error instanceof RequestError && error.cause instanceof PermissionViolationError) throw notNamed(spec, error);
    throw error;
  }
}

async function update(
  manager: JetStreamManager,
  spec: DurableSpec,
  stored: ConsumerConfig,
  wanted: Partial<ConsumerConfig>,
): Promise<void> {
  const fixed = fixedDifferences(stored, wanted);
  if (fixed.length > 0) throw conflict(spec, fixed.join('; '));
  if (isAsWanted(stored, wanted)) return;
  try {
    await manager.consumers.update(spec.stream, spec.durable, wanted);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status !== 503) throw conflict(spec, error.message, error);
    throw error;
  }
}

function fixedDifferences(stored: ConsumerConfig, wanted: Partial<ConsumerConfig>): string[] {
  const differences = (['deliver_policy', 'ack_policy', 'replay_policy'] as const)
    .filter((field) => stored[field] !== wanted[field])
    .map((field) => `${field} is ${stored[field]}, not ${String(wanted[field])}`);
  return stored.deliver_subject === undefined ? differences : [...differences, 'it pushes instead of being pulled'];
}

function isAsWanted(stored: ConsumerConfig, wanted: Partial<ConsumerConfig>): boolean {
  const filters = stored.filter_subjects ?? (stored.filter_subject === undefined ? [] : [stored.filter_subject]);
  return (
    JSON.stringify([...filters].sort()) === JSON.stringify(wanted.filter_subjects) &&
    (['ack_wait', 'max_deliver', 'max_ack_pending'] as const).every((field) => stored[field] === wanted[field]) &&
    // a backoff would stand for ack_wait, and of a message without its body nothing can be decoded
    (stored.backoff ?? []).length === 0 &&
    stored.headers_only !== true
  );
}

const notNamed = ({ durable, stream }: DurableSpec, cause: unknown): DomainError =>
  new DomainError(
    'forbidden',
    `NATS does not let this service handle events of ${stream} as ${durable}. Name the handler, and whose events it reads, in its row in libs/contracts/src/services.ts, and make the configuration of NATS anew (npm start does).`,
    {},
    { cause },
  );

function conflict(spec: DurableSpec, why: string, cause?: unknown): DomainError {
  return new DomainError(
    'event-bus.consumer-conflict',
    `The durable ${spec.durable} on ${spec.stream} exists with settings that cannot be changed: ${why}. Give the handler a new durable name, or delete the consumer (it starts over; the inbox skips what was handled).`,
    {},
    { cause },
  );
}
