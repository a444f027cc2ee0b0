import {
  cancelGoLive,
  estimateGoLive,
  estimateStartMails,
  getAccount,
  getGoLive,
  goLiveFinished,
  goLiveStarted,
  importResidents,
  jobRpcs,
  listInvitations,
  setInvitationSettings,
  startGoLive,
  type Account,
  type Fact,
  type GoLiveId,
  type InputOf,
  type JobId,
  type JobView,
  type OrgId,
  type OutputOf,
  type Property,
  type Resident,
  type RpcContract,
} from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import type { RunningService } from '@leasewire/service-kit';
import { connectAs, eventually, newOrgId, staffActor, startService, suiteDeployment, type Peer } from '@leasewire/testing';
import { onboarding } from '../../src/onboarding.service-definition.js';
import { AccountRepository } from '../../src/account/account.repository.js';
import { GoLivePersonRepository } from '../../src/go-live/go-live.repository.js';
import { World } from './world.js';

jest.setTimeout(60_000);
const { cancelJob, getJob, listJobItems, retryFailedJob } = jobRpcs('onboarding');
const types = ['owner-occupier', 'tenant', 'owner-investor', 'committee'] as const;

let world: World;
let service: RunningService;
let gateway: Peer;
let orgId: OrgId;
let staff: Actor;
const heard: Fact[] = [];

const call = <C extends RpcContract>(contract: C, input: InputOf<C>, as: Actor = staff): Promise<OutputOf<C>> =>
  gateway.call(as, contract, input, { timeoutMs: 15_000 });
const advance = async (by: { days?: number; hours?: number; seconds?: number }): Promise<void> => {
  (await suiteDeployment()).clock.advance(by);
};
const accountOf = ({ personId }: Resident): Promise<Account> => call(getAccount, { personId });
const mails = (): number => world.mails.filter((mail) => mail.orgId === orgId).length;
const over = (id: JobId): Promise<JobView> =>
  eventually(
    async () => {
      const job = await call(getJob, { jobId: id });
      expect(['done', 'cancelled', 'failed']).toContain(job.state);
      return job;
    },
    { timeoutMs: 30_000 },
  );
const started = ({ id, confirmation }: OutputOf<typeof estimateGoLive>): Promise<JobView> =>
  call(startGoLive, { goLiveId: id, token: confirmation.token, understood: true });
const told = (contract: typeof goLiveStarted): Fact<typeof goLiveStarted>['data']['goLive'][] =>
  heard
    .filter((fact): fact is Fact<typeof goLiveStarted> => fact.type === contract.type && fact.orgId === orgId)
    .map(({ data }) => data.goLive);

async function people(count: number, property: Property, facts: Partial<Resident> = {}): Promise<Resident[]> {
  const all = await Promise.all(Array.from({ length: count }, () => world.resident(orgId, property.id, facts)));
  await Promise.all(all.map((one) => eventually(() => accountOf(one))));
  return all;
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

describe('a Go Live', () => {
  const estimated = async (count: number): Promise<OutputOf<typeof estimateGoLive>> => {
    const property = await world.property(orgId);
    await people(count, property);
    return call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types] });
  };

  it('is told of when it starts and when it is over', async () => {
    const estimate = await estimated(2);
    const { id: jobId } = await started(estimate);
    await over(jobId);
    await eventually(() => expect(told(goLiveFinished)).toHaveLength(1));
    expect(told(goLiveStarted)).toMatchObject([{ id: estimate.id, state: 'running', jobId, startedBy: staff.ref }]);
    expect(told(goLiveFinished)).toMatchObject([{ id: estimate.id, state: 'done', totals: { people: 2, welcome: 2 } }]);
  });

  it('lapses when nobody confirms it within the hour', async () => {
    const estimate = await estimated(1);
    await advance({ hours: 1, seconds: 1 });
    await expect(started(estimate)).rejects.toMatchObject({ code: 'go-live.lapsed' });
    expect((await call(getGoLive, { goLiveId: estimate.id })).state).toBe('lapsed');
    expect(mails()).toBe(0);
  });

  it('whose people cannot be found has failed and says so; retried, it is done', async () => {
    const estimate = await estimated(2);
    jest.spyOn(service.get(GoLivePersonRepository), 'stream').mockImplementationOnce(() => {
      throw new Error('of the test');
    });
    const { id } = await started(estimate);
    expect((await over(id)).state).toBe('failed');
    expect((await call(getGoLive, { goLiveId: estimate.id })).state).toBe('failed');
    await eventually(() => expect(told(goLiveFinished)).toMatchObject([{ state: 'failed' }]));
    await call(retryFailedJob, { jobId: id });
    await eventually(async () => expect((await call(getGoLive, { goLiveId: estimate.id })).state).toBe('done'));
    await eventually(() => expect(mails()).toBe(2));
  });
});

