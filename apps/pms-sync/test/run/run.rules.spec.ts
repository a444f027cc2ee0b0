import { afterRun } from '../../src/connection/health.rules.js';
import { changesOf, defaultPolicies, policyOf, skipReason } from '../../src/connection/policy.rules.js';
import { fingerprintOf } from '../../src/run/fingerprint.rules.js';
import { isUnannouncedRemoval } from '../../src/run/run.rules.js';
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
    const next = afterRun({ ...before, lastError: null }, failure, now, 3);
    expect(next && { failures: next.health.failures, failing: next.health.failing, news: next.news }).toEqual(after);
  });
});
