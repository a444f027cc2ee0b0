import { defaultPolicies } from '../../src/connection/policy.rules.js';
import { effectOf, leftOutBy } from '../../src/run/record.rules.js';
import { person } from '../service/fake-pms.js';

const { rental } = defaultPolicies;
const withGuarantors = { ...rental, guarantors: true };
const withoutOccupants = { ...rental, occupants: false };
const here = { residentId: 'res_1', skipped: null };
const policySkip = { residentId: null, skipped: { by: 'policy', code: 'sync.guarantor', message: '' } } as const;
const directorySkip = { residentId: 'res_1', skipped: { by: 'directory', code: 'moved-out', message: '', basis: 'b' } } as const;

describe('the policy leaves out', () => {
  it.each([
    ['a newcomer', undefined, 'sync.occupant'],
    ['somebody whom it left out before', policySkip, 'sync.occupant'],
    ['somebody whom directory did not take', directorySkip, 'sync.occupant'],
    ['nobody who is here: or nobody would ever hear that they left', here, undefined],
  ])('%s', (_name, record, code) => {
    expect(leftOutBy(withoutOccupants, person(1, { role: 'occupant' }), record)?.code).toBe(code);
  });
});

describe('another policy', () => {
  const traits = { role: 'guarantor', hasEmail: true, lives: true } as const;
  it.each([
    ['brings in whom the old one left out', { ...policySkip, traits }, rental, withGuarantors, 'comes'],
    [
      'brings in nobody whose lease is over',
      { ...policySkip, traits: { ...traits, lives: false } },
      rental,
      withGuarantors,
      null,
    ],
    [
      'brings in nobody whom it leaves out for something else',
      { ...policySkip, traits: { ...traits, hasEmail: false } },
      rental,
      { ...withGuarantors, withoutEmail: false },
      null,
    ],
    ['brings in nobody whom directory did not take', { ...directorySkip, traits }, rental, withGuarantors, null],
    ['lets stay who is here', { ...here, traits: { ...traits, role: 'occupant' } }, rental, withoutOccupants, 'stays'],
    [
      'changes nothing for who is meant by both',
      { ...here, traits: { ...traits, role: 'primary' } },
      rental,
      withoutOccupants,
      null,
    ],
    ['says nothing of records that are too old to know', policySkip, rental, withGuarantors, null],
  ] as const)('%s', (_name, record, before, after, effect) => {
    expect(effectOf(record, before, after)).toBe(effect);
  });
});
