import {
  acceptLink,
  confirmTwoFactor,
  disableTwoFactor,
  renewRecoveryCodes,
  renewStaffLink,
  resetTwoFactor,
  resolveSession,
  staffTwoFactorChanged,
  startTwoFactor,
} from '@leasewire/contracts';
import { fromBase32, stepAt, totp } from '../../src/two-factor/totp.rules.js';
import { codeOf, IdentitySuite, nobody, password, tokenOf, type Org, type SignedInStaff } from './identity-suite.js';

let suite: IdentitySuite;
let org: Org;
let staff: SignedInStaff;
beforeAll(async () => {
  suite = await IdentitySuite.start();
  org = await suite.org('Harbour Living');
});
beforeEach(async () => {
  staff = await suite.joined(org, [org.roles.employee]);
});

/** As if no code had been used: a test does not wait half a minute for the next. */
const forgetUsed = () =>
  suite.db.db.collection<{ _id: string }>('credentials').updateOne({ _id: staff.staffId }, { $set: { 'twoFactor.usedStep': 0 } });
const codeNow = (secret: string) => totp(fromBase32(secret), stepAt(new Date()));

async function turnedOn(): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await suite.call(staff.actor, startTwoFactor, { password });
  const { recoveryCodes } = await suite.call(staff.actor, confirmTwoFactor, { code: codeNow(secret) });
  await forgetUsed();
  return { secret, recoveryCodes };
}

