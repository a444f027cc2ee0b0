import { followed, type AccountLike, type ResidencyLike } from '../../src/residency/residency.rules.js';

const account: AccountLike = { state: 'active', email: 'noor@example.com', emailSource: 'directory', name: 'Noor Haddad' };
const home: ResidencyLike = { state: 'active', email: 'noor@example.com' };
const said = { email: 'noor@example.com', displayName: 'Noor Haddad' };
const gone: ResidencyLike = { ...home, state: 'archived' };

describe('an account, when a residency', () => {
  it.each([
    ['says nothing new', account, home, said, [home], []],
    ['is archived and it was the last', account, home, said, [gone], ['archived']],
    ['is archived and another is left', account, home, said, [gone, home], []],
    ['is archived and the account was closed', { ...account, state: 'closed' as const }, home, said, [gone], []],
    ['is back', { ...account, state: 'archived' as const }, gone, said, [home], ['restored']],
    [
      'waits to be imported again',
      { ...account, state: 'archived' as const },
      gone,
      said,
      [{ ...home, state: 'pending-import' as const }],
      ['restored'],
    ],
    ['has another address', account, home, { ...said, email: 'new@example.com' }, [home], ['email-changed']],
    ['loses its address', account, home, { ...said, email: null }, [home], []],
    [
      'has another address and the resident an own one',
      { ...account, email: 'own@example.com', emailSource: 'resident' as const },
      home,
      { ...said, email: 'new@example.com' },
      [home],
      [],
    ],
    ['is heard of for the first time with another address', account, null, { ...said, email: 'second@example.com' }, [home], []],
    ['has another name', account, home, { ...said, displayName: 'Noor Reyes' }, [home], ['renamed']],
    [
      'is back with another name',
      { ...account, state: 'archived' as const },
      gone,
      { ...said, displayName: 'Noor Reyes' },
      [home],
      ['restored', 'renamed'],
    ],
  ])('%s', (_name, known, before, now, all, events) => {
    expect(followed(known, before, now, all).map(({ event }) => event)).toEqual(events);
  });
});
