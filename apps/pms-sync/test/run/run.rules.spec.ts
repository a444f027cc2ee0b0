import { afterRun, isStuck } from '../../src/connection/health.rules.js';
import { changesOf, defaultPolicies, policyOf, skipReason } from '../../src/connection/policy.rules.js';
import { fingerprintOf } from '../../src/run/fingerprint.rules.js';
import { isSettled, notYetTold, skippedBy } from '../../src/run/record.rules.js';
import { isUnannouncedRemoval, noCounts } from '../../src/run/run.rules.js';
import { person } from '../service/fake-pms.js';

const { rental } = defaultPolicies;

it.each([
  ['a placeholder', { role: 'placeholder' }, rental, 'sync.placeholder'],
  ['a guarantor', { role: 'guarantor' }, rental, 'sync.guarantor'],
  ['a guarantor who is wanted', { role: 'guarantor' }, { ...rental, guarantors: true }, undefined],
  ['an occupant', { role: 'occupant' }, rental, undefined],
  ['an occupant who is not wanted', { role: 'occupant' }, { ...rental, occupants: false }, 'sync.occupant'],
  ['somebody without e-mail', { email: null }, rental, undefined],
  ['somebody without e-mail who is not wanted', { email: null }, { ...rental, withoutEmail: false }, 'sync.without-email'],
] as const)('policy: %s', (_name, more, policy, code) => {
  expect(skipReason(person(1, more), policy)?.code).toBe(code);
});

it('a policy keeps what differs from the defaults', () => {
  expect(changesOf('strata', { everyMinutes: 60, brakeCount: 5 })).toEqual({ everyMinutes: 60 });
  expect(policyOf({ kind: 'rental', policyChanges: { everyMinutes: null } }).everyMinutes).toBeNull();
});

it.each([
  ['another order of phones', false, { phones: [phone('2'), phone('1')] }],
  ['another phone', true, { phones: [phone('1')] }],
  ['another name', true, { name: { first: 'B', last: 'R1', raw: 'B' } }],
  ['a balance', true, { balance: { amount: 5, currency: 'AUD' } }],
  ['no balance', false, { balance: null }],
])('fingerprint: %s', (_name, differs, more) => {
  const before = person(1, { phones: [phone('1'), phone('2')] });
  expect(fingerprintOf({ ...before, ...more }) !== fingerprintOf(before)).toBe(differs);
});
function phone(raw: string) {
  return { e164: null, raw, kind: 'other' as const };
}

it.each([
  ['a move-out', { decision: 'deactivate', outcome: 'synced' }, true],
  ['one that was announced', { decision: 'deactivate', outcome: 'synced', announced: true }, false],
  ['one that is refused', { decision: 'deactivate', outcome: 'skipped' }, false],
  ['an update', { decision: 'update', outcome: 'synced' }, false],
])('a removal: %s', (_name, planned, is) => {
  expect(isUnannouncedRemoval(planned)).toBe(is);
});

describe('health', () => {
  const now = new Date(0);
  const error = { code: 'vendor.timeout', message: 'late' };
  it.each([
    ['stays well without a write', { failures: 0, failing: false }, null, null],
    ['recovers in silence from one failure', { failures: 1, failing: false }, null, { failures: 0, failing: false, news: null }],
    ['counts a failure', { failures: 1, failing: false }, error, { failures: 2, failing: false, news: null }],
    ['is told at the third', { failures: 2, failing: false }, error, { failures: 3, failing: true, news: 'failing' }],
    ['is told once', { failures: 3, failing: true }, error, { failures: 4, failing: true, news: null }],
    ['recovers', { failures: 4, failing: true }, null, { failures: 0, failing: false, news: 'recovered' }],
  ])('%s', (_name, before, failure, after) => {
    const next = afterRun({ ...before, lastError: null }, { failure, stuck: false, trouble: null }, now, 3);
    expect(next && { failures: next.health.failures, failing: next.health.failing, news: next.news }).toEqual(after);
  });
  const trouble = { code: 'sync.incomplete', message: 'Court 200: not all' };
  it.each([
    [
      'is told when one of its properties is stuck, though others are not',
      { failures: 1, failing: false },
      error,
      trouble,
      'failing',
    ],
    ['is told when sweeps of one come to no end that can be used', { failures: 0, failing: false }, null, trouble, 'failing'],
    ['is told once of that', { failures: 0, failing: true }, null, trouble, null],
    ['does not recover while one is stuck', { failures: 0, failing: true }, null, null, null],
  ])('%s', (_name, before, failure, found, news) => {
    const next = afterRun({ ...before, lastError: null }, { failure, stuck: true, trouble: found }, now, 3);
    expect(next?.news ?? null).toBe(news);
    if (found) expect(next?.health).toMatchObject({ failing: true, lastError: found });
  });
});

