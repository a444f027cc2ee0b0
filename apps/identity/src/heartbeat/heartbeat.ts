import { heartbeatSubject, type Heartbeat as Beat } from '@leasewire/contracts';
import type { Clock, EventBus } from '@leasewire/messaging';
import { Relay } from '@leasewire/persistence';
import { Background, CLOCK, EVENT_BUS, Logger, NATS, type Worker } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';

const everyMs = 1000;

/** Of the connection to NATS, what is needed here. */
interface Publisher {
  publish(subject: string, payload: string): void;
}

/**
 * Tells the gateways each second that changes of access reach them. When the database or the broker is away there is no
 * beat: then nobody may trust what they remember.
 */
@Injectable()
export class Heartbeat implements Worker {
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #missed = 0;

  constructor(
    private readonly relay: Relay,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(NATS) private readonly nats: Publisher,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly log: Logger,
    background: Background,
  ) {
    background.add('heartbeat', this);
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#beat();
    }, everyMs);
    this.#beat();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }

  #beat(): void {
    this.#beating ??= this.#tell()
      .then(() => (this.#missed = 0))
      .catch((error: unknown) => {
        if (this.#missed++ === 0) this.log.warn({ err: error }, 'no heartbeat: gateways ask for every request until it is back');
      })
      .then(() => {
        this.#beating = undefined;
      });
  }

  async #tell(): Promise<void> {
    const at = this.clock.now().toISOString();
    // In this order: an event that is published in between is not among the unpublished, but within `lastSeq`.
    const oldestUnpublishedMs = Math.round(await this.relay.oldestUnpublishedMs());
    const lastSeq = await this.bus.position('identity');
    this.nats.publish(heartbeatSubject, JSON.stringify({ at, lastSeq, oldestUnpublishedMs } satisfies Beat));
  }
}
