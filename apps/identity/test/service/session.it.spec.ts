import {
  archiveStaff,
  changePassword,
  endSession,
  endSessions,
  listSessions,
  refreshSession,
  resolveSession,
  sessionEnded,
  staffArchived,
  staffPasswordChanged,
  updateStaff,
  type SessionId,
} from '@leasewire/contracts';
import { newId, TokenVerifier } from '@leasewire/messaging';
import { eventually, suiteDeployment } from '@leasewire/testing';
import { mostOpenSessions } from '../../src/session/session.rules.js';
import { client, codeOf, IdentitySuite, nobody, password, type Org, type SignedInStaff } from './identity-suite.js';

let suite: IdentitySuite;
let org: Org;
let staff: SignedInStaff;
beforeAll(async () => {
  suite = await IdentitySuite.start();
  org = await suite.org();
});
beforeEach(async () => {
  staff = await suite.joined(org, [org.roles.employee]);
});

const refresh = (refreshToken: string) => suite.call(nobody, refreshSession, { refreshToken, address: '10.0.0.1', ...client });
const resolve = (sessionId: SessionId) => codeOf(suite.call(nobody, resolveSession, { sessionId }));
const sessions = () => suite.db.db.collection<{ _id: string; lastUsedAt: Date }>('sessions');
/** As if the last refresh had been so long ago. */
const rotatedAgo = (sessionId: string, ms: number) =>
  sessions().updateOne({ _id: sessionId }, { $set: { 'previous.rotatedAt': new Date(Date.now() - ms) } });

describe('an access token', () => {
  it('says who for ten minutes, signed by identity', async () => {
    const { accessToken, accessExpiresAt, sessionId, staff: me } = await suite.signIn(staff.email);
    const trusted = JSON.parse((await suiteDeployment()).environmentOf('gateway')['LEASEWIRE_TRUSTED_KEYS']!) as Record<
      string,
      string
    >;
    const clock = { now: () => new Date(), monotonicMs: () => 0 };
    const claims = new TokenVerifier(trusted, clock).verify('access', accessToken);
    expect(claims).toMatchObject({ iss: 'identity', sub: me.id, sid: sessionId, org: org.orgId });
    expect(claims.exp - claims.iat).toBe(600);
    expect(new Date(accessExpiresAt).getTime() / 1000).toBeCloseTo(claims.exp, -1);
    expect(Object.keys(claims).sort()).toEqual(['exp', 'iat', 'iss', 'org', 'sid', 'sub', 'typ']);
  });
});

describe('a refresh', () => {
  it('replaces the token, over and over, and keeps only hashes', async () => {
    const first = await suite.signIn(staff.email);
    let token = first.refreshToken;
    for (let round = 0; round < 3; round++) {
      const next = await refresh(token);
      expect(next.sessionId).toBe(first.sessionId);
      expect(next.refreshToken).not.toBe(token);
      token = next.refreshToken;
    }
    const stored = JSON.stringify(await sessions().findOne({ _id: first.sessionId }));
    expect(stored).not.toContain(token.split('.')[1]);
    expect(await sessions().findOne({ _id: first.sessionId })).toMatchObject({ address: '10.0.0.1' });
  });

  it('of two tabs at once, or whose answer got lost, gives both the same successor', async () => {
    const { refreshToken } = await suite.signIn(staff.email);
    const both = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
    expect(new Set(both.map((one) => one.refreshToken)).size).toBe(1);
    expect(await codeOf(refresh(both[0].refreshToken))).toBe('ok');
  });

  it('with an old token ends the session, for thief and owner alike, and is told', async () => {
    const { refreshToken: stolen, sessionId } = await suite.signIn(staff.email);
    const { refreshToken } = await refresh(stolen);
    await rotatedAgo(sessionId, 11_000);
    expect(await codeOf(refresh(stolen))).toBe('session.ended');
    expect(await codeOf(refresh(refreshToken))).toBe('session.ended');
    expect(await resolve(sessionId)).toBe('session.ended');
    expect((await suite.hears(sessionEnded, sessionId)).data).toMatchObject({ cause: 'token-reused' });
  });

  it('with a token whose successor was used ends the session even within the grace', async () => {
    const { refreshToken: first, sessionId } = await suite.signIn(staff.email);
    const { refreshToken: second } = await refresh(first);
    await refresh(second);
    expect(await codeOf(refresh(first))).toBe('session.ended');
    expect(await resolve(sessionId)).toBe('session.ended');
  });

  it('with an invented token of a known session does nothing to it', async () => {
    const { refreshToken, sessionId } = await suite.signIn(staff.email);
    const [, secret = '', tag = ''] = refreshToken.split('.');
    for (const invented of [
      `${sessionId}.${'A'.repeat(43)}.${tag}`,
      `${sessionId}.${secret}.${'A'.repeat(22)}`,
      `${newId('ses')}.${secret}.${tag}`,
      'x',
    ])
      expect(await codeOf(refresh(invented))).toBe('session.ended');
    expect(await resolve(sessionId)).toBe('ok');
  });
});

