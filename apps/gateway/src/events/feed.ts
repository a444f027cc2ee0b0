import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@leasewire/contracts';
import { encodeCursor, type Positions } from './cursor.js';
import type { StoredEvent, StreamRing } from './ring.js';
import type { Sight } from './visible.js';

/** The end of one stream, kept in memory. */
export interface LiveEnd {
  readonly service: string;
  readonly position: number;
  readonly ring: StreamRing;
  readonly begun: Promise<void>;
  readonly settled: boolean;
}

/** What a stream holds from earlier. */
export interface Past {
  bounds(service: string): Promise<{ readonly first: number; readonly last: number } | undefined>;
  /** Events after a position, oldest first; fewer than `limit` when there are no more. */
  read(service: string, after: number, subject: string, limit: number): Promise<readonly StoredEvent[]>;
}

export interface FeedItem {
  readonly event: StoredEvent;
  /** Where everything up to and with this event was seen. */
  readonly at: Positions;
}

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** Always further on, also past what the caller may not see. */
  readonly next: Positions;
  /** There is more to be read at once. */
  readonly more: boolean;
}

interface Run {
  readonly service: string;
  readonly events: readonly StoredEvent[];
  readonly scannedTo: number;
  readonly more: boolean;
}

const mostScanned = 20_000;
const pastBatch = 500;
const beginMs = 2000;

/**
 * All streams as one, read by position: from memory near their ends, from the broker further back. The live stream and
 * the feed both read here, so neither can leave a gap or say something twice.
 */
export class Feed {
  #begun = false;

  constructor(
    private readonly ends: readonly LiveEnd[],
    private readonly past: Past,
  ) {}

  async now(): Promise<Positions> {
    await this.#beginning();
    return Object.fromEntries(this.ends.map(({ service, position }) => [service, position]));
  }

  /** From the oldest event that is kept. */
  async oldest(): Promise<Positions> {
    const states = await Promise.all(this.ends.map(({ service }) => this.past.bounds(service)));
    return Object.fromEntries(this.ends.map(({ service }, at) => [service, Math.max(0, (states[at]?.first ?? 1) - 1)]));
  }

  /** Positions of services that are gone are dropped; a service that is new is read from its beginning. */
  async read(after: Positions, sight: Sight, limit: number): Promise<FeedPage> {
    await this.#beginning();
    const runs = await Promise.all(this.ends.map((end) => this.#run(end, after[end.service] ?? 0, sight, limit)));
    const items: FeedItem[] = [];
    const reached: Record<string, number> = Object.fromEntries(this.ends.map(({ service }) => [service, after[service] ?? 0]));
    const taken = new Map<Run, number>();
    while (items.length < limit) {
      const run = nextRun(runs, taken);
      const event = run?.events[taken.get(run) ?? 0];
      if (!run || !event) break;
      taken.set(run, (taken.get(run) ?? 0) + 1);
      reached[run.service] = event.seq;
      items.push({ event, at: { ...reached } });
    }
    let more = false;
    for (const run of runs) {
      const all = (taken.get(run) ?? 0) === run.events.length;
      if (all) reached[run.service] = run.scannedTo;
      more ||= !all || run.more;
    }
    return { items, next: reached, more };
  }

  async #run(end: LiveEnd, after: number, sight: Sight, limit: number): Promise<Run> {
    const { service, ring } = end;
    if (after >= ring.from && after <= end.position) return fromMemory(service, ring, after, end.position, sight, limit);
    const bounds = await this.past.bounds(service);
    if (!bounds) {
      if (after === 0) return { service, events: [], scannedTo: 0, more: false };
      throw await this.#expired();
    }
    // From the beginning, nothing is missed that was ever given out; later, what lay between must still be there.
    if (after > bounds.last || (after > 0 && after + 1 < bounds.first)) throw await this.#expired();
    return this.#fromPast(end, after, sight, limit);
  }

  async #fromPast(end: LiveEnd, after: number, sight: Sight, limit: number): Promise<Run> {
    const { service } = end;
    // Before the read: what is in memory begins here, and the read covers what lies before it.
    const memoryFrom = end.settled ? end.ring.from : 0;
    const read = await this.past.read(service, after, `evt.${service}.*.*.*.${sight.orgId}`, pastBatch);
    const events: StoredEvent[] = [];
    let scannedTo = after;
    for (const event of read) {
      if (events.length === limit) break;
      scannedTo = event.seq;
      if (sight.sees(event)) events.push(event);
    }
    if (read.length < pastBatch && scannedTo === (read.at(-1)?.seq ?? after)) scannedTo = Math.max(scannedTo, memoryFrom);
    return { service, events, scannedTo, more: scannedTo > after && scannedTo < end.position };
  }

  async #expired(): Promise<DomainError> {
    return new DomainError(
      'cursor.expired',
      'Events after this cursor are no longer kept, so some would be missed. Read what you need afresh from the lists, then go on from `details.oldest`.',
      { oldest: encodeCursor(await this.oldest()) },
    );
  }

  /** Until the ends of the streams are known, “now” means nothing. A stream that is not there yet holds nobody up. */
  async #beginning(): Promise<void> {
    if (this.#begun) return;
    await Promise.all(this.ends.map((end) => Promise.race([end.begun, this.#absent(end.service)])));
    this.#begun = true;
  }

  async #absent(service: string): Promise<void> {
    if (!(await this.past.bounds(service))) return;
    await sleep(beginMs, undefined, { ref: false });
    throw new DomainError('unavailable', 'The event streams are not followed yet. Try again shortly.');
  }
}

function fromMemory(service: string, ring: StreamRing, after: number, end: number, sight: Sight, limit: number): Run {
  const events: StoredEvent[] = [];
  let scanned = 0;
  for (let at = ring.indexAfter(after); at < ring.length; at++) {
    const event = ring.at(at);
    if (!event) break;
    if (sight.sees(event)) events.push(event);
    if (events.length === limit || ++scanned === mostScanned)
      return { service, events, scannedTo: event.seq, more: event.seq < end };
  }
  return { service, events, scannedTo: end, more: false };
}

/** Each stream in its own order; between streams the earlier event first. */
function nextRun(runs: readonly Run[], taken: ReadonlyMap<Run, number>): Run | undefined {
  let best: Run | undefined;
  let bestTime = '';
  for (const run of runs) {
    const event = run.events[taken.get(run) ?? 0];
    if (!event) continue;
    const { time } = event.envelope;
    if (!best || time < bestTime) {
      best = run;
      bestTime = time;
    }
  }
  return best;
}
