import type { Clock } from '@leasewire/messaging';

export interface TrailSettings {
  /** As long as fewer were published lately, a search may begin at the beginning each time. */
  readonly fewLately: number;
  /** What the server keeps of an index entry that is gone. */
  readonly keptMs: number;
  /** By how much ids of different clocks, and of transactions that took long, may be out of order for them to be found at once. */
  readonly disorderMs: number;
  /** So often the search begins at the beginning all the same. */
  readonly allEveryMs: number;
}

const markEveryMs = 1000;
const usual: TrailSettings = { fewLately: 1000, keptMs: 300_000, disorderMs: 15_000, allEveryMs: 5000 };

/**
 * Where to look for what is to be published. The server keeps what was taken off an index for five minutes and steps over all of it in
 * each search from the beginning: after ten thousand events that takes longer than publishing. So where there were many lately, the
 * search begins a little before the place that was reached, and only now and then at the beginning.
 */
export class Trail {
  readonly #settings: TrailSettings;
  /** Ids that were reached, and when. */
  #marks: { readonly at: number; readonly id: string }[] = [];
  #leaving: { readonly at: number; count: number }[] = [];
  #allAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    settings: Partial<TrailSettings> = {},
  ) {
    this.#settings = { ...usual, ...settings };
  }

  /** Null: at the beginning. */
  whereToGoOn(): string | null {
    const now = this.clock.monotonicMs();
    const { fewLately, keptMs, disorderMs, allEveryMs } = this.#settings;
    this.#leaving = this.#leaving.filter(({ at }) => at > now - keptMs);
    const lately = this.#leaving.reduce((sum, { count }) => sum + count, 0);
    if (lately <= fewLately || now - this.#allAt >= allEveryMs) return null;
    const [oldest] = this.#marks;
    return oldest && oldest.at <= now - disorderMs ? oldest.id : null;
  }

  beganAtTheBeginning(): void {
    this.#allAt = this.clock.monotonicMs();
  }

  reached(id: string): void {
    const at = this.clock.monotonicMs();
    const last = this.#marks.at(-1);
    if (last && (id <= last.id || at - last.at < markEveryMs)) return;
    this.#marks.push({ at, id });
    // of those that are old enough to go on from, the last
    const usable = this.#marks.findLastIndex((mark) => mark.at <= at - this.#settings.disorderMs);
    this.#marks.splice(0, usable);
  }

  /** So many were published. */
  left(count: number): void {
    const at = this.clock.monotonicMs();
    const last = this.#leaving.at(-1);
    if (last && at - last.at < markEveryMs) last.count += count;
    else this.#leaving.push({ at, count });
  }

  forget(): void {
    this.#marks = [];
  }
}
