import { newId } from '@leasewire/messaging';
import type { Member, Property } from '../../src/account/member.rules.js';
import { notInvited } from '../../src/account/standing.rules.js';
import { isNewcomer, nextDigest, stillWaiting } from '../../src/newcomer/newcomer.rules.js';

const member = (facts: Partial<Member> = {}): Member => ({
  residentId: newId('res'),
  propertyId: newId('prop'),
  state: 'active',
  userTypes: ['tenant'],
  name: 'Noor Haddad',
  firstName: 'Noor',
  email: 'noor@example.com',
  accessOpen: true,
  opensWhenStarted: false,
  waitsForEmail: false,
  ...facts,
});
const house: Property = { kind: 'strata', started: true, newPeople: 'digest' };

describe('somebody is a newcomer of whom staff are told', () => {
  it.each<[string, boolean, { before?: Member; after?: Member; imported?: boolean }, Property]>([
    ['when they come by themselves', true, {}, house],
    ['when they come back', true, { before: member({ state: 'archived' }) }, house],
    ['but not when they were there before', false, { before: member() }, house],
    ['but not while they wait in Pending Import', false, { after: member({ state: 'pending-import' }) }, house],
    ['but not when somebody imported them', false, { before: member({ state: 'pending-import' }) }, house],
    ['but not when an import says so before they are known', false, { imported: true }, house],
    ['but not where staff invite by hand', false, {}, { ...house, newPeople: 'by-hand' }],
    ['but not where they are invited at once', false, {}, { ...house, newPeople: 'at-once' }],
    ['but not in the silent time of a property', false, {}, { ...house, started: false }],
  ])('%s', (_name, expected, { before, after = member(), imported = false }, property) => {
    expect(isNewcomer({ before, after, imported }, property)).toBe(expected);
  });
});

it.each([
  ['before the morning, today', '2026-11-24T18:00:00Z', '2026-11-24T20:45:00.000Z'],
  ['at that minute, tomorrow', '2026-11-24T20:45:00Z', '2026-11-25T20:45:00.000Z'],
  ['later, tomorrow', '2026-11-25T02:00:00Z', '2026-11-25T20:45:00.000Z'],
])('the digest of a property in Brisbane is %s', (_name, now, at) => {
  expect(nextDigest(new Date(now), 'Australia/Brisbane').toISOString()).toBe(at);
});

it('the digest is on time in the night when clocks change', () => {
  // Sydney, 4 October 2026: 2:00 becomes 3:00
  expect(nextDigest(new Date('2026-10-03T12:00:00Z'), 'Australia/Sydney').toISOString()).toBe('2026-10-03T19:45:00.000Z');
});

it('counts who is here and was not invited meanwhile, and names some of them', () => {
  const people = Array.from({ length: 12 }, (_, n) => ({
    standing: notInvited,
    planned: null as object | null,
    members: [member({ name: `Person ${String(n).padStart(2, '0')}` })],
  }));
  const newcomers = new Set(people.flatMap(({ members }) => members.map(({ residentId }) => residentId)));
  people[0]!.planned = { at: new Date() };
  people[1]!.members = [{ ...people[1]!.members[0]!, state: 'archived' }];
  people[2]!.members.push(member({ name: 'The same person, who has lived elsewhere for long' }));
  const { count, names } = stillWaiting(newcomers, [
    ...people,
    { standing: { status: 'live', at: new Date() }, planned: null, members: [member()] },
  ]);
  expect(count).toBe(10);
  expect(names).toEqual(people.slice(2).map(({ members }) => members[0]!.name));
});
