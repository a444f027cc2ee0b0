import type { LeaseStatus, OccupancyId } from '@leasewire/contracts';
import fc from 'fast-check';
import { accessOf, type Setting } from '../../src/decision/access.rules.js';
import { decide, type Decided, type Observation, type Registered, type Said } from '../../src/decision/decision.rules.js';
import { isLive, type PlannedOccupancy, type ResolvedStay } from '../../src/decision/stays.rules.js';
import { addDays, localDateOf } from '../../src/decision/zone.rules.js';

const now = new Date('2026-11-24T02:00:00Z');
const today = '2026-11-24';
const setting: Setting = {
  timeZone: 'Australia/Brisbane',
  policy: { futureMoveInDays: 3, futureMoveOutDays: 1, staleAfterDays: 7 },
  started: true,
  archived: false,
};
const isOver = (occupancies: readonly PlannedOccupancy[]): boolean =>
  !occupancies.some((o) => o.status === 'future' && isLive(o)) &&
  accessOf(
    { state: 'active', archivedReason: null, userTypes: ['resident'], staffAccess: null, occupancies, freshAsOf: now },
    setting,
    now,
  ).over;
const seen = (more: Partial<Observation> = {}): Observation => ({ scope: 'sweep', fetchedAt: now, today, isOver, ...more });

const stay = (status: LeaseStatus, more: Partial<ResolvedStay> = {}): ResolvedStay => ({
  leaseId: 'L1',
  unitId: 'u1',
  unitName: '101',
  bedroom: null,
  status,
  moveIn: status === 'future' ? '2026-12-01' : '2026-02-01',
  moveOut: null,
  leaseStart: '2026-02-01',
  leaseEnd: '2026-08-31',
  ourUnitId: unitIdOf(1),
  unitLabel: '101',
  building: null,
  ...more,
});
const unitIdOf = (n: number): `unit_${string}` => `unit_${String(n).padStart(26, '0')}`;
const said = (stays: ResolvedStay[], more: Partial<Said> = {}): Said => ({
  userTypes: ['resident'],
  stays,
  hash: JSON.stringify(stays),
  ...more,
});
const occupancyId = (n: number): OccupancyId => `occ_${String(n).padStart(26, '0')}`;

/** What is registered after this was heard, as the service keeps it. */
function known(decided: Decided, before: Registered | null, heard: Said | null, fetchedAt = now): Registered | null {
  if (decided.occupancies === null) return before;
  const occupancies = decided.occupancies.map((o, at) => ({
    ...o,
    id: o.id ?? occupancyId(at + (before?.occupancies.length ?? 0)),
  }));
  const state = isOver(occupancies) ? 'archived' : 'active';
  const hash = heard ? heard.hash : (before?.hash ?? null);
  return { state, byStaff: false, occupancies, hash, fetchedAt, unresolved: false, gone: heard === null };
}
const registered = (...stays: ResolvedStay[]): Registered => {
  const heard = said(stays);
  const state = known(decide(heard, null, seen()), null, heard);
  if (!state) throw new Error('they are not registered by these stays');
  return state;
};
/** Not listed once, and as they have until their last day, not yet archived. */
const vanished = (one: ResolvedStay): Registered => {
  const before = registered(one);
  return known(decide(null, before, seen()), before, null) ?? before;
};
/** Not listed once, and archived for it. */
const vanishedForLong = (): Registered => {
  const before = vanished(stay('current'));
  return { ...before, state: 'archived', occupancies: before.occupancies.map((one) => ({ ...one, until: '2026-11-20' })) };
};
/** They left when the PMS said so. */
const archived = (): Registered => {
  const left = said([stay('past')]);
  return { ...known(decide(left, registered(stay('current')), seen()), null, left)!, state: 'archived' };
};
/** Their last day was over before the PMS said that they have left. */
const archivedOnNotice = (): Registered => ({ ...registered(stay('notice', { moveOut: '2026-11-30' })), state: 'archived' });
/** Added by staff: no lease, and nobody has told of them. */
const byHand = (): Registered => {
  const { occupancies, ...rest } = registered(stay('current'));
  return {
    ...rest,
    occupancies: occupancies.map((one) => ({ ...one, leaseId: null })),
    hash: null,
    fetchedAt: null,
    byHand: true,
  };
};
const elsewhere = { leaseId: 'L2', unitId: 'u2', ourUnitId: unitIdOf(2), unitLabel: '102' };

