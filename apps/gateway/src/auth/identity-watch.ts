import { Heartbeat, heartbeatSubject } from '@leasewire/contracts';
import type { Clock, Log } from '@leasewire/messaging';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { StreamTail } from '../events/tail.js';
import type { CallerCache } from './caller-cache.js';
import type { Freshness } from './freshness.js';
import { invalidationOf } from './invalidation.js';

const tickMs = 250;

/** Keeps what is remembered of callers true: identity's events make us forget, its heartbeats tell whether we hear them. */
export class IdentityWatch {
  #beats: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;
  #why: string | undefined = 'silence';

  constructor(
    private readonly connection: NatsConnection,
    tail: StreamTail,
    private readonly cache: CallerCache,
    private readonly freshness: Freshness,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    tail.listen({
      event: ({ type, orgId, envelope }) => {
        const invalidation = invalidationOf(type, orgId, envelope.data);
        if (invalidation) this.cache.invalidate(invalidation);
      },
      reached: (position) => {
        this.freshness.reached(position, this.clock.monotonicMs());
      },
      began: (position) => {
        this.freshness.restart(position);
        this.cache.clear();
      },
    });
  }

  start(): void {
    this.#beats = this.connection.subscribe(heartbeatSubject, {
      callback: (error, message) => {
        if (error)
          this.log.error({ reason: error.message }, 'heartbeats of identity cannot be heard: it is asked for every request');
        else this.#hear(message.string());
      },
    });
    this.#timer = setInterval(() => {
      this.#tick();
    }, tickMs).unref();
  }

  stop(): void {
    this.#beats?.unsubscribe();
    clearInterval(this.#timer);
  }

  #hear(text: string): void {
    const beat = Heartbeat.safeParse(jsonIn(text));
    if (beat.success) this.freshness.beat(beat.data, this.clock.monotonicMs());
    else this.log.warn({}, 'a heartbeat of identity cannot be read');
  }

  #tick(): void {
    const now = this.clock.monotonicMs();
    this.freshness.tick(now);
    const why = this.freshness.why(now);
    if (why === this.#why) return;
    this.#why = why;
    if (why === undefined) this.log.info({}, 'what is remembered of permissions is fresh');
    else this.log.warn({ why }, 'what is remembered of permissions may be out of date; identity is asked for every request');
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
