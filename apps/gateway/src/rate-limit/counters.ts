import type { Policy } from './policy.js';

/** What one replica has counted for a key in a window: an absolute figure, so hearing it late, twice or never does no harm. */
export type Count = readonly [key: string, window: number, count: number];

export interface Verdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the present window ends. */
  readonly resetSeconds: number;
  /** Until the next one would be allowed; 0 when this one was. */
  readonly retryAfterSeconds: number;
}

interface Window {
  readonly index: number;
  own: number;
  others: number;
  readonly by: Map<string, number>;
}

interface Slot {
  readonly windowSeconds: number;
  current: Window;
  previous: Window | undefined;
  changed: boolean;
}

/**
 * A sliding window over two fixed ones: used = this window + what of the one before still lies within the last window's
 * length. Counts of other replicas are added as they are heard; each key holds them per replica, so sums never double.
 */
export class Counters {
  readonly #slots = new Map<string, Slot>();
  readonly #changed = new Set<string>();

  constructor(private readonly mostKeys = 100_000) {}

  /** Counts one, if it is allowed: what was refused does not count, or whoever keeps trying would be shut out for good. */
  hit(policy: Policy, subject: string, nowMs: number): Verdict {
    const key = `${policy.name} ${subject}`;
    const slot = this.#slot(key, policy.windowSeconds, nowMs);
    const verdict = judge(slot, policy, nowMs);
    if (!verdict.allowed) return verdict;
    slot.current.own++;
    if (!slot.changed) {
      slot.changed = true;
      this.#changed.add(key);
    }
    return verdict;
  }

  look(policy: Policy, subject: string, nowMs: number): Verdict {
    return judge(this.#slot(`${policy.name} ${subject}`, policy.windowSeconds, nowMs), policy, nowMs);
  }

  /** What changed here since the last call. */
  drain(): Count[] {
    const counts: Count[] = [];
    for (const key of this.#changed) {
      const slot = this.#slots.get(key);
      if (!slot) continue;
      slot.changed = false;
      counts.push([key, slot.current.index, slot.current.own]);
    }
    this.#changed.clear();
    return counts;
  }

  /** Everything counted here and not over yet, for a replica that has just begun. */
  all(): Count[] {
    return [...this.#slots].flatMap(([key, { current, previous }]) =>
      [current, previous].flatMap((window): Count[] => (window && window.own > 0 ? [[key, window.index, window.own]] : [])),
    );
  }

  merge(replica: string, counts: readonly Count[], windowSecondsOf: (key: string) => number, nowMs: number): void {
    for (const [key, index, count] of counts) {
      const slot = this.#slot(key, windowSecondsOf(key), nowMs);
      const window = [slot.current, slot.previous].find((known) => known?.index === index) ?? this.#earlier(slot, index);
      // A window that has not begun here comes again with the next count; one that is over matters no more.
      if (!window) continue;
      const before = window.by.get(replica) ?? 0;
      if (count <= before) continue;
      window.by.set(replica, count);
      window.others += count - before;
    }
  }

  /** Forgets what no longer counts. */
  sweep(nowMs: number): void {
    for (const [key, slot] of this.#slots)
      if (nowMs / 1000 / slot.windowSeconds - slot.current.index >= 2) {
        this.#slots.delete(key);
        this.#changed.delete(key);
      }
  }

  get size(): number {
    return this.#slots.size;
  }

  #earlier(slot: Slot, index: number): Window | undefined {
    if (index !== slot.current.index - 1) return undefined;
    return (slot.previous ??= newWindow(index));
  }

  #slot(key: string, windowSeconds: number, nowMs: number): Slot {
    const index = Math.floor(nowMs / 1000 / windowSeconds);
    let slot = this.#slots.get(key);
    if (!slot) {
      this.#makeRoom();
      slot = { windowSeconds, current: newWindow(index), previous: undefined, changed: false };
      this.#slots.set(key, slot);
    } else if (index > slot.current.index) {
      slot.previous = index === slot.current.index + 1 ? slot.current : undefined;
      slot.current = newWindow(index);
    }
    return slot;
  }

  /** The key first seen longest ago goes: it is counted anew if it comes again. */
  #makeRoom(): void {
    if (this.#slots.size < this.mostKeys) return;
    const oldest = this.#slots.keys().next();
    if (oldest.done) return;
    this.#slots.delete(oldest.value);
    this.#changed.delete(oldest.value);
  }
}

const newWindow = (index: number): Window => ({ index, own: 0, others: 0, by: new Map() });
const sum = (window: Window | undefined): number => (window ? window.own + window.others : 0);

function judge(slot: Slot, { limit, windowSeconds }: Policy, nowMs: number): Verdict {
  const into = nowMs / 1000 / windowSeconds - slot.current.index;
  const used = usedOf(slot, into);
  const resetSeconds = Math.max(1, Math.ceil((1 - into) * windowSeconds));
  if (used + 1 <= limit) return { allowed: true, remaining: Math.floor(limit - used - 1), resetSeconds, retryAfterSeconds: 0 };
  return { allowed: false, remaining: 0, resetSeconds, retryAfterSeconds: waitOf(slot, limit, into) * windowSeconds };
}

/** `into`: how far the present window has got, 0 to 1; a clock that steps back makes it negative. */
function usedOf(slot: Slot, into: number): number {
  const share = 1 - Math.min(1, Math.max(0, into));
  return sum(slot.current) + sum(slot.previous) * share;
}

/** In windows: how long until one more fits. */
function waitOf(slot: Slot, limit: number, into: number): number {
  const current = sum(slot.current);
  if (current + 1 <= limit) return Math.max(0, 1 - (limit - 1 - current) / sum(slot.previous) - into);
  return 1 - into + Math.max(0, 1 - (limit - 1) / current);
}
