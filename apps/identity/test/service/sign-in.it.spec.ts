import {
  acceptLink,
  archiveStaff,
  inviteStaff,
  renewStaffLink,
  requestPasswordReset,
  restoreStaff,
  sessionStarted,
  signIn,
  staffPasswordResetRequested,
  staffSignInRefused,
  type StaffId,
} from '@leasewire/contracts';
import { eventually } from '@leasewire/testing';
import { PasswordHasher } from '../../src/password/password-hasher.js';
import { throttlePolicies } from '../../src/throttle/throttle.rules.js';
import { client, codeOf, IdentitySuite, nobody, password, tokenOf, type Org, type SignedInStaff } from './identity-suite.js';

let suite: IdentitySuite;
let org: Org;
beforeAll(async () => {
  suite = await IdentitySuite.start();
  org = await suite.org('Harbour Living');
});

const computations = () => suite.service.get(PasswordHasher).computations;
async function costOf(work: Promise<unknown>): Promise<number> {
  const before = computations();
  await work;
  return computations() - before;
}

describe('signing in', () => {
  it('opens a session and says who, under their own name', async () => {
    const signedIn = await suite.signIn(`  ${org.owner.email.toUpperCase()} `);
    expect(signedIn).toMatchObject({
      staff: { email: org.owner.email, state: 'active' },
      organization: { name: 'Harbour Living' },
    });
    expect(signedIn.staff.lastSignInAt).not.toBeNull();
    const fact = await suite.hears(sessionStarted, signedIn.sessionId);
    expect(fact.actor).toBe(`staff:${org.owner.staffId}`);
    expect(JSON.stringify(fact)).not.toContain(signedIn.refreshToken);
  });

  it('with the same idempotency key gives the same session', async () => {
    const options = { idempotencyKey: 'once' };
    const address = suite.address();
    const one = await suite.signIn(org.owner.email, { address }, options);
    const again = await suite.signIn(org.owner.email, { address }, options);
    expect(again.sessionId).toBe(one.sessionId);
    expect(again.refreshToken).toBe(one.refreshToken);
    const kept = await suite.db.db.collection('idempotency').find({}).toArray();
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify(kept)).not.toContain(one.refreshToken);
    expect(JSON.stringify(kept)).not.toContain(one.accessToken);
  });

  it('answers and works alike for every reason to refuse', async () => {
    const archived = await suite.joined(org, [org.roles.employee]);
    await suite.call(org.owner.actor, archiveStaff, { staffId: archived.staffId });
    const invited = await suite.call(org.owner.actor, inviteStaff, {
      email: 'invited@example.com',
      name: 'In Vited',
      roleIds: [org.roles.employee],
    });
    const tries = { nobody: 'nobody@example.com', wrong: org.owner.email, archived: archived.email, invited: invited.email };
    for (const [name, email] of Object.entries(tries)) {
      const given = name === 'wrong' ? 'some wrong password' : password;
      const before = computations();
      const error: unknown = await suite.signIn(email, { password: given }).catch((refused: unknown) => refused);
      expect({ name, error }).toMatchObject({ name, error: { code: 'sign-in.refused', details: {} } });
      expect((error as Error).message).toMatch(/^E-mail address and password do not belong together/);
      expect({ name, computations: computations() - before }).toEqual({ name, computations: 1 });
    }
  });

  it('of a person of several organizations asks which, only when the password opens several', async () => {
    const [a, b, c] = [await suite.org('Alpha Homes'), await suite.org('Beta Homes'), await suite.org('Gamma Homes')];
    const email = 'everywhere@example.com';
    const own = [password, password, 'another velvet teapot'];
    for (const [at, one] of [a, b, c].entries()) {
      const { link } = await suite.call(one.owner.actor, inviteStaff, { email, name: 'Eve', roleIds: [one.roles.employee] });
      await suite.call(nobody, acceptLink, { token: tokenOf(link.url), password: own[at]! });
    }
    const choice = (await suite.signIn(email).catch((error: unknown) => error)) as { code: string; details: unknown };
    expect(choice.code).toBe('sign-in.choose-organization');
    expect(choice.details).toEqual({
      organizations: [
        { id: a.orgId, name: 'Alpha Homes' },
        { id: b.orgId, name: 'Beta Homes' },
      ],
    });
    expect((await suite.signIn(email, { organizationId: b.orgId })).organization.id).toBe(b.orgId);
    expect((await suite.signIn(email, { password: own[2]! })).organization.id).toBe(c.orgId);
    expect(await codeOf(suite.signIn(email, { organizationId: c.orgId }))).toBe('sign-in.refused');
    expect(await codeOf(suite.signIn(email, { organizationId: org.orgId }))).toBe('sign-in.refused');
    expect(await costOf(suite.signIn(email, { password: 'none of the three' }).catch(() => undefined))).toBe(1);
  });

  it('makes hashes of another cost anew', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    const credentials = suite.db.db.collection<{ _id: string; passwordHash: string }>('credentials');
    const old = await new PasswordHasher({ memoryKib: 16, passes: 2, atOnce: 1, mostWaiting: 1 }).hash(password);
    await credentials.updateOne({ _id: staff.staffId }, { $set: { passwordHash: old } });
    await suite.signIn(staff.email);
    expect((await credentials.findOne({ _id: staff.staffId }))?.passwordHash).toMatch(/m=8,t=1/);
    await suite.signIn(staff.email);
  });

  it('and being archived at the same moment leaves no session open', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    await Promise.all([
      ...Array.from({ length: 6 }, () => codeOf(suite.signIn(staff.email))),
      suite.call(org.owner.actor, archiveStaff, { staffId: staff.staffId }),
    ]);
    expect(await suite.db.db.collection('sessions').countDocuments({ staffId: staff.staffId, ended: null })).toBe(0);
    await suite.call(org.owner.actor, restoreStaff, { staffId: staff.staffId });
    expect(await codeOf(suite.signIn(staff.email))).toBe('ok');
  });
});

