import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { JetStreamStatusError } from '@nats-io/jetstream/internal';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConnectionState } from './connection-state.js';

export interface Slice {
  readonly stream: string;
  /** Only messages on these subjects; wildcards work. */
  readonly subject: string;
  /** From this sequence on. */
  readonly from: number;
  readonly limit: number;
}

const batchMs = 5000;

/** Reads stored messages without a consumer, in order. Nothing there: an empty list. */
export function readSlice(connection: NatsConnection, manager: JetStreamManager, slice: Slice): Promise<StoredMsg[]> {
  return ConnectionState.of(connection).whileConnected(() => read(manager, slice));
}

async function read(manager: JetStreamManager, { stream, subject, from, limit }: Slice): Promise<StoredMsg[]> {
  const batch = await manager.direct.getBatch(stream, { seq: Math.max(1, from), batch: limit, next_by_subj: subject });
  // The client would wait for ever for the rest of a batch.
  const timer = setTimeout(() => {
    batch.stop(new Error(`${stream} did not answer within ${batchMs} ms`));
  }, batchMs);
  const messages: StoredMsg[] = [];
  try {
    for await (const message of batch) messages.push(message);
  } catch (error) {
    if (!(error instanceof JetStreamStatusError) || error.code !== 404) throw error;
  } finally {
    clearTimeout(timer);
  }
  return messages;
}