describe('what the PMS says × what is registered here', () => {
  it.each<[string, Said | null, Registered | null, string, string, string?]>([
    // not registered
    ['applicant, not here', said([stay('applicant')]), null, 'none', 'skipped', 'applicant-only'],
    ['future, not here', said([stay('future')]), null, 'register', 'synced'],
    ['current, not here', said([stay('current')]), null, 'register', 'synced'],
    ['current past its lease end, not here', said([stay('current', { leaseEnd: '2026-01-01' })]), null, 'register', 'synced'],
    ['notice, not here', said([stay('notice', { moveOut: '2026-12-24' })]), null, 'register', 'synced'],
    ['notice that is over, not here', said([stay('notice', { moveOut: '2026-11-01' })]), null, 'none', 'skipped', 'moved-out'],
    ['past, not here', said([stay('past', { moveOut: '2026-11-24' })]), null, 'none', 'skipped', 'moved-out'],
    ['cancelled, not here', said([stay('cancelled')]), null, 'none', 'skipped', 'cancelled'],
    ['no lease, not here', said([]), null, 'none', 'skipped', 'no-lease'],
    ['committee without a lease, not here', said([], { userTypes: ['committee'] }), null, 'register', 'synced'],
    ['absent, not here', null, null, 'none', 'unchanged'],
    // registered as current
    ['applicant, here', said([stay('applicant')]), registered(stay('current')), 'deactivate', 'synced', 'applicant-only'],
    ['future, here', said([stay('future')]), registered(stay('current')), 'update', 'synced'],
    ['current, here', said([stay('current')]), registered(stay('current')), 'none', 'unchanged'],
    [
      'current with other dates, here',
      said([stay('current', { leaseEnd: '2028-01-01' })]),
      registered(stay('current')),
      'update',
      'synced',
    ],
    ['notice, here', said([stay('notice', { moveOut: '2026-12-24' })]), registered(stay('current')), 'update', 'synced'],
    [
      'past, here',
      said([stay('past', { moveOut: '2026-11-23' })]),
      registered(stay('current')),
      'deactivate',
      'synced',
      'lease-over',
    ],
    ['cancelled, here', said([stay('cancelled')]), registered(stay('future')), 'deactivate', 'synced', 'cancelled'],
    ['no lease, here', said([]), registered(stay('current')), 'deactivate', 'synced', 'no-lease'],
    ['absent, here', null, registered(stay('current')), 'deactivate', 'synced', 'gone-upstream'],
    // not listed once, archived for it, and listed again
    ['current again, archived as absent', said([stay('current')]), vanishedForLong(), 'register', 'synced'],
    ['on their last day, archived as absent', said([stay('past', { moveOut: today })]), vanishedForLong(), 'register', 'synced'],
    [
      'past for long, archived as absent',
      said([stay('past', { moveOut: '2026-11-10' })]),
      vanishedForLong(),
      'none',
      'skipped',
      'moved-out',
    ],
    [
      'past by another lease, archived as absent',
      said([stay('past', { ...elsewhere, moveOut: today })]),
      vanishedForLong(),
      'none',
      'skipped',
      'moved-out',
    ],
    [
      'past by the PMS, told again on their last day',
      said([stay('past', { moveOut: today })]),
      archived(),
      'none',
      'skipped',
      'moved-out',
    ],
    // not listed once, and back as they were
    ['current again, was absent', said([stay('current')]), vanished(stay('current')), 'update', 'synced'],
    [
      'notice again, was absent',
      said([stay('notice', { moveOut: '2026-12-24' })]),
      vanished(stay('notice', { moveOut: '2026-12-24' })),
      'update',
      'synced',
    ],
    // archived here
    ['current, archived', said([stay('current')]), archived(), 'register', 'synced'],
    ['past, archived', said([stay('past')]), archived(), 'none', 'skipped', 'moved-out'],
    ['absent, archived', null, archived(), 'none', 'unchanged'],
    ['past, archived when their last day was over', said([stay('past')]), archivedOnNotice(), 'update', 'synced', 'lease-over'],
    ['absent, archived when their last day was over', null, archivedOnNotice(), 'update', 'synced', 'gone-upstream'],
    [
      'notice, archived when their last day was over',
      said([stay('notice', { moveOut: '2026-11-01' })]),
      archivedOnNotice(),
      'none',
      'skipped',
      'moved-out',
    ],
    [
      'current, archived by staff',
      said([stay('current')]),
      { ...archived(), byStaff: true },
      'none',
      'skipped',
      'archived-by-staff',
    ],
    // from one unit to another
    [
      'a new unit in the same lease',
      said([stay('current', { ...elsewhere, leaseId: 'L1' })]),
      registered(stay('current')),
      'transfer',
      'synced',
    ],
    [
      'past there, current elsewhere',
      said([stay('past'), stay('current', elsewhere)]),
      registered(stay('current')),
      'transfer',
      'synced',
    ],
    [
      'notice there, current elsewhere',
      said([stay('notice', { moveOut: '2026-11-30' }), stay('current', elsewhere)]),
      registered(stay('current')),
      'transfer',
      'synced',
    ],
    [
      'notice there, future elsewhere',
      said([stay('notice', { moveOut: '2026-11-30' }), stay('future', elsewhere)]),
      registered(stay('current')),
      'update',
      'synced',
    ],
    [
      'a renewal with a new lease',
      said([stay('past'), stay('current', { leaseId: 'L2' })]),
      registered(stay('current')),
      'update',
      'synced',
    ],
    [
      'a unit that could not be found before',
      said([stay('current')]),
      { ...registered(stay('current')), unresolved: true },
      'update',
      'synced',
    ],
    // added by staff, and in a file now
    ['current, by hand', said([stay('current')]), byHand(), 'update', 'synced'],
    ['current elsewhere, by hand', said([stay('current', elsewhere)]), byHand(), 'transfer', 'synced'],
    ['past, by hand', said([stay('past')]), byHand(), 'deactivate', 'synced', 'lease-over'],
    ['absent, by hand', null, byHand(), 'deactivate', 'synced', 'gone-upstream'],
  ])('%s', (_name, heard, here, decision, outcome, ...[reason]) => {
    const decided = decide(heard, here, seen());
    expect([decided.decision, decided.outcome, decided.reason?.code]).toEqual([decision, outcome, reason]);
  });

  it('who was kept by staff lives in each place once', () => {
    const same = decide(said([stay('current')]), byHand(), seen()).occupancies;
    expect(same).toMatchObject([{ id: occupancyId(0), leaseId: 'L1', status: 'current', endedAt: null }]);
    const moved = decide(said([stay('current', elsewhere)]), byHand(), seen()).occupancies;
    expect(moved).toMatchObject([{ status: 'past' }, { leaseId: 'L2', status: 'current' }]);
  });

  it.each<[string, Said | null, Registered | null, string, string | undefined]>([
    ['absent, here', null, registered(stay('current')), 'failed', 'not-found-upstream'],
    ['absent, not here', null, null, 'failed', 'not-found-upstream'],
    ['an empty answer, here', said([]), registered(stay('current')), 'skipped', 'no-lease'],
    ['an empty answer, archived when their last day was over', said([]), archivedOnNotice(), 'skipped', 'no-lease'],
    [
      'only another, older lease, here',
      said([stay('past', { leaseId: 'L0' })]),
      registered(stay('current')),
      'skipped',
      'no-lease',
    ],
  ])('in a targeted sync nobody moves out for it: %s', (_name, heard, here, outcome, reason) => {
    expect(decide(heard, here, seen({ scope: 'targeted' }))).toMatchObject({
      decision: 'none',
      outcome,
      reason: { code: reason },
    });
  });

  it('but a move-out that the PMS states holds there too', () => {
    expect(decide(said([stay('past')]), registered(stay('current')), seen({ scope: 'targeted' })).decision).toBe('deactivate');
  });

  it.each([
    ['targeted', 'The PMS says that they moved out. If they moved to another property, its own sync brings them there'],
    ['sweep', 'The PMS says that they moved out.'],
  ] as const)('a %s sync of whoever left says whether it follows them', (scope, sentence) => {
    const { reason } = decide(said([stay('past')]), registered(stay('current')), seen({ scope }));
    expect(reason?.message).toMatch(scope === 'sweep' ? new RegExp(`^${sentence}$`) : sentence);
  });

  it.each<[string, Registered, boolean]>([
    ['a day on notice', registered(stay('notice', { moveOut: '2026-11-30' })), true],
    ['a move-out date while current', registered(stay('current', { moveOut: '2026-11-30' })), true],
    ['notice without a day', registered(stay('notice')), false],
    ['nothing', registered(stay('current')), false],
  ])('a removal was announced by %s', (_name, here, announced) => {
    expect(decide(null, here, seen()).announced).toBe(announced);
  });

  it('an older answer is refused', () => {
    const older = seen({ fetchedAt: new Date(now.getTime() - 1) });
    expect(decide(null, registered(stay('current')), older)).toMatchObject({
      outcome: 'skipped',
      reason: { code: 'older-than-known' },
    });
  });
});

