import { streamOf } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { StoredEvent } from './ring.js';

export interface StreamState {
  readonly first: number;
  readonly last: number;
}

export interface OldEvents {
  readonly events: readonly StoredEvent[];
  /** Everything up to here was looked at. */
  readonly scannedTo: number;
}

/** What a stream holds from earlier. The feed reads it where memory does not reach back. */
export interface History {
  state(service: string): Promise<StreamState | undefined>;
  /** Events on these subjects after a position, oldest first. */
  read(service: string, after: number, subjects: readonly string[], limit: number): Promise<OldEvents>;
}

const answerMs = 2000;

export class JetStreamHistory implements History {
  constructor(private readonly connection: NatsConnection) {}

  async state(service: string): Promise<StreamState | undefined> {
    const manager = await jetstreamManager(this.connection, { checkAPI: false, timeout: answerMs });
    try {
      const { state } = await manager.streams.info(streamOf(service));
      return { first: state.first_seq, last: state.last_seq };
    } catch (error) {
      if (error instanceof Error && error.message === 'stream not found') return undefined;
      throw error;
    }
  }

  /** By a consumer of its own that lives for this one read; the broker does the filtering. */
  async read(service: string, after: number, subjects: readonly string[], limit: number): Promise<OldEvents> {
    const state = await this.state(service);
    const end = Math.max(after, state?.last ?? 0);
    if (subjects.length === 0 || !state) return { events: [], scannedTo: end };
    const stream = streamOf(service);
    const manager = await jetstreamManager(this.connection, { checkAPI: false, timeout: answerMs });
    const info = await manager.consumers.add(stream, {
      name: newId('gateway_read'),
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: after + 1,
      filter_subjects: [...subjects],
      ack_policy: AckPolicy.None,
      max_deliver: 1,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: nanos(10_000),
    });
    try {
      const wanted = Math.min(limit, info.num_pending);
      if (wanted === 0) return { events: [], scannedTo: end };
      const events: StoredEvent[] = [];
      const consumer = jetstream(this.connection).consumers.getConsumerFromInfo(info);
      for await (const message of await consumer.fetch({ max_messages: wanted, expires: answerMs }))
        events.push(new StoredEvent(message.seq, message.subject, message.data));
      const last = events.at(-1)?.seq ?? after;
      // Fewer than there were: some expired meanwhile. The next read begins where this one really got to.
      return { events, scannedTo: events.length < wanted || wanted < info.num_pending ? last : Math.max(end, last) };
    } finally {
      manager.consumers.delete(stream, info.name).catch(() => undefined); // it ends by itself if this fails
    }
  }
}