describe('a Go Live that is cancelled', () => {
  const spread = async (property: Property, spreadDays: number): Promise<OutputOf<typeof estimateGoLive>> => {
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null });
    return call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types], spreadDays });
  };
  const withdrawn = async (goLiveId: GoLiveId): Promise<JobView> => {
    const { withdrawalJobId } = await eventually(async () => {
      const goLive = await call(getGoLive, { goLiveId });
      expect(goLive.state).toBe('cancelled');
      return goLive;
    });
    return over(withdrawalJobId!);
  };

  it('after its first mail sends no more; who had it keeps it, the others are Not Invited', async () => {
    const property = await world.property(orgId);
    const all = await people(3, property);
    const { id: goLiveId, ...estimate } = await spread(property, 3);
    const { id: jobId } = await started({ id: goLiveId, ...estimate });
    expect((await over(jobId)).counts.done).toBe(3);
    await eventually(() => expect(mails()).toBe(1));
    const cancelled = await call(cancelGoLive, { goLiveId });
    expect(cancelled).toMatchObject({ state: 'cancelled', jobId });
    expect(await call(cancelGoLive, { goLiveId })).toMatchObject({ withdrawalJobId: cancelled.withdrawalJobId });
    expect((await withdrawn(goLiveId)).counts).toMatchObject({ done: 2, skipped: 0, failed: 0 });
    const { items } = await call(listInvitations, { propertyId: property.id, state: ['withdrawn'] });
    expect(items.map(({ endedBecause, plannedFor }) => [endedBecause, plannedFor])).toEqual(
      items.map(() => ['The Go Live was cancelled before this mail was sent.', null]),
    );
    await advance({ days: 3, seconds: 5 });
    // one that is due now is sent, so those that were due before would have been
    const other = await world.property(orgId);
    const [late] = await people(1, other);
    await world.importOne(late!.id);
    await eventually(() => expect(world.mailsTo(late!.email!)).toHaveLength(1));
    expect(mails()).toBe(2);
    const statuses = await Promise.all(all.map(async (one) => [world.mailsTo(one.email!).length, (await accountOf(one)).status]));
    expect(statuses.sort()).toEqual([
      [0, 'not-invited'],
      [0, 'not-invited'],
      [1, 'pending-activation'],
    ]);
    await eventually(() => expect(told(goLiveFinished).map(({ state }) => state)).toEqual(['done', 'cancelled']));
  });

  it('while its people are being imported leaves those who have not begun pending, and withdraws what the others have planned', async () => {
    const property = await world.property(orgId);
    const all = await people(120, property);
    const estimate = await spread(property, 5);
    world.hold(importResidents);
    const { id: jobId } = await started(estimate);
    await eventually(async () => expect((await call(getJob, { jobId })).counts.doing).toBeGreaterThan(0));
    expect((await call(cancelGoLive, { goLiveId: estimate.id })).state).toBe('running');
    world.letGo(importResidents);
    const { state, counts } = await over(jobId);
    expect([state, counts.failed]).toEqual(['cancelled', 0]);
    await withdrawn(estimate.id);
    await eventually(async () => {
      const accounts = await Promise.all(all.map((one) => accountOf(one)));
      expect(accounts.filter(({ residents: [home] }) => home!.state === 'active')).toHaveLength(counts.done);
      expect(accounts.filter(({ status }) => status === 'pending-activation')).toHaveLength(mails());
      expect(accounts.filter(({ mail }) => mail?.state === 'planned')).toEqual([]);
    });
    expect(counts.done + counts.skipped).toBe(120);
  });

  it('by its job is the same', async () => {
    const property = await world.property(orgId);
    await people(3, property);
    const estimate = await spread(property, 3);
    world.hold(importResidents);
    const { id: jobId } = await started(estimate);
    await eventually(async () => expect((await call(getJob, { jobId })).counts.doing).toBe(3));
    expect((await call(cancelJob, { jobId })).state).toBe('cancelling');
    world.letGo(importResidents);
    expect((await withdrawn(estimate.id)).counts.done).toBe(2);
    expect((await call(listInvitations, { propertyId: property.id, state: ['planned'] })).items).toEqual([]);
  });

  it('is refused before it is started, when nothing is left to stop, and to whoever may not go live', async () => {
    const property = await world.property(orgId);
    const [who] = await people(1, property);
    const estimate = await spread(property, 1);
    const goLiveId = estimate.id;
    await expect(call(cancelGoLive, { goLiveId })).rejects.toMatchObject({ code: 'conflict.state' });
    await over((await started(estimate)).id);
    await eventually(() => expect(world.mailsTo(who!.email!)).toHaveLength(1));
    await expect(call(cancelGoLive, { goLiveId })).rejects.toMatchObject({ message: /All of its mails were sent/ });
    for (const [lacking, needs] of [
      ['residence.residence', 'residence.residence:full'],
      ['accounts.integrations', 'accounts.integrations:full'],
    ] as const) {
      const permissions = { 'accounts.integrations': 'full', 'residence.residence': 'full', [lacking]: 'view' } as const;
      const refused = call(cancelGoLive, { goLiveId }, staffActor({ orgId, permissions }));
      await expect(refused).rejects.toMatchObject({ code: 'forbidden', details: { needs } });
    }
    const elsewhere = staffActor({ orgId, properties: [(await world.property(orgId)).id] });
    await expect(call(cancelGoLive, { goLiveId }, elsewhere)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a Go Live of a rental', () => {
  const waits: Partial<Resident> = {
    state: 'active',
    userTypes: ['resident'],
    leaseStatus: 'current',
    access: { from: null, until: null, open: false, reason: 'service-not-started' },
  };
  const rental = async (): Promise<Property> => {
    const property = await world.property(orgId, { kind: 'rental', importMode: 'automatic' });
    await people(1, property, { state: 'active', userTypes: ['resident'], email: null });
    await call(setInvitationSettings, { propertyId: property.id, quietHours: null });
    return property;
  };
  const opened = (property: Property, leap = 0): Promise<void> =>
    eventually(async () => {
      await advance({ seconds: leap });
      expect(world.properties.get(property.id)!.serviceStartedAt).not.toBeNull();
    });

  it('counts everybody whose access opens, whatever types were chosen, and mails exactly those', async () => {
    const property = await rental();
    const residents = await people(3, property, waits);
    const [both] = await people(1, property, { ...waits, userTypes: ['tenant', 'committee'] });
    await people(1, property, { ...waits, email: null });
    await people(2, property, { userTypes: ['owner-investor'] }); // pending, and not of the types
    const [imported] = await people(1, property, { userTypes: ['tenant'] });
    const estimate = await call(estimateGoLive, { propertyIds: [property.id], userTypes: ['tenant'] });
    expect(estimate.totals).toEqual({ people: 6, welcome: 5, not: { 'missing-email': 1 } });
    expect(estimate.properties[0]!.byUserType).toMatchObject({ tenant: { people: 2 }, resident: { people: 4, welcome: 3 } });
    expect(estimate.acknowledgement).toContain('Service starts in 1 rental');
    expect((await over((await started(estimate)).id)).counts).toMatchObject({ done: 6, failed: 0 });
    await opened(property);
    for (const who of [...residents, both!, imported!])
      await eventually(async () => expect((await accountOf(who)).status).toBe('pending-activation'));
    const { items } = await call(listInvitations, { propertyId: property.id });
    expect(items.map(({ cause, createdBy }) => [cause, createdBy])).toEqual(items.map(() => ['go-live', staff.ref]));
    expect([items.length, mails()]).toEqual([5, 5]);
  });

  it('spreads its mails over days, although all of them have access at once', async () => {
    const property = await rental();
    const residents = await people(3, property, waits);
    const estimate = await call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types], spreadDays: 3 });
    expect(estimate.totals.welcome).toBe(3);
    const { id } = await started(estimate);
    expect((await over(id)).counts.done).toBe(3);
    const { items } = await call(listJobItems, { jobId: id });
    expect(items.map(({ outcome }) => (outcome as { mail: string }).mail).sort()).toEqual(['planned', 'planned', 'queued']);
    await opened(property);
    const haveAccess = () => service.get(AccountRepository).count({ orgId, 'members.accessOpen': true });
    await eventually(async () => expect(await haveAccess()).toBe(3));
    expect(mails()).toBe(1);
    await advance({ days: 1, seconds: 5 });
    await eventually(() => expect(mails()).toBe(2));
    await advance({ days: 1, seconds: 5 });
    await eventually(() => expect(mails()).toBe(3));
    for (const { email } of residents) expect(world.mailsTo(email!)).toHaveLength(1);
  });

  it('and Start service alone: who is mailed is told before, and is who is mailed', async () => {
    const property = await rental();
    await people(3, property, waits);
    await people(1, property, { ...waits, email: null });
    await people(2, property, { userTypes: ['tenant'] });
    const mailsOf = (as?: Actor) => call(estimateStartMails, { propertyId: property.id }, as);
    expect(await mailsOf()).toEqual({ people: 4, welcome: 3, not: { 'missing-email': 1 } });
    await expect(mailsOf(staffActor({ orgId, properties: [] }))).rejects.toMatchObject({ code: 'not-found' });
    await world.startService(property.id);
    await eventually(() => expect(mails()).toBe(3));
    await eventually(async () => expect(await mailsOf()).toEqual({ people: 0, welcome: 0, not: {} }));
  });

  it('starts its service although people change while it is asked to', async () => {
    const property = await rental();
    await people(1, property, waits);
    world.startsRefused = 7;
    const { id } = await started(await call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types] }));
    expect(await over(id)).toMatchObject({ state: 'done', counts: { done: 1 } });
    await opened(property, 5);
  });
});

