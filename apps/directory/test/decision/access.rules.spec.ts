import { accessOf, type AccessFacts, type OccupancyFacts, type Setting } from '../../src/decision/access.rules.js';
import { nextMove } from '../../src/decision/upcoming.rules.js';
import type { PlannedOccupancy } from '../../src/decision/stays.rules.js';
import { addDays, endOfDay, localDateOf, startOfDay } from '../../src/decision/zone.rules.js';

const zone = 'Australia/Brisbane'; // UTC+10, no summer time
const setting: Setting = {
  timeZone: zone,
  policy: { futureMoveInDays: 3, futureMoveOutDays: 1, staleAfterDays: 7 },
  started: true,
  archived: false,
};
const [unitOne, unitTwo] = ['unit_00000000000000000000000001', 'unit_00000000000000000000000002'] as const;
const now = new Date('2026-11-24T02:00:00Z');
const living = (more: Partial<PlannedOccupancy> = {}): PlannedOccupancy => ({
  id: null,
  unitId: unitOne,
  unit: '101',
  bedroom: null,
  leaseEnd: null,
  leaseId: 'L1',
  status: 'current',
  from: '2026-02-01',
  until: null,
  endedAt: null,
  ...more,
});
const facts = (occupancies: OccupancyFacts[], more: Partial<AccessFacts> = {}): AccessFacts => ({
  state: 'active',
  archivedReason: null,
  userTypes: ['resident'],
  staffAccess: null,
  occupancies,
  freshAsOf: now,
  ...more,
});
const at = (date: string) => startOfDay(date, zone).toISOString();

describe('access', () => {
  it.each<[string, AccessFacts, Partial<Setting>, boolean, string]>([
    ['of a current lease is open', facts([living()]), {}, true, 'lease'],
    ['of a lease before its window is closed', facts([living({ status: 'future', from: '2026-11-28' })]), {}, false, 'not-yet'],
    ['of a lease within its window is open', facts([living({ status: 'future', from: '2026-11-27' })]), {}, true, 'lease'],
    ['on notice is open', facts([living({ status: 'notice', until: '2026-12-24' })]), {}, true, 'notice'],
    ['stays for the days after the move-out', facts([living({ status: 'past', until: '2026-11-23' })]), {}, true, 'notice'],
    ['closes after them', facts([living({ status: 'past', until: '2026-11-22' })]), {}, false, 'moved-out'],
    [
      'does not close with a lease that has a move-out date and is still current',
      facts([living({ until: '2026-10-01' })]),
      {},
      true,
      'lease',
    ],
    ['of an owner is by ownership', facts([living()], { userTypes: ['owner-investor'] }), {}, true, 'owner'],
    [
      'of a committee member needs no unit',
      facts([living({ unitId: null, from: null })], { userTypes: ['committee'] }),
      {},
      true,
      'committee',
    ],
    ['of an applicant is none', facts([living({ status: 'applicant' })]), {}, false, 'none'],
    ['waits for the import', facts([living()], { state: 'pending-import' }), {}, false, 'not-imported'],
    ['waits for Start service', facts([living()]), { started: false }, false, 'service-not-started'],
    ['ends with the archive', facts([living()], { state: 'archived', archivedReason: 'staff' }), {}, false, 'archived'],
    [
      'of the archived who moved out says so',
      facts([living()], { state: 'archived', archivedReason: 'moved-out' }),
      {},
      false,
      'moved-out',
    ],
    ['in a property that was put away is closed', facts([living()]), { archived: true }, false, 'archived'],
    ['is taken by staff', facts([living()], { staffAccess: 'denied' }), {}, false, 'staff-denied'],
    ['is given by staff', facts([], { staffAccess: 'granted' }), {}, true, 'staff-granted'],
    [
      'is not given by staff before the service starts',
      facts([], { staffAccess: 'granted' }),
      { started: false },
      false,
      'service-not-started',
    ],
    [
      'does not close on data that are too old to know',
      facts([living({ status: 'notice', until: '2026-11-20' })], { freshAsOf: new Date('2026-11-10T00:00:00Z') }),
      {},
      true,
      'notice',
    ],
  ])('%s', (_name, given, more, open, reason) => {
    expect(accessOf(given, { ...setting, ...more }, now).access).toMatchObject({ open, reason });
  });

  it.each<[string, Partial<PlannedOccupancy>, boolean]>([
    ['whose move-out is today and who is still on notice', { status: 'notice', until: '2026-11-24' }, true],
    ['who left today, as the PMS says', { status: 'past', until: '2026-11-24', endedAt: '2026-11-24T02:00:00.000Z' }, false],
    [
      'who was missing from a complete sweep',
      { status: 'past', until: '2026-11-24', endedAt: '2026-11-24T01:59:00.000Z' },
      false,
    ],
    ['who left yesterday', { status: 'past', until: '2026-11-23', endedAt: '2026-11-24T02:00:00.000Z' }, false],
    [
      'who is said to have left, with a day that is yet to come',
      { status: 'past', until: '2026-11-26', endedAt: '2026-11-24T02:00:00.000Z' },
      true,
    ],
  ])('of one %s is right without days after the move-out', (_name, more, open) => {
    const strict = { ...setting, policy: { ...setting.policy, futureMoveOutDays: 0 } };
    expect(accessOf(facts([living(more)]), strict, now)).toMatchObject({ access: { open }, over: !open });
    expect(accessOf(facts([living(more)]), setting, now).access.open).toBe(true);
  });

  it('of one who left today and is awaited within a week goes on, whatever the hour of leaving was', () => {
    const strict = { ...setting, policy: { ...setting.policy, futureMoveInDays: 0, futureMoveOutDays: 0 } };
    const moving = (from: string) =>
      facts([
        living({ status: 'past', until: '2026-11-24', endedAt: '2026-11-24T01:00:00.000Z' }),
        living({ leaseId: 'L2', unitId: unitTwo, status: 'future', from }),
      ]);
    expect(accessOf(moving('2026-12-02'), strict, now).access).toMatchObject({ open: true });
    expect(accessOf(moving('2026-12-03'), strict, now).access).toMatchObject({ open: false, reason: 'not-yet' });
  });

  it('is looked at again when its next window opens or closes, in the zone of the property', () => {
    expect(accessOf(facts([living({ status: 'future', from: '2026-12-10' })]), setting, now).nextAt?.toISOString()).toBe(
      at('2026-12-07'),
    );
    expect(accessOf(facts([living({ status: 'notice', until: '2026-12-24' })]), setting, now)).toMatchObject({
      access: { until: at('2026-12-26') },
      nextAt: new Date(at('2026-12-26')),
    });
  });

  it('has no gap between an old lease on notice and a new one that is near', () => {
    const moving = [
      living({ status: 'notice', until: '2026-11-22' }),
      living({ leaseId: 'L2', unitId: unitTwo, status: 'future', from: '2026-11-29' }),
    ];
    expect(accessOf(facts(moving), setting, now)).toMatchObject({ access: { open: true, until: null }, over: false });
    const far = [moving[0]!, { ...moving[1]!, from: '2027-02-01' }];
    expect(accessOf(facts(far), setting, now).access).toMatchObject({ open: false, reason: 'not-yet' });
  });
});

