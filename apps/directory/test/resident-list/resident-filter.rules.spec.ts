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
  it('asks that every word begins one of somebody’s words; a number may have its leading zero or not', () => {
    expect(searchFor('ana rey')).toMatchObject({
      $and: [{ search: { $elemMatch: { $gte: 'ana' } } }, { search: { $elemMatch: { $gte: 'rey' } } }],
    });
    expect(Object.keys(searchFor('0412345'))).toEqual(['$or']);
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

it('an order is one that is known', () => {
  expect(sortOf('-unit')).toEqual({ 'sort.unit': -1 });
  expect(() => sortOf('password')).toThrow('no order');
});