describe('guessing', () => {
  const guess = (email: string, address: string, more = {}) =>
    codeOf(suite.signIn(email, { password: 'a wrong guess!', address, ...more }));

  it('from one address at one account is slowed down, even all at once, and only there', async () => {
    const [staff, address] = [await suite.joined(org, [org.roles.employee]), suite.address()];
    const before = computations();
    const codes = await Promise.all(Array.from({ length: 20 }, () => guess(staff.email, address)));
    expect(codes.filter((code) => code === 'sign-in.refused')).toHaveLength(throttlePolicies.pair.free + 1);
    expect(codes.filter((code) => code === 'sign-in.throttled')).toHaveLength(20 - throttlePolicies.pair.free - 1);
    expect(computations() - before).toBe(throttlePolicies.pair.free + 1);
    const error = (await suite.signIn(staff.email, { address }).catch((refused: unknown) => refused)) as {
      details: { retryAfterSeconds: number };
    };
    expect(error.details.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(await codeOf(suite.signIn(staff.email))).toBe('ok'); // the person, elsewhere
    expect(await guess('somebody-else@example.com', address)).toBe('sign-in.refused'); // a colleague behind the same address
  });

  it('is slowed down alike for an account that does not exist', async () => {
    const address = suite.address();
    for (let at = 0; at <= throttlePolicies.pair.free; at++)
      expect(await guess('ghost@example.com', address)).toBe('sign-in.refused');
    expect(await guess('ghost@example.com', address)).toBe('sign-in.throttled');
  });

  it('from everywhere does not keep the person out on a device they used before', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    const { deviceToken } = await suite.signIn(staff.email);
    const many = Array.from({ length: throttlePolicies.account.free + 5 }, () => guess(staff.email, suite.address()));
    expect(await Promise.all(many)).toContain('sign-in.throttled');
    expect(await codeOf(suite.signIn(staff.email))).toBe('sign-in.throttled'); // a device nobody knows waits like everyone, seconds
    expect(await codeOf(suite.signIn(staff.email, { deviceToken: deviceToken! }))).toBe('ok');
  });

  it('with a stolen device token is slowed down too, and does not help with other accounts', async () => {
    const [staff, other] = [await suite.joined(org, [org.roles.employee]), await suite.joined(org, [org.roles.employee])];
    const { deviceToken } = await suite.signIn(staff.email);
    const stolen = { deviceToken: deviceToken! };
    const codes = [];
    for (let at = 0; at <= throttlePolicies.device.free + 1; at++) codes.push(await guess(staff.email, suite.address(), stolen));
    expect(codes.at(-1)).toBe('sign-in.throttled');
    const address = suite.address();
    for (let at = 0; at <= throttlePolicies.pair.free; at++) await guess(other.email, address, stolen);
    expect(await guess(other.email, address, stolen)).toBe('sign-in.throttled');
    expect(await codeOf(suite.signIn(staff.email, { deviceToken: 'made up' }))).toBe('ok');
  });

  it('is told to the organization, once a minute', async () => {
    const [staff, address] = [await suite.joined(org, [org.roles.employee]), suite.address()];
    for (let at = 0; at < 3; at++) await guess(staff.email, address);
    const fact = await suite.hears(staffSignInRefused, staff.staffId);
    expect(fact.data).toMatchObject({ reason: 'password', address, staff: { id: staff.staffId } });
    expect(fact.actor).toBe('service:identity');
  });

  it('ends with a success', async () => {
    const [staff, address] = [await suite.joined(org, [org.roles.employee]), suite.address()];
    for (let round = 0; round < 3; round++) {
      for (let at = 0; at < throttlePolicies.pair.free; at++) expect(await guess(staff.email, address)).toBe('sign-in.refused');
      expect(await codeOf(suite.signIn(staff.email, { address }))).toBe('ok');
    }
  });
});

