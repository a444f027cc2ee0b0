import type { Envelope, EventContract, Fact } from '@leasewire/contracts';

export interface OutgoingEvent {
  readonly subject: string;
  readonly envelope: Envelope;
}

export interface PublishResult {
  readonly seq: number;
  /** The stream already held this event id: it was published before and is not published again. */
  readonly duplicate: boolean;
}

export interface SubscriptionSpec {
  readonly service: string;
  readonly handler: string;
  /** Only these are handled. `all`: every event of the stream, its data unvalidated beyond the envelope. */
  readonly contracts: readonly EventContract[] | 'all';
  /** The service whose events they are. */
  readonly stream: string;
  readonly concurrency?: number;
  readonly ackWaitMs?: number;
  readonly maxDeliver?: number;
  /** Delay before each next try; the last one repeats. */
  readonly backoffMs?: readonly number[];
}

export interface Subscription {
  readonly durable: string;
  /** Takes no more, gives back what was fetched but not begun, awaits what is being handled. */
  close(deadlineMs?: number): Promise<void>;
}

/** The port between the platform and whatever carries its events. */
export interface EventBus {
  /** Creates or updates the stream of a service; only that service may. */
  ensureStream(service: string): Promise<void>;
  /** Resolves when the event is stored. Publishing the same id again is harmless. */
  publish(event: OutgoingEvent): Promise<PublishResult>;
  /** The place of the newest event of a service: for snapshots. */
  position(service: string): Promise<number>;
  /** Durable: goes on where it stopped, also after a restart. `handle` resolves after its commit; a rejection is retried. */
  subscribe(spec: SubscriptionSpec, handle: (fact: Fact) => Promise<void>): Promise<Subscription>;
}
