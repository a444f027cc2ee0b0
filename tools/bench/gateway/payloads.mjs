/** The same bytes for every contender: one staff member of about 1 kB, and a page of fifty of about 20 kB. */
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const at = '2026-11-20T09:00:00.000Z';

export const roleId = `rol_${body}`;
export const orgId = `org_${body}`;

const member = (n, name) => ({
  id: `stf_${body}`,
  email: `person.${n}@harbour.example`,
  name,
  locale: 'en-AU',
  state: 'active',
  roleIds: [roleId],
  properties: 'all',
  twoFactor: false,
  inviteExpiresAt: null,
  lastSignInAt: at,
  version: n,
  createdAt: at,
  updatedAt: at,
});

export const invitation = {
  email: 'new.person@harbour.example',
  name: 'New Person',
  locale: 'en-AU',
  roleIds: [roleId],
  properties: 'all',
};
export const oneKilobyte = {
  ...member(1, 'Ana Reyes'),
  link: { url: `http://127.0.0.1:3000/staff-link/${'x'.repeat(560)}`, expiresAt: at },
};
export const page = {
  items: Array.from({ length: 50 }, (_, n) => member(n, `Person Number ${n} ${'é'.repeat(8)}`)),
  nextCursor: null,
};

export const permissions = { 'accounts.staff': 'full', 'accounts.roles': 'view' };
export const principal = {
  ref: `staff:stf_${body}`,
  orgId,
  name: 'Ana Reyes',
  permissions,
  properties: 'all',
  roleIds: [roleId],
  sessionId: `ses_${body}`,
  expiresAt: null,
};
