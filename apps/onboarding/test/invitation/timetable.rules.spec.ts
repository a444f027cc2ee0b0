import fc from 'fast-check';
import { timeOfDayIn } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { expired, invited, notInvited, type Standing } from '../../src/account/standing.rules.js';
import { afterQuiet, nextStep, remindersBy, spread, type Course, type Timetable } from '../../src/invitation/timetable.rules.js';

const day = 86_400_000;
const noon = new Date('2026-11-24T02:00:00Z'); // noon in Brisbane
const table: Timetable = {
  timeZone: 'Australia/Brisbane',
  quietHours: { from: '20:00', until: '08:00' },
  reminders: { on: true, afterDays: [6, 3], thenEveryDays: 30, most: 2 },
  remindersSince: null,
  spreadDays: 1,
};
const pending: Standing = invited(notInvited, {
  invitationId: newId('invi'),
  email: 'a@example.com',
  at: noon,
  validForSeconds: 7 * 86_400,
})!;
const gone = expired(pending, new Date(noon.getTime() + 7 * day))!;
const course = (facts: Partial<Course> = {}): Course => ({
  _id: newId('per'),
  mailedAt: [noon],
  askedAt: [],
  standing: pending,
  planned: null,
  reminders: 0,
  renewals: 0,
  bounced: false,
  noReminders: false,
  ...facts,
});
const silent = { ...table, reminders: { ...table.reminders, on: false } };

describe('what comes next by itself', () => {
  it.each<[string, Course, Timetable, string | null, number]>([
    ['is the first reminder, after three days', course(), table, 'remind', 3],
    ['is the second, after six', course({ reminders: 1 }), table, 'remind', 6],
    ['is the end of the link after the last', course({ reminders: 2 }), table, 'expire', 7],
    ['is the end, where nobody is reminded', course(), silent, 'expire', 7],
    ['is the end, where mail does not arrive', course({ bounced: true }), table, 'expire', 7],
    ['is the end, where somebody wants no reminders', course({ noReminders: true }), table, 'expire', 7],
    ['is nothing after the end, where somebody wants none', course({ standing: gone, noReminders: true }), table, null, 0],
    ['is a new link thirty days after the last', course({ standing: gone }), table, 'renew', 30],
    ['is nothing after as many as were wanted', course({ standing: gone, renewals: 2 }), table, null, 0],
    ['is nothing after the end, where nobody is reminded', course({ standing: gone }), silent, null, 0],
    ['is nothing for who was never invited', course({ standing: notInvited }), table, null, 0],
    ['is nothing for who is live', course({ standing: { status: 'live', at: noon } }), table, null, 0],
  ])('%s', (_name, given, timetable, what, days) => {
    const step = nextStep(given, timetable, noon);
    expect(step?.what ?? null).toBe(what);
    if (step) expect((step.at.getTime() - noon.getTime()) / day).toBe(days);
  });
});

const after = (days: number): Date => new Date(noon.getTime() + days * day);
const evening = (days: number): Date => new Date(after(days).getTime() + 9 * 3_600_000); // 21:00 in Brisbane
const morning = (days: number): Date => new Date(after(days).getTime() - 4 * 3_600_000); // 8:00

describe('what comes late', () => {
  it.each<[string, Course, Date, Partial<Timetable>, string, Date]>([
    ['is done now, by day', course(), after(4), {}, 'remind', after(4)],
    ['waits for the morning, by night: a reminder', course(), evening(4), {}, 'remind', morning(5)],
    ['waits for the morning: a planned mail', course({ planned: { at: after(1) } }), evening(1), {}, 'send', morning(2)],
    ['waits for the morning: a new link', course({ standing: gone }), evening(31), {}, 'renew', morning(32)],
    ['does not wait: the end of a link', course({ reminders: 2 }), evening(8), {}, 'expire', after(7)],
    ['is no reminder of a link that has ended', course(), evening(7), {}, 'expire', after(7)],
    ['goes by the quiet hours of now', course({ planned: { at: evening(1) } }), noon, { quietHours: null }, 'send', evening(1)],
    ['comes a day after a link that they asked for', course({ askedAt: [after(2.25)] }), after(3), {}, 'remind', after(3.25)],
  ])('%s', (_name, given, now, changed, what, at) => {
    expect(nextStep(given, { ...table, ...changed }, now)).toEqual({ what, at });
  });

  it('is one mail for all that are late', () => {
    expect(remindersBy(course(), noon, table, after(3))).toBe(1);
    expect(remindersBy(course(), noon, table, after(6.5))).toBe(2);
    expect(remindersBy(course({ reminders: 1 }), noon, table, after(3.5))).toBe(2);
  });
});

