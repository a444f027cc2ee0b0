import { DomainError } from '@leasewire/contracts';
import { encodeCursor, type Positions } from './cursor.js';
import type { History } from './history.js';
import type { StoredEvent, StreamRing } from './ring.js';
import type { Sight } from './visible.js';

/** The end of one stream, kept in memory. */
export interface LiveEnd {
  readonly service: string;
  readonly position: number;
  readonly ring: StreamRing;
  readonly begun: Promise<void>;
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
const beginMs = 2000;

/**
 * All streams as one, read by position: from memory near their ends, from the broker further back. The live stream and
 * the feed both read here, so neither can leave a gap or say something twice.
 */
export class Feed {
  constructor(
    private readonly ends: readonly LiveEnd[],
    private readonly history: History,
  ) {}

  async now(): Promise<Positions> {
    await this.#begun();
    return Object.fromEntries(this.ends.map(({ service, position }) => [service, position]));
  }

  /** From the oldest event that is kept. */
  async oldest(): Promise<Positions> {
    const states = await Promise.all(this.ends.map(({ service }) => this.history.state(service)));
    return Object.fromEntries(this.ends.map(({ service }, at) => [service, Math.max(0, (states[at]?.first ?? 1) - 1)]));
  }

  /** Positions of services that are gone are dropped; a service that is new is read from its beginning. */
  async read(after: Positions, sight: Sight, limit: number): Promise<FeedPage> {
    await this.#begun();
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
    const state = await this.history.state(service);
    if (!state) {
      if (after === 0) return { service, events: [], scannedTo: 0, more: false };
      throw await this.#expired();
    }
    // From the beginning, nothing is missed that was ever given out; later, what lay between must still be there.
    if (after > state.last || (after > 0 && after + 1 < state.first)) throw await this.#expired();
    const old = await this.history.read(service, after, sight.subjects(service), limit);
    return {
      service,
      events: old.events.filter((event) => sight.sees(event)),
      scannedTo: old.scannedTo,
      more: old.scannedTo < end.position,
    };
  }

  async #expired(): Promise<DomainError> {
    return new DomainError(
      'cursor.expired',
      'Events after this cursor are no longer kept, so some would be missed. Read what you need afresh from the lists, then go on from `details.oldest`.',
      { oldest: encodeCursor(await this.oldest()) },
    );
  }

  /** Until the ends of the streams are known, “now” means nothing. A stream that is not there yet holds nobody up. */
  async #begun(): Promise<void> {
    if (this.#ready) return;
    await this.#beginning;
  }

  #ready = false;
  get #beginning(): Promise<void> {
    const missing = this.ends.map((end) => Promise.race([end.begun, this.#absent(end.service)]));
    return Promise.all(missing).then(() => {
      this.#ready = true;
    });
  }

  async #absent(service: string): Promise<void> {
    const state = await this.history.state(service);
    if (!state) return;
    await new Promise<void>((_resolve, reject) => {
      setTimeout(() => {
        reject(new DomainError('unavailable', 'The event streams are not followed yet. Try again shortly.'));
      }, beginMs).unref();
    });
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
