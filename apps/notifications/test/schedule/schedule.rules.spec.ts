import { instantOf, localTimeOf, LocalTime, resolveLocalTime } from '@leasewire/contracts';
import fc from 'fast-check';
import { moveToZone, startOfNow, timingOf } from '../../src/schedule/schedule.rules.js';
import { dayIn, momentAndZoneIn, momentIn } from '../../src/schedule/when.rules.js';

const brisbane = 'Australia/Brisbane';

describe('a local time becomes a moment', () => {
  it.each([
    ['where clocks never change', '2026-11-24T09:00', brisbane, '2026-11-23T23:00Z', 'once'],
    ['in winter', '2026-01-15T09:00', 'America/New_York', '2026-01-15T14:00Z', 'once'],
    ['in summer', '2026-07-15T09:00', 'America/New_York', '2026-07-15T13:00Z', 'once'],
    ['just before the jump of spring', '2027-03-14T01:59', 'America/New_York', '2027-03-14T06:59Z', 'once'],
    ['in the hour that spring skips', '2027-03-14T02:30', 'America/New_York', '2027-03-14T07:30Z', 'never'],
    ['just after the jump', '2027-03-14T03:00', 'America/New_York', '2027-03-14T07:00Z', 'once'],
    ['in the hour that autumn repeats', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30Z', 'twice'],
    ['after the repeated hour', '2026-11-01T02:00', 'America/New_York', '2026-11-01T07:00Z', 'once'],
    ['skipped in the south, where spring is in October', '2026-10-04T02:30', 'Australia/Sydney', '2026-10-03T16:30Z', 'never'],
    ['repeated in the south, in April', '2027-04-04T02:30', 'Australia/Sydney', '2027-04-03T15:30Z', 'twice'],
    ['far ahead of UTC', '2026-09-27T02:30', 'Pacific/Auckland', '2026-09-26T14:30Z', 'never'],
    ['moved by half an hour only', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45Z', 'never'],
    ['where midnight is skipped', '2026-09-06T00:00', 'America/Santiago', '2026-09-06T04:00Z', 'never'],
    ['on a leap day', '2028-02-29T09:00', 'Europe/London', '2028-02-29T09:00Z', 'once'],
    ['on a day that a whole country left out', '2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00Z', 'never'],
  ])('%s', (_name, local, zone, at, shown) => {
    const resolved = resolveLocalTime(local, zone);
    expect(resolved.at.toISOString().replace(':00.000Z', 'Z')).toBe(at);
    expect(resolved.shown).toBe(shown);
  });

  it.each([
    '2027-02-29T09:00',
    '2026-11-31T09:00',
    '2026-11-24T24:00',
    '2026-11-24T09:60',
    '2026-11-24 09:00',
    '2026-11-24T09:00Z',
  ])('is refused when no clock shows %s', (text) => expect(LocalTime.safeParse(text).success).toBe(false));

  it('and back again, for every moment whose local time is shown once, in every zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2036, 0, 1) / 60_000 }),
        (zone, minute) => {
          const at = new Date(minute * 60_000);
          const local = localTimeOf(at, zone);
          const resolved = resolveLocalTime(local, zone);
          expect(localTimeOf(resolved.at, zone)).toBe(local);
          if (resolved.shown === 'once') expect(resolved.at).toEqual(at);
          else expect(resolved.at.getTime()).toBeLessThanOrEqual(at.getTime());
        },
      ),
    );
  });
});

describe('a plan', () => {
  const now = new Date('2026-10-01T00:00:00Z');

  it('says when it goes, and what the clocks do to it', () => {
    expect(timingOf({ local: '2026-10-02T09:00', timeZone: brisbane }, now)).toEqual({
      kind: 'at',
      at: new Date('2026-10-01T23:00:00Z'),
      warning: null,
    });
    expect(timingOf({ local: '2026-10-04T02:30', timeZone: 'Australia/Sydney' }, now)).toMatchObject({
      kind: 'at',
      warning: expect.stringMatching(
        /^Clocks skip 02:30 on that day\. It goes out at Sunday 4 October 2026, 3:30 am \(Sydney, GMT\+11\)/,
      ) as string,
    });
    expect(timingOf({ local: '2026-11-01T01:30', timeZone: 'America/New_York' }, now)).toMatchObject({
      warning: 'Clocks show 01:30 twice on that day. It goes out the first time.',
    });
  });

  it('is refused in the past and beyond a year', () => {
    expect(timingOf({ local: '2026-10-01T09:59', timeZone: brisbane }, now)).toMatchObject({
      kind: 'past',
      message: expect.stringContaining('has passed. Choose a later time, or send it now.') as string,
    });
    expect(timingOf({ local: '2026-10-01T10:00', timeZone: brisbane }, now)).toMatchObject({ kind: 'at' });
    expect(timingOf({ local: '2027-12-01T10:00', timeZone: brisbane }, now)).toMatchObject({ kind: 'too-far' });
  });

  it('keeps its local time when the property gets another zone', () => {
    const plan = { local: '2026-10-02T09:00', timeZone: brisbane };
    expect(moveToZone(plan, 'Australia/Perth', now)).toEqual({
      kind: 'moved',
      plan: { local: '2026-10-02T09:00', timeZone: 'Australia/Perth' },
      at: instantOf('2026-10-02T09:00', 'Australia/Perth'),
    });
  });

  it('waits for a person when its time has passed in the new zone', () => {
    const plan = { local: '2026-10-01T11:00', timeZone: 'Australia/Perth' };
    expect(timingOf(plan, now)).toMatchObject({ kind: 'at' });
    expect(moveToZone(plan, 'Pacific/Auckland', now)).toMatchObject({
      kind: 'passed',
      message: expect.stringContaining('2026-10-01 11:00 has passed') as string,
    });
  });

  it('of “now” can be taken back for fifteen seconds', () => {
    expect(startOfNow(now)).toEqual(new Date('2026-10-01T00:00:15Z'));
  });
});

describe('days and times are said as people write them', () => {
  const at = new Date('2026-11-24T06:45:00Z');

  it.each([
    ['en-AU', 'Tuesday 24 November 2026, 4:45 pm (Brisbane, GMT+10)'],
    ['en-US', 'Tuesday, November 24, 2026, 4:45 pm (Brisbane, GMT+10)'],
    ['es-MX', 'martes, 24 de noviembre de 2026, 16:45 (Brisbane, GMT+10)'],
    ['fr', 'mardi 24 novembre 2026 à 16:45 (Brisbane, GMT+10)'],
    ['xx', 'Tuesday 24 November 2026, 4:45 pm (Brisbane, GMT+10)'],
  ])('in %s', (locale, said) => expect(momentAndZoneIn(at, brisbane, locale)).toBe(said));

  it('on the first of a month, at midnight and at noon', () => {
    expect(dayIn('2027-03-01', 'fr-CA')).toBe('lundi 1er mars 2027');
    expect(dayIn('2028-02-29', 'es')).toBe('martes, 29 de febrero de 2028');
    expect(momentIn(new Date('2026-11-24T00:00:00Z'), 'UTC', 'en')).toBe('Tuesday 24 November 2026, 12:00 am');
    expect(momentIn(new Date('2026-11-24T00:00:00Z'), 'UTC', 'fr')).toBe('mardi 24 novembre 2026 à 00:00');
    expect(momentAndZoneIn(new Date('2026-11-24T12:00:00Z'), 'UTC', 'en')).toBe('Tuesday 24 November 2026, 12:00 pm (UTC)');
  });
});
