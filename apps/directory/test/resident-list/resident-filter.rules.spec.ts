import { residentQuery, searchFor, sortOf, wordsOf } from '../../src/resident-list/resident-filter.rules.js';

const orgId = 'org_01k9zq3v7m8n2p4r6s8t0v2w4x';
const here = 'prop_01k9zq3v7m8n2p4r6s8t0v2w4x';
const elsewhere = 'prop_01k9zq3v7m8n2p4r6s8t0v2w4y';

describe('what is typed into the search', () => {
  it.each([
    ['Ana Reyes', ['ana', 'reyes']],
    ['  José  ÅNGSTRÖM ', ['jose', 'angstrom']],
    ['reyes, ana', ['reyes', 'ana']],
    ['0412 345', ['412345', '0412345']],
    ['+61 (412) 345-678', ['61412345678', '61412345678']],
    ['a-204', ['a-204']],
  ])('%j is %j', (typed, words) => {
    expect(wordsOf(typed)).toEqual(words);
  });
  it('asks units that every word begins one of theirs; a number may have its leading zero or not', () => {
    expect(searchFor('b 12')).toEqual({ $and: [{ search: { $in: [/^b/] } }, { search: { $in: [/^12/] } }] });
    expect(searchFor('0412345')).toEqual({ search: { $in: [/^412345/, /^0412345/] } });
  });
  it.each([
    ['an', [{ search: '  an' }]],
    ['rey rey', [{ search: '  rey' }]],
  ])('finds two or three letters as they are: %j', (search, parts) => {
    expect(residentQuery(orgId, { properties: 'all' }, { search })?.$and).toEqual(parts);
  });
  it.each([
    ['one word by itself', 'reyes', ['^reyes'], []],
    ['two by their pair alone, where it says both', 'ana rey', ['^ ana rey'], []],
    ['two by their pair, where it does not say both', 'maria reyes', ['^ mar reyes'], ['^maria', '^reyes']],
    ['one of which another is more by the longer', 'rey reyes', ['^reyes'], []],
    ['three by all their pairs', 'ana rey 1', ['^ ana rey', '^ an 1', '^ re 1'], ['^ana', '^rey', '^1']],
    ['those of which no pairs are kept by themselves', 'a r', ['^a', '^r'], []],
    ['what has letters that mean something else in a pattern', 'a.b+c', ['^a\\.b\\+c'], []],
    ['a phone number in one go', '+61 412 345', ['^61412345'], []],
  ])('finds %s', (_name, search, patterns, looked) => {
    const of = (operator: '$in' | '$nin') => (pattern: string) => ({ search: { [operator]: [new RegExp(pattern)] } });
    const residual = looked.length === 0 ? [] : [{ $nor: looked.map(of('$nin')) }];
    const asked = residentQuery(orgId, { properties: 'all' }, { search });
    expect(asked?.$and).toEqual([...patterns.map(of('$in')), ...residual]);
  });
});

describe('a query for residents', () => {
  const everywhere = { properties: 'all' as const };
  it('is of the organization, and without a state of those who are here', () => {
    expect(residentQuery(orgId, everywhere, {})).toEqual({ orgId, state: { $in: ['active', 'pending-import'] } });
  });
  it('is held to the properties that somebody may see', () => {
    expect(residentQuery(orgId, { properties: [here] }, {})).toMatchObject({ propertyId: { $in: [here] } });
    expect(residentQuery(orgId, { properties: [here] }, { propertyId: elsewhere })).toBeNull();
    expect(residentQuery(orgId, { properties: [] }, {})).toBeNull();
    expect(residentQuery(orgId, { properties: [here] }, { propertyIds: [here, elsewhere] })).toMatchObject({
      propertyId: { $in: [here] },
    });
    expect(residentQuery(orgId, { properties: [here] }, { propertyIds: [elsewhere] })).toBeNull();
  });
  it.each([
    [{ access: 'open' as const }, { 'access.open': true }],
    [{ source: 'staff' as const }, { upstreamId: null }],
    [{ userType: ['committee' as const] }, { userTypes: { $in: ['committee'] } }],
    [{ issue: ['missing-email' as const] }, { issues: { $in: ['missing-email'] } }],
    [{ syncedBefore: '2026-11-01T00:00:00Z' }, { $and: [{ lastSyncedAt: { $lt: new Date('2026-11-01T00:00:00Z') } }] }],
    [{ mailState: ['bounced' as const] }, { 'account.mail.state': { $in: ['bounced'] } }],
    [{ expiresBefore: '2026-11-01T10:00:00+10:00' }, { 'account.expiresAt': { $lte: '2026-11-01T00:00:00.000Z' } }],
    [{ language: ['es'] }, { language: { $in: [/^es(-|$)/] } }],
    [{ owing: true }, { 'balance.amount': { $gt: 0 } }],
    [
      { moveOutFrom: '2026-11-01', moveOutUntil: '2026-11-30' },
      { 'occupancy.until': { $gte: '2026-11-01', $lte: '2026-11-30' } },
    ],
    [{ overridden: ['email' as const] }, { $or: [{ 'sources.email': { $in: ['staff', 'resident'] } }] }],
  ])('%j', (filter, part) => {
    expect(residentQuery(orgId, everywhere, filter)).toMatchObject(part);
  });
});

it('an order is one that is known; where many have the same, they come by name', () => {
  expect(sortOf('-email')).toEqual({ email: -1 });
  expect(Object.entries(sortOf('-unit'))).toEqual([
    ['sort.unit', -1],
    ['sort.name', -1],
  ]);
  for (const sort of ['unit', 'leaseStatus', 'accountStatus', 'wifiStatus', 'moveIn', 'moveOut'])
    expect(sortOf(`${sort},name`)).toEqual(sortOf(sort));
  expect(() => sortOf('name,unit')).toThrow('no order');
  expect(() => sortOf('password')).toThrow('no order');
});