describe('an account that another organization has of the same address', () => {
  const theirs = 'another velvet teapot';
  const wrongs = Array.from({ length: throttlePolicies.pair.free + 1 }, (_, n) => `wrong guess ${n}`);
  let home: Org;
  let victim: SignedInStaff;
  let other: Org;
  beforeEach(async () => {
    [home, other] = [await suite.org(), await suite.org()];
    victim = await suite.joined(home, [home.roles.employee]);
    const { link } = await suite.call(other.owner.actor, inviteStaff, {
      email: victim.email,
      name: 'Whoever',
      roleIds: [other.roles.employee],
    });
    await suite.call(nobody, acceptLink, { token: tokenOf(link.url), password: theirs });
  });

  it('helps nobody to guess: its password between the guesses resets nothing', async () => {
    const address = suite.address();
    const codes = [];
    for (const guess of wrongs) {
      codes.push(await codeOf(suite.signIn(victim.email, { password: guess, address, organizationId: home.orgId })));
      await codeOf(suite.signIn(victim.email, { password: theirs, address }));
    }
    codes.push(await codeOf(suite.signIn(victim.email, { password: 'one more guess', address, organizationId: home.orgId })));
    expect(codes.filter((code) => code === 'sign-in.refused')).toHaveLength(throttlePolicies.pair.free + 1);
    expect(codes.at(-1)).toBe('sign-in.throttled');
  });

  it('makes devices known for itself only', async () => {
    const address = suite.address();
    const { deviceToken = '' } = await suite.signIn(victim.email, { password: theirs, address });
    for (const guess of wrongs) await codeOf(suite.signIn(victim.email, { password: guess, address }));
    const there = { address, deviceToken };
    expect(await codeOf(suite.signIn(victim.email, { ...there, organizationId: home.orgId }))).toBe('sign-in.throttled');
    expect(await codeOf(suite.signIn(victim.email, there))).toBe('sign-in.refused'); // right, but not tried there
    expect(await codeOf(suite.signIn(victim.email, { ...there, password: theirs }))).toBe('ok');
  });

  it('leaves the person a device of their own, which one for both becomes', async () => {
    const { deviceToken: one = '' } = await suite.signIn(victim.email);
    const { deviceToken: both = '' } = await suite.signIn(victim.email, { password: theirs, deviceToken: one });
    const guesses = Array.from({ length: throttlePolicies.account.free + 5 }, () =>
      codeOf(suite.signIn(victim.email, { password: 'wrong' })),
    );
    expect(await Promise.all(guesses)).toContain('sign-in.throttled');
    expect(await codeOf(suite.signIn(victim.email))).toBe('sign-in.throttled');
    expect((await suite.signIn(victim.email, { deviceToken: both })).organization.id).toBe(home.orgId);
    expect((await suite.signIn(victim.email, { deviceToken: both, password: theirs })).organization.id).toBe(other.orgId);
  });

  it('and a link to it do not let in those who were kept waiting at the other', async () => {
    for (let n = 0; n < throttlePolicies.account.free + 5; n++) await codeOf(suite.signIn(victim.email, { password: 'wrong' }));
    expect(await codeOf(suite.signIn(victim.email))).toBe('sign-in.throttled');
    const staff = await suite.db.db.collection<{ _id: StaffId }>('staff').findOne({ email: victim.email, orgId: other.orgId });
    const { url } = await suite.call(other.owner.actor, renewStaffLink, { staffId: staff!._id });
    await suite.call(nobody, acceptLink, { token: tokenOf(url), password: theirs });
    expect(await codeOf(suite.signIn(victim.email))).toBe('sign-in.throttled');
  });
});

