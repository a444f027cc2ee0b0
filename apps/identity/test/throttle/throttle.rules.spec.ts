import fc from 'fast-check';
import {
  addressKey,
  attempt,
  delayAfter,
  delayTable,
  throttlePolicies,
  throttled,
  type ThrottlePolicy,
  type ThrottleRow,
} from '../../src/throttle/throttle.rules.js';

const policy: ThrottlePolicy = { free: 3, firstDelayMs: 2000, capMs: 60_000, forgetAfterMs: 600_000 };
const start = new Date('2026-11-20T09:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);

describe('the delay', () => {
  it.each([
    [1, 0],
    [3, 0],
    [4, 2000],
    [5, 4000],
    [6, 8000],
    [8, 32_000],
    [9, 60_000],
    [1000, 60_000],
  ])('after %i failures is %i ms', (failures, expected) => {
    expect(delayAfter(failures, policy)).toBe(expected);
  });

  it.each(Object.entries(throttlePolicies))('of “%s” is the same as a table, whose last entry holds for ever', (_name, one) => {
    const table = delayTable(one);
    for (let failures = 0; failures < table.length + 5; failures++)
      expect(table[Math.min(failures, table.length - 1)]).toBe(delayAfter(failures, one));
  });

  it.each(Object.entries(throttlePolicies))('of “%s” cannot be waited out to be forgotten', (_name, one) => {
    expect(one.forgetAfterMs).toBeGreaterThan(one.capMs);
  });
});

describe('attempts', () => {
  /** Gaps between attempts, all failing. */
  const gaps = fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 60 });

  it('never come sooner than the delay allows, and one too early changes nothing', () => {
    fc.assert(
      fc.property(gaps, (waits) => {
        let row: ThrottleRow | null = null;
        let now = 0;
        for (const wait of waits) {
          now += wait;
          const tried = attempt(row, policy, after(now));
          if (row && row.blockedUntil > after(now)) {
            expect(tried).toEqual({ granted: false, retryAfterMs: row.blockedUntil.getTime() - after(now).getTime() });
            continue;
          }
          expect(tried.granted).toBe(true);
          if (tried.granted) row = tried.row;
        }
      }),
    );
  });

  it('are never blocked for longer than the cap, so nobody is locked out', () => {
    fc.assert(
      fc.property(gaps, (waits) => {
        let row: ThrottleRow | null = null;
        let now = 0;
        for (const wait of waits) {
          now += wait;
          const tried = attempt(row, policy, after(now));
          if (tried.granted) row = tried.row;
          else expect(tried.retryAfterMs).toBeLessThanOrEqual(policy.capMs);
        }
        expect(attempt(row, policy, after(now + policy.capMs)).granted).toBe(true);
      }),
    );
  });

  it('in an hour of hammering are few', () => {
    let row: ThrottleRow | null = null;
    let granted = 0;
    for (let ms = 0; ms < 3_600_000; ms += 250) {
      const tried = attempt(row, throttlePolicies.pair, after(ms));
      if (tried.granted) [row, granted] = [tried.row, granted + 1];
    }
    expect(granted).toBeLessThanOrEqual(20);
  });

  it('are forgotten after a quiet while', () => {
    const row: ThrottleRow = { failures: 9, blockedUntil: start, forgetAt: after(1000) };
    expect(attempt(row, policy, after(1000))).toMatchObject({ granted: true, row: { failures: 1 } });
    expect(attempt(row, policy, after(999))).toMatchObject({ granted: true, row: { failures: 10 } });
  });
});

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1::42', '2001:db8:0:1::/64'],
    ['2001:0DB8:0000:0001:ffff::1', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (address, expected) => {
    expect(addressKey(address)).toBe(expected);
  });
});

it.each([
  [1, 'a second', 1],
  [1500, '2 seconds', 2],
  [900_000, '15 minutes', 900],
])('%i ms are told as “%s”', (ms, words, retryAfterSeconds) => {
  const error = throttled(ms);
  expect(error).toMatchObject({ code: 'sign-in.throttled', details: { retryAfterSeconds } });
  expect(error.message).toContain(words);
});
