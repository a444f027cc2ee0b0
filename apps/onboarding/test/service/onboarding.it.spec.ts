import {
  accountChanged,
  activationCompleted,
  completeActivation,
  estimateGoLive,
  getAccount,
  importBecameAutomatic,
  invitationBounced,
  invitationReport,
  invitationSent,
  jobRpcs,
  listAccounts,
  listGoLivePeople,
  listInvitations,
  onboardingSnapshot,
  previewResend,
  publishTerms,
  readInvitationExport,
  requestNewLink,
  residentAccessChanged,
  resendInvitations,
  sendTemplate,
  setInvitationSettings,
  showActivation,
  startGoLive,
  startInvitationExport,
  stopReminders,
  timeOfDayIn,
  type Account,
  type EventContract,
  type Fact,
  type InputOf,
  type JobId,
  type JobView,
  type OrgId,
  type OutputOf,
  type PersonId,
  type Property,
  type Resident,
  type RpcContract,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { Database, dueAt } from '@leasewire/persistence';
import type { RunningService } from '@leasewire/service-kit';
import {
  connectAs,
  eventually,
  newOrgId,
  serviceActor,
  staffActor,
  startService,
  suiteDeployment,
  type Peer,
} from '@leasewire/testing';
import { onboarding } from '../../src/onboarding.service-definition.js';
import { AccountRepository } from '../../src/account/account.repository.js';
import { LinkRequestRepository } from '../../src/activation/link-request.repository.js';
import { SuppressedRepository } from '../../src/invitation/suppression.repository.js';
import { CommunityRepository } from '../../src/community/community.repository.js';
import { PeopleReadModel } from '../../src/snapshot/people.read-model.js';
import { World } from './world.js';

jest.setTimeout(60_000);
const { getJob, listJobItems } = jobRpcs('onboarding');
const types = ['owner-occupier', 'tenant', 'owner-investor', 'committee'] as const;
const password = 'seven herons at dawn';

let world: World;
let service: RunningService;
let gateway: Peer;
let orgId: OrgId;
let staff: Actor;
const heard: Fact[] = [];
const page = serviceActor('gateway', null);

const call = <C extends RpcContract>(contract: C, input: InputOf<C>, as: Actor = staff): Promise<OutputOf<C>> =>
  gateway.call(as, contract, input, { timeoutMs: 15_000 });
const advance = async (by: { days?: number; hours?: number; seconds?: number }): Promise<void> => {
  (await suiteDeployment()).clock.advance(by);
};
const accountOf = ({ personId }: { personId: PersonId }): Promise<Account> => call(getAccount, { personId });
const status = (who: Resident, wanted: Account['status']): Promise<Account> =>
  eventually(async () => {
    const account = await accountOf(who);
    expect(account.status).toBe(wanted);
    return account;
  });
const known = (who: Resident): Promise<Account> => eventually(() => accountOf(who));
const mailed = (email: string | null, count = 1) =>
  eventually(() => {
    const mails = world.mailsTo(email!);
    expect(mails).toHaveLength(count);
    return mails.at(-1)!;
  });
const over = (id: JobId): Promise<JobView> =>
  eventually(
    async () => {
      const job = await call(getJob, { jobId: id });
      expect(['done', 'cancelled', 'failed']).toContain(job.state);
      return job;
    },
    { timeoutMs: 30_000 },
  );
const complete = (token: string, more: Partial<InputOf<typeof completeActivation>> = {}) =>
  call(completeActivation, { token, password, acceptedTermsVersion: 0, address: '203.0.113.7', ...more }, page);
const events = (contract: EventContract): Fact[] => heard.filter((fact) => fact.type === contract.type && fact.orgId === orgId);
const codeOf = (failing: Promise<unknown>): Promise<string> =>
  failing.then(
    () => 'no error',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

/** Imported, mailed, not activated yet. */
async function pending(property?: Property): Promise<{ property: Property; resident: Resident; token: string }> {
  const own = property ?? (await world.property(orgId));
  const resident = await world.resident(orgId, own.id);
  await world.importOne(resident.id);
  const mail = await mailed(resident.email);
  await status(resident, 'pending-activation');
  return { property: own, resident, token: world.tokenIn(mail) };
}

beforeAll(async () => {
  world = await World.start();
  service = await startService(onboarding);
  gateway = await connectAs('gateway');
  const audit = await connectAs('audit');
  await audit.bus.subscribe({ service: 'audit', handler: 'record', contracts: 'all', stream: 'onboarding' }, (fact) => {
    heard.push(fact);
    return Promise.resolve();
  });
});
beforeEach(() => {
  orgId = newOrgId();
  staff = staffActor({ orgId });
});

describe('whoever is imported', () => {
  it('gets one welcome mail with a link and is pending for seven days to the second', async () => {
    const { resident } = await pending();
    const account = await accountOf(resident);
    expect(Date.parse(account.expiresAt!) - Date.parse(account.invitedAt!)).toBe(7 * 86_400_000);
    expect(world.mailsTo(resident.email!)[0]!.input).toMatchObject({
      template: 'welcome',
      category: 'security',
      propertyId: resident.propertyId,
    });
    await eventually(() => expect(events(invitationSent)).toHaveLength(1));
    // registered and imported are told at once: whichever is handled first, the account that is told in the end is pending
    await eventually(() =>
      expect(events(accountChanged).at(-1)?.data).toMatchObject({ account: { status: 'pending-activation' } }),
    );
  });

  it('starts the service of a strata whose people were silent until then', async () => {
    const { property } = await pending();
    await eventually(() => expect(world.properties.get(property.id)!.serviceStartedAt).not.toBeNull());
  });

  it('gets no second mail in another property, once live or while a link works', async () => {
    const { resident, token } = await pending();
    const other = await world.property(orgId, { name: 'Second Court' });
    const { personId, email } = resident;
    const twin = await world.resident(orgId, other.id, { personId, email });
    await world.importOne(twin.id);
    await complete(token);
    const third = await world.resident(orgId, (await world.property(orgId)).id, { personId, email });
    await world.importOne(third.id);
    await eventually(async () =>
      expect((await accountOf(resident)).residents.map(({ state }) => state)).toEqual(['active', 'active', 'active']),
    );
    await mailed(resident.email);
  });

  it('without an address is listed, and mailed when there is one', async () => {
    const property = await world.property(orgId);
    const resident = await world.resident(orgId, property.id, { email: null });
    await world.importOne(resident.id);
    await eventually(async () => {
      const { items } = await call(invitationReport, { propertyId: property.id });
      expect(items[0]).toMatchObject({ imported: 1, missingEmail: 1, notInvited: 1 });
    });
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null });
    await world.change(resident.id, { email: 'late@example.com' });
    await status(resident, 'pending-activation');
    await mailed('late@example.com');
  });

  it('is written to in the language that directory says, and the page of the link opens in it', async () => {
    const property = await world.property(orgId);
    const resident = await world.resident(orgId, property.id, { language: 'es' });
    world.lost.set(sendTemplate.name, 3);
    await world.importOne(resident.id);
    const mail = await mailed(resident.email);
    // meant for the next mail: this one was handed over, whatever its answer
    await world.change(resident.id, { language: 'fr-CA' });
    await status(resident, 'pending-activation');
    expect(mail.input.recipients).toMatchObject([{ language: 'es' }]);
    await eventually(async () => {
      const shown = await call(showActivation, { token: world.tokenIn(mail) }, page);
      expect(shown).toMatchObject({ state: 'open', locale: 'fr-CA' });
    });
    await eventually(async () => {
      const effects = service
        .get(Database)
        .db.collection('effects')
        .find({ 'payload.invitationId': mail.key.split(':')[1] });
      expect((await effects.toArray()).map(({ state }) => state as string)).toEqual(['done']);
    });
    world.lost.delete(sendTemplate.name);
    await call(resendInvitations, { selection: { ids: [resident.id] } });
    expect((await mailed(resident.email, 2)).input.recipients).toMatchObject([{ language: 'fr-CA' }]);
    expect(await call(showActivation, { token: world.tokenIn(mail) }, page)).toMatchObject({
      state: 'replaced',
      locale: 'fr-CA',
    });
  });

  it('shares an address with somebody: each has a link and an account of their own', async () => {
    const property = await world.property(orgId);
    const email = 'couple@example.com';
    const both = [await world.resident(orgId, property.id, { email }), await world.resident(orgId, property.id, { email })];
    for (const { id } of both) await world.importOne(id);
    await mailed(email, 2);
    const tokens = world.mailsTo(email).map((mail) => world.tokenIn(mail));
    const done = [await complete(tokens[0]!), await complete(tokens[1]!, { password: 'another heron entirely' })];
    expect(new Set(done.map(({ personId }) => personId)).size).toBe(2);
    for (const one of both) await status(one, 'live');
  });

  it('again after they had left is invited again', async () => {
    const { resident, token } = await pending();
    await world.archive(resident.id);
    await status(resident, 'not-invited');
    expect(await call(showActivation, { token }, page)).toMatchObject({ state: 'withdrawn', canAskAgain: false });
    await world.change(resident.id, { state: 'pending-import' });
    await world.importOne(resident.id);
    await mailed(resident.email, 2);
    await status(resident, 'pending-activation');
  });
});

