import { deadLetterStreamOf, replaySubject } from '@leasewire/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Consumption } from './consumption.js';
import { originOf } from './dead-letter-wire.js';
import type { DeadLetters } from './dead-letters.js';
import type { Deliverer, Delivered, Route } from './delivery.js';
import { ensureConsumer } from './durable-consumer.js';
import type { JetStreamMessage } from './jetstream-message.js';
import type { Log } from './log.js';

interface Destination {
  readonly route: Route;
  readonly deliverer: Deliverer;
}

/** Longer than a third of any handler’s own: it says that it still works every third of that. */
const ackWaitMs = 120_000;
const concurrency = 1;
const unknownRetryMs = 2000;

/**
 * Brings replayed dead letters back to the one handler that failed: `dlq.<service>.<handler>.replay` in the service's own
 * dead-letter stream, one durable per service. Publishing the event again on `evt.>` would give it to every handler, and no
 * one but its owner may publish there. It goes through the same delivery, inbox and all, and counts tries anew.
 */
export class Replays {
  readonly #destinations = new Map<string, Destination>();
  #consumption: Promise<Consumption> | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly service: string,
    private readonly letters: DeadLetters,
    private readonly log: Log,
  ) {}

  /** The returned function takes the handler away again. */
  async add(route: Route, stream: string, deliverer: Deliverer): Promise<(deadlineMs: number) => Promise<void>> {
    const key = keyOf(route.handler, stream);
    this.#destinations.set(key, { route, deliverer });
    try {
      await (this.#consumption ??= this.#start());
    } catch (error) {
      this.#consumption = undefined; // the next subscription tries again
      this.#destinations.delete(key);
      throw error;
    }
    return async (deadlineMs) => {
      this.#destinations.delete(key);
      if (this.#destinations.size > 0) return;
      const last = this.#consumption;
      this.#consumption = undefined;
      await (await last)?.stop(deadlineMs);
    };
  }

  #start(): Promise<Consumption> {
    const stream = deadLetterStreamOf(this.service);
    const durable = `${this.service}__replay`;
    return Consumption.start(
      this.connection,
      {
        stream,
        durable,
        concurrency,
        bind: async (first) => {
          await this.letters.ensureStream();
          const manager = await jetstreamManager(this.connection, { checkAPI: false });
          await ensureConsumer(
            manager,
            { stream, durable, filterSubjects: [replaySubject(this.service, '*')], ackWaitMs },
            first,
          );
        },
        handle: (message) => this.#handle(message, stream),
      },
      this.log,
    );
  }

  async #handle(message: JetStreamMessage, stream: string): Promise<void> {
    const { subject, headers } = message.message;
    const handler = subject.split('.')[2] ?? '';
    const origin = originOf(headers);
    const destination = this.#destinations.get(keyOf(handler, origin.stream));
    if (!destination) {
      // A newer replica may have this handler; the letter waits here until someone has it or it expires.
      this.log.warn({ handler, stream: origin.stream }, 'a replayed dead letter is for a handler that is not in this process');
      await this.#wait(message);
      return;
    }
    await destination.deliverer.deliver(this.#delivered(message, origin, stream), destination.route);
  }

  /** A wait is no try: from its second delivery on it is put back as new, so that the handler finds its tries unused. */
  async #wait(message: JetStreamMessage): Promise<void> {
    if (message.deliveries < 2) {
      message.nak(unknownRetryMs);
      return;
    }
    await this.letters.putBack(message);
    message.ack();
  }

  #delivered(message: JetStreamMessage, origin: ReturnType<typeof originOf>, stream: string): Delivered {
    const settle = (): void => {
      message.ack();
      this.letters.forget(message.seq).catch((error: unknown) => {
        this.log.debug({ seq: message.seq, reason: String(error) }, 'a handled replay could not be removed; it expires');
      });
    };
    return {
      bytes: message.message.data,
      subject: origin.subject,
      stream: origin.stream,
      seq: origin.streamSeq,
      deliveries: message.deliveries,
      identity: `${stream}:${message.seq}:${message.storedAt}`,
      ack: settle,
      retry: (afterMs) => {
        message.nak(afterMs);
      },
      discard: settle,
      working: () => {
        message.working();
      },
    };
  }
}

const keyOf = (handler: string, stream: string): string => `${stream} ${handler}`;
