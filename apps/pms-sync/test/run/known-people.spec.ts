import { defaultPolicies } from '../../src/connection/policy.rules.js';
import { isSettledByItself } from '../../src/run/known-people.js';
import { notYetTold } from '../../src/run/record.rules.js';

const { rental } = defaultPolicies;
const traits = { role: 'primary', hasEmail: true, lives: true } as const;
const record = {
  upstreamId: 'c1',
  hash: 'h',
  skipped: null,
  residentId: 'res_1',
  traits,
} as const;
const byPolicy = { by: 'policy', code: 'sync.guarantor', message: '' } as const;
const byDirectory = { by: 'directory', code: 'moved-out', message: '', basis: 'b' } as const;

describe('while their row is the same, nothing need be read of', () => {
  it.each([
    ['whom directory has', record, rental, true],
    ['whom directory has although the policy would not take them now', record, { ...rental, withoutEmail: false }, true],
    [
      'whom the policy left out and leaves out',
      { ...record, residentId: null, skipped: byPolicy, traits: { ...traits, role: 'guarantor' } },
      rental,
      true,
    ],
    ['whom directory passed over on the same grounds', { ...record, skipped: byDirectory }, rental, true],
  ] as const)('%s', (_name, known, policy, is) => {
    expect(isSettledByItself(known, policy, 'b')).toBe(is);
  });
});

describe('although their row is the same, told again is', () => {
  it.each([
    ['whom the policy takes now', { ...record, residentId: null, skipped: byPolicy }, rental, 'b'],
    ['whom directory passed over on other grounds', { ...record, skipped: byDirectory }, rental, 'b2'],
    ['of whom directory was being told when something broke', { ...record, hash: notYetTold }, rental, 'b'],
    ['of whom nobody noted what policies ask', { ...record, traits: undefined }, rental, 'b'],
  ] as const)('%s', (_name, known, policy, basis) => {
    expect(isSettledByItself(known, policy, basis)).toBe(false);
  });
});
