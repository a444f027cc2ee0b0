import { DomainError, Envelope } from '@leasewire/contracts';
import { faultPoint } from '@leasewire/messaging';
import { backoffMs, sleep } from '../pace/backoff.js';
import { Leases, type Lease } from '../pace/leases.js';
import { isPassing } from '../pace/passing.js';
import { OutboxStore } from './outbox-store.js';
import type { OutboxRow } from './outbox.js';
import { publishInOrder, type Failure } from './publish-in-order.js';
import type { RelaySettings } from './relay-settings.js';
import { Wakeable } from '../pace/wakeable.js';

/** An event that others overtake so often, while the bus works, is parked. */
const mostAttempts = 10;
const whileAway = { firstMs: 100, mostMs: 1000 };
const limitBytes = 16_000_000;
/** More aggregates than this in trouble at once: then it is not the events. */
const mostHeldBack = 100;

/**
 * Publishes what the outbox holds. Each replica has one; the one with the lease works. An event may be published again
 * after a crash, under the same id, which the stream and every inbox recognise; it is never lost, and one aggregate's
 * events never change their order.
 */
export class Relay {
  readonly #store: OutboxStore;
  readonly #leases: Leases;
  readonly #wakeable = new Wakeable();
  /** Aggregates whose next event failed, and until when they rest. */
  readonly #heldBack = new Map<string, number>();
  #lease: Lease | null = null;
  #running: Promise<void> | undefined;
  #stopping = false;
  #failures = 0;
  /** Why events did not leave, the last time they did not. */
  #trouble: unknown;

  constructor(private readonly settings: RelaySettings) {
    this.#store = new OutboxStore(settings.db, settings.clock);
    this.#leases = new Leases(settings.db, settings.clock);
    settings.hint?.onWake(() => {
      if (this.#lease) this.#wakeable.wake();
    });
  }

  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
  }

  /** Ends after what is on its way was acknowledged and noted, and lets another replica take over at once. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wakeable.wake();
    await this.#running;
    this.#running = undefined;
    await this.#resign();
  }

  /** There is something in the outbox: called after every commit. */
  wake(): void {
    if (this.#lease) this.#wakeable.wake();
    else this.settings.hint?.send();
  }

  get isActive(): boolean {
    return this.#lease?.isHeld() ?? false;
  }

  /** How long the oldest event has been waiting; 0 when none does. */
  oldestUnpublishedMs(): Promise<number> {
    return this.#store.oldestMs();
  }

  /** How many wait, counted up to a limit. */
  unpublished(upTo = 10_000): Promise<number> {
    return this.#store.count(upTo);
  }

  parked(limit = 100): Promise<OutboxRow[]> {
    return this.#store.parked(limit);
  }

  /** Gives parked events another chance. */
  async unpark(ids: readonly string[] | 'all'): Promise<number> {
    const count = await this.#store.unpark(ids);
    this.wake();
    return count;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        if (!(await this.#lead())) {
          await this.#wakeable.pause(this.settings.pollMs ?? 1000);
          continue;
        }
        const left = await this.#publishSome();
        if (left === 'away') {
          await this.#rest(this.#trouble);
          continue;
        }
        this.#failures = 0;
        if (left === 'nothing') await this.#wakeable.pause(this.#untilNext());
      } catch (error) {
        this.settings.observer?.onFailed?.(error);
        await this.#rest(error);
      }
    }
  }

  async #lead(): Promise<boolean> {
    if (this.#lease?.isHeld()) return true;
    await this.#resign();
    const lease = await this.#leases.acquire(relayLease(this.settings.service), this.settings.leaseMs ?? 3000);
    this.#lease = lease?.keep() ?? null;
    if (lease) this.settings.observer?.onActive?.(true);
    return lease !== null;
  }

