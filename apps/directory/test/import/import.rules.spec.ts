import { consequencesOf, isImported, nextSteps, type Importing } from '../../src/import/import.rules.js';

const swept = new Date('2026-11-29T00:00:00Z');
const manual: Importing = {
  importMode: 'manual',
  importModeSetByStaff: false,
  importedOnce: true,
  lastSweepAt: swept,
  connectionId: 'con_1',
};

describe('a property turns automatic', () => {
  it.each<[string, Importing, number, boolean]>([
    ['when nobody waits any more', manual, 0, true],
    ['not while somebody waits', manual, 1, false],
    ['not before a complete sweep', { ...manual, lastSweepAt: null }, 0, false],
    ['not before anybody was imported or dismissed', { ...manual, importedOnce: false }, 0, false],
    ['not against staff', { ...manual, importModeSetByStaff: true }, 0, false],
    ['not twice', { ...manual, importMode: 'automatic' }, 0, false],
  ])('%s', (_name, own, pending, expected) => {
    expect(isImported(own, pending)).toBe(expected);
  });
});

describe('what comes next', () => {
  it.each<[string, Importing, number, string]>([
    ['the first sync', { ...manual, lastSweepAt: null }, 0, 'The first complete sync has to arrive.'],
    ['those who wait', manual, 1, '1 person waits in Pending Import: import or dismiss them.'],
    ['one decision', { ...manual, importedOnce: false }, 0, 'At least one person has to be imported or dismissed.'],
    [
      'nothing, once it is automatic',
      { ...manual, importMode: 'automatic' },
      0,
      'New people are active at once, as Not Invited.',
    ],
  ])('%s', (_name, own, pending, first) => {
    expect(nextSteps(own, pending)[0]).toBe(first);
  });
  it('says so where staff keep it manual', () => {
    expect(nextSteps({ ...manual, importModeSetByStaff: true }, 0)).toEqual([expect.stringContaining('stays so')]);
  });
  it('is no sync where no PMS is connected', () => {
    const own = { ...manual, lastSweepAt: null, connectionId: null };
    expect(nextSteps(own, 0)).toEqual(['No PMS keeps this property in step: it stays manual until somebody turns it on.']);
  });
});

describe('another mode', () => {
  it('imports nobody who waits', () => {
    expect(consequencesOf(manual, 'automatic', 214)).toEqual([
      'From the next sync on, new people are active at once, as Not Invited.',
      '214 people wait in Pending Import and go on waiting until they are imported or dismissed.',
      'Set by hand, it stays automatic until somebody changes it.',
    ]);
  });
  it('changes nobody who is active', () => {
    expect(consequencesOf({ ...manual, importMode: 'automatic' }, 'manual', 0)).toContain('Nobody who is active changes.');
  });
  it('may be the one it has', () => {
    expect(consequencesOf(manual, 'manual', 0)[0]).toBe('This property is manual already.');
  });
});
