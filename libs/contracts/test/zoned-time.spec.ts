import { LocalTime, localDateIn, timeOfDayIn, TimeOfDay } from '../src/index.js';

// the table of moments, clock changes and zones is beside the schedules of notifications, which live by it

it('what clocks show at a moment, by day and by time', () => {
  const at = new Date('2026-12-31T23:30:00Z');
  expect(localDateIn('Pacific/Auckland', at)).toBe('2027-01-01');
  expect(timeOfDayIn('Pacific/Auckland', at)).toBe('12:30');
  expect(timeOfDayIn('America/New_York', new Date('2026-12-31T05:00:00Z'))).toBe('00:00');
});

it.each(['24:00', '9:00', '12:60', '1200'])('%s is no time of day', (text) =>
  expect(TimeOfDay.safeParse(text).success).toBe(false),
);
it('a leap day is a day only in leap years', () => {
  expect(LocalTime.safeParse('2028-02-29T00:00').success).toBe(true);
  expect(LocalTime.safeParse('2100-02-29T00:00').success).toBe(false);
});
