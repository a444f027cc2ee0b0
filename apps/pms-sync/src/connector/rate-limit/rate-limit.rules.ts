/**
 * What a vendor says about its limits, as data, and when the next request may go. Windows are known by their unit word, never by
 * their place: Entrata sends `15000/day;1000/hour;150/minute` for one service and two windows for another (pms-apis.md 1.4).
 */
export type WindowUnit = 'second' | 'minute' | 'hour' | 'day';

export interface RateWindow {
  readonly unit: WindowUnit;
  readonly limit: number;
  readonly remaining: number;
  /** When it is full again. */
  readonly resetAt: Date;
}

export interface RateState {
  readonly windows: readonly RateWindow[];
  /** Nothing before this: Retry-After, or a 429 that said nothing. */
  readonly blockedUntil: Date | null;
}

export const unlimited: RateState = { windows: [], blockedUntil: null };

export const unitMs: Readonly<Record<WindowUnit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const unitWords: readonly [RegExp, WindowUnit][] = [
  [/^s(ec(ond)?s?)?$/, 'second'],
  [/^m(in(ute)?s?)?$/, 'minute'],
  [/^h((ou)?rs?)?$/, 'hour'],
  [/^d(ays?)?$/, 'day'],
];

interface Said {
  readonly unit: WindowUnit | null;
  readonly value: number;
}

function said(header: string | null): Said[] {
  if (header === null || header.length > 500) return [];
  return header.split(/[;,]/).flatMap((part) => {
    const match = /^\s*(\d+)\s*(?:(?:\/|per)\s*(?:1\s*)?([a-z]+))?\s*$/i.exec(part);
    if (!match) return [];
    const word = match[2]?.toLowerCase();
    const unit = word === undefined ? null : (unitWords.find(([pattern]) => pattern.test(word))?.[1] ?? null);
    return word !== undefined && unit === null ? [] : [{ unit, value: Number(match[1]) }];
  });
}

/** The windows of one reply. A limit without a unit is a window per minute unless its reset says otherwise. */
export function readWindows(headers: Headers, now: Date): RateWindow[] {
  const limits = said(headers.get('x-ratelimit-limit') ?? headers.get('ratelimit-limit'));
  const remaining = said(headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining'));
  const resets = said(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset'));
  return remaining.flatMap((left, at) => {
    const sameUnit = (one: Said) => one.unit === left.unit;
    const reset = resets.find((one) => one.unit !== null && sameUnit(one)) ?? resetInOrder(resets, limits, remaining, left, at);
    const resetMs = reset === undefined ? null : secondsUntil(reset.value, now) * 1000;
    const unit = left.unit ?? unitOfReset(resetMs);
    const limit = limits.find(sameUnit)?.value ?? left.value;
    // a reset that is further away than its window is long was not meant for it
    const wait = resetMs === null ? unitMs[unit] : Math.min(resetMs, unitMs[unit]);
    return [{ unit, limit: Math.max(limit, left.value), remaining: left.value, resetAt: new Date(now.getTime() + wait) }];
  });
}

/** The resets carry no unit; they stand in the order of the windows, when there are as many. */
function resetInOrder(resets: Said[], limits: Said[], remaining: Said[], left: Said, at: number): Said | undefined {
  if (resets.length !== remaining.length || resets.some((one) => one.unit !== null)) return undefined;
  const place = limits.findIndex((one) => one.unit === left.unit);
  return resets[place >= 0 && limits.length === resets.length ? place : at];
}

/** Some say seconds to wait, some the moment in Unix seconds. */
function secondsUntil(value: number, now: Date): number {
  const unixSeconds = now.getTime() / 1000;
  return value > 1_000_000_000 ? Math.max(0, value - unixSeconds) : value;
}

function unitOfReset(resetMs: number | null): WindowUnit {
  if (resetMs === null || resetMs <= unitMs.minute) return 'minute';
  return resetMs <= unitMs.hour ? 'hour' : 'day';
}

export const longestWaitMs = unitMs.day;

/** Seconds or an HTTP date; null when it is neither, or absent. */
export function readRetryAfter(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, longestWaitMs);
  const at = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - now.getTime()), longestWaitMs);
}

/** A 429 that does not say for how long. */
export const silentRefusalMs = 30_000;

/** The state after one reply. A window that this reply did not mention is kept until it resets. */
export function afterReply(before: RateState, reply: { status: number; headers: Headers }, now: Date): RateState {
  const heard = readWindows(reply.headers, now);
  const kept = before.windows.filter((old) => old.resetAt > now && !heard.some((window) => window.unit === old.unit));
  const windows = [...heard, ...kept];
  const asked = readRetryAfter(reply.headers.get('retry-after'), now);
  const refused = reply.status === 429 || (reply.status === 503 && asked !== null);
  if (!refused)
    return { windows, blockedUntil: before.blockedUntil !== null && before.blockedUntil > now ? before.blockedUntil : null };
  const waitMs = asked ?? waitOfWindows(windows, now) ?? silentRefusalMs;
  return { windows, blockedUntil: new Date(now.getTime() + waitMs) };
}

function waitOfWindows(windows: readonly RateWindow[], now: Date): number | null {
  const empty = windows.filter((window) => window.remaining <= 0).map((window) => window.resetAt.getTime() - now.getTime());
  return empty.length === 0 ? null : Math.max(...empty, 0);
}

/** When the next request may go; null: now. */
export function nextAllowedAt(state: RateState, now: Date): Date | null {
  const waits = state.windows.filter((window) => window.remaining <= 0).map((window) => window.resetAt);
  if (state.blockedUntil !== null) waits.push(state.blockedUntil);
  const latest = waits.filter((at) => at > now).sort((a, b) => b.getTime() - a.getTime())[0];
  return latest ?? null;
}

/** One request is on its way: it counts before its reply says so, also when no reply ever comes. */
export function spendOne(state: RateState, now: Date): RateState {
  const windows = state.windows
    .filter((window) => window.resetAt > now)
    .map((window) => ({ ...window, remaining: Math.max(0, window.remaining - 1) }));
  return { windows, blockedUntil: state.blockedUntil !== null && state.blockedUntil > now ? state.blockedUntil : null };
}

/** Share of the tightest window that is left; null: the vendor said nothing. */
export function budgetLeft(state: RateState, now: Date): number | null {
  if (state.blockedUntil !== null && state.blockedUntil > now) return 0;
  const shares = state.windows
    .filter((window) => window.resetAt > now && window.limit > 0)
    .map((window) => window.remaining / window.limit);
  return shares.length === 0 ? null : Math.min(...shares);
}
