import {
  estimateGoLive,
  invitationReport,
  jobRpcs,
  listAccounts,
  listGoLivePeople,
  startGoLive,
  type Account,
  type JobView,
  type OrgId,
  type OutputOf,
  type Property,
  type Resident,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { connectAs, eventually, newOrgId, staffActor, startProcess, type Peer, type ServiceProcess } from '@leasewire/testing';
import { World } from './world.js';

jest.setTimeout(900_000);
const { getJob } = jobRpcs('onboarding');
const userTypes = ['owner-occupier', 'tenant', 'owner-investor', 'committee'] as const;
/** `npm run test:chaos` does it with 5,000. */
const people = Number(process.env['LEASEWIRE_GO_LIVE_PEOPLE'] ?? 144);
const houses = 12;
/** At these shares of its mails. */
const kills = people > 1000 ? [0.25, 0.6] : [0.4];
const long = { timeoutMs: 120_000 + people * 40, everyMs: 250 };

type Estimate = OutputOf<typeof estimateGoLive>;

/** onboarding as a process of its own, so that it can be killed; the services around it count what reaches them. */
describe(`a Go Live of ${people} people over ${houses} properties, with everything that can happen meanwhile`, () => {
  let world: World;
  let gateway: Peer;
  let service: ServiceProcess;
  let orgId: OrgId;
  let staff: Actor;
  let properties: Property[];
  let residents: Resident[];
  let estimate: Estimate;
  let jobs: JobView[];
  let left: Resident;
  let moved: Resident;
  let late: Resident;

  const ask = <T>(asking: () => Promise<T>): Promise<T> => eventually(asking, long); // the process may be on its way back
  const all = async <T>(page: (cursor?: string) => Promise<{ items: T[]; nextCursor: string | null }>): Promise<T[]> => {
    const items: T[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const from = cursor;
      const got = await ask(() => page(from));
      items.push(...got.items);
      cursor = got.nextCursor;
    }
    return items;
  };
  const accounts = (): Promise<Account[]> =>
    all((cursor) =>
      gateway.call(staff, listAccounts, { limit: 200, ...(cursor !== undefined && { cursor }) }, { timeoutMs: 15_000 }),
    );
  const pendingImport = async (): Promise<number> =>
    (await gateway.call(staff, invitationReport, {}, { timeoutMs: 15_000 })).items.reduce(
      (sum, row) => sum + row.pendingImport,
      0,
    );
  const mailsTo = (personId: string) =>
    world.mails.filter(({ input }) => input.recipients.some((to) => to.kind === 'address' && to.personId === personId));

  beforeAll(async () => {
    world = await World.start();
    service = await startProcess('onboarding');
    gateway = await connectAs('gateway');
    orgId = newOrgId();
    staff = staffActor({ orgId });
    properties = await Promise.all(Array.from({ length: houses }, (_, n) => world.property(orgId, { name: `House ${n}` })));
    residents = [];
    for (let from = 0; from < people; from += 100)
      residents.push(...(await Promise.all(Array.from({ length: Math.min(100, people - from) }, (_, n) => arrive(from + n)))));
    await eventually(async () => expect(await pendingImport()).toBe(people), long);
  });

  /** One in ten has no address, one in nine a second home, one in eight shares an address with the person before. */
  async function arrive(n: number, facts: Partial<Resident> = {}): Promise<Resident> {
    const { id } = properties[n % houses]!;
    const email = n % 10 === 0 ? null : n % 8 === 1 ? `pair-${Math.floor(n / 8)}@example.com` : `person-${n}@example.com`;
    const personId = n % 9 === 8 ? personOf(n - 1) : personOf(n);
    return world.resident(orgId, id, {
      personId,
      email: n % 9 === 8 ? `person-${n - 1}@example.com` : email,
      userTypes: [userTypes[n % 4]!],
      ...facts,
    });
  }
  const persons = new Map<number, Resident['personId']>();
  function personOf(n: number): Resident['personId'] {
    const known = persons.get(n) ?? newId('per');
    persons.set(n, known);
    return known;
  }

  it('is estimated by two of the staff alike; one clicks twice, both at once', async () => {
    const input = { propertyIds: properties.map(({ id }) => id), userTypes: [...userTypes] };
    const colleague = staffActor({ orgId });
    const [one, other] = await Promise.all([
      gateway.call(staff, estimateGoLive, input, { timeoutMs: 30_000 }),
      gateway.call(colleague, estimateGoLive, input, { timeoutMs: 30_000 }),
    ]);
    estimate = one;
    expect(other.totals).toEqual(estimate.totals);
    expect(estimate.totals.people).toBe(people);
    expect(estimate.properties).toHaveLength(houses);
    expect(world.mails).toHaveLength(0);
    const click = ({ id, confirmation: { token } }: Estimate, who: Actor) =>
      gateway.call(who, startGoLive, { goLiveId: id, token, understood: true }, { timeoutMs: 30_000 });
    jobs = await Promise.all([click(estimate, staff), click(estimate, staff), click(other, colleague)]);
    expect(jobs[0]!.id).toBe(jobs[1]!.id);
    expect(jobs[2]!.id).not.toBe(jobs[0]!.id);
  });

  it('goes on after kill -9 while the PMS changes who is there', async () => {
    const inOrder = residents.toSorted((a, b) => (a.id < b.id ? 1 : -1)).filter((_, n) => n < people / 6);
    [left, moved] = inOrder.filter(hasOneHomeAndAddress) as [Resident, Resident];
    await world.archive(left.id);
    await world.change(moved.id, { email: 'moved@example.com' });
    late = await arrive(people * 10 + 2);
    for (const share of kills) {
      await eventually(() => expect(world.mails.length).toBeGreaterThanOrEqual(estimate.totals.welcome * share), long);
      await service.kill('SIGKILL');
      await service.start();
    }
    for (const { id } of jobs)
      await eventually(async () => {
        const job = await gateway.call(staff, getJob, { jobId: id }, { timeoutMs: 15_000 });
        expect(job.state).toBe('done');
        expect(job.counts.failed).toBe(0);
      }, long);
  });
  const hasOneHomeAndAddress = ({ personId, email }: Resident): boolean =>
    email !== null && residents.filter((one) => one.personId === personId || one.email === email).length === 1;

  it('has sent each person exactly one mail, as many as were estimated', async () => {
    const pinned = await all((cursor) =>
      gateway.call(staff, listGoLivePeople, {
        ...{ goLiveId: estimate.id, welcome: true, limit: 200, ...(cursor !== undefined && { cursor }) },
      }),
    );
    expect(pinned).toHaveLength(estimate.totals.welcome);
    // who left before their turn gets none; whose address changed gets it at the new one
    const personOfResident = new Map(residents.map(({ id, personId }) => [id, personId]));
    const wanted = new Set(pinned.map(({ residentId }) => personOfResident.get(residentId)!));
    wanted.delete(left.personId);
    await eventually(() => expect(new Set(world.mails.map(({ key }) => key)).size).toBeGreaterThanOrEqual(wanted.size), long);
    const counted = [...wanted].map((personId) => [personId, mailsTo(personId).length] as const);
    expect(counted.filter(([personId, n]) => n !== 1 && personId !== moved.personId)).toEqual([]);
    expect(mailsTo(moved.personId).at(-1)?.input.recipients[0]).toMatchObject({ email: 'moved@example.com' });
    expect(mailsTo(left.personId).length).toBeLessThanOrEqual(1);
    expect(mailsTo(late.personId)).toHaveLength(0);
    const others = world.mails.filter(({ input: { recipients } }) =>
      recipients.every((to) => to.kind !== 'address' || to.personId === undefined || !wanted.has(to.personId)),
    );
    expect(others.filter(({ input: { recipients } }) => JSON.stringify(recipients).includes(left.personId))).toHaveLength(
      others.length,
    );
  });

  it('leaves every status true', async () => {
    await eventually(async () => {
      const wrong = (await accounts()).flatMap(({ personId, status, invitedAt, residents: homes }) => {
        const here = homes.some(({ state }) => state === 'active');
        const mailed = mailsTo(personId).length > 0;
        const expected = here && mailed ? 'pending-activation' : 'not-invited';
        const isTrue = status === expected && (invitedAt !== null) === mailed;
        return isTrue ? [] : [{ personId, status, here, mailed, invitedAt }];
      });
      expect(wrong).toEqual([]);
    }, long);
    expect(await ask(pendingImport)).toBe(1);
    for (const { id } of properties) expect(world.properties.get(id)!.serviceStartedAt).not.toBeNull();
  });
});