describe('too many at once', () => {
  it('are told to come back, and the others get in', async () => {
    const crowded = suite.service.get(PasswordHasher);
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        crowded.matching('x', `x${n}`, []).then(
          () => 'ok',
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(codes.filter((code) => code === 'ok')).toHaveLength(130);
    expect(codes.filter((code) => code === 'unavailable')).toHaveLength(70);
  });
});

describe('a forgotten password', () => {
  const forget = (email: string, address = suite.address()) =>
    codeOf(suite.call(nobody, requestPasswordReset, { email, address, ...client }));

  it('is told to the organization; the answer is the same for nobody, and so is what is written down', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    const rows = suite.db.db.collection('reset_requests');
    const before = await rows.countDocuments();
    expect(await forget(staff.email)).toBe('ok');
    expect(await forget('nobody-at-all@example.com')).toBe('ok');
    expect((await rows.countDocuments()) - before).toBe(2);
    const fact = await suite.hears(staffPasswordResetRequested, staff.staffId);
    expect(fact.actor).toBe('service:identity');
    await eventually(async () => expect(await rows.countDocuments({ due: { $exists: true } })).toBe(0));
  });

  it('asked for again and again is answered alike and done little', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    for (let at = 0; at < 8; at++) expect(await forget(staff.email)).toBe('ok');
    const rows = suite.db.db.collection('reset_requests');
    await eventually(async () => expect(await rows.countDocuments({ due: { $exists: true } })).toBe(0));
    await suite.hears(staffPasswordResetRequested, staff.staffId, throttlePolicies['reset-account'].free + 1);
  });

  it('asked for by one address for many is refused after a while', async () => {
    const address = suite.address();
    const codes = [];
    for (let at = 0; at < throttlePolicies['reset-address'].free + 2; at++)
      codes.push(await forget(`x${at}@example.com`, address));
    expect(codes.at(-1)).toBe('sign-in.throttled');
  });
});

it('only a service may ask for a stranger', async () => {
  expect(await codeOf(suite.call(org.owner.actor, signIn, { email: 'x@y.example', password: 'x', address: '', ...client }))).toBe(
    'forbidden',
  );
});
