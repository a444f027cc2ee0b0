import {
  acceptResidentReset,
  changeResidentPassword,
  chooseResident,
  closeResidentAccount,
  confirmResidentEmail,
  endResidentSession,
  endResidentView,
  endSessionsOfResident,
  enterResidentSession,
  enterResidentView,
  identitySnapshot,
  listResidentSessions,
  listSessionsOfResident,
  openResidentAccount,
  requestResidentEmail,
  requestResidentPasswordReset,
  residentAccountArchived,
  residentAccountClosed,
  residentAccountErased,
  residentAccountOpened,
  residentAccountRestored,
  residentArchived,
  residentEmailChanged,
  residentLanguageChanged,
  residentPasswordChanged,
  Resident,
  residentRegistered,
  residentSessionEnded,
  residentSessionStarted,
  setResidentLanguage,
  residentViewEnded,
  residentViewStarted,
  showResidentLink,
  startResidentView,
  type OutputOf,
  type SessionId,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually, staffActor } from '@leasewire/testing';
import { PasswordHasher } from '../../src/password/password-hasher.js';
import { ResidencyReadModel } from '../../src/residency/residency.read-model.js';
import { rotatesAfterMs } from '../../src/session/session.rules.js';
import { client, codeOf, nobody, type Org } from './identity-suite.js';
import { firstPassword, linkIn, ResidentSuite, tokenIn, type Tenant } from './resident-suite.js';

let suite: ResidentSuite;
let org: Org;
beforeAll(async () => {
  suite = await ResidentSuite.start();
  org = await suite.identity.org('Harbour Living');
});

const second = 'velvet otter parade nine';
const patience = { timeoutMs: 20_000 };
const enter = (refreshToken: string) =>
  suite.identity.call(nobody, enterResidentSession, { refreshToken, address: '10.1.1.1', ...client });
const sessionsOf = (personId: string) => suite.identity.db.db.collection('resident_sessions').find({ personId });

/** identity has heard that they are now so. */
const known = ({ residentId }: Tenant, state: string) =>
  eventually(async () => {
    const homes = suite.identity.db.db.collection<{ _id: string; state: string }>('residencies');
    expect((await homes.findOne({ _id: residentId }))?.state).toBe(state);
  }, patience);

describe('an activated account', () => {
  it('can be signed in to, and says who it is without a secret in any event', async () => {
    const tenant = await suite.activated(org.orgId);
    const opened = await suite.identity.hears(residentAccountOpened, tenant.personId);
    expect(opened.data).toMatchObject({ account: { email: tenant.email, state: 'active', emailSource: 'directory' } });
    const signedIn = await suite.signIn(tenant.email.toUpperCase());
    expect(signedIn).toMatchObject({ account: { personId: tenant.personId }, organization: { name: 'Harbour Living' } });
    const started = await suite.identity.hears(residentSessionStarted, signedIn.sessionId);
    expect(started.actor).toBe(`resident:${tenant.personId}`);
    const said = JSON.stringify(suite.identity.heard);
    for (const secret of [signedIn.refreshToken, firstPassword, '$argon2']) expect(said).not.toContain(secret);
  });

  it('is opened once, however often onboarding repeats it, and keeps its session', async () => {
    const tenant = await suite.activated(org.orgId);
    const { refreshToken, account } = await suite.signIn(tenant.email);
    expect((await suite.activate(tenant)).version).toBe(account.version);
    expect((await enter(refreshToken)).account.personId).toBe(tenant.personId);
    await suite.activate(tenant, second);
    expect(await codeOf(enter(refreshToken))).toBe('session.ended');
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
    await suite.identity.hears(residentPasswordChanged, tenant.personId);
  });

  it('takes no password that is easy to guess, and says which rule it breaks', async () => {
    const tenant = suite.tenant(org.orgId);
    const refusal = await suite.activate(tenant, 'noor haddad 2026').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'password.too-weak', details: { reason: 'holds-own-name' } });
    expect(await codeOf(suite.activate(tenant, 'password1234'))).toBe('password.too-weak');
  });

  it('is no account of staff, and staff are no residents', async () => {
    const tenant = await suite.activated(org.orgId);
    expect(await codeOf(suite.identity.signIn(tenant.email))).toBe('sign-in.refused');
    expect(await codeOf(suite.signIn(org.owner.email))).toBe('sign-in.refused');
    expect(await codeOf(suite.identity.call(org.owner.actor, listResidentSessions, {}))).toBe('forbidden');
    expect(await codeOf(suite.identity.call(org.owner.actor, closeResidentAccount, { current: firstPassword }))).toBe(
      'forbidden',
    );
  });
});

