import {
  acceptLink,
  archiveStaff,
  inviteStaff,
  renewStaffLink,
  resolveSession,
  restoreStaff,
  showLink,
  staffInvited,
  staffJoined,
  staffPasswordChanged,
  staffPasswordResetRequested,
  updateStaff,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { codeOf, IdentitySuite, nobody, password, tokenOf, type Org } from './identity-suite.js';

let suite: IdentitySuite;
let org: Org;
beforeAll(async () => {
  suite = await IdentitySuite.start({ LEASEWIRE_PUBLIC_URL: 'https://app.example.com/' });
  org = await suite.org('Harbour Living');
});

const invite = (email = `new-${newId('x').slice(-10)}@example.com`) =>
  suite.call(org.owner.actor, inviteStaff, { email, name: 'Nina New', roleIds: [org.roles.employee] });
const show = (url: string) => suite.call(nobody, showLink, { token: tokenOf(url) });
const accept = (url: string, given = password, more = {}) =>
  suite.call(nobody, acceptLink, { token: tokenOf(url), password: given, ...more });

describe('an invitation', () => {
  it('is a link to copy, in no event and no document', async () => {
    const { link, id, state, inviteExpiresAt } = await invite();
    expect(link.url).toMatch(/^https:\/\/app\.example\.com\/staff-link\/[A-Za-z0-9_-]{43}$/);
    expect([state, inviteExpiresAt]).toEqual(['invited', link.expiresAt]);
    expect(new Date(link.expiresAt).getTime() - Date.now()).toBeGreaterThan(6.99 * 86_400_000);
    const fact = await suite.hears(staffInvited, id);
    expect(JSON.stringify(fact)).not.toContain(tokenOf(link.url));
    for (const { name } of await suite.db.db.listCollections().toArray())
      expect(JSON.stringify(await suite.db.db.collection(name).find().toArray())).not.toContain(tokenOf(link.url));
  });

  it('repeated under the same key gives the same link', async () => {
    const input = { email: 'twice@example.com', name: 'T', roleIds: [org.roles.employee] };
    const options = { idempotencyKey: 'invite-twice' };
    const [one, two] = [
      await suite.call(org.owner.actor, inviteStaff, input, options),
      await suite.call(org.owner.actor, inviteStaff, input, options),
    ];
    expect(two).toEqual(one);
    expect(await codeOf(suite.call(org.owner.actor, inviteStaff, input))).toBe('staff.email-taken');
  });

  it('looked at changes nothing, however often', async () => {
    const { link, email } = await invite();
    for (let look = 0; look < 3; look++)
      expect(await show(link.url)).toEqual({
        purpose: 'invitation',
        email,
        name: 'Nina New',
        organization: 'Harbour Living',
        expiresAt: link.expiresAt,
      });
    expect(await codeOf(accept(link.url))).toBe('ok');
  });

  it('accepted makes an active staff member, who did it themself', async () => {
    const { link, id, email } = await invite();
    expect(await accept(link.url, password, { name: 'Nina Newman' })).toMatchObject({
      id,
      state: 'active',
      name: 'Nina Newman',
      inviteExpiresAt: null,
    });
    expect(await suite.hears(staffJoined, id)).toMatchObject({ actor: `staff:${id}`, data: { staff: { name: 'Nina Newman' } } });
    expect(await codeOf(suite.signIn(email))).toBe('ok');
  });

  it('clicked twice, at once or in a row, works once and says so twice', async () => {
    const { link, id } = await invite();
    const clicks = await Promise.all([accept(link.url), accept(link.url), accept(link.url)]);
    expect(clicks.map((staff) => staff.id)).toEqual([id, id, id]);
    expect(await codeOf(accept(link.url))).toBe('ok');
    expect(await codeOf(accept(link.url, 'some other password'))).toBe('link.invalid');
    await suite.hears(staffJoined, id);
    await suite.db.db.collection('links').updateMany({ staffId: id }, { $set: { 'life.at': new Date(Date.now() - 121_000) } });
    expect(await codeOf(accept(link.url))).toBe('link.invalid');
    expect(await codeOf(show(link.url))).toBe('link.invalid');
  });

  it.each([
    ['passwordpassword1', 'password.too-weak'],
    ['Harbour tide teapot', 'password.too-weak'],
    ['nina new velvet xx', 'password.too-weak'],
    ['short', 'invalid-input'],
  ])('refuses the password “%s” and can be tried again', async (weak, code) => {
    const { link } = await invite();
    expect(await codeOf(accept(link.url, weak))).toBe(code);
    expect(await codeOf(accept(link.url))).toBe('ok');
  });

  it.each([
    [
      'that has expired',
      async (id: string) => suite.db.db.collection('links').updateMany({ staffId: id }, { $set: { expiresAt: new Date() } }),
    ],
    ['renewed', async (id: `stf_${string}`) => suite.call(org.owner.actor, renewStaffLink, { staffId: id })],
    [
      'to an address that was changed',
      async (id: `stf_${string}`) => suite.call(org.owner.actor, updateStaff, { staffId: id, email: `moved-${id}@example.com` }),
    ],
    ['of somebody archived', async (id: `stf_${string}`) => suite.call(org.owner.actor, archiveStaff, { staffId: id })],
  ])('%s holds no more', async (_what, happen) => {
    const { link, id } = await invite();
    await happen(id);
    expect(await codeOf(show(link.url))).toBe('link.invalid');
    expect(await codeOf(accept(link.url))).toBe('link.invalid');
  });

  it('renewed twice at once leaves one link that holds', async () => {
    const { id } = await invite();
    const renewed = await Promise.all([1, 2, 3].map(() => suite.call(org.owner.actor, renewStaffLink, { staffId: id })));
    const codes = await Promise.all(renewed.map((link) => codeOf(show(link.url))));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
    await suite.hears(staffInvited, id, 4);
  });

  it('of somebody archived before they came is asked for again after restoring', async () => {
    const { id } = await invite();
    await suite.call(org.owner.actor, archiveStaff, { staffId: id });
    expect(await codeOf(suite.call(org.owner.actor, renewStaffLink, { staffId: id }))).toBe('conflict.state');
    expect(await suite.call(org.owner.actor, restoreStaff, { staffId: id })).toMatchObject({
      state: 'invited',
      inviteExpiresAt: null,
    });
    const link = await suite.call(org.owner.actor, renewStaffLink, { staffId: id });
    expect(await codeOf(accept(link.url))).toBe('ok');
  });
});

describe('a link for a new password', () => {
  it('given by staff holds an hour, ends every session, and clears the way for the person', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    for (let guess = 0; guess < 40; guess++) await codeOf(suite.signIn(staff.email, { password: 'wrong wrong wrong' }));
    expect(await codeOf(suite.signIn(staff.email))).toBe('sign-in.throttled');
    const link = await suite.call(org.owner.actor, renewStaffLink, { staffId: staff.staffId });
    expect(new Date(link.expiresAt).getTime() - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(await suite.hears(staffPasswordResetRequested, staff.staffId)).toMatchObject({ actor: `staff:${org.owner.staffId}` });
    expect(await show(link.url)).toMatchObject({ purpose: 'password-reset' });
    const next = 'violet cranes at noon';
    await accept(link.url, next, { name: 'ignored' });
    await suite.hears(staffPasswordChanged, staff.staffId);
    expect(await codeOf(suite.call(nobody, resolveSession, { sessionId: staff.sessionId }))).toBe('session.ended');
    expect(await suite.signIn(staff.email, { password: next })).toMatchObject({ staff: { name: 'Sam Staff' } });
  });

  it('is not for oneself: an open screen would be enough', async () => {
    expect(await codeOf(suite.call(org.owner.actor, renewStaffLink, { staffId: org.owner.staffId }))).toBe('conflict.state');
  });
});

it('a link that nobody made says what to do', async () => {
  const error = (await show('x/'.padEnd(43, 'y')).catch((refused: unknown) => refused)) as Error;
  expect(error.message).toMatch(/Copy the whole link, or ask for a new one/);
});
