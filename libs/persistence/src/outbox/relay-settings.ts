import type { Envelope } from '@leasewire/contracts';
import type { Clock, Log, PublishResult } from '@leasewire/messaging';
import type { Database } from '../database/database.js';

/** Where events go: `NatsEventBus` has this shape. */
export interface Publisher {
  publish(event: { subject: string; envelope: Envelope }): Promise<PublishResult>;
}

/** Tells the replicas of a service that there is something in the outbox. Lost hints are harmless: the relay looks every second anyway. */
export interface WakeHint {
  send(): void;
  onWake(wake: () => void): void;
}

export interface RelayObserver {
  onPublished?(what: { events: number; duplicates: number; ms: number }): void;
  onFailed?(error: unknown): void;
  /** Somebody must look at it: an event will not leave by itself. */
  onParked?(row: { id: string; subject: string; reason: string }): void;
  onActive?(active: boolean): void;
}

export interface RelaySettings {
  readonly db: Database;
  readonly service: string;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
  readonly hint?: WakeHint;
  readonly observer?: RelayObserver;
  readonly batch?: number;
  readonly inFlight?: number;
  readonly pollMs?: number;
  readonly leaseMs?: number;
}
