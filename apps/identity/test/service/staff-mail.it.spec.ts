import {
  acceptLink,
  changePassword,
  DomainError,
  inviteStaff,
  renewStaffLink,
  requestPasswordReset,
  resetTwoFactor,
  showLink,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually } from '@leasewire/testing';
import { codeOf, IdentitySuite, nobody, password, tokenOf, type Org } from './identity-suite.js';
import { StubNotifications } from './stub-notifications.js';

let suite: IdentitySuite;
let org: Org;
let notifications: StubNotifications;
beforeAll(async () => {
  suite = await IdentitySuite.start({ LEASEWIRE_PUBLIC_URL: 'https://app.example.com' });
  org = await suite.org('Harbour Living');
  notifications = await StubNotifications.start();
  await notifications.listen();
});

const someone = () => `new-${newId('x').slice(-10)}@example.com`;
const invite = (email = someone(), locale = 'fr-FR') =>
  suite.call(org.owner.actor, inviteStaff, { email, name: 'Nina New', locale, roleIds: [org.roles.employee] });
const mailed = async (email: string, template: string, times = 1) => {
  await eventually(() => expect(notifications.to(email, template)).toHaveLength(times), { timeoutMs: 20_000 });
  return notifications.to(email, template)[times - 1]!;
};
const effects = () => suite.db.db.collection('effects');
/** It was tried, and waits to be tried again. */
const waits = (email: string) =>
  eventually(
    async () =>
      expect(await effects().findOne({ 'payload.email': email })).toMatchObject({
        state: 'intended',
        reason: expect.any(String) as unknown,
      }),
    { timeoutMs: 20_000 },
  );
const linksOf = (staffId: string) => suite.db.db.collection('links').find({ staffId }).toArray();

describe('an invitation', () => {
  it('is mailed with the link that is also there to copy, as a secret, in the language of whoever gets it', async () => {
    const { link, email, id } = await invite();
    expect(await mailed(email, 'staff-invitation')).toMatchObject({
      category: 'security',
      language: 'fr-FR',
      recipients: [{ kind: 'address', email, name: 'Nina New', staffId: id }],
      data: {
        'organization.name': 'Harbour Living',
        'invitation.expires': link.expiresAt,
        'invitation.by': 'Olga Owner',
        'account.email': email,
      },
      secrets: { 'invitation.link': link.url },
    });
    expect(await codeOf(suite.call(nobody, acceptLink, { token: tokenOf(link.url), password }))).toBe('ok');
  });

  it('is kept nowhere once it was mailed, not even sealed', async () => {
    const { email, id } = await invite();
    await mailed(email, 'staff-invitation');
    await eventually(async () => expect((await linksOf(id)).map((link) => link['mailToken'] as unknown)).toEqual([null]));
  });

  it('goes out when notifications is back, and was answered at once meanwhile', async () => {
    await notifications.leave();
    const { email, id } = await invite();
    const sealed = (await linksOf(id))[0]?.['mailToken'] as string;
    expect(sealed).toMatch(/^sealed:/);
    await waits(email);
    await notifications.listen();
    await effects().updateMany({ 'payload.email': email }, { $set: { dueAt: new Date(0) } });
    await mailed(email, 'staff-invitation');
  });

  it('is not doubled when an answer gets lost', async () => {
    notifications.loses = 1;
    const { email } = await invite();
    await mailed(email, 'staff-invitation');
    await eventually(async () => expect(await effects().findOne({ 'payload.email': email })).toMatchObject({ state: 'done' }), {
      timeoutMs: 30_000,
    });
    expect(notifications.to(email)).toHaveLength(1);
  });

  it('that was replaced before it could be mailed is not mailed', async () => {
    await notifications.leave();
    const { email, id } = await invite();
    await waits(email);
    const newest = await suite.call(org.owner.actor, renewStaffLink, { staffId: id });
    await notifications.listen();
    await effects().updateMany({ 'payload.email': email, state: 'intended' }, { $set: { dueAt: new Date(0) } });
    expect((await mailed(email, 'staff-invitation')).secrets).toEqual({ 'invitation.link': newest.url });
    await eventually(async () => expect(await effects().countDocuments({ 'payload.email': email, state: 'failed' })).toBe(1));
  });

  it('that notifications refuses is tried again, and then it is known to have failed', async () => {
    notifications.fails = new DomainError('template.unknown', 'There is no such template.');
    const { email } = await invite();
    await eventually(async () =>
      expect(await effects().findOne({ 'payload.email': email })).toMatchObject({
        state: 'intended',
        attempts: 1,
        reason: 'template.unknown: There is no such template.',
      }),
    );
    notifications.fails = null;
    await effects().updateMany({ 'payload.email': email }, { $set: { dueAt: new Date(0) } });
    await mailed(email, 'staff-invitation');
  });
});

describe('a forgotten password', () => {
  it('is answered alike for everybody, and mailed to whoever has an account', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    const ask = (email: string) =>
      suite.call(nobody, requestPasswordReset, { email, address: suite.address(), userAgent: 'a test' });
    expect([await ask(staff.email), await ask(someone())]).toEqual([{}, {}]);
    const { secrets, data } = await mailed(staff.email, 'staff-password-reset');
    const url = secrets?.['password.link'] ?? '';
    expect(data).toMatchObject({ 'password.expires': expect.any(String) as unknown });
    expect(await suite.call(nobody, showLink, { token: tokenOf(url) })).toMatchObject({ purpose: 'password-reset' });
    expect(await codeOf(suite.call(nobody, acceptLink, { token: tokenOf(url), password: 'violet cranes at noon' }))).toBe('ok');
    await mailed(staff.email, 'staff-password-changed');
  });
});

describe('whoever has an account is told', () => {
  it('that their password was changed', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    await suite.call(staff.actor, changePassword, { current: password, password: 'violet cranes at noon' });
    expect(await mailed(staff.email, 'staff-password-changed')).toMatchObject({ secrets: {} });
  });

  it('that their second factor was turned off', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    await suite.db.db.collection<{ _id: string }>('staff').updateOne({ _id: staff.staffId }, { $set: { twoFactor: true } });
    await suite.call(org.owner.actor, resetTwoFactor, { staffId: staff.staffId });
    await mailed(staff.email, 'staff-two-factor-off');
  });

  it('that somebody tries passwords, once a day', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    for (let guess = 0; guess < 40; guess++)
      await codeOf(suite.signIn(staff.email, { password: 'wrong wrong wrong', address: `10.1.1.${guess}` }));
    expect(await codeOf(suite.signIn(staff.email))).toBe('sign-in.throttled');
    expect(await mailed(staff.email, 'staff-sign-in-locked')).toMatchObject({
      data: { 'event.address': expect.any(String) as unknown },
    });
    expect(notifications.to(staff.email, 'staff-sign-in-locked')).toHaveLength(1);
  });
});