describe('a property is stuck when its last sweeps', () => {
  const fine = { state: 'done', complete: true, error: null, counts: noCounts, warnings: [] } as const;
  const failed = { ...fine, state: 'failed', complete: false, error: { code: 'vendor.timeout', message: 'late' } } as const;
  const partial = { ...fine, complete: false, warnings: [{ code: 'sync.incomplete', message: 'Not all.' }] } as const;
  it.each([
    ['failed', [failed, failed, failed], true],
    ['failed or were not complete', [failed, partial, partial], true],
    ['were too few to say', [failed, failed], false],
    ['were right once', [failed, fine, failed], false],
    ['failed by a fault of ours', [failed, failed, { ...failed, error: { code: 'internal', message: '' } }], false],
    ['wait for staff', [partial, partial, { ...partial, counts: { ...noCounts, held: 3 } }], false],
  ] as const)('%s', (_name, sweeps, is) => {
    expect(
      isStuck(
        sweeps.map((sweep) => ({ ...sweep, warnings: [...sweep.warnings] })),
        3,
      ),
    ).toBe(is);
  });
});

describe('who was told before is told again', () => {
  const seen = { hash: 'h', leftOut: null, basis: 'b', askedFor: false };
  const taken = { hash: 'h', skipped: null };
  const byDirectory = { hash: 'h', skipped: { by: 'directory', code: 'moved-out', message: '', basis: 'b' } } as const;
  const byPolicy = { hash: 'h', skipped: { by: 'policy', code: 'sync.guarantor', message: '' } } as const;
  it.each([
    ['not, when nothing changed', taken, {}, false],
    ['when something changed', taken, { hash: 'i' }, true],
    ['when we died while telling', { ...taken, hash: notYetTold }, {}, true],
    ['when directory asks for them', taken, { askedFor: true }, true],
    ['when the policy leaves them out now', taken, { leftOut: 'sync.guarantor' }, true],
    ['not, when directory skipped them', byDirectory, {}, false],
    ['when directory skipped them on another basis', byDirectory, { basis: 'c' }, true],
    ['when directory skipped them and the policy does now', byDirectory, { leftOut: 'sync.guarantor' }, true],
    ['when directory skipped them and asks for them', byDirectory, { askedFor: true }, true],
    ['not, when the policy leaves them out as before', byPolicy, { leftOut: 'sync.guarantor', basis: 'c' }, false],
    ['when the policy leaves them out for something else', byPolicy, { leftOut: 'sync.occupant' }, true],
    ['when the policy no longer leaves them out', byPolicy, {}, true],
  ])('%s', (_name, record, more, again) => {
    expect(isSettled(record, { ...seen, ...more })).toBe(!again);
  });

  const skipped = { outcome: 'skipped', reason: { code: 'moved-out', message: 'over' } } as const;
  it.each([
    ['by a sweep is remembered', skipped, 'sweep', true],
    ['by a sync of some is not', skipped, 'targeted', false],
    ['for being older is not', { ...skipped, reason: { code: 'older-than-known', message: '' } }, 'sweep', false],
    ['is another than taken', { outcome: 'synced' }, 'sweep', false],
  ] as const)('skipped %s', (_name, outcome, scope, is) => {
    expect(skippedBy(outcome, 'b', scope) !== null).toBe(is);
  });
});
