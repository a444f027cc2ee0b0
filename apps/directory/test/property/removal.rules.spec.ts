import { consequencesOfRemoval } from '../../src/property/removal.rules.js';

const empty = { name: 'Harbour', connected: false, residents: 0, withAccess: 0, live: 0, upcomingChanges: 0, units: 0 };

describe('removing a property', () => {
  it('of nobody concerns nobody', () => {
    expect(consequencesOfRemoval(empty)).toEqual(['Nobody lives there.']);
  });
  it('says who loses what, the gravest first', () => {
    expect(consequencesOfRemoval({ ...empty, residents: 214, withAccess: 1, live: 30, upcomingChanges: 2, units: 90 })).toEqual([
      '1 person would lose access within a minute.',
      '214 people would be archived: no messages, no invitations; what happened stays in the history.',
      '30 people activated an account; it works on in other properties only.',
      '2 moves to come would not happen.',
      'Its 90 units stay readable with the property.',
      expect.stringContaining('Export'),
    ]);
  });
  it('needs the PMS to be disconnected first', () => {
    expect(consequencesOfRemoval({ ...empty, connected: true })[0]).toContain('Disconnect it first');
  });
});
