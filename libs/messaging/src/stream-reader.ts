import type { StoredMsg } from '@nats-io/jetstream';
import { DirectMsgImpl, JetStreamStatus } from '@nats-io/jetstream/internal';
import { createInbox, type NatsConnection } from '@nats-io/transport-node';
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

/**
 * Reads stored messages without a consumer, in order. Nothing there: an empty list. The client's own `getBatch` leaves a
 * subscription behind each time (3.3.1) and waits for ever for the end of a batch.
 */
export function readSlice(connection: NatsConnection, slice: Slice): Promise<StoredMsg[]> {
  return ConnectionState.of(connection).whileConnected(() => read(connection, slice));
}

function read(connection: NatsConnection, { stream, subject, from, limit }: Slice): Promise<StoredMsg[]> {
  return new Promise((resolve, reject) => {
    const messages: StoredMsg[] = [];
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      if (!connection.isClosed()) subscription.unsubscribe();
      if (error) reject(error);
      else resolve(messages);
    };
    const timer = setTimeout(() => {
      finish(new Error(`${stream} did not answer within ${batchMs} ms`));
    }, batchMs);
    const inbox = createInbox(ConnectionState.of(connection).inboxPrefix);
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        const status = error ? null : JetStreamStatus.maybeParseStatus(message);
        if (error) finish(error);
        else if (!status) messages.push(new DirectMsgImpl(message));
        else if (status.isEndOfBatch() || status.code === 404) finish();
        else finish(status.toError());
      },
    });
    const request = JSON.stringify({ seq: Math.max(1, from), batch: limit, next_by_subj: subject });
    connection.publish(`$JS.API.DIRECT.GET.${stream}`, request, { reply: inbox });
  });
}
