import type { Vendor } from '../world/model.js';
import type { Budget } from './exchange.js';

/** For each vendor `15000/day;1000/hour;150/minute`, or `none`. */
export type Limits = Readonly<Record<Vendor, string>>;

/** Far above a sweep, so that only who asks for it meets them; Buildium's is the one that was seen. */
export const defaultLimits: Limits = {
  entrata: '150000/day;66000/hour;3000/minute',
  buildium: '10/second',
  propertyiq: '1200/minute',
  stratamax: '1200/minute',
};

const seconds: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

interface Window {
  readonly unit: string;
  readonly limit: number;
  used: number;
  endsMs: number;
}

/** Counts calls for real, per vendor and lane, in windows that begin with their first call. */
export class RateLimits {
  readonly #windows = new Map<string, Window[]>();
  #limits: Limits;

  constructor(
    limits: Partial<Limits>,
    private readonly nowMs: () => number,
  ) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  get limits(): Limits {
    return this.#limits;
  }

  set(limits: Partial<Limits>): void {
    this.#limits = { ...this.#limits, ...limits };
    this.#windows.clear();
  }

  take(vendor: Vendor, lane: string): Budget {
    const now = this.nowMs();
    const windows = this.#of(vendor, lane);
    for (const window of windows) begin(window, now);
    const full = windows.filter(({ used, limit }) => used >= limit);
    if (full.length === 0) for (const window of windows) window.used += 1;
    return {
      exceeded: full.length > 0,
      retryAfterSeconds: Math.max(0, ...full.map(({ endsMs }) => Math.ceil((endsMs - now) / 1_000))),
      windows: windows.map(({ unit, limit, used, endsMs }) => ({
        unit,
        limit,
        remaining: limit - used,
        resetSeconds: Math.ceil((endsMs - now) / 1_000),
      })),
    };
  }

  #of(vendor: Vendor, lane: string): Window[] {
    const key = `${vendor} ${lane}`;
    const known = this.#windows.get(key);
    if (known !== undefined) return known;
    const made = parse(this.#limits[vendor]);
    this.#windows.set(key, made);
    return made;
  }
}

function begin(window: Window, now: number): void {
  if (window.endsMs > now) return;
  window.used = 0;
  window.endsMs = now + (seconds[window.unit] ?? 60) * 1_000;
}

function parse(limits: string): Window[] {
  if (limits === 'none') return [];
  return limits.split(';').map((text) => {
    const [limit, unit = ''] = text.split('/');
    if (!Number.isInteger(Number(limit)) || !(unit in seconds)) throw new Error(`“${text}” is not a rate limit like 150/minute.`);
    return { unit, limit: Number(limit), used: 0, endsMs: 0 };
  });
}