describe('a password that is set before the activation is complete', () => {
  const open = ({ orgId, personId }: Tenant) => suite.identity.call(suite.asOnboarding(orgId), openResidentAccount, { personId });
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = suite.tenant(org.orgId);
    await suite.activate(tenant, firstPassword, 'when-activated');
  });

  it('opens nothing and is told to nobody, until onboarding says so', async () => {
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
    expect(suite.identity.events(residentAccountOpened, tenant.personId)).toEqual([]);
    await open(tenant);
    expect(await codeOf(suite.signIn(tenant.email))).toBe('ok');
    await open(tenant);
    await suite.identity.hears(residentAccountOpened, tenant.personId);
  });

  it('opens the account too when onboarding could only say it by its event', async () => {
    await suite.saysActivated(tenant);
    await suite.identity.hears(residentAccountOpened, tenant.personId);
    expect(await codeOf(suite.signIn(tenant.email))).toBe('ok');
  });

  it('opens nothing again for whoever closed their account before the event came', async () => {
    await open(tenant);
    await suite.identity.call(suite.actorOf(tenant), closeResidentAccount, { current: firstPassword });
    await suite.saysActivated(tenant);
    const other = suite.tenant(org.orgId);
    await suite.activate(other, firstPassword, 'when-activated');
    await suite.saysActivated(other);
    await suite.identity.hears(residentAccountOpened, other.personId); // so the one before was heard too
    await open(tenant);
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
  });

  it('waits for whoever moved out meanwhile to be back', async () => {
    await suite.says(residentArchived, tenant, 'archived', 2);
    await known(tenant, 'archived');
    await open(tenant);
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
    await suite.says(residentRegistered, tenant, 'active', 3);
    await suite.identity.hears(residentAccountRestored, tenant.personId);
    expect(await codeOf(suite.signIn(tenant.email))).toBe('ok');
  });
});

describe('an account of somebody who lives nowhere here any more', () => {
  it.each(['at-once', 'when-activated'] as const)('is not opened: %s', async (opens) => {
    const tenant = suite.tenant(org.orgId);
    await suite.says(residentRegistered, tenant, 'active', 1);
    await suite.says(residentArchived, tenant, 'archived', 2);
    await known(tenant, 'archived');
    expect(await codeOf(suite.activate(tenant, firstPassword, opens))).toBe('conflict.state');
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
    await suite.says(residentRegistered, tenant, 'active', 3);
    await known(tenant, 'active');
    expect(await codeOf(suite.activate(tenant, firstPassword, opens))).toBe('ok');
  });

  it('is not left open by an archiving at the same moment', async () => {
    const tenants = Array.from({ length: 12 }, () => suite.tenant(org.orgId));
    for (const tenant of tenants) await suite.says(residentRegistered, tenant, 'active', 1);
    for (const tenant of tenants) await known(tenant, 'active');
    await Promise.all(
      tenants.flatMap((tenant) => [codeOf(suite.activate(tenant)), suite.says(residentArchived, tenant, 'archived', 2)]),
    );
    for (const tenant of tenants) await known(tenant, 'archived');
    for (const { email } of tenants) expect(await codeOf(suite.signIn(email))).toBe('sign-in.refused');
  });
});