describe('people whom directory does not import', () => {
  it.each(['cancelled', 'failed'] as const)('because its import was %s are failed, and retried', async (end) => {
    const property = await world.property(orgId);
    const all = await people(3, property);
    world.importsEnd.push(end);
    const estimate = await call(estimateGoLive, { propertyIds: [property.id], userTypes: [...types] });
    const { id } = await started(estimate);
    expect(await over(id)).toMatchObject({ state: 'done', counts: { failed: 3, done: 0 } });
    const { items } = await call(listJobItems, { jobId: id, state: 'failed' });
    expect(items[0]!.reason!.message).toMatch(end === 'cancelled' ? /was cancelled before/ : /fault of ours/);
    expect(mails()).toBe(0);
    await call(retryFailedJob, { jobId: id });
    await eventually(async () => expect(await over(id)).toMatchObject({ counts: { done: 3, failed: 0 } }));
    await eventually(() => expect(mails()).toBe(all.length));
  });

  it('can be imported by the next Go Live', async () => {
    const property = await world.property(orgId);
    const [who] = await people(1, property);
    world.importsEnd.push('cancelled');
    const input = { propertyIds: [property.id], userTypes: [...types] };
    expect((await over((await started(await call(estimateGoLive, input))).id)).counts.failed).toBe(1);
    expect((await over((await started(await call(estimateGoLive, input))).id)).counts).toMatchObject({ done: 1, skipped: 0 });
    await eventually(() => expect(world.mailsTo(who!.email!)).toHaveLength(1));
  });
});