describe('the next move', () => {
  it.each([
    [
      'a move-in',
      [living({ status: 'future', from: '2026-12-10' })],
      { what: 'move-in', on: '2026-12-10', takesEffectAt: new Date(at('2026-12-07')) },
    ],
    [
      'a move-out',
      [living({ status: 'notice', until: '2026-12-24' })],
      { what: 'move-out', on: '2026-12-24', takesEffectAt: new Date(at('2026-12-26')) },
    ],
    [
      'a transfer',
      [
        living({ status: 'notice', until: '2026-11-30' }),
        living({ leaseId: 'L2', unitId: unitTwo, unit: '102', status: 'future', from: '2026-12-01' }),
      ],
      { what: 'transfer', unit: '101', toUnit: '102', on: '2026-12-01', takesEffectAt: new Date(at('2026-12-01')) },
    ],
  ])('is %s', (_name, occupancies, move) => {
    expect(nextMove({ state: 'active', userTypes: ['resident'], occupancies }, setting, now)).toMatchObject(move);
  });

  it('is none for who stays', () => {
    expect(nextMove({ state: 'active', userTypes: ['resident'], occupancies: [living()] }, setting, now)).toBeNull();
  });
});

describe('a day in a zone', () => {
  it.each([
    ['Australia/Brisbane', '2026-11-24', '2026-11-23T14:00:00.000Z'],
    ['Australia/Sydney', '2026-10-04', '2026-10-03T14:00:00.000Z'],
    ['Australia/Sydney', '2026-10-05', '2026-10-04T13:00:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'], // there is no midnight: clocks go from 24:00 to 01:00
    ['UTC', '2026-01-01', '2026-01-01T00:00:00.000Z'],
  ])('of %s, %s, begins at %s', (timeZone, date, begins) => {
    expect(startOfDay(date, timeZone).toISOString()).toBe(begins);
    expect(localDateOf(new Date(begins), timeZone)).toBe(date);
    expect(localDateOf(new Date(new Date(begins).getTime() - 1), timeZone)).toBe(addDays(date, -1));
    expect(endOfDay(addDays(date, -1), timeZone)).toEqual(startOfDay(date, timeZone));
  });
});