describe('who guesses', () => {
  const computations = () => suite.identity.service.get(PasswordHasher).computations;

  it('learns nothing: one computation and one answer for nobody, a wrong password, a closed and an archived account', async () => {
    const [live, closed] = [await suite.activated(org.orgId), await suite.activated(org.orgId)];
    await suite.identity.call(suite.actorOf(closed), closeResidentAccount, { current: firstPassword });
    const answers: unknown[] = [];
    for (const email of ['nobody@example.com', live.email, closed.email]) {
      const before = computations();
      answers.push(await suite.signIn(email, { password: 'wrong password here' }).catch((error: unknown) => error));
      expect(computations() - before).toBe(1);
    }
    expect(new Set(answers.map((error) => JSON.stringify([(error as { code: string }).code, String(error)]))).size).toBe(1);
  });

  it('waits after some tries, and nobody else does', async () => {
    const tenant = await suite.activated(org.orgId);
    const address = suite.identity.address();
    const codes: string[] = [];
    for (let at = 0; at < 8; at++)
      codes.push(await codeOf(suite.signIn(tenant.email, { address, password: `guess number ${at}` })));
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('sign-in.refused'));
    expect(codes.at(-1)).toBe('sign-in.throttled');
    expect(await codeOf(suite.signIn(tenant.email))).toBe('ok');
  });

  it('resets nothing with the password of somebody else who has the address', async () => {
    const tenant = await suite.activated(org.orgId);
    await suite.activated(org.orgId, tenant.email, 'Somebody Else', 'another velvet teapot');
    const address = suite.identity.address();
    const theirs = () => suite.signIn(tenant.email, { address, password: 'another velvet teapot' });
    const { deviceToken } = await theirs();
    const codes: string[] = [];
    for (let at = 0; at < 7; at++) {
      codes.push(await codeOf(suite.signIn(tenant.email, { address, password: `guess number ${at}` })));
      await codeOf(theirs());
    }
    expect(codes.at(-1)).toBe('sign-in.throttled');
    expect(await codeOf(suite.signIn(tenant.email, { address, deviceToken, personId: tenant.personId }))).toBe(
      'sign-in.throttled',
    );
    expect(await codeOf(suite.signIn(tenant.email, { address, deviceToken, password: 'another velvet teapot' }))).toBe('ok');
  });

  it('learns nothing from “forgot password”, which takes as long for nobody', async () => {
    const tenant = await suite.activated(org.orgId);
    const ask = (email: string) =>
      suite.identity.call(nobody, requestResidentPasswordReset, { email, address: suite.identity.address(), ...client });
    const took = async (email: string) => {
      const started = performance.now();
      expect(await ask(email)).toEqual({});
      return performance.now() - started;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let at = 0; at < 15; at++) {
      known.push(await took(tenant.email));
      unknown.push(await took(`nobody-${newId('x')}@example.com`));
    }
    // Both write one row; on a busy machine answers vary upwards, the quickest of many hardly does. Whoever made the link or wrote the
    // mail before answering would take several times as long.
    const [quickest, slower] = [Math.min(...known), Math.min(...unknown)].sort((a, b) => a - b) as [number, number];
    expect(slower / quickest).toBeLessThan(2);
    await suite.mailTo(tenant.email, 'password-reset');
    await eventually(async () => {
      const due = await suite.identity.db.db
        .collection('resident_resets')
        .countDocuments({ email: tenant.email, due: { $exists: true } });
      expect(due).toBe(0);
    }, patience);
    // Three were taken, the others ignored: nobody's mailbox is filled.
    expect(suite.mails.filter((mail) => JSON.stringify(mail).includes(tenant.email)).length).toBeLessThanOrEqual(3);
  });
});

describe('people who share an address', () => {
  it('each have their own password', async () => {
    const email = `couple-${newId('x').slice(-8)}@example.com`;
    const noor = await suite.activated(org.orgId, email, 'Noor Haddad');
    const sam = await suite.activated(org.orgId, email, 'Sam Haddad', second);
    expect((await suite.signIn(email)).account.personId).toBe(noor.personId);
    expect((await suite.signIn(email, { password: second })).account.personId).toBe(sam.personId);
  });

  it('choose after signing in when the password is the same, also across organizations', async () => {
    const email = `couple-${newId('x').slice(-8)}@example.com`;
    const other = await suite.identity.org('Summit Strata');
    const people = [await suite.activated(org.orgId, email, 'Noor Haddad'), await suite.activated(other.orgId, email, 'Noor H.')];
    const refusal = await suite.signIn(email).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'resident.choose-person' });
    const { choice, persons } = (
      refusal as { details: { choice: string; persons: { personId: string; organization: string }[] } }
    ).details;
    expect(persons.map(({ organization }) => organization).sort()).toEqual(['Harbour Living', 'Summit Strata']);
    const choose = (personId: `per_${string}`) =>
      suite.identity.call(nobody, chooseResident, { choice, personId, address: '10.2.2.2', ...client });
    expect((await choose(people[1]!.personId)).organization.name).toBe('Summit Strata');
    expect(await codeOf(choose((await suite.activated(org.orgId)).personId))).toBe('sign-in.refused');
    await suite.activate(people[0]!, second);
    expect(await codeOf(choose(people[0]!.personId))).toBe('sign-in.refused');
  });
});

