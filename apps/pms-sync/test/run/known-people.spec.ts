import { defaultPolicies } from '../../src/connection/policy.rules.js';
import { isSettledByItself, KnownPeople } from '../../src/run/known-people.js';
import { notYetTold } from '../../src/run/record.rules.js';
import type { KnownRecord } from '../../src/run/upstream-record.repository.js';

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

describe('a row', () => {
  const about = { orgId: 'org_', propertyId: 'prop_', runId: 'run_', attempt: 1, fetchedAt: new Date(0) } as const;
  const on = (hash: string, names: number) => ({ hash, id: `id of ${hash}`, names });
  async function known(...records: KnownRecord[]) {
    const readBy = async function* () {
      // in two answers: the people of a row come in the order of their ids
      yield await Promise.resolve(records.slice(0, 2));
      yield records.slice(2);
    };
    return new KnownPeople(about, { readBy }, rental, { basis: 'b', again: ['asked'], livingHere: 0 }).readBy('reading');
  }
  const person = (upstreamId: string, row: KnownRecord['row'], more: Partial<KnownRecord> = {}): KnownRecord => ({
    ...record,
    upstreamId,
    row,
    ...more,
  });

  it('is known when everybody is whom it names, each with what is counted of them', async () => {
    const rows = await known(
      person('a', on('two', 2)),
      person('b', on('one', 1), { traits: { ...traits, lives: false } }),
      person('c', on('two', 2), { skipped: byDirectory }),
    );
    expect(rows.has('two')).toBe(true);
    const two = rows.row('two');
    expect(two?.id).toBe('id of two');
    expect([...(two?.people ?? [])].sort((x, y) => (x.upstreamId < y.upstreamId ? -1 : 1))).toEqual([
      { upstreamId: 'a', lives: true, skipped: false },
      { upstreamId: 'c', lives: true, skipped: true },
    ]);
    expect(rows.row('one')?.people).toEqual([{ upstreamId: 'b', lives: false, skipped: false }]);
  });

  it('is not known while somebody is missing on it, or asked for again, or never seen', async () => {
    const rows = await known(person('a', on('two', 2)), person('asked', on('one', 1)));
    for (const hash of ['two', 'one', 'other']) {
      expect(rows.has(hash)).toBe(false);
      expect(rows.row(hash)).toBeUndefined();
    }
  });
});
