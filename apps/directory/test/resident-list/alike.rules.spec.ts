import { alikeKey, alikeOf } from '../../src/resident-list/alike.rules.js';

const access = { from: null, until: null, open: true, reason: 'lease' as const };
const ana = {
  state: 'active' as const,
  userTypes: ['tenant' as const, 'committee' as const],
  leaseStatus: 'current' as const,
  accountStatus: null,
  account: null,
  wifiStatus: null,
  issues: ['missing-email' as const],
  access,
};

it('what is counted of somebody is one text, whatever order it was said in, and is read again from it', () => {
  const key = alikeKey(ana);
  expect(alikeKey({ ...ana, userTypes: ['committee', 'tenant'], access: { ...access, reason: 'owner' } })).toBe(key);
  expect(alikeKey({ ...ana, access: { ...access, open: false } })).not.toBe(key);
  expect(alikeOf(key, 3)).toEqual({
    count: 3,
    values: {
      state: ['active'],
      userType: ['committee', 'tenant'],
      leaseStatus: ['current'],
      accountStatus: [],
      mailState: [],
      wifiStatus: [],
      issue: ['missing-email'],
      access: ['open'],
    },
  });
});
