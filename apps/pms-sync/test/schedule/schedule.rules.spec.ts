import fc from 'fast-check';
import { jitterOf, nextSweepAt, staleSince } from '../../src/schedule/schedule.rules.js';

const nightly = { everyMinutes: null, nightlyAt: '02:00' };
const often = { everyMinutes: 30, nightlyAt: '02:00' };

it.each([
  ['an ordinary night', 'Australia/Brisbane', '2026-07-01T00:00:00Z', '2026-07-01T16:00:00.000Z'],
  ['the night when clocks go forward over it', 'Australia/Sydney', '2026-10-03T12:00:00Z', '2026-10-03T16:00:00.000Z'],
  ['the night when clocks go back over it', 'Australia/Sydney', '2026-04-04T12:00:00Z', '2026-04-04T15:00:00.000Z'],
  ['the night when clocks skip it far east', 'Pacific/Auckland', '2026-09-26T02:00:00Z', '2026-09-26T14:00:00.000Z'],
  ['the night when clocks go back west of Greenwich', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T07:00:00.000Z'],
])('nightly on %s', (_name, zone, now, next) => {
  expect(nextSweepAt(nightly, zone, new Date(now), 0).toISOString()).toBe(next);
});

it('never goes back, never waits for longer than two periods, and comes each night once', () => {
  const at = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  const zone = fc.constantFrom(
    'Australia/Sydney',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Europe/London',
  );
  fc.assert(
    fc.property(at, zone, fc.double({ min: 0, max: 0.999, noNaN: true }), (now, timeZone, jitter) => {
      const often1 = nextSweepAt(often, timeZone, now, jitter).getTime() - now.getTime();
      expect(often1 > 0 && often1 <= 30 * 60_000).toBe(true);
      const next = nextSweepAt(nightly, timeZone, now, jitter);
      const hours = (next.getTime() - now.getTime()) / 3_600_000;
      expect(hours > 0 && hours <= 26).toBe(true);
      const after = nextSweepAt(nightly, timeZone, next, jitter);
      const apart = (after.getTime() - next.getTime()) / 3_600_000;
      expect(apart >= 22 && apart <= 26).toBe(true);
    }),
  );
});

it('spreads properties', () => {
  const jitters = Array.from({ length: 200 }, (_, n) => jitterOf(`prop_${n}`));
  expect(Math.min(...jitters)).toBeLessThan(0.1);
  expect(Math.max(...jitters)).toBeGreaterThan(0.9);
});

describe('what is known of a property is', () => {
  const swept = new Date('2026-11-20T00:00:00Z');
  it.each([
    ['fresh at its next sweep', 30, '2026-11-20T00:30:00Z', null],
    ['stale after three that did not come, and an hour at least', 30, '2026-11-20T02:00:00Z', '2026-11-20T01:30:00.000Z'],
    ['fresh for an hour, however often it is swept', 5, '2026-11-20T00:59:00Z', null],
    ['fresh in the morning after a night that was missed', null, '2026-11-21T08:00:00Z', null],
    ['stale at noon after it', null, '2026-11-21T12:00:00Z', '2026-11-21T12:00:00.000Z'],
  ])('%s', (_name, everyMinutes, now, since) => {
    expect(staleSince({ everyMinutes }, swept, new Date(now))?.toISOString() ?? null).toBe(since);
  });
});