  async #resign(): Promise<void> {
    const lease = this.#lease;
    this.#lease = null;
    if (!lease) return;
    this.settings.observer?.onActive?.(false);
    await lease.release().catch(() => undefined); // it ends by itself
  }

  async #publishSome(): Promise<'nothing' | 'more' | 'away'> {
    const { publisher, clock, observer, batch = 512, inFlight = 256 } = this.settings;
    const { rows, isAll } = await this.#store.next({ rows: batch, bytes: limitBytes }, this.#resting());
    if (rows.length === 0) return 'nothing';
    const started = clock.monotonicMs();
    const passed = await publishInOrder(rows, {
      inFlight,
      mayGoOn: () => !this.#stopping && this.isActive,
      publish: async (row) => {
        await faultPoint('before-publish');
        const result = await publisher.publish({ subject: row.subject, envelope: readEnvelope(row) });
        return result;
      },
    });
    await faultPoint('after-publish-before-mark');
    await this.#note(passed.published.map((row) => row._id));
    if (passed.published.length > 0)
      observer?.onPublished?.({
        events: passed.published.length,
        duplicates: passed.duplicates,
        ms: clock.monotonicMs() - started,
      });
    for (const failure of passed.failures) await this.#failed(failure);
    const away = passed.failures.some(({ blame }) => blame === 'away') || this.#heldBack.size > mostHeldBack;
    if (away || (passed.published.length === 0 && passed.failures.length > 0)) return 'away';
    // whatever was committed since has woken us: to look again for nothing would be every other question of a busy relay
    return isAll && passed.published.length === rows.length ? 'nothing' : 'more';
  }

  /**
   * What the bus acknowledged is published, whoever holds the lease by now: noting it is true and spares everyone a
   * repetition. So this goes on until the database has it.
   */
  async #note(ids: readonly string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#store.published(ids);
        return;
      } catch (error) {
        if (this.#stopping) throw error;
        this.settings.observer?.onFailed?.(error);
        await sleep(backoffMs(attempt, whileAway));
      }
    }
  }

  async #failed({ row, error, blame, othersPassed }: Failure<OutboxRow>): Promise<void> {
    const { log, clock, observer } = this.settings;
    observer?.onFailed?.(error);
    this.#trouble = error;
    if (blame === 'away') return;
    const reason = error instanceof Error ? error.message : String(error);
    const attempts = othersPassed ? await this.#store.failed(row._id, reason) : (row.attempts ?? 0);
    if (blame === 'never' || attempts >= mostAttempts) {
      await this.#store.park(row._id, reason);
      this.#heldBack.delete(row.aggregate);
      observer?.onParked?.({ id: row._id, subject: row.subject, reason });
      log.error(
        { eventId: row._id, subject: row.subject, aggregate: row.aggregate, err: error },
        'an event cannot be published and was parked; mend the cause, then unpark it',
      );
      return;
    }
    this.#heldBack.set(row.aggregate, clock.monotonicMs() + backoffMs(attempts + 1, { firstMs: 100, mostMs: 10_000 }));
  }

  #resting(): string[] {
    const now = this.settings.clock.monotonicMs();
    for (const [aggregate, until] of this.#heldBack) if (until <= now) this.#heldBack.delete(aggregate);
    return [...this.#heldBack.keys()];
  }

  #untilNext(): number {
    const now = this.settings.clock.monotonicMs();
    const soonest = Math.min(...this.#heldBack.values(), Infinity);
    return Math.min(this.settings.pollMs ?? 1000, Math.max(soonest - now, 10));
  }

  async #rest(error: unknown): Promise<void> {
    this.#failures += 1;
    if (this.#failures % 30 === 1) {
      const { log, service } = this.settings;
      const fields = { err: error, service };
      if (isPassing(error)) log.warn(fields, 'events cannot be published for the moment; they are kept and tried again');
      else log.error(fields, 'events cannot be published, and not because something is away; they are kept and tried again');
    }
    await sleep(backoffMs(this.#failures, whileAway));
  }
}

/** Held by the relay that works; also tells a command that the service is running. */
export const relayLease = (service: string): string => `relay:${service}`;

function readEnvelope(row: OutboxRow): Envelope {
  try {
    return Envelope.parse(JSON.parse(row.envelope));
  } catch (cause) {
    throw new DomainError('invalid-input', `What is stored for ${row._id} is not an event any more`, {}, { cause });
  }
}
