import { DomainError, deadLetterStreamOf, streamOf } from '@leasewire/contracts';
import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const ownerKey = 'leasewire.owner';

export interface StreamSize {
  /** JetStream reserves it on the server's disk at once, so it is modest; the oldest events go when it is full. */
  readonly maxBytes: number;
  /** Copies in a cluster: 3 in production. */
  readonly replicas: number;
}

type Wanted = Partial<StreamConfig> & {
  readonly name: string;
  readonly subjects: string[];
  readonly metadata: Record<string, string>;
};

/** Fewer than inbox rows are kept (persistence has a test of it), so nothing comes again after it was forgotten. */
export const eventDays = 28;

export function eventStream(service: string, size: StreamSize): Wanted {
  return limited(service, streamOf(service), `evt.${service}.>`, {
    ...size,
    maxAgeMs: eventDays * dayMs,
    duplicateWindowMs: 10 * minuteMs,
  });
}

/** Limits, not a work queue: dead letters must be looked at without being taken. */
export function deadLetterStream(service: string, size: StreamSize): Wanted {
  return limited(service, deadLetterStreamOf(service), `dlq.${service}.>`, {
    ...size,
    maxAgeMs: 30 * dayMs,
    duplicateWindowMs: 60 * minuteMs,
  });
}

function limited(
  service: string,
  name: string,
  subjects: string,
  size: StreamSize & { maxAgeMs: number; duplicateWindowMs: number },
): Wanted {
  return {
    name,
    subjects: [subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(size.maxAgeMs),
    max_bytes: size.maxBytes,
    duplicate_window: nanos(size.duplicateWindowMs),
    num_replicas: size.replicas,
    allow_direct: true,
    metadata: { [ownerKey]: service },
  };
}

const codes = { streamNotFound: 10059, nameInUse: 10058, subjectsOverlap: 10065, noStorage: new Set([10023, 10028, 10047]) };

/** Creates the stream or brings it up to date; refuses to touch one that someone else made. */
export async function ensureStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  const stored = await find(manager, wanted.name);
  try {
    if (!stored) {
      await manager.streams.add(wanted);
      return;
    }
    assertOurs(stored, wanted);
    if (differs(stored.config, wanted)) await manager.streams.update(wanted.name, wanted);
  } catch (error) {
    // Another replica of ours was quicker.
    if (error instanceof JetStreamApiError && error.code === codes.nameInUse && !stored) return ensureStream(manager, wanted);
    throw explained(error, wanted);
  }
}

async function find(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === codes.streamNotFound) return undefined;
    throw error;
  }
}

function assertOurs(stored: StreamInfo, wanted: Wanted): void {
  const owner = stored.config.metadata?.[ownerKey];
  if (owner === wanted.metadata[ownerKey]) return;
  throw new DomainError(
    'event-bus.foreign-stream',
    `The stream ${wanted.name} exists and belongs to ${owner ?? 'someone who is not Leasewire'}; it is left as it is. Rename or remove it.`,
  );
}

const compared = [
  'subjects',
  'retention',
  'storage',
  'discard',
  'max_age',
  'max_bytes',
  'duplicate_window',
  'num_replicas',
  'allow_direct',
] as const;

function differs(stored: StreamConfig, wanted: Wanted): boolean {
  return compared.some((field) => JSON.stringify(stored[field]) !== JSON.stringify(wanted[field]));
}

function explained(error: unknown, wanted: Wanted): unknown {
  if (!(error instanceof JetStreamApiError)) return error;
  if (codes.noStorage.has(error.code))
    return new DomainError(
      'nats.no-storage',
      `The NATS server has no room for the stream ${wanted.name} of ${wanted.max_bytes ?? 0} bytes (${error.message}). Give JetStream more storage (max_file_store) or the stream less.`,
      {},
      { cause: error },
    );
  if (error.code === codes.subjectsOverlap)
    return new DomainError(
      'event-bus.foreign-stream',
      `Another stream already takes ${wanted.subjects.join(', ')}. Remove it: ${error.message}.`,
      {},
      { cause: error },
    );
  return error;
}