describe('reminders that are wanted only now', () => {
  const wanted = { ...table, quietHours: null, remindersSince: after(40), spreadDays: 2 };

  it('reach who was invited long before, within the days over which mails are spread, and not all at once', () => {
    const people = Array.from({ length: 400 }, () => course({ standing: gone }));
    const at = people.map((one) => nextStep(one, wanted, after(40))!.at.getTime());
    expect(people.map((one) => nextStep(one, wanted, after(41))!.at.getTime() >= after(41).getTime())).not.toContain(false);
    const ofHalfDay = [0, 1, 2, 3].map(
      (n) => at.filter((one) => Math.floor((one - after(40).getTime()) / (day / 2)) === n).length,
    );
    expect(ofHalfDay.reduce((a, b) => a + b)).toBe(400);
    expect(Math.min(...ofHalfDay)).toBeGreaterThan(50);
  });

  it('leave what is to come where it is', () => {
    expect(nextStep(course(), { ...wanted, remindersSince: after(1) }, after(1))).toEqual({ what: 'remind', at: after(3) });
  });

  it('do not outlive the link', () => {
    const { what } = nextStep(course(), { ...wanted, remindersSince: after(6.99), spreadDays: 30 }, after(6.99))!;
    expect(what).toBe('expire');
  });
});

describe('quiet hours', () => {
  it.each([
    ['by day nothing changes', '2026-11-24T02:00:00Z', '2026-11-24T02:00:00.000Z'],
    ['in the evening it waits for the morning', '2026-11-24T11:00:00Z', '2026-11-24T22:00:00.000Z'],
    ['before the morning it waits for it', '2026-11-24T19:00:00Z', '2026-11-24T22:00:00.000Z'],
    ['at the first quiet minute it waits', '2026-11-24T10:00:00Z', '2026-11-24T22:00:00.000Z'],
    ['at the first loud minute it does not', '2026-11-24T22:00:00Z', '2026-11-24T22:00:00.000Z'],
  ])('%s', (_name, at, goes) => {
    expect(afterQuiet(new Date(at), table.quietHours, 'Australia/Brisbane').toISOString()).toBe(goes);
  });

  it('end by the clocks of the place, also in the night when they change', () => {
    // Sydney, 4 October 2026: 2:00 becomes 3:00
    const goes = afterQuiet(new Date('2026-10-03T12:00:00Z'), table.quietHours, 'Australia/Sydney');
    expect(timeOfDayIn('Australia/Sydney', goes)).toBe('08:00');
    expect(goes.toISOString()).toBe('2026-10-03T21:00:00.000Z');
  });

  it('are never rung in, and nothing is ever sooner', () => {
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const zone = fc.constantFrom('Australia/Sydney', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland');
    fc.assert(
      fc.property(
        clock,
        clock,
        zone,
        fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
        (from, until, timeZone, at) => {
          const goes = afterQuiet(at, { from, until }, timeZone);
          expect(goes.getTime()).toBeGreaterThanOrEqual(at.getTime() - 59_999);
          expect(afterQuiet(goes, { from, until }, timeZone)).toEqual(goes);
        },
      ),
    );
  });
});

describe('mails that are spread over days', () => {
  it('begin at once and end within the days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), fc.integer({ min: 2, max: 30 }), (of, days) => {
        expect(spread(0, of, days, noon)).toBeNull();
        const last = spread(of - 1, of, days, noon)!;
        expect(last.getTime() - noon.getTime()).toBeLessThan(days * day);
        expect(last.getTime()).toBeGreaterThan(noon.getTime());
      }),
    );
  });

  it('are all at once for one day', () => {
    expect(spread(4999, 5000, 1, noon)).toBeNull();
  });
});