describe('whoever comes while the import is automatic', () => {
  it('is Not Invited in a strata, until staff resend', async () => {
    const property = await world.property(orgId, { importMode: 'automatic', serviceStartedAt: new Date().toISOString() });
    const resident = await world.resident(orgId, property.id, { state: 'active' });
    expect((await known(resident)).status).toBe('not-invited');
    const job = await call(resendInvitations, { selection: { filter: { propertyId: property.id } } });
    expect((await over(job.id)).counts).toMatchObject({ done: 1 });
    await status(resident, 'pending-activation');
    await mailed(resident.email);
  });

  it('is invited in a rental when access opens', async () => {
    const property = await world.property(orgId, {
      kind: 'rental',
      importMode: 'automatic',
      serviceStartedAt: new Date().toISOString(),
    });
    await known(await world.resident(orgId, property.id, { state: 'active' }));
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null });
    const resident = await world.resident(orgId, property.id, { state: 'active' });
    expect((await known(resident)).status).toBe('not-invited');
    await world.change(resident.id, { access: { from: null, until: null, open: true, reason: 'lease' } }, residentAccessChanged);
    await status(resident, 'pending-activation');
    await mailed(resident.email);
  });

  it('is told to staff in the morning where the property wants it, as long as nobody invited them', async () => {
    const property = await world.property(orgId, { importMode: 'automatic', serviceStartedAt: new Date().toISOString() });
    await call(setInvitationSettings, { propertyId: property.id, newPeople: 'digest' });
    const arrivals = await Promise.all([1, 2, 3].map(() => world.resident(orgId, property.id, { state: 'active' })));
    for (const one of arrivals) expect((await known(one)).status).toBe('not-invited');
    const [invited, left, waits] = arrivals as [Resident, Resident, Resident];
    await over((await call(resendInvitations, { selection: { ids: [invited.id] } })).id);
    await world.archive(left.id);
    await eventually(async () => expect((await accountOf(left)).residents[0]!.state).toBe('archived'));
    const told = () => world.alerts.filter((alert) => alert.orgId === orgId).map(({ input }) => input);
    expect(told()).toEqual([]);
    await advance({ days: 1 });
    await eventually(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toMatchObject({
      kind: 'people-not-invited',
      propertyId: property.id,
      data: { 'alert.count': '1', 'people.names': waits.displayName },
    });
    // who was told of once is not told of again; who comes later is
    const next = await world.resident(orgId, property.id, { state: 'active' });
    await known(next);
    await advance({ days: 1 });
    await eventually(() => expect(told()).toHaveLength(2));
    expect(told()[1]!.data).toMatchObject({ 'alert.count': '1', 'people.names': next.displayName });
  });

  it.each([
    [
      'by itself, when nobody waits any more',
      false,
      /automatically: nobody is left in Pending Import\. New people arrive as Not Invited/,
      '0',
    ],
    [
      'by staff, while others go on waiting',
      true,
      /automatically, as staff set it: 2 people go on waiting in Pending Import/,
      '2',
    ],
  ])('is announced when the mode changes %s', async (_name, byStaff, notice, pendingImport) => {
    const property = await world.property(orgId);
    // a change can only be told from what was known before
    await eventually(async () => {
      expect(await service.get(CommunityRepository).findOne({ orgId, _id: property.id })).not.toBeNull();
    });
    if (byStaff) {
      world.setByStaff.add(property.id);
      for (const wait of [1, 2]) await known(await world.resident(orgId, property.id, { displayName: `Waits ${wait}` }));
    }
    await world.changeProperty(property.id, { importMode: 'automatic' });
    const told = await eventually(() => {
      expect(events(importBecameAutomatic)).toHaveLength(1);
      return events(importBecameAutomatic)[0]!.data as { notice: string };
    });
    expect(told.notice).toMatch(notice);
    await eventually(() => expect(world.alerts.filter((alert) => alert.orgId === orgId)).toHaveLength(1));
    expect(world.alerts.find((alert) => alert.orgId === orgId)!.input).toMatchObject({
      kind: 'import-automatic',
      propertyId: property.id,
      data: { 'alert.count': pendingImport },
    });
  });
});

