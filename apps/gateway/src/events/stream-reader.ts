import { DomainError, streamOf } from '@leasewire/contracts';
import { ConnectionLost, ConnectionState } from '@leasewire/messaging';
import { jetstreamManager, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import { JetStreamApiError, JetStreamStatusError } from '@nats-io/jetstream/internal';
import { TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import type { Past } from './feed.js';
import { StoredEvent } from './ring.js';

/** Who asks for events is answered within two and a half seconds, whatever became of the broker. */
const answerMs = 2000;
const streamNotFound = 10059;
const noMessages = 404;

/** Reads streams by position. It makes no consumers, so the gateway needs no right to, with which it could take others' events. */
export class StreamReader implements Past {
  readonly #manager: Promise<JetStreamManager>;

  constructor(private readonly connection: NatsConnection) {
    this.#manager = jetstreamManager(connection, { checkAPI: false, timeout: answerMs });
  }

  /** undefined: the service has not made its stream yet. */
  async info(service: string): Promise<StreamInfo | undefined> {
    const manager = await this.#manager;
    try {
      return await this.#whileThere(() => manager.streams.info(streamOf(service)));
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === streamNotFound) return undefined;
      throw error;
    }
  }

  async bounds(service: string): Promise<{ first: number; last: number } | undefined> {
    const info = await this.info(service);
    return info && { first: info.state.first_seq, last: info.state.last_seq };
  }

  /** In order, from a position on; fewer than `limit` when there are no more. */
  async read(service: string, after: number, subject: string, limit: number): Promise<StoredEvent[]> {
    const manager = await this.#manager;
    return this.#whileThere(() => batchOf(manager, { service, after, subject, limit }));
  }

  async #whileThere<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await ConnectionState.of(this.connection).whileConnected(read);
    } catch (error) {
      throw error instanceof ConnectionLost || error instanceof TimeoutError ? away(error) : error;
    }
  }
}

const away = (cause: Error): DomainError =>
  new DomainError('unavailable', 'Events cannot be read at the moment. Try again shortly.', {}, { cause });

interface Asked {
  readonly service: string;
  readonly after: number;
  readonly subject: string;
  readonly limit: number;
}

function batchOf(manager: JetStreamManager, { service, after, subject, limit }: Asked): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  return new Promise((resolve, reject) => {
    // A stream whose leader goes in the middle would leave us waiting for the rest.
    const timer = setTimeout(() => {
      reject(new TimeoutError());
    }, answerMs).unref();
    // With a callback: the iterator that there is besides never gives its subscription back (@nats-io/jetstream 3.3.1).
    const asked = manager.direct.getBatch(streamOf(service), {
      seq: after + 1,
      batch: limit,
      next_by_subj: subject,
      callback: (done, message) => {
        if (!done) events.push(new StoredEvent(message.seq, message.subject, message.data));
        else {
          clearTimeout(timer);
          const { err } = done;
          if (!err || (err instanceof JetStreamStatusError && err.code === noMessages)) resolve(events);
          else reject(err);
        }
      },
    });
    asked.catch(reject);
  });
}