describe('a session', () => {
  let signedIn: OutputOf<typeof import('@leasewire/contracts').signInResident>;
  let tenant: Awaited<ReturnType<ResidentSuite['activated']>>;
  beforeAll(async () => {
    tenant = await suite.activated(org.orgId);
    signedIn = await suite.signIn(tenant.email);
  });
  const age = (sessionId: string, ms: number) =>
    suite.identity.db.db.collection<{ _id: string }>('resident_sessions').updateOne({ _id: sessionId }, [
      {
        $set: {
          startedAt: { $subtract: ['$startedAt', ms] },
          previous: {
            $cond: [
              { $eq: ['$previous', null] },
              null,
              { $mergeObjects: ['$previous', { rotatedAt: { $subtract: ['$previous.rotatedAt', ms] } }] },
            ],
          },
        },
      },
    ]);

  it('keeps its token for some minutes, then has it replaced; the old one ends it', async () => {
    expect((await enter(signedIn.refreshToken)).refreshToken).toBeNull();
    await age(signedIn.sessionId, rotatesAfterMs);
    const next = (await enter(signedIn.refreshToken)).refreshToken!;
    expect(next).not.toBe(signedIn.refreshToken);
    // The answer may have got lost, or two tabs asked at once: the same successor again.
    expect((await enter(signedIn.refreshToken)).refreshToken).toBe(next);
    expect((await enter(next)).refreshToken).toBeNull();
    await age(signedIn.sessionId, 11_000);
    expect(await codeOf(enter(signedIn.refreshToken))).toBe('session.ended');
    expect((await suite.identity.hears(residentSessionEnded, signedIn.sessionId)).data).toMatchObject({ cause: 'token-reused' });
    expect(await codeOf(enter(next))).toBe('session.ended');
  });

  it('is listed and ended by its own person only', async () => {
    const [here, there] = [await suite.signIn(tenant.email), await suite.signIn(tenant.email)];
    const me = suite.actorOf(tenant, here.sessionId);
    const { items } = await suite.identity.call(me, listResidentSessions, {});
    expect(items.map(({ id, current }) => [id, current])).toEqual([
      [there.sessionId, false],
      [here.sessionId, true],
    ]);
    const stranger = suite.actorOf(await suite.activated(org.orgId));
    expect(await codeOf(suite.identity.call(stranger, endResidentSession, { sessionId: here.sessionId }))).toBe('not-found');
    expect(await suite.identity.call(me, endResidentSession, { sessionId: 'others' })).toEqual({ ended: 1 });
    expect(await codeOf(enter(there.refreshToken))).toBe('session.ended');
    expect(await suite.identity.call(me, endResidentSession, { sessionId: 'current' })).toEqual({ ended: 1 });
    expect(await codeOf(enter(here.refreshToken))).toBe('session.ended');
  });
});