describe('an activation link', () => {
  it('makes an account live, by a password and accepted terms, and looking changes nothing', async () => {
    const { resident, token } = await pending();
    const before = await accountOf(resident);
    for (let scan = 0; scan < 5; scan += 1)
      expect(await call(showActivation, { token }, page)).toMatchObject({
        state: 'open',
        email: resident.email,
        organizationName: 'Harbour Living',
        terms: { version: 0 },
      });
    expect(await accountOf(resident)).toEqual(before);
    expect(await codeOf(complete(token, { acceptedTermsVersion: null }))).toBe('activation.terms-needed');
    expect(await codeOf(complete(token, { password: 'password1234' }))).toBe('password.too-weak');
    expect(await complete(token)).toMatchObject({ personId: resident.personId, orgId });
    const { terms, activatedAt } = await status(resident, 'live');
    expect(terms).toMatchObject({ version: 0, acceptedAt: activatedAt });
    expect(world.passwords.get(resident.personId)).toBe(password);
    // whose account it made: the page lets in who sends the same form again
    const account = { personId: resident.personId, email: resident.email };
    expect(await call(showActivation, { token }, page)).toMatchObject({ state: 'used', account });
    expect(await codeOf(complete(token, { password: 'somebody else’s one' }))).toBe('activation.link-over');
    expect(world.passwords.get(resident.personId)).toBe(password);
    await eventually(() => expect(events(activationCompleted)).toHaveLength(1));
    expect(events(activationCompleted)[0]!.actor).toBe(`resident:${resident.personId}`);
    expect(JSON.stringify(heard)).not.toContain(token);
  });

  it('works until the answer arrives, however often the first ones are lost', async () => {
    const { resident, token } = await pending();
    world.lost.set('identity.set-resident-password', 5);
    await eventually(() => complete(token));
    expect((await status(resident, 'live')).status).toBe('live');
  });

  it('shows the terms of the property, and asks again when they changed meanwhile', async () => {
    const { property, token } = await pending();
    await call(publishTerms, { propertyId: property.id, title: 'House rules', text: 'Be kind.' });
    expect(await codeOf(complete(token))).toBe('activation.terms-changed');
    await complete(token, { acceptedTermsVersion: 1 });
  });

  it('agrees to the very terms that were shown, and not to others of the same number', async () => {
    const { property, resident, token } = await pending();
    await call(publishTerms, { title: 'Of the organization', text: 'Be kind.' });
    const shown = { acceptedTermsVersion: 1, acceptedTermsPropertyId: null };
    expect(await call(showActivation, { token }, page)).toMatchObject({ terms: { version: 1, propertyId: null } });
    await call(publishTerms, { propertyId: property.id, title: 'Of the house', text: 'Be quiet.' });
    expect(await codeOf(complete(token, shown))).toBe('activation.terms-changed');
    await complete(token, { ...shown, acceptedTermsPropertyId: property.id });
    expect((await status(resident, 'live')).terms).toMatchObject({ version: 1, propertyId: property.id });
  });

  it('dies when the address changes, and a new one goes to the new address', async () => {
    const { property, resident, token } = await pending();
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null });
    await world.change(resident.id, { email: 'moved@example.com' });
    const next = world.tokenIn(await mailed('moved@example.com'));
    expect(await call(showActivation, { token }, page)).toMatchObject({
      state: expect.stringMatching(/withdrawn|replaced/) as string,
    });
    expect(await codeOf(complete(token))).toBe('activation.link-over');
    await complete(next);
  });

  it('dies when the address is removed or refused, and a new one goes out as soon as there is another', async () => {
    const { property, resident, token } = await pending();
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null });
    await world.change(resident.id, { email: null });
    await status(resident, 'not-invited');
    expect(await codeOf(complete(token))).toBe('activation.link-over');
    await world.suppress(orgId, 'refuses@example.com');
    await eventually(async () => {
      expect(await service.get(SuppressedRepository).count({ orgId, email: 'refuses@example.com', active: true })).toBe(1);
    });
    await world.change(resident.id, { email: 'refuses@example.com' });
    await eventually(async () => expect((await accountOf(resident)).email).toBe('refuses@example.com'));
    expect((await accountOf(resident)).status).toBe('not-invited');
    await world.change(resident.id, { email: 'takes@example.com' });
    await complete(world.tokenIn(await mailed('takes@example.com')));
    expect(world.mailsTo('refuses@example.com')).toHaveLength(0);
  });

  it('that is made up is unknown, whatever is wrong with it', async () => {
    const { token } = await pending();
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const wrong of [flipped, 'x', token.slice(1), `${token}0`])
      expect(await call(showActivation, { token: wrong }, page)).toEqual({ state: 'unknown' });
    expect(await codeOf(complete(flipped))).toBe('activation.link-over');
  });

  it('expires, and whoever asks gets a new one; who is unknown gets the same answer', async () => {
    const { property, resident, token } = await pending();
    await call(setInvitationSettings, { propertyId: property.id, validForSeconds: 2 });
    const job = await call(resendInvitations, { selection: { ids: [resident.id] } });
    await over(job.id);
    const short = world.tokenIn(await mailed(resident.email, 2));
    expect(await call(showActivation, { token }, page)).toMatchObject({ state: 'replaced', canAskAgain: true });
    await status(resident, 'activation-expired');
    expect(await call(showActivation, { token: short }, page)).toMatchObject({ state: 'expired', canAskAgain: true });
    expect(await codeOf(complete(short))).toBe('activation.link-over');
    await call(setInvitationSettings, { propertyId: property.id, validForSeconds: 3600 });
    expect(await call(requestNewLink, { email: 'nobody@example.com' }, page)).toEqual({});
    expect(await call(requestNewLink, { token: short }, page)).toEqual({});
    await complete(world.tokenIn(await mailed(resident.email, 3)));
  });

  it('is sent to whoever forgot a password that they never had', async () => {
    const { resident, token } = await pending();
    await call(requestNewLink, { email: resident.email! }, page);
    const again = await mailed(resident.email, 2);
    expect([world.tokenIn(again), again.input.template, again.input.many]).toEqual([token, 'welcome', false]);
    await complete(token);
    await call(requestNewLink, { email: resident.email! }, page);
    await status(resident, 'live');
    expect(world.mailsTo(resident.email!)).toHaveLength(2);
  });
});