describe('the second factor', () => {
  it('is offered, and on when a code of it was given; nothing of it is kept in clear', async () => {
    const { secret, url } = await suite.call(staff.actor, startTwoFactor, { password });
    expect(url).toContain(`otpauth://totp/Harbour%20Living:${encodeURIComponent(staff.email)}?secret=${secret}`);
    expect(await codeOf(suite.signIn(staff.email))).toBe('ok'); // not on yet
    const { recoveryCodes } = await suite.call(staff.actor, confirmTwoFactor, { code: codeNow(secret) });
    expect(recoveryCodes).toHaveLength(10);
    expect(await suite.hears(staffTwoFactorChanged, staff.staffId)).toMatchObject({ data: { staff: { twoFactor: true } } });
    for (const name of ['credentials', 'idempotency', 'outbox', 'staff']) {
      const stored = JSON.stringify(await suite.db.db.collection(name).find().toArray());
      for (const hidden of [secret, ...recoveryCodes]) expect(stored).not.toContain(hidden);
    }
    expect(await codeOf(suite.call(staff.actor, startTwoFactor, { password }))).toBe('two-factor.already-on');
    expect(await codeOf(suite.call(staff.actor, confirmTwoFactor, { code: codeNow(secret) }))).toBe('two-factor.already-on');
  });

  it('is asked for after the password, never before', async () => {
    const { secret } = await turnedOn();
    expect(await codeOf(suite.signIn(staff.email, { password: 'wrong', code: codeNow(secret) }))).toBe('sign-in.refused');
    expect(await codeOf(suite.signIn(staff.email))).toBe('sign-in.second-factor-required');
    expect(await codeOf(suite.signIn(staff.email, { code: codeNow(secret) }))).toBe('ok');
  });

  it('takes each code once, also of two at the same moment', async () => {
    const { secret } = await turnedOn();
    const code = codeNow(secret);
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(suite.signIn(staff.email, { code }))));
    expect(codes.filter((one) => one === 'ok')).toHaveLength(1);
    expect(await codeOf(suite.signIn(staff.email, { code }))).toBe('sign-in.second-factor-refused');
  });

  it('of a sign-in that is repeated under its key is not asked for again', async () => {
    const { secret } = await turnedOn();
    const [options, more] = [{ idempotencyKey: 'again' }, { code: codeNow(secret), address: suite.address() }];
    const one = await suite.signIn(staff.email, more, options);
    expect((await suite.signIn(staff.email, more, options)).sessionId).toBe(one.sessionId);
  });

  it('can be a recovery code, each once', async () => {
    const { recoveryCodes } = await turnedOn();
    expect(await codeOf(suite.signIn(staff.email, { code: recoveryCodes[0]!.toUpperCase() }))).toBe('ok');
    expect(await codeOf(suite.signIn(staff.email, { code: recoveryCodes[0]! }))).toBe('sign-in.second-factor-refused');
    const { recoveryCodes: fresh } = await suite.call(staff.actor, renewRecoveryCodes, { password });
    expect(await codeOf(suite.signIn(staff.email, { code: recoveryCodes[1]! }))).toBe('sign-in.second-factor-refused');
    expect(await codeOf(suite.signIn(staff.email, { code: fresh[1]! }))).toBe('ok');
  });

  it('guessed at is slowed down, from wherever', async () => {
    await turnedOn();
    const codes = [];
    for (let guess = 0; guess < 7; guess++) codes.push(await codeOf(suite.signIn(staff.email, { code: '000000' })));
    expect(codes.slice(0, 5)).not.toContain('sign-in.throttled');
    expect(codes.at(-1)).toBe('sign-in.throttled');
    expect(await codeOf(suite.signIn(staff.email))).toBe('sign-in.second-factor-required');
  });

  describe('guessed at by somebody who knows the password', () => {
    const guess = (more = {}) => codeOf(suite.signIn(staff.email, { code: '000000', ...more }));

    it('lets the person in on a device they used before, and anywhere after a new password by link', async () => {
      const { secret, recoveryCodes } = await turnedOn();
      const { deviceToken = '' } = await suite.signIn(staff.email, { code: recoveryCodes[0]! });
      for (let n = 0; n < 7; n++) await guess();
      expect(await codeOf(suite.signIn(staff.email, { code: recoveryCodes[1]! }))).toBe('sign-in.throttled');
      expect(await codeOf(suite.signIn(staff.email, { code: recoveryCodes[1]!, deviceToken }))).toBe('ok');
      expect(await codeOf(suite.call(staff.actor, disableTwoFactor, { password, code: '000000' }))).toBe(
        'sign-in.second-factor-refused',
      );
      const { url } = await suite.call(org.owner.actor, renewStaffLink, { staffId: staff.staffId });
      await suite.call(nobody, acceptLink, { token: tokenOf(url), password: 'violet cranes at noon' });
      expect(await codeOf(suite.signIn(staff.email, { password: 'violet cranes at noon', code: codeNow(secret) }))).toBe('ok');
    });

    it('is slowed down on such a device too', async () => {
      const { recoveryCodes } = await turnedOn();
      const { deviceToken = '' } = await suite.signIn(staff.email, { code: recoveryCodes[0]! });
      const codes = [];
      for (let n = 0; n < 7; n++) codes.push(await guess({ deviceToken }));
      expect(codes.at(-1)).toBe('sign-in.throttled');
    });
  });

  it('is turned off with password and code', async () => {
    const { secret } = await turnedOn();
    expect(await codeOf(suite.call(staff.actor, disableTwoFactor, { password: 'wrong', code: codeNow(secret) }))).toBe(
      'password.wrong',
    );
    expect(await codeOf(suite.call(staff.actor, disableTwoFactor, { password, code: '000000' }))).toBe(
      'sign-in.second-factor-refused',
    );
    expect(await codeOf(suite.call(staff.actor, disableTwoFactor, { password, code: codeNow(secret) }))).toBe('ok');
    expect(await codeOf(suite.signIn(staff.email))).toBe('ok');
    expect(await codeOf(suite.call(staff.actor, disableTwoFactor, { password, code: '000000' }))).toBe('conflict.state');
    expect(await codeOf(suite.call(staff.actor, renewRecoveryCodes, { password }))).toBe('conflict.state');
    await suite.hears(staffTwoFactorChanged, staff.staffId, 2);
  });

  it('is turned off by staff for someone who lost everything; their sessions end', async () => {
    await turnedOn();
    expect(await suite.call(org.owner.actor, resetTwoFactor, { staffId: staff.staffId })).toMatchObject({ twoFactor: false });
    expect(await codeOf(suite.call(nobody, resolveSession, { sessionId: staff.sessionId }))).toBe('session.ended');
    expect(await codeOf(suite.signIn(staff.email))).toBe('ok');
    expect(await codeOf(suite.call(org.owner.actor, resetTwoFactor, { staffId: staff.staffId }))).toBe('conflict.state');
    expect(await codeOf(suite.call(org.owner.actor, resetTwoFactor, { staffId: org.owner.staffId }))).toBe('conflict.state');
  });

  it('needs a secret first, and the password for it', async () => {
    expect(await codeOf(suite.call(staff.actor, confirmTwoFactor, { code: '123456' }))).toBe('two-factor.not-started');
    expect(await codeOf(suite.call(staff.actor, startTwoFactor, { password: 'wrong' }))).toBe('password.wrong');
  });
});