describe('a forgotten password', () => {
  it('is set anew by the mailed link, once; looking changes nothing and every session ends', async () => {
    const tenant = await suite.activated(org.orgId);
    const { refreshToken } = await suite.signIn(tenant.email);
    await suite.identity.call(nobody, requestResidentPasswordReset, { email: tenant.email, address: '10.3.3.3', ...client });
    const mail = await suite.mailTo(tenant.email, 'password-reset');
    expect(linkIn(mail)).toMatch(/^http:\/\/127\.0\.0\.1:3000\/password\/[\w-]{43}$/);
    const token = tokenIn(mail);
    for (let at = 0; at < 3; at++)
      expect(await suite.identity.call(nobody, showResidentLink, { token })).toMatchObject({
        purpose: 'password-reset',
        email: tenant.email,
      });
    expect(await codeOf(suite.signIn(tenant.email))).toBe('ok');
    const weak = suite.identity.call(nobody, acceptResidentReset, { token, password: 'passwordpassword' });
    expect(await codeOf(weak)).toBe('password.too-weak');
    await suite.identity.call(nobody, acceptResidentReset, { token, password: second });
    const again = await suite.identity
      .call(nobody, acceptResidentReset, { token, password: second })
      .catch((error: unknown) => error);
    expect(again).toMatchObject({ code: 'link.invalid', details: { why: 'used' } });
    expect(await codeOf(enter(refreshToken))).toBe('session.ended');
    expect(await codeOf(suite.signIn(tenant.email, { password: second }))).toBe('ok');
    await suite.mailTo(tenant.email, 'password-changed');
    const said =
      JSON.stringify(suite.identity.heard) +
      JSON.stringify(await suite.identity.db.db.collection('resident_links').find().toArray());
    expect(said).not.toContain(token);
  });

  it('of two people who share an address is mailed to each of them, and a newer link replaces the older', async () => {
    const email = `pair-${newId('x').slice(-8)}@example.com`;
    const [one, other] = [await suite.activated(org.orgId, email, 'Ana One'), await suite.activated(org.orgId, email, 'Bea Two')];
    const ask = () =>
      suite.identity.call(nobody, requestResidentPasswordReset, { email, address: suite.identity.address(), ...client });
    const mailsOf = (personId: string) => suite.mails.filter((mail) => JSON.stringify(mail.recipients).includes(personId));
    await ask();
    await eventually(() => expect([mailsOf(one.personId).length, mailsOf(other.personId).length]).toEqual([1, 1]), patience);
    await ask();
    await eventually(() => expect(mailsOf(one.personId)).toHaveLength(2), patience);
    const [older, newer] = mailsOf(one.personId).map(tokenIn);
    const refusal = await suite.identity.call(nobody, showResidentLink, { token: older! }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ details: { why: 'replaced' } });
    expect(await suite.identity.call(nobody, showResidentLink, { token: newer! })).toMatchObject({ name: 'Ana One' });
  });
});

describe('a resident', () => {
  it('changes the password with the old one; other sessions end, this one stays', async () => {
    const tenant = await suite.activated(org.orgId);
    const [here, there] = [await suite.signIn(tenant.email), await suite.signIn(tenant.email)];
    const me = suite.actorOf(tenant, here.sessionId);
    expect(await codeOf(suite.identity.call(me, changeResidentPassword, { current: 'not it at all', password: second }))).toBe(
      'password.wrong',
    );
    await suite.identity.call(me, changeResidentPassword, { current: firstPassword, password: second });
    expect(await suite.mailTo(tenant.email, 'password-changed')).toMatchObject({
      category: 'security',
      recipients: [{ personId: tenant.personId }],
      data: { 'event.at': expect.any(String) as string },
    });
    expect(await codeOf(enter(here.refreshToken))).toBe('ok');
    expect(await codeOf(enter(there.refreshToken))).toBe('session.ended');
  });

  it('chooses a language, and is written to in it from then on; choosing it again is no event', async () => {
    const tenant = await suite.activated(org.orgId);
    const me = suite.actorOf(tenant);
    for (const locale of ['fr-CA', 'fr-CA']) await suite.identity.call(me, setResidentLanguage, { locale });
    const { data } = await suite.identity.hears(residentLanguageChanged, tenant.personId);
    expect(data).toMatchObject({ account: { locale: 'fr-CA', version: 2 } });
    await suite.identity.call(nobody, requestResidentPasswordReset, { email: tenant.email, address: '203.0.113.9', ...client });
    expect(await suite.mailTo(tenant.email, 'password-reset')).toMatchObject({ recipients: [{ language: 'fr-CA' }] });
    expect((await suite.identity.call(me, setResidentLanguage, { locale: 'es-US' })).version).toBe(3);
    const staff = staffActor({ orgId: org.orgId });
    expect(await codeOf(suite.identity.call(staff, setResidentLanguage, { locale: 'es-US' }))).toBe('forbidden');
  });

  it('changes the address by a link to the new one and the password; directory hears that it is their own', async () => {
    const tenant = await suite.activated(org.orgId);
    const email = `new-${newId('x').slice(-8)}@example.com`;
    const me = suite.actorOf(tenant);
    expect(await codeOf(suite.identity.call(me, requestResidentEmail, { current: firstPassword, email: tenant.email }))).toBe(
      'conflict.state',
    );
    await suite.identity.call(me, requestResidentEmail, { current: firstPassword, email });
    const token = tokenIn(await suite.mailTo(email, 'email-change'));
    expect(await codeOf(suite.signIn(email))).toBe('sign-in.refused');
    expect(await codeOf(suite.identity.call(nobody, confirmResidentEmail, { token, password: 'someone else’s' }))).toBe(
      'password.wrong',
    );
    expect(await codeOf(suite.identity.call(nobody, acceptResidentReset, { token, password: second }))).toBe('link.invalid');
    await suite.identity.call(nobody, confirmResidentEmail, { token, password: firstPassword });
    const told = await suite.identity.hears(residentEmailChanged, tenant.personId);
    expect(told.data).toMatchObject({ account: { email, emailSource: 'resident' } });
    expect(told.actor).toBe(`resident:${tenant.personId}`);
    const notice = await suite.mailTo(tenant.email, 'email-changed');
    expect(notice.data).toMatchObject({ 'account.newEmail': 'n***@example.com' });
    expect(JSON.stringify(notice)).not.toContain(email);
    expect(await codeOf(suite.signIn(email))).toBe('ok');
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
  });

  it('closes the account: nothing of it opens any more, until it is activated again', async () => {
    const tenant = await suite.activated(org.orgId);
    const { refreshToken, sessionId } = await suite.signIn(tenant.email);
    const me = suite.actorOf(tenant, sessionId);
    expect(await codeOf(suite.identity.call(me, closeResidentAccount, { current: 'wrong' }))).toBe('password.wrong');
    expect((await suite.identity.call(me, closeResidentAccount, { current: firstPassword })).state).toBe('closed');
    await suite.identity.hears(residentAccountClosed, tenant.personId);
    expect(await codeOf(enter(refreshToken))).toBe('session.ended');
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
    await suite.activate(tenant, second);
    expect(await codeOf(suite.signIn(tenant.email, { password: second }))).toBe('ok');
  });
});