describe('asking for a link, however often and by whomever,', () => {
  it('leaves the one that works as it is, fills no mailbox, and uses up nothing of what staff may send', async () => {
    const { property, resident, token } = await pending();
    await call(setInvitationSettings, { propertyId: property.id, perPersonPerDay: 2, quietHours: null });
    for (let count = 2; count <= 6; count += 1) {
      await call(requestNewLink, { email: resident.email! }, page);
      expect(world.tokenIn(await mailed(resident.email, count))).toBe(token);
    }
    await call(requestNewLink, { email: resident.email! }, page);
    await call(requestNewLink, { token }, page);
    const requests = () => service.get(LinkRequestRepository).count({ 'due.at': { $exists: true } });
    await eventually(async () => expect(await requests()).toBe(0));
    expect(world.mailsTo(resident.email!)).toHaveLength(6);
    expect(await call(showActivation, { token }, page)).toMatchObject({ state: 'open' });
    const { counts } = await over((await call(resendInvitations, { selection: { ids: [resident.id] } })).id);
    expect(counts).toMatchObject({ done: 1 });
    await complete(world.tokenIn(await mailed(resident.email, 7)));
  });

  it('is answered in the same time for whoever is known and whoever is not', async () => {
    const { resident } = await pending();
    const took = async (email: string): Promise<number> => {
      const began = performance.now();
      await call(requestNewLink, { email }, page);
      return performance.now() - began;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 15; round += 1) {
      known.push(await took(resident.email!));
      unknown.push(await took(`nobody-${round}@example.com`));
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[7]!;
    // looking somebody up, and still more mailing them, would take several times as long as one row takes
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(Math.max(median(known), median(unknown)) * 0.7);
  });

  it('mails each of those who share an address once, and nobody who left', async () => {
    const property = await world.property(orgId);
    const email = 'family@example.com';
    const all = await Promise.all([1, 2, 3].map(() => world.resident(orgId, property.id, { email })));
    for (const { id } of all) await world.importOne(id);
    await mailed(email, 3);
    await world.archive(all[0]!.id);
    await status(all[0]!, 'not-invited');
    await call(requestNewLink, { email }, page);
    await mailed(email, 5);
    // what was begun by a process that died is begun again
    const requests = service.get(LinkRequestRepository);
    const [request] = await requests.find({ email });
    expect([...request!.mailed].sort()).toEqual([all[1]!.personId, all[2]!.personId].sort());
    await requests.touch(request!._id, { due: dueAt(new Date(0)) });
    await call(requestNewLink, { email: 'nobody@example.com' }, page);
    await eventually(async () => expect(await requests.count({ email, 'due.at': { $exists: true } })).toBe(0));
    expect(world.mailsTo(email)).toHaveLength(5);
  });
});

describe('whoever closes their account', () => {
  it('is Not Invited, is mailed nothing by itself, and comes back by a link of the staff', async () => {
    const property = await world.property(orgId, {
      kind: 'rental',
      importMode: 'automatic',
      serviceStartedAt: new Date().toISOString(),
    });
    await known(await world.resident(orgId, property.id, { state: 'active' }));
    const reminders = { on: true, afterDays: [1], thenEveryDays: 7, most: 3 };
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null, reminders });
    const { resident, token } = await pending(property);
    await complete(token);
    await status(resident, 'live');
    await world.closesAccount(orgId, resident.personId);
    await status(resident, 'not-invited');
    await eventually(() =>
      expect(events(accountChanged).at(-1)?.data).toMatchObject({
        account: { personId: resident.personId, status: 'not-invited' },
      }),
    );
    const access = (isOpen: boolean) => ({
      access: { from: null, until: null, open: isOpen, reason: isOpen ? ('lease' as const) : ('staff-denied' as const) },
    });
    await world.change(resident.id, access(false), residentAccessChanged);
    await world.change(resident.id, access(true), residentAccessChanged);
    await call(requestNewLink, { email: resident.email! }, page);
    // told after all of that, and invited by itself: so whatever was to be mailed to the other has been
    const other = await world.resident(orgId, property.id, { state: 'active' });
    await world.change(other.id, access(true), residentAccessChanged);
    await mailed(other.email);
    await advance({ days: 8 });
    await mailed(other.email, 2);
    expect(world.mailsTo(resident.email!)).toHaveLength(1);
    await over((await call(resendInvitations, { selection: { ids: [resident.id] } })).id);
    await complete(world.tokenIn(await mailed(resident.email, 2)));
    await status(resident, 'live');
  });
});

