import fc from 'fast-check';
import {
  afterReply,
  budgetLeft,
  nextAllowedAt,
  readRetryAfter,
  readWindows,
  spendOne,
  unlimited,
} from '../../../src/connector/rate-limit/rate-limit.rules.js';

const now = new Date('2026-11-24T09:00:00Z');
const limits = (limit: string, remaining: string, reset?: string) =>
  new Headers({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    ...(reset !== undefined && { 'x-ratelimit-reset': reset }),
  });
const told = (headers: Headers) =>
  Object.fromEntries(
    readWindows(headers, now).map(({ unit, limit, remaining, resetAt }) => [
      unit,
      [limit, remaining, (resetAt.getTime() - now.getTime()) / 1000],
    ]),
  );

describe('the windows of a vendor are known by their unit', () => {
  it.each([
    [
      'three of them',
      limits('15000/day;1000/hour;150/minute', '14996/day;999/hour;149/minute', '36686;686;26'),
      { day: [15000, 14996, 36686], hour: [1000, 999, 686], minute: [150, 149, 26] },
    ],
    [
      'two of them',
      limits('66000/hour;1100/minute', '65999/hour;1099/minute', '700;9'),
      { hour: [66000, 65999, 700], minute: [1100, 1099, 9] },
    ],
    [
      'in another order than the limits',
      limits('1000/hour;150/minute', '149/minute;999/hour', '686;26'),
      { hour: [1000, 999, 686], minute: [150, 149, 26] },
    ],
    [
      'with the units in the resets',
      limits('150/min;1000/hr', '149/min;999/hr', '686/hr;26/min'),
      { hour: [1000, 999, 686], minute: [150, 149, 26] },
    ],
    ['one without a unit', limits('10', '9', '1'), { minute: [10, 9, 1] }],
    ['with a moment instead of seconds', limits('10', '0', String(now.getTime() / 1000 + 30)), { minute: [10, 0, 30] }],
    ['without resets', limits('10/second', '0/second'), { second: [10, 0, 1] }],
    ['with nonsense', limits('lots', '-3/fortnight;x', 'soon'), {}],
    ['not told', new Headers(), {}],
  ])('%s', (_name, headers, expected) => {
    expect(told(headers)).toEqual(expected);
  });
});

describe('Retry-After', () => {
  it.each([
    ['30', 30_000],
    ['Tue, 24 Nov 2026 09:00:10 GMT', 10_000],
    ['Tue, 24 Nov 2026 08:00:00 GMT', 0],
    ['99999999', 86_400_000],
    ['soon', null],
    [null, null],
  ])('%s', (header, expected) => {
    expect(readRetryAfter(header, now)).toBe(expected);
  });
});

describe('the next request', () => {
  const after = (status: number, headers: Record<string, string>) =>
    afterReply(unlimited, { status, headers: new Headers(headers) }, now);
  const waits = (state: ReturnType<typeof after>) =>
    ((nextAllowedAt(state, now)?.getTime() ?? now.getTime()) - now.getTime()) / 1000;
  it.each([
    ['may go at once', after(200, {}), 0],
    ['waits as long as it is told', after(429, { 'retry-after': '12' }), 12],
    ['waits half a minute when it is told nothing', after(429, {}), 30],
    [
      'waits for the longest window that is empty',
      after(200, {
        'x-ratelimit-remaining': '0/hour;0/minute',
        'x-ratelimit-limit': '5/hour;5/minute',
        'x-ratelimit-reset': '600;20',
      }),
      600,
    ],
    [
      'waits for a window on a 429 without words',
      after(429, { 'x-ratelimit-remaining': '3/hour;0/minute', 'x-ratelimit-reset': '600;20' }),
      20,
    ],
    ['waits where a vendor is closed for a while', after(503, { 'retry-after': '60' }), 60],
  ])('%s', (_name, state, seconds) => {
    expect(waits(state)).toBe(seconds);
  });
  it('spends before it is told, and no window is forgotten that a reply leaves out', () => {
    const state = after(200, { 'x-ratelimit-limit': '10/day;2/minute', 'x-ratelimit-remaining': '9/day;1/minute' });
    expect(nextAllowedAt(spendOne(state, now), now)).toEqual(new Date(now.getTime() + 60_000));
    const later = afterReply(state, { status: 200, headers: limits('2/minute', '1/minute') }, now);
    expect(later.windows.map(({ unit }) => unit).sort()).toEqual(['day', 'minute']);
    expect([budgetLeft(later, now), budgetLeft(unlimited, now)]).toEqual([0.5, null]);
  });
  it('is never further away than a day, whatever is told', () => {
    const header = fc.oneof(fc.stringMatching(/^[0-9;/a-z ]{0,30}$/), fc.constantFrom('0/minute', '9'.repeat(20), '1/day;2/day'));
    fc.assert(
      fc.property(fc.constantFrom(200, 429, 503), header, header, header, header, (status, limit, remaining, reset, retry) => {
        const headers = new Headers({
          'x-ratelimit-limit': limit,
          'x-ratelimit-remaining': remaining,
          'x-ratelimit-reset': reset,
          'retry-after': retry,
        });
        const next = nextAllowedAt(afterReply(unlimited, { status, headers }, now), now);
        return next === null || next.getTime() - now.getTime() <= 86_400_000;
      }),
    );
  });
});