describe('when directory says', () => {
  const state = async (personId: string): Promise<unknown> =>
    (await suite.identity.db.db.collection<{ _id: string; state: string }>('resident_accounts').findOne({ _id: personId }))
      ?.state;

  it('that somebody is archived, their sessions end; when they are back, they sign in as before', async () => {
    const tenant = await suite.activated(org.orgId);
    await suite.says(residentRegistered, tenant, 'active', 1);
    const { refreshToken } = await suite.signIn(tenant.email);
    await suite.says(residentArchived, tenant, 'archived', 2);
    await suite.identity.hears(residentAccountArchived, tenant.personId);
    expect(await codeOf(enter(refreshToken))).toBe('session.ended');
    expect(await codeOf(suite.signIn(tenant.email))).toBe('sign-in.refused');
    await suite.says(residentRegistered, tenant, 'active', 3);
    await suite.identity.hears(residentAccountRestored, tenant.personId);
    expect(await codeOf(suite.signIn(tenant.email))).toBe('ok');
  });

  it('that they left one of two homes, nothing ends', async () => {
    const tenant = await suite.activated(org.orgId);
    const elsewhere = { ...tenant, residentId: newId('res'), propertyId: newId('prop') };
    await suite.says(residentRegistered, tenant, 'active', 1);
    await suite.says(residentRegistered, elsewhere, 'active', 1);
    const homes = suite.identity.db.db.collection<{ _id: string; personId: string; state: string }>('residencies');
    // two residencies are two aggregates: nothing orders one's events before the other's
    await eventually(async () => expect(await homes.countDocuments({ personId: tenant.personId })).toBe(2), patience);
    await suite.says(residentArchived, elsewhere, 'archived', 2);
    await eventually(async () => {
      expect((await homes.findOne({ _id: elsewhere.residentId }))?.state).toBe('archived');
    }, patience);
    expect(await state(tenant.personId)).toBe('active');
  });

  it('at one moment that they left one home and are in another, they can still sign in', async () => {
    const tenants = await Promise.all(Array.from({ length: 6 }, () => suite.activated(org.orgId)));
    const elsewhere = tenants.map((tenant) => ({ ...tenant, residentId: newId('res'), propertyId: newId('prop') }));
    await Promise.all([
      ...tenants.map((tenant) => suite.says(residentRegistered, tenant, 'active', 1)),
      ...elsewhere.map((tenant) => suite.says(residentArchived, tenant, 'archived', 1)),
    ]);
    const personIds = tenants.map(({ personId }) => personId);
    const homes = suite.identity.db.db.collection<{ _id: string; personId: string }>('residencies');
    await eventually(async () => expect(await homes.countDocuments({ personId: { $in: personIds } })).toBe(12), patience);
    for (const personId of personIds) expect(await state(personId)).toBe('active');
  });

  it('that the address is another, the account follows, unless the resident chose their own', async () => {
    const [follows, own] = [await suite.activated(org.orgId), await suite.activated(org.orgId)];
    for (const tenant of [follows, own]) await suite.says(residentRegistered, tenant, 'active', 1);
    const chosen = `own-${newId('x').slice(-8)}@example.com`;
    await suite.identity.call(suite.actorOf(own), requestResidentEmail, { current: firstPassword, email: chosen });
    const token = tokenIn(await suite.mailTo(chosen, 'email-change'));
    await suite.identity.call(nobody, confirmResidentEmail, { token, password: firstPassword });
    const moved = `moved-${newId('x').slice(-8)}@example.com`;
    await suite.says(residentRegistered, follows, 'active', 2, moved);
    await suite.says(residentRegistered, own, 'active', 2, `pms-${moved}`);
    await suite.identity.hears(residentEmailChanged, follows.personId);
    expect(await codeOf(suite.signIn(moved))).toBe('ok');
    expect(await codeOf(suite.signIn(chosen))).toBe('ok');
    expect((await suite.mailTo(follows.email, 'email-changed')).propertyId).toBe(follows.propertyId);
  });

  it('anew by its snapshot, the same follows, and what is older changes nothing', async () => {
    const tenant = await suite.activated(org.orgId);
    const { residentId: id, personId, propertyId } = tenant;
    const data = Resident.parse({ ...residentRegistered.example.resident, id, personId, propertyId, state: 'archived' });
    const model = suite.identity.service.get(ResidencyReadModel);
    await model.apply([{ entity: 'resident', id, orgId: org.orgId, version: 5, epoch: 1, data }]);
    expect(await state(tenant.personId)).toBe('archived');
    await suite.says(residentRegistered, tenant, 'active', 4);
    await suite.says(residentRegistered, tenant, 'active', 6);
    await suite.identity.hears(residentAccountRestored, tenant.personId);
  });

  it('that a person is erased, nothing of them is left', async () => {
    const tenant = await suite.activated(org.orgId);
    await suite.says(residentRegistered, tenant, 'active', 1);
    const { refreshToken } = await suite.signIn(tenant.email);
    await suite.erases(tenant);
    await suite.identity.hears(residentAccountErased, tenant.personId);
    expect(await codeOf(enter(refreshToken))).toBe('session.ended');
    expect(await sessionsOf(tenant.personId).toArray()).toEqual([]);
    for (const name of ['resident_accounts', 'resident_credentials', 'residencies'])
      expect(
        await suite.identity.db.db
          .collection(name)
          .find({ $or: [{ _id: tenant.personId as never }, { personId: tenant.personId }] })
          .toArray(),
      ).toEqual([]);
  });
});