describe('what became of the mail', () => {
  it('is shown: pending, but bounced', async () => {
    const { property, resident } = await pending();
    const [mail] = world.mailsTo(resident.email!);
    await world.delivery(mail!, { state: 'sent', reason: null });
    await world.delivery(mail!, { state: 'bounced', reason: 'The mailbox does not exist.' });
    await eventually(async () => expect((await accountOf(resident)).mail).toMatchObject({ state: 'bounced' }));
    const { items } = await call(listAccounts, { propertyId: property.id, status: ['pending-activation'], bounced: true });
    expect(items).toMatchObject([{ personId: resident.personId, bounced: true }]);
    expect((await call(listInvitations, { mail: ['bounced'] })).items).toHaveLength(1);
  });
});

describe('a mail that still waits its turn', () => {
  it('is taken back when its link works no more, and has not bounced by that', async () => {
    const { property, resident } = await pending();
    const { resident: other } = await pending(property);
    const [first, sent] = [world.mailsTo(resident.email!)[0]!, world.mailsTo(other.email!)[0]!];
    await world.delivery(sent, { state: 'sent', reason: null });
    await eventually(async () => expect((await accountOf(other)).mail).toMatchObject({ state: 'sent' }));
    await over((await call(resendInvitations, { selection: { ids: [other.id, resident.id] } })).id);
    const second = await mailed(resident.email, 2);
    await eventually(() => expect(world.withdrawn).toContain(first.key));
    await world.archive(resident.id);
    await eventually(() => expect(world.withdrawn).toContain(second.key));
    await world.delivery(second, { state: 'cancelled', reason: 'This person does not live here any more.' });
    await eventually(async () => expect((await accountOf(resident)).mail).toMatchObject({ state: 'failed' }));
    expect(await accountOf(resident)).toMatchObject({ status: 'not-invited', bounced: false });
    expect(events(invitationBounced)).toEqual([]);
    expect(world.withdrawn).not.toContain(sent.key);
  });
});

describe('resending', () => {
  it('tells before what it will do, and keeps within what one person gets in a day', async () => {
    const { property, resident } = await pending();
    const live = await pending(property);
    await complete(live.token);
    const waiting = await world.resident(orgId, property.id);
    await known(waiting);
    const selection = { filter: { propertyId: property.id }, except: [] };
    expect(await call(previewResend, { selection })).toMatchObject({
      people: 3,
      welcome: 1,
      not: { 'already-live': 1, 'not-imported': 1 },
      invitedInLastDay: 1,
    });
    expect((await over((await call(resendInvitations, { selection, skipInvitedInLastDay: true })).id)).counts.done).toBe(0);
    for (const done of [1, 1, 0]) {
      const { counts } = await over((await call(resendInvitations, { selection })).id);
      expect(counts).toMatchObject({ done, skipped: 3 - done });
    }
    await mailed(resident.email, 3);
  });

  it('of those who were named goes before what goes out to many', async () => {
    const { property, resident } = await pending();
    await over((await call(resendInvitations, { selection: { ids: [resident.id] } })).id);
    await mailed(resident.email, 2);
    await over((await call(resendInvitations, { selection: { filter: { propertyId: property.id }, except: [] } })).id);
    await mailed(resident.email, 3);
    expect(world.mailsTo(resident.email!).map(({ input }) => input.many)).toEqual([true, false, true]);
  });

  it('sees no further than whoever asks', async () => {
    const { resident } = await pending();
    const elsewhere = await world.property(orgId);
    const narrow = staffActor({ orgId, properties: [elsewhere.id] });
    const { id } = await call(resendInvitations, { selection: { ids: [resident.id] } }, narrow);
    await over(id);
    await mailed(resident.email);
    expect(await codeOf(call(getAccount, { personId: resident.personId }, narrow))).toBe('not-found');
  });
});

