import type { Clock, Log } from '@leasewire/messaging';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Count, Counters } from './counters.js';

export const gossipSubject = 'sync.gateway';
const everyMs = 150;
const sweepEveryMs = 30_000;
const mostInAMessage = 2000;

const Gossip = z.object({
  from: z.string(),
  /** Somebody who has just begun and wants to hear what was counted so far. */
  hello: z.boolean().optional(),
  counts: z.array(z.tuple([z.string(), z.number(), z.number()])),
});

/**
 * Replicas tell one another what they have counted, several times a second (docs/decisions/004). A lost message is made good
 * by the next one about the same key; a replica that begins asks for everything; nobody waits for anybody.
 */
export class Gossiper {
  #subscription: Subscription | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly connection: NatsConnection,
    private readonly counters: Counters,
    private readonly replica: string,
    private readonly windowSecondsOf: (key: string) => number,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.#subscription = this.connection.subscribe(gossipSubject, {
      callback: (error, message) => {
        if (error)
          this.log.warn({ reason: error.message }, 'rate limits are counted by this replica alone: it may not hear the others');
        else this.#hear(message.string());
      },
    });
    this.#say([], true);
    this.#timers = [
      setInterval(() => {
        this.#say(this.counters.drain());
      }, everyMs).unref(),
      setInterval(() => {
        this.counters.sweep(this.clock.now().getTime());
      }, sweepEveryMs).unref(),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#subscription?.unsubscribe();
  }

  #hear(text: string): void {
    const gossip = Gossip.safeParse(safeJson(text));
    if (!gossip.success || gossip.data.from === this.replica) return;
    this.counters.merge(gossip.data.from, gossip.data.counts, this.windowSecondsOf, this.clock.now().getTime());
    if (gossip.data.hello) this.#say(this.counters.all());
  }

  #say(counts: readonly Count[], hello = false): void {
    if (this.connection.isClosed() || (counts.length === 0 && !hello)) return;
    for (let at = 0; at === 0 || at < counts.length; at += mostInAMessage) {
      const message = { from: this.replica, ...(hello && { hello }), counts: counts.slice(at, at + mostInAMessage) };
      this.connection.publish(gossipSubject, JSON.stringify(message));
    }
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