describe('what is mailed to a resident', () => {
  const forgot = async (tenant: { email: string }) => {
    await suite.identity.call(nobody, requestResidentPasswordReset, {
      ...{ email: tenant.email, address: suite.identity.address(), ...client },
    });
    return suite.mailTo(tenant.email, 'password-reset');
  };

  it('is in the name of the property where they live, because every text names it', async () => {
    const tenant = await suite.activated(org.orgId);
    const left = { ...tenant, residentId: newId('res'), propertyId: newId('prop') };
    await suite.says(residentRegistered, tenant, 'active', 1);
    await suite.says(residentRegistered, left, 'archived', 1);
    const homes = suite.identity.db.db.collection<{ _id: string; personId: string }>('residencies');
    await eventually(async () => expect(await homes.countDocuments({ personId: tenant.personId })).toBe(2), patience);
    expect((await forgot(tenant)).propertyId).toBe(tenant.propertyId);
  });

  it('is in the name of the organization while no property of theirs is known', async () => {
    const mail = await forgot(await suite.activated(org.orgId));
    expect(mail).toMatchObject({ propertyId: null, data: { 'property.name': 'Harbour Living' } });
  });
});

describe('staff who help a resident', () => {
  it('see where they are signed in, and sign them out, in properties that they see', async () => {
    const tenant = await suite.activated(org.orgId);
    await suite.says(residentRegistered, tenant, 'active', 1);
    const [one, other] = [await suite.signIn(tenant.email), await suite.signIn(tenant.email)];
    const { residentId } = tenant;
    const list = (actor = org.owner.actor) => suite.identity.call(actor, listSessionsOfResident, { residentId });
    await eventually(
      async () => expect((await list()).items.map(({ id }) => id)).toEqual([other.sessionId, one.sessionId]),
      patience,
    );
    const end = (sessionId?: SessionId, actor = org.owner.actor) =>
      suite.identity.call(actor, endSessionsOfResident, { residentId, ...(sessionId !== undefined && { sessionId }) });
    const narrow = await suite.identity.joinedWith(org, { 'residence.residence': 'full' }, [newId('prop')]);
    const looking = await suite.identity.joinedWith(org, { 'residence.residence': 'view' });
    expect([await codeOf(list(narrow.actor)), await codeOf(end(undefined, narrow.actor))]).toEqual(['not-found', 'not-found']);
    expect([await codeOf(list(looking.actor)), await codeOf(end(undefined, looking.actor))]).toEqual(['forbidden', 'forbidden']);
    const stranger = await suite.signIn((await suite.activated(org.orgId)).email);
    expect(await codeOf(end(stranger.sessionId))).toBe('not-found');
    expect(await end(one.sessionId)).toEqual({ ended: 1 });
    expect([await codeOf(enter(one.refreshToken)), await codeOf(enter(other.refreshToken))]).toEqual(['session.ended', 'ok']);
    expect(await suite.identity.hears(residentSessionEnded, one.sessionId)).toMatchObject({
      actor: org.owner.actor.ref,
      data: { cause: 'revoked' },
    });
    expect(await end()).toEqual({ ended: 1 });
    expect(await codeOf(enter(other.refreshToken))).toBe('session.ended');
    expect((await list()).items).toEqual([]);
  });
});