describe('Go Live', () => {
  const people = async (count: number, property: Property, facts: Partial<Resident> = {}): Promise<Resident[]> => {
    const all = await Promise.all(Array.from({ length: count }, () => world.resident(orgId, property.id, facts)));
    await Promise.all(all.map((one) => known(one)));
    return all;
  };

  it('over several properties mails exactly whom it estimated, also when it is started twice at once', async () => {
    const [one, two] = [await world.property(orgId, { name: 'One' }), await world.property(orgId, { name: 'Two' })];
    const owners = await people(6, one);
    const tenants = await people(4, two, { userTypes: ['tenant'] });
    const [first] = owners;
    await people(1, two, { personId: first!.personId, email: first!.email, userTypes: ['tenant'] });
    await people(2, two, { email: null, userTypes: ['tenant', 'committee'] });
    const investors = await people(2, one, { userTypes: ['owner-investor'] });
    const estimate = await call(estimateGoLive, {
      propertyIds: [one.id, two.id],
      userTypes: ['owner-occupier', 'tenant', 'committee'],
    });
    expect(estimate.totals).toEqual({ people: 13, welcome: 10, not: { 'missing-email': 2, 'already-invited': 1 } });
    expect(
      estimate.properties.map(({ name, people: count, byUserType }) => [name, count, byUserType['committee']?.people]),
    ).toEqual([
      ['One', 6, 0],
      ['Two', 7, 2],
    ]);
    expect(estimate.userTypesNotReceived).toEqual(['property-manager', 'other']);
    const { items } = await call(listGoLivePeople, { goLiveId: estimate.id, welcome: false });
    expect(items.map(({ reason }) => reason).sort()).toEqual(['already-invited', 'missing-email', 'missing-email']);
    const start = { goLiveId: estimate.id, token: estimate.confirmation.token };
    expect(await codeOf(call(startGoLive, { ...start, understood: false }))).toBe('go-live.not-understood');
    expect(world.mails.filter((mail) => mail.orgId === orgId)).toHaveLength(0);
    await world.archive(tenants[0]!.id);
    await known(await world.resident(orgId, one.id));
    await eventually(async () => expect((await accountOf(tenants[0]!)).residents[0]!.state).toBe('archived'));
    const jobs = await Promise.all([1, 2, 3].map(() => call(startGoLive, { ...start, understood: true })));
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
    const { counts } = await over(jobs[0]!.id);
    expect(counts).toMatchObject({ done: 12, skipped: 1, failed: 0 });
    await eventually(() => expect(world.mails.filter((mail) => mail.orgId === orgId)).toHaveLength(9));
    for (const who of investors) expect((await accountOf(who)).status).toBe('not-invited');
    const outcomes = await call(listJobItems, { jobId: jobs[0]!.id, state: 'skipped' });
    expect(outcomes.items[0]!.reason!.message).toMatch(/Left since the estimate/);
    expect(world.properties.get(one.id)!.serviceStartedAt).not.toBeNull();
  });

  it('estimates no mail to an address that notifications writes to no more, until it does again', async () => {
    const property = await world.property(orgId);
    const [refusing] = await people(2, property);
    const suppressed = await world.suppress(orgId, refusing!.email!);
    const totals = async () => (await call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types] })).totals;
    await eventually(async () => expect(await totals()).toEqual({ people: 2, welcome: 1, not: { suppressed: 1 } }));
    await world.release(orgId, suppressed);
    await eventually(async () => expect(await totals()).toEqual({ people: 2, welcome: 2, not: {} }));
  });

  it('asks again when a setting changed, and never twice for one estimate that is old', async () => {
    const property = await world.property(orgId);
    await people(1, property);
    const estimate = await call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types] });
    const start = { goLiveId: estimate.id, token: estimate.confirmation.token, understood: true };
    await call(setInvitationSettings, { propertyId: property.id, validForSeconds: 86_400 });
    expect(await codeOf(call(startGoLive, start))).toBe('go-live.estimate-changed');
    expect(await codeOf(call(startGoLive, { ...start, token: 'made up' }))).toBe('go-live.estimate-changed');
  });

  it('asks again when a welcome text changed that one of its properties sends, and only then', async () => {
    const [one, two, other] = [await world.property(orgId), await world.property(orgId), await world.property(orgId)];
    await people(1, one);
    const input = { propertyIds: [one.id, two.id], userTypes: [...types] };
    const start = ({ id, confirmation }: OutputOf<typeof estimateGoLive>) =>
      call(startGoLive, { goLiveId: id, token: confirmation.token, understood: true });
    const before = await call(estimateGoLive, input);
    world.texts.set(two.id, 'Welcome to the second house');
    await expect(start(before)).rejects.toMatchObject({
      code: 'go-live.estimate-changed',
      message: expect.stringMatching(/text of the welcome mail changed/) as string,
    });
    expect(world.mails.filter((mail) => mail.orgId === orgId)).toHaveLength(0);
    const after = await call(estimateGoLive, input);
    world.texts.set(other.id, 'Of a house that is not among them');
    expect((await over((await start(after)).id)).counts.done).toBe(1);
  });

  it('of two staff at once mails everybody once', async () => {
    const property = await world.property(orgId);
    const all = await people(20, property);
    const input = { propertyIds: [property.id], userTypes: [...types] };
    const estimates = await Promise.all([call(estimateGoLive, input), call(estimateGoLive, input, staffActor({ orgId }))]);
    const jobs = await Promise.all(
      estimates.map(({ id, confirmation: { token } }) => call(startGoLive, { goLiveId: id, token, understood: true })),
    );
    for (const { id } of jobs) expect((await over(id)).counts.failed).toBe(0);
    for (const who of all) await mailed(who.email);
  });

  it('needs both permissions, and says which is missing', async () => {
    const property = await world.property(orgId);
    const input = { propertyIds: [property.id], userTypes: [...types] };
    const lacking = staffActor({ orgId, permissions: { 'accounts.integrations': 'full', 'residence.residence': 'view' } });
    await expect(call(estimateGoLive, input, lacking)).rejects.toMatchObject({
      code: 'forbidden',
      details: { needs: 'residence.residence:full' },
    });
    const other = staffActor({ orgId, permissions: { 'residence.residence': 'full' } });
    await expect(call(estimateGoLive, input, other)).rejects.toMatchObject({
      code: 'forbidden',
      details: { needs: 'accounts.integrations:full' },
    });
  });

  it('spreads its mails over days when it is told to', async () => {
    const property = await world.property(orgId);
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null });
    const all = await people(3, property);
    const estimate = await call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types], spreadDays: 3 });
    const job = await call(startGoLive, { goLiveId: estimate.id, token: estimate.confirmation.token, understood: true });
    expect((await over(job.id)).counts.done).toBe(3);
    const sent = () => all.filter(({ email }) => world.mailsTo(email!).length > 0).length;
    await eventually(() => expect(sent()).toBe(1));
    expect((await call(listInvitations, { state: ['planned'] })).items).toHaveLength(2);
    await advance({ days: 1, seconds: 5 });
    await eventually(() => expect(sent()).toBe(2));
    await advance({ days: 1, seconds: 5 });
    await eventually(() => expect(sent()).toBe(3));
  });
});

