import { newId } from '@leasewire/messaging';
import { decideSignIn, provesAll, type Candidate } from '../../src/sign-in/sign-in.rules.js';

const [x, y] = [newId('org'), newId('org')];
const right = (orgId: typeof x, state: Candidate['state'] = 'active'): Candidate => ({ orgId, state, passwordMatches: true });
const wrong = (orgId: typeof x, state: Candidate['state'] = 'active'): Candidate => ({ orgId, state, passwordMatches: false });

describe('signing in', () => {
  it.each<[string, Candidate[], typeof x | undefined, string]>([
    ['nobody', [], undefined, 'refused'],
    ['a wrong password', [wrong(x)], undefined, 'refused'],
    ['the right password', [right(x)], undefined, 'account'],
    ['the right password of an archived account', [right(x, 'archived')], undefined, 'refused'],
    ['the right password of an invited account', [right(x, 'invited')], undefined, 'refused'],
    ['right for one of two', [right(x), wrong(y)], undefined, 'account'],
    ['right for an active and an archived one', [right(x), right(y, 'archived')], undefined, 'account'],
    ['right for both', [right(x), right(y)], undefined, 'choose'],
    ['right for both, one chosen', [right(x), right(y)], y, 'account'],
    ['right for the other one only', [right(x), wrong(y)], y, 'refused'],
    ['an organization one does not work for', [right(x)], y, 'refused'],
  ])('%s', (_name, candidates, wanted, expected) => {
    expect(decideSignIn(candidates, wanted).kind).toBe(expected);
  });
});

describe('a right password', () => {
  const [matching, another, none] = [
    { passwordHash: 'a', passwordMatches: true },
    { passwordHash: 'b', passwordMatches: false },
    { passwordHash: null, passwordMatches: false },
  ];
  it.each([
    ['of the only account', [matching], true],
    ['of all accounts', [matching, matching], true],
    ['beside an account without a password yet', [matching, none], true],
    ['beside an account with another', [matching, another], false],
  ])('%s', (_name, all, expected) => {
    expect(provesAll(all)).toBe(expected);
  });
});