describe('staff who look at what a resident sees', () => {
  it('say why, are in the record before anything is shown, and see it for half an hour', async () => {
    const tenant = await suite.activated(org.orgId);
    await suite.says(residentRegistered, tenant, 'active', 1);
    const look = () =>
      suite.identity.call(org.owner.actor, startResidentView, {
        residentId: tenant.residentId,
        reason: 'They cannot find their key',
      });
    await eventually(async () => expect(await codeOf(look())).toBe('ok'), patience);
    const view = await look();
    const started = await suite.identity.hears(residentViewStarted, view.id);
    expect(started).toMatchObject({
      actor: org.owner.actor.ref,
      data: { view: { reason: 'They cannot find their key', byName: 'Olga Owner' } },
    });
    const token = view.url.slice(view.url.lastIndexOf('/') + 1);
    expect(JSON.stringify(suite.identity.heard)).not.toContain(token);
    const enterView = () => suite.identity.call(nobody, enterResidentView, { token });
    expect(await enterView()).toMatchObject({ account: { personId: tenant.personId }, view: { id: view.id } });
    await suite.identity.call(nobody, endResidentView, { token });
    expect(await codeOf(enterView())).toBe('session.ended');
    await suite.identity.hears(residentViewEnded, view.id);
  });

  it('see only who lives in a property of theirs, and need a reason', async () => {
    const tenant = await suite.activated(org.orgId);
    await suite.says(residentRegistered, tenant, 'active', 1);
    const input = { residentId: tenant.residentId, reason: 'They asked for help' };
    await eventually(
      async () => expect(await codeOf(suite.identity.call(org.owner.actor, startResidentView, input))).toBe('ok'),
      patience,
    );
    const narrow = await suite.identity.joinedWith(org, { 'residence.residence': 'full' }, [newId('prop')]);
    expect(await codeOf(suite.identity.call(narrow.actor, startResidentView, input))).toBe('not-found');
    const foreign = await suite.identity.org();
    expect(await codeOf(suite.identity.call(foreign.owner.actor, startResidentView, input))).toBe('not-found');
    expect(await codeOf(suite.identity.call(org.owner.actor, startResidentView, { ...input, reason: 'hm' }))).toBe(
      'invalid-input',
    );
  });
});

it('the snapshot has the accounts of residents', async () => {
  const tenant = await suite.activated(org.orgId);
  const found: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await suite.identity.call(nobody, identitySnapshot, { limit: 200, ...(cursor !== undefined && { cursor }) });
    found.push(...page.items.filter(({ id }) => id === tenant.personId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(found).toMatchObject([{ entity: 'resident-account', data: { account: { email: tenant.email } } }]);
});