describe('whatever the PMS says,', () => {
  const statuses = ['applicant', 'future', 'current', 'notice', 'past', 'cancelled'] as const;
  const date = fc.integer({ min: -40, max: 40 }).map((days) => addDays(today, days));
  const anyStay = fc
    .record({
      leaseId: fc.constantFrom('L1', 'L2', 'L3'),
      status: fc.constantFrom(...statuses),
      unit: fc.integer({ min: 1, max: 3 }),
      moveIn: fc.option(date),
      moveOut: fc.option(date),
    })
    .map(({ unit, status, ...more }) =>
      stay(status, { ...more, unitId: `u${unit}`, ourUnitId: unitIdOf(unit), unitLabel: `10${unit}` }),
    );
  const anySaid = fc.option(fc.array(anyStay, { maxLength: 4 }).map((stays) => said(stays)));
  const history = fc.array(fc.record({ heard: anySaid, scope: fc.constantFrom('sweep', 'targeted') }), {
    minLength: 1,
    maxLength: 6,
  });
  type Step = { readonly heard: Said | null; readonly scope: 'sweep' | 'targeted' };
  const walk = (
    steps: readonly Step[],
    each: (decided: Decided, before: Registered | null, step: Step, after: Registered | null) => void,
  ) => {
    let here: Registered | null = null;
    for (const step of steps) {
      const decided = decide(step.heard, here, seen({ scope: step.scope }));
      const after = known(decided, here, step.heard);
      each(decided, here, step, after);
      here = after;
    }
  };

  it('one lease has one occupancy', () => {
    fc.assert(
      fc.property(history, (steps) => {
        walk(steps, (_decided, _before, _step, after) => {
          const leases = after?.occupancies.map(({ leaseId }) => leaseId) ?? [];
          expect(new Set(leases).size).toBe(leases.length);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('deciding twice is deciding once', () => {
    fc.assert(
      fc.property(history, (steps) => {
        walk(steps, (_decided, _before, { heard, scope }, after) => {
          const again = decide(heard, after, seen({ scope }));
          expect(again.decision).toBe('none');
        });
      }),
      { numRuns: 500 },
    );
  });

  it('nobody moves out of a targeted sync for being absent', () => {
    fc.assert(
      fc.property(history, (steps) => {
        walk(steps, (decided, before, { heard, scope }) => {
          if (scope === 'targeted' && heard === null && before) expect(decided.occupancies).toBeNull();
        });
      }),
      { numRuns: 500 },
    );
  });

  it('somebody who is current has access', () => {
    fc.assert(
      fc.property(history, (steps) => {
        walk(steps, (_decided, _before, { heard }, after) => {
          if (!heard?.stays.some(({ status }) => status === 'current')) return;
          const { access } = accessOf(
            { ...after!, archivedReason: null, userTypes: ['resident'], staffAccess: null, freshAsOf: now },
            setting,
            now,
          );
          expect(access.open).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('the order in which two properties are swept does not matter for a move between them', () => {
    const left = said([stay('past', { moveOut: localDateOf(now, setting.timeZone) })]);
    const came = said([stay('current', { leaseId: 'L9' })]);
    const old = () => decide(left, registered(stay('current')), seen());
    const fresh = () => decide(came, null, seen());
    expect([old(), fresh()]).toEqual([fresh(), old()].toReversed());
  });
});