describe('time', () => {
  it('reminds while the link works, ends it to the second, and sends new links as the property wants', async () => {
    const property = await world.property(orgId);
    const reminders = { on: true, afterDays: [3, 6], thenEveryDays: 30, most: 1 };
    await known(await world.resident(orgId, property.id));
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null, reminders });
    const { resident, token } = await pending(property);
    await advance({ days: 3, seconds: 5 });
    const reminder = await mailed(resident.email, 2);
    expect(reminder.input.template).toBe('reminder');
    expect(world.tokenIn(reminder)).toBe(token);
    await advance({ days: 3 });
    await mailed(resident.email, 3);
    await advance({ days: 1 });
    await status(resident, 'activation-expired');
    await advance({ days: 23 });
    const next = await mailed(resident.email, 4);
    expect(world.tokenIn(next)).not.toBe(token);
    await status(resident, 'pending-activation');
    await complete(world.tokenIn(next));
  });
});

describe('reminders and quiet hours that are changed', () => {
  const reminders = { on: true, afterDays: [1], thenEveryDays: 8, most: 3 };

  it('hold for who was invited before: who is due already is reminded within the next day', async () => {
    const { property, resident } = await pending();
    const other = await pending(property);
    await advance({ days: 2 });
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null, reminders });
    await advance({ days: 1, seconds: 5 });
    for (const who of [resident, other.resident]) expect((await mailed(who.email, 2)).input.template).toBe('reminder');
    await advance({ days: 4 });
    await status(resident, 'activation-expired');
    await advance({ days: 1 });
    await mailed(resident.email, 3);
    await call(setInvitationSettings, { propertyId: property.id, reminders: { ...reminders, on: false } });
    await eventually(async () => {
      expect(
        await service.get(AccountRepository).count({ orgId, 'due.at': { $gt: (await suiteDeployment()).clock.now() } }),
      ).toBe(2);
    });
  });

  it('hold for the hour at which somebody would be reminded', async () => {
    const [quiet, loud] = [await world.property(orgId), await world.property(orgId)];
    const people = [await pending(quiet), await pending(loud)].map(({ resident }) => resident);
    const { clock } = await suiteDeployment();
    const hour = (hours: number) => timeOfDayIn(quiet.timeZone, new Date(clock.now().getTime() + hours * 3_600_000));
    await call(setInvitationSettings, { propertyId: loud.id, quietHours: null, reminders });
    await call(setInvitationSettings, { propertyId: quiet.id, quietHours: null, reminders });
    await call(setInvitationSettings, { propertyId: quiet.id, quietHours: { from: hour(-1), until: hour(2) } });
    await advance({ days: 1, seconds: 5 });
    await mailed(people[1]!.email, 2);
    expect(world.mailsTo(people[0]!.email!)).toHaveLength(1);
    await advance({ hours: 2, seconds: 60 });
    await mailed(people[0]!.email, 2);
  });
});