describe('a session', () => {
  it('that its time has passed holds no more, and is ended and told', async () => {
    const { refreshToken, sessionId } = await suite.signIn(staff.email);
    const past = new Date(Date.now() - 1000);
    await sessions().updateOne({ _id: sessionId }, { $set: { expiresAt: past, 'due.at': past } });
    expect(await resolve(sessionId)).toBe('session.ended');
    expect((await suite.hears(sessionEnded, sessionId)).data).toMatchObject({ cause: 'expired' });
    expect(await codeOf(refresh(refreshToken))).toBe('session.ended');
    expect(await sessions().findOne({ _id: sessionId })).toHaveProperty('purgeAt', expect.any(Date));
  });

  it('is listed with where it is used from, the current one marked, ended ones left out', async () => {
    await suite.signIn(staff.email, { userAgent: 'Firefox' });
    const gone = await suite.signIn(staff.email);
    await suite.call(staff.actor, endSession, { sessionId: gone.sessionId });
    const { items } = await suite.call(staff.actor, listSessions, {});
    expect(items.map(({ userAgent, current }) => [userAgent, current])).toEqual([
      ['Firefox', false],
      [client.userAgent, true],
    ]);
    const first = await suite.call(staff.actor, listSessions, { limit: 1 });
    expect((await suite.call(staff.actor, listSessions, { limit: 1, cursor: first.nextCursor! })).items[0]).toMatchObject({
      current: true,
    });
  });

  it.each([
    ['current', 'signed-out'],
    ['another', 'revoked'],
  ])('is ended: %s', async (which, cause) => {
    const { sessionId } = which === 'current' ? staff : await suite.signIn(staff.email);
    await suite.call(staff.actor, endSession, { sessionId: which === 'current' ? 'current' : sessionId });
    expect(await resolve(sessionId)).toBe('session.ended');
    expect((await suite.hears(sessionEnded, sessionId)).data).toMatchObject({ cause, session: { id: sessionId } });
  });

  it('of others is seen by those who see staff, ended by those who manage them, and does not exist for the rest', async () => {
    const colleague = await suite.joined(org, [org.roles.employee]);
    const manager = await suite.joined(org, [org.roles.manager]);
    expect(await codeOf(suite.call(colleague.actor, listSessions, { staffId: staff.staffId }))).toBe('forbidden');
    expect(await codeOf(suite.call(colleague.actor, endSession, { sessionId: staff.sessionId }))).toBe('not-found');
    expect(await codeOf(suite.call(colleague.actor, endSessions, { staffId: staff.staffId }))).toBe('not-found');
    expect((await suite.call(manager.actor, listSessions, { staffId: staff.staffId })).items).toHaveLength(1);
    expect(await codeOf(suite.call(manager.actor, endSession, { sessionId: org.owner.sessionId }))).toBe(
      'staff.beyond-own-permissions',
    );
    expect(await codeOf(suite.call(manager.actor, endSession, { sessionId: staff.sessionId }))).toBe('ok');
  });

  it('ends with all the others but the current', async () => {
    await suite.signIn(staff.email);
    await suite.signIn(staff.email);
    expect(await suite.call(staff.actor, endSessions, {})).toEqual({ ended: 2 });
    expect((await suite.call(staff.actor, listSessions, {})).items).toHaveLength(1);
    expect(await suite.call(org.owner.actor, endSessions, { staffId: staff.staffId })).toEqual({ ended: 1 });
    expect(await resolve(staff.sessionId)).toBe('session.ended');
  });

  it('ends with archiving, told in the same breath', async () => {
    await suite.call(org.owner.actor, archiveStaff, { staffId: staff.staffId });
    expect(await resolve(staff.sessionId)).toBe('session.ended');
    const [left, ended] = await Promise.all([
      suite.hears(staffArchived, staff.staffId),
      suite.hears(sessionEnded, staff.sessionId),
    ]);
    expect(ended).toMatchObject({
      data: { cause: 'archived' },
      correlationId: left.correlationId,
      actor: `staff:${org.owner.staffId}`,
    });
  });

  it('is used noted to the minute, and not more often', async () => {
    const before = await sessions().findOne({ _id: staff.sessionId });
    await resolve(staff.sessionId);
    expect(await sessions().findOne({ _id: staff.sessionId })).toEqual(before);
    await sessions().updateOne({ _id: staff.sessionId }, { $set: { lastUsedAt: new Date(0) } });
    await resolve(staff.sessionId);
    await eventually(async () =>
      expect(Number((await sessions().findOne({ _id: staff.sessionId }))?.lastUsedAt)).toBeGreaterThan(0),
    );
  });

  it('says at once what its holder may do now', async () => {
    await suite.call(org.owner.actor, updateStaff, { staffId: staff.staffId, roleIds: [org.roles.manager], properties: [] });
    const actor = await suite.actorOf(staff.sessionId);
    expect(actor).toMatchObject({ properties: [], permissions: { 'accounts.staff': 'full' } });
  });

  it(`is one of ${mostOpenSessions} at most`, async () => {
    const [row] = await sessions().find({ _id: staff.sessionId }).toArray();
    const more = Array.from({ length: mostOpenSessions - 1 }, () => ({ ...row!, _id: newId('ses') }));
    await sessions().insertMany(more);
    await suite.signIn(staff.email);
    expect(await sessions().countDocuments({ staffId: staff.staffId, ended: null })).toBe(mostOpenSessions);
    expect((await suite.hears(sessionEnded, staff.sessionId)).data).toMatchObject({ cause: 'expired' });
  });
});

