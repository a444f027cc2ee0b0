import type { Msg } from '@nats-io/transport-node';
import { nanos } from '@nats-io/transport-node';

const words = { ack: Buffer.from('+ACK'), working: Buffer.from('+WPI') };

/**
 * A message as a pull consumer got it. The client has such a class but does not hand it out. What is needed stands in the
 * reply subject: `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.…`, with domain and account before the stream in
 * the longer form.
 */
export class JetStreamMessage {
  readonly deliveries: number;
  readonly seq: number;
  /** When it was stored, as the broker counts. With `seq` it names a message also after the stream was made anew. */
  readonly storedAt: string;
  #settled = false;

  constructor(readonly message: Msg) {
    const tokens = (message.reply ?? '').split('.');
    const at = tokens.length > 9 ? 4 : 2;
    this.deliveries = Number(tokens[at + 2] ?? 1);
    this.seq = Number(tokens[at + 3] ?? 0);
    this.storedAt = tokens[at + 5] ?? '';
  }

  ack(): void {
    this.#settle(words.ack);
  }

  /** Without a delay it comes again at once, to anyone who asks. */
  nak(afterMs?: number): void {
    this.#settle(Buffer.from(afterMs === undefined ? '-NAK' : `-NAK ${JSON.stringify({ delay: nanos(afterMs) })}`));
  }

  term(reason: string): void {
    this.#settle(Buffer.from(`+TERM ${reason}`));
  }

  working(): void {
    if (!this.#settled) this.message.respond(words.working);
  }

  #settle(word: Uint8Array): void {
    if (this.#settled) return;
    this.#settled = true;
    this.message.respond(word);
  }
}