describe('whoever wants no reminders', () => {
  const reminding = async (): Promise<Property> => {
    const property = await world.property(orgId);
    await known(await world.resident(orgId, property.id));
    const reminders = { on: true, afterDays: [1], thenEveryDays: 8, most: 3 };
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null, reminders });
    return property;
  };

  it('says so by the link, or to the property about all its mail, and gets none; the link stays what it is', async () => {
    const property = await reminding();
    const [byLink, byConsent, wants] = [await pending(property), await pending(property), await pending(property)];
    expect(await call(stopReminders, { token: byLink.token }, page)).toEqual({});
    expect(await call(stopReminders, { token: 'made up' }, page)).toEqual({});
    await world.says(orgId, byConsent.resident.personId, 'refused');
    await eventually(async () => {
      expect(await service.get(AccountRepository).count({ orgId, noReminders: true })).toBe(2);
    });
    await advance({ days: 1, seconds: 5 });
    await mailed(wants.resident.email, 2);
    await advance({ days: 7 });
    await status(byLink.resident, 'activation-expired');
    await advance({ days: 1 });
    await mailed(wants.resident.email, 3);
    for (const { resident } of [byLink, byConsent]) expect(world.mailsTo(resident.email!)).toHaveLength(1);
    await over((await call(resendInvitations, { selection: { ids: [byLink.resident.id] } })).id);
    await complete(world.tokenIn(await mailed(byLink.resident.email, 2)));
  });

  it('and nobody of an organization that closed, until it is opened again; the link they have is theirs', async () => {
    const property = await reminding();
    const { resident, token } = await pending(property);
    const closed = () => service.get(CommunityRepository).count({ orgId, 'closing.closed': true });
    await world.closes(orgId);
    await eventually(async () => expect(await closed()).toBe(1));
    await advance({ days: 1, seconds: 5 });
    await advance({ days: 5 });
    expect(await call(showActivation, { token }, page)).toMatchObject({ state: 'open' });
    await advance({ days: 1 });
    await status(resident, 'activation-expired');
    expect(world.mailsTo(resident.email!)).toHaveLength(1);
    await world.closes(orgId, false);
    await eventually(async () => expect(await closed()).toBe(0));
    const other = await pending(property);
    await advance({ days: 1, seconds: 5 });
    await mailed(other.resident.email, 2);
  });

  it('and whose mail came back, neither', async () => {
    const property = await reminding();
    const [gone, here] = [await pending(property), await pending(property)];
    await world.delivery(world.mailsTo(gone.resident.email!)[0]!, { state: 'bounced', reason: 'No such mailbox.' });
    await eventually(async () => expect((await accountOf(gone.resident)).bounced).toBe(true));
    await advance({ days: 1, seconds: 5 });
    await mailed(here.resident.email, 2);
    expect(world.mailsTo(gone.resident.email!)).toHaveLength(1);
  });
});

describe('the file of accounts', () => {
  const written = async (input: InputOf<typeof startInvitationExport>, as = staff): Promise<string> => {
    const job = await call(startInvitationExport, input, as);
    await over(job.id);
    const { text, last } = await call(readInvitationExport, { jobId: job.id, part: 0 }, as);
    expect(last).toBe(true);
    return text;
  };

  it('has who was asked for, with nothing that a spreadsheet would run', async () => {
    const property = await world.property(orgId, { name: 'Harbour, Court' });
    const { resident, token } = await pending(property);
    const tricky = await world.resident(orgId, property.id, { displayName: '=cmd|calc' });
    await known(tricky);
    await complete(token);
    await status(resident, 'live');
    const [header, ...lines] = (await written({ propertyId: property.id })).trimEnd().split('\r\n');
    expect(header).toMatch(/^person,name,e-mail,properties,/);
    expect(lines).toHaveLength(2);
    expect(lines.find((line) => line.startsWith(tricky.personId))).toContain(`,'=cmd|calc,${tricky.email!},"Harbour, Court",`);
    expect(await written({ propertyId: property.id, status: ['live'] })).toMatch(
      new RegExp(`^[^\r]*\r\n${resident.personId},[^\r]*,live,[^\r]*,0,the platform\r\n$`),
    );
  });

  it('has no more than whoever asks may see, and is read by nobody else', async () => {
    const [seen, unseen] = [await world.property(orgId, { name: 'Seen' }), await world.property(orgId, { name: 'Unseen' })];
    const both = await world.resident(orgId, seen.id);
    await world.resident(orgId, unseen.id, { personId: both.personId });
    const elsewhere = await world.resident(orgId, unseen.id);
    await known(elsewhere);
    await eventually(async () => expect((await accountOf(both)).residents).toHaveLength(2));
    const narrow = staffActor({ orgId, properties: [seen.id] });
    const text = await written({}, narrow);
    expect(text).toContain(`${both.personId},`);
    expect(text).not.toMatch(new RegExp(`Unseen|${elsewhere.personId}|${unseen.id}`));
    expect(await codeOf(call(startInvitationExport, { propertyId: unseen.id }, narrow))).toBe('not-found');
    const all = await call(startInvitationExport, {});
    await over(all.id);
    expect(await codeOf(call(readInvitationExport, { jobId: all.id, part: 1 }))).toBe('not-found');
    expect(await codeOf(call(readInvitationExport, { jobId: all.id, part: 0 }, narrow))).not.toBe('no error');
    const stranger = staffActor({ orgId: newOrgId() });
    expect(await codeOf(call(readInvitationExport, { jobId: all.id, part: 0 }, stranger))).toBe('not-found');
  });
});

describe('what is known of people', () => {
  it('is built anew from directory, and invites nobody', async () => {
    const { property, resident } = await pending();
    const missed = {
      ...world.residents.get(resident.id)!,
      id: newId('res'),
      personId: newId('per'),
      email: 'missed@example.com',
    };
    const { orgId: _orgId, ...data } = missed;
    const item = { entity: 'resident', id: missed.id, orgId, version: 4, epoch: 1, data };
    await service.get(PeopleReadModel).apply([item, item]);
    expect(await accountOf(missed)).toMatchObject({
      status: 'not-invited',
      residents: [{ propertyId: property.id, state: 'active' }],
    });
    expect(world.mailsTo('missed@example.com')).toHaveLength(0);
    expect((await accountOf(resident)).status).toBe('pending-activation');
  });
});

describe('a read model of somebody else', () => {
  it('can begin with the snapshot', async () => {
    const { resident } = await pending();
    const { items } = await call(onboardingSnapshot, { limit: 1000 }, page);
    expect(items.find(({ id }) => id === resident.personId)).toMatchObject({
      data: { account: { status: 'pending-activation' } },
    });
  });
});