describe('changing one’s password', () => {
  const next = 'violet harbour crane';

  it('ends every other session and keeps this one; the old password opens nothing', async () => {
    const other = await suite.signIn(staff.email);
    await suite.call(staff.actor, changePassword, { current: password, password: next });
    expect(await resolve(staff.sessionId)).toBe('ok');
    expect(await resolve(other.sessionId)).toBe('session.ended');
    await suite.hears(staffPasswordChanged, staff.staffId);
    expect((await suite.hears(sessionEnded, other.sessionId)).data).toMatchObject({ cause: 'password-changed' });
    expect(await codeOf(suite.signIn(staff.email))).toBe('sign-in.refused');
    expect(await codeOf(suite.signIn(staff.email, { password: next }))).toBe('ok');
  });

  it('repeated under the same key is done once', async () => {
    const options = { idempotencyKey: 'change' };
    for (let round = 0; round < 2; round++)
      expect(await codeOf(suite.call(staff.actor, changePassword, { current: password, password: next }, options))).toBe('ok');
    await suite.hears(staffPasswordChanged, staff.staffId);
  });

  it('needs the current one, and guesses at it are slowed down', async () => {
    const codes = [];
    for (let at = 0; at < 8; at++)
      codes.push(await codeOf(suite.call(staff.actor, changePassword, { current: 'wrong', password: next })));
    expect(codes[0]).toBe('password.wrong');
    expect(codes.at(-1)).toBe('sign-in.throttled');
  });

  it.each(['passwordpassword1', 'Sam Staff 2026 ok', 'short'])('to “%s” is refused', async (weak) => {
    const code = await codeOf(suite.call(staff.actor, changePassword, { current: password, password: weak }));
    expect(code).toBe(weak === 'short' ? 'invalid-input' : 'password.too-weak');
  });
});
