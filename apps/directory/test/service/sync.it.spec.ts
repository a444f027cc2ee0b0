import {
  applySync,
  archiveResident,
  createProperty,
  restoreResident,
  setPolicies,
  getResident,
  localDateIn,
  updateResident,
  syncBasis,
  occupancyEnded,
  occupancyStarted,
  occupancyTransferred,
  planSync,
  residentDetailsChanged,
  residentRegistered,
  startService,
  estimateStart,
  residentAccessChanged,
  residentArchived,
  type ResidentId,
} from '@leasewire/contracts';
import { eventually, serviceActor, suiteDeployment } from '@leasewire/testing';
import type { ResidentDoc } from '../../src/resident/resident.repository.js';
import { DirectorySuite, person, stay } from './directory-suite.js';

let suite: DirectorySuite;
beforeAll(async () => {
  suite = await DirectorySuite.start();
});
/** As the profiler of MongoDB writes it down. */
interface Read {
  readonly ns: string;
  readonly docsExamined: number;
  readonly nreturned?: number;
  readonly command: object;
}
const residents = (propertyId: string) =>
  suite.db.db
    .collection<ResidentDoc>('residents')
    .find({ propertyId } as never)
    .toArray() as Promise<ResidentDoc[]>;

describe('what the PMS says', () => {
  it('registers, leaves unchanged, updates, transfers and deactivates', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const planned = await suite.pms.call(
      serviceActor('pms-sync', orgId),
      planSync,
      await suite.observed(property.id, [person('1')]),
    );
    expect(planned).toMatchObject({ outcomes: [{ decision: 'register', outcome: 'synced', residentId: null }], livingHere: 0 });
    expect(await residents(property.id)).toEqual([]);

    const [first] = await suite.apply(orgId, property, [person('1')]);
    expect(first).toMatchObject({ decision: 'register', outcome: 'synced', unit: '101', name: 'Noor Haddad1' });
    const id = first!.residentId!;
    await suite.hears(residentRegistered, id);
    await suite.hears(occupancyStarted, id);
    expect((await residents(property.id))[0]).toMatchObject({
      state: 'active',
      access: { open: false, reason: 'service-not-started' },
    });

    const versions = async () => (await residents(property.id)).map(({ version }) => version);
    expect(await suite.apply(orgId, property, [person('1')])).toMatchObject([
      { decision: 'none', outcome: 'unchanged', residentId: id },
    ]);
    expect(await versions()).toEqual([1]);

    const estimate = await suite.call(owner, estimateStart, { propertyId: property.id });
    expect(estimate).toMatchObject({ residents: 1, gainAccess: 1 });
    await suite.call(owner, startService, { propertyId: property.id, digest: estimate.digest });
    const opened = await suite.hears(residentAccessChanged, id);
    expect(opened.data).toMatchObject({ resident: { access: { open: true, reason: 'lease' } }, changed: ['access'] });

    await suite.apply(orgId, property, [person('1', { email: 'other@example.com' })]);
    expect((await suite.hears(residentDetailsChanged, id)).data).toMatchObject({ changed: ['email'] });

    const moved = [
      stay({ leaseId: 'L1', status: 'past', moveOut: '2026-11-23' }),
      stay({ leaseId: 'L9', unitId: 'u2', unitName: '102' }),
    ];
    expect(await suite.apply(orgId, property, [person('1', { stays: moved })])).toMatchObject([
      { decision: 'transfer', unit: '102' },
    ]);
    expect((await suite.hears(occupancyTransferred, id)).data).toMatchObject({
      resident: { occupancy: { unit: '102' }, access: { open: true } },
    });
    await suite.hears(occupancyEnded, id);

    await suite.call(owner, setPolicies, { propertyId: property.id, policy: { futureMoveOutDays: 1 } });
    const plan = await suite.pms.call(
      serviceActor('pms-sync', orgId),
      planSync,
      await suite.observed(property.id, [], { absent: ['1'] }),
    );
    expect(plan).toMatchObject({ outcomes: [{ decision: 'deactivate', announced: false }], livingHere: 1 });
    expect(await suite.apply(orgId, property, [], { scope: 'targeted', absent: ['1'] })).toMatchObject([
      { decision: 'none', outcome: 'failed', reason: { code: 'not-found-upstream' } },
    ]);
    expect(await suite.apply(orgId, property, [], { absent: ['1'] })).toMatchObject([
      { decision: 'deactivate', outcome: 'synced' },
    ]);
    expect(await suite.apply(orgId, property, [], { absent: ['1'] })).toMatchObject([{ decision: 'none', outcome: 'unchanged' }]);
    expect((await residents(property.id))[0]).toMatchObject({
      state: 'active',
      access: { open: true, reason: 'notice' },
      leaseStatus: 'past',
    });
    (await suiteDeployment()).clock.advance({ days: 3 });
    await suite.hears(residentArchived, id);
    await eventually(async () =>
      expect((await residents(property.id))[0]).toMatchObject({
        state: 'archived',
        archivedReason: 'gone-upstream',
        access: { open: false },
      }),
    );
  });

  it('about a hundred people is taken over in one piece, and quickly', async () => {
    const { orgId } = suite.org();
    const property = await suite.adopted(orgId);
    // the quickest counts: whoever shares the machine may slow one down
    const took: number[] = [];
    for (const batch of ['a', 'b', 'c']) {
      const people = Array.from({ length: 100 }, (_, at) => person(`${batch}${at}`));
      await suite.apply(orgId, property, people.slice(0, 1));
      const began = performance.now();
      const outcomes = await suite.apply(orgId, property, people);
      took.push(performance.now() - began);
      expect(outcomes.filter(({ decision }) => decision === 'register')).toHaveLength(99);
    }
    expect(Math.min(...took)).toBeLessThan(3000);
  });

  it('of a large property reads no more than whom and what it is about', async () => {
    const { orgId } = suite.org();
    const property = await suite.adopted(orgId);
    const units = Array.from({ length: 600 }, (_, n) => ({ upstreamId: `v${n}`, building: null, number: `N${n}`, bedrooms: [] }));
    for (let from = 0; from < units.length; from += 100) await suite.units(orgId, property, units.slice(from, from + 100));
    const livesIn = (n: number, more = {}) =>
      person(`many-${n}`, { stays: [stay({ leaseId: `L${n}`, unitId: `v${n}`, unitName: `N${n}` })], ...more });
    for (let from = 0; from < 400; from += 100)
      await suite.apply(
        orgId,
        property,
        Array.from({ length: 100 }, (_, n) => livesIn(from + n)),
      );

    const { db } = suite.db;
    await db.command({ profile: 2 });
    const renamed = units.slice(0, 100).map((unit, n) => ({ ...unit, ...(n < 50 && { number: `M${n}`, building: 'New wing' }) }));
    expect(await suite.units(orgId, property, renamed, ['v599'])).toMatchObject({
      renamed: 50,
      unchanged: 50,
      deletedUpstream: 1,
    });
    const some = Array.from({ length: 100 }, (_, n) => livesIn(350 + n, { email: `new-${n}@example.com` }));
    const observed = await suite.observed(property.id, some);
    await suite.pms.call(serviceActor('pms-sync', orgId), planSync, observed);
    expect(await suite.apply(orgId, property, some)).toHaveLength(100);
    await db.command({ profile: 0 });
    const reads = await db
      .collection<Read>('system.profile')
      .find({ ns: /\.(units|residents|persons|properties|timeline_entries)$/, docsExamined: { $gt: 0 } })
      .toArray();
    await db.collection('system.profile').drop();
    expect(reads.length).toBeGreaterThan(3);
    const wide = reads.filter(({ docsExamined, nreturned = 1 }) => docsExamined > 2 * nreturned + 100);
    expect(wide.map(({ ns, docsExamined, nreturned, command }) => ({ ns, docsExamined, nreturned, command }))).toEqual([]);
  });

  it('who left has no access in the same hour: when the PMS says so, whatever the hour of the day', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const id = await suite.registered(orgId, property, person('1'));
    await suite.registered(orgId, property, person('2'));
    await suite.startService(owner, property);
    const today = localDateIn(property.timeZone, await suite.now());
    const leaving = (status: 'notice' | 'past') => person('1', { stays: [stay({ status, moveOut: today })] });
    const shown = async () => (await residents(property.id)).find(({ _id }) => _id === id);
    await suite.apply(orgId, property, [leaving('notice')]);
    expect(await shown()).toMatchObject({ state: 'active', access: { open: true, reason: 'notice' } });
    expect(await suite.apply(orgId, property, [leaving('past')])).toMatchObject([{ decision: 'deactivate' }]);
    expect(await shown()).toMatchObject({ state: 'archived', access: { open: false, reason: 'moved-out' } });
  });

  it('whose last day is over is archived on notice, and has left as soon as the PMS says so', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const moveOut = localDateIn(property.timeZone, await suite.now());
    const leaving = (status: 'notice' | 'past') => person('1', { stays: [stay({ status, moveOut })] });
    const id = await suite.registered(orgId, property, leaving('notice'));
    await suite.startService(owner, property);
    const shown = async () => (await residents(property.id))[0];
    (await suiteDeployment()).clock.advance({ days: 1 });
    await eventually(async () => expect(await shown()).toMatchObject({ state: 'archived', leaseStatus: 'notice' }));
    const leave = () => suite.apply(orgId, property, [leaving('past')]);
    expect(await leave()).toMatchObject([{ decision: 'update', outcome: 'synced', reason: { code: 'lease-over' } }]);
    expect(await shown()).toMatchObject({ state: 'archived', archivedReason: 'moved-out', leaseStatus: 'past' });
    await suite.hears(occupancyEnded, id);
    expect(await leave()).toMatchObject([{ decision: 'none', outcome: 'skipped', reason: { code: 'moved-out' } }]);
  });

  it('who was not listed once and is back as they were has their lease back', async () => {
    const { orgId } = suite.org();
    const property = await suite.adopted(orgId);
    const today = await suite.now();
    const moveOut = new Date(today.getTime() + 20 * 86_400_000).toISOString().slice(0, 10);
    const leaving = person('1', { stays: [stay({ status: 'notice', moveOut })] });
    await suite.apply(orgId, property, [leaving, person('2')]);
    const [gone] = await suite.apply(orgId, property, [], { absent: ['1'] });
    expect(gone).toMatchObject({ decision: 'deactivate', announced: true });
    const shown = async () => (await residents(property.id)).find(({ upstreamId }) => upstreamId === '1');
    expect(await shown()).toMatchObject({ state: 'active', leaseStatus: 'past' });
    expect(await suite.apply(orgId, property, [leaving])).toMatchObject([{ decision: 'update', outcome: 'synced' }]);
    expect(await shown()).toMatchObject({ leaseStatus: 'notice', goneUpstream: false, occupancies: [{ endedAt: null }] });
    expect(await suite.apply(orgId, property, [leaving])).toMatchObject([{ decision: 'none', outcome: 'unchanged' }]);
  });

  it('in two properties of a connection is one person, in two residencies', async () => {
    const { orgId } = suite.org();
    const connectionId = 'con_1';
    const a = await suite.adopted(orgId, { connectionId, upstreamId: 'a' });
    const b = await suite.adopted(orgId, { connectionId, upstreamId: 'b' });
    await suite.apply(orgId, a, [person('7')]);
    await suite.apply(orgId, b, [person('7', { stays: [stay({ leaseId: 'L70' })] })]);
    const [[one], [other]] = [await residents(a.id), await residents(b.id)];
    expect(one!.personId).toBe(other!.personId);
    expect(one!._id).not.toBe(other!._id);
  });

  it.each(['the old one first', 'the new one first', 'both at once'])(
    'moves between two properties, %s, without a gap or a double',
    async (order) => {
      const { orgId } = suite.org();
      const connectionId = 'con_2';
      const a = await suite.adopted(orgId, { connectionId, upstreamId: 'a' });
      const b = await suite.adopted(orgId, { connectionId, upstreamId: 'b' });
      const lives = person('8');
      await suite.apply(orgId, a, [lives]);
      const leaves = () =>
        suite.apply(orgId, a, [person('8', { stays: [stay({ leaseId: 'L8', status: 'past', moveOut: '2026-11-20' })] })]);
      const comes = () => suite.apply(orgId, b, [person('8', { stays: [stay({ leaseId: 'L80' })] })]);
      if (order === 'the old one first') await leaves().then(comes);
      else if (order === 'the new one first') await comes().then(leaves);
      else await Promise.all([leaves(), comes()]);
      const [[old], [fresh]] = [await residents(a.id), await residents(b.id)];
      expect(old).toMatchObject({ leaseStatus: 'past', personId: fresh!.personId });
      expect(fresh).toMatchObject({ leaseStatus: 'current', state: 'active' });
      expect(await suite.db.db.collection('persons').countDocuments({ orgId })).toBe(1);
    },
  );

  it('at once in many properties and by two syncs registers everybody once', async () => {
    const { orgId } = suite.org();
    const connectionId = 'con_3';
    const properties = await Promise.all(['a', 'b', 'c'].map((upstreamId) => suite.adopted(orgId, { connectionId, upstreamId })));
    const people = Array.from({ length: 20 }, (_, at) => person(`m${at}`));
    await Promise.all([...properties, ...properties].map((property) => suite.apply(orgId, property, people)));
    expect(await suite.db.db.collection('persons').countDocuments({ orgId })).toBe(20);
    expect(await suite.db.db.collection('residents').countDocuments({ orgId })).toBe(60);
  });

  it('of another organization’s property is not found', async () => {
    const property = await suite.adopted(suite.org().orgId);
    const stranger = serviceActor('pms-sync', suite.org().orgId);
    await expect(suite.pms.call(stranger, applySync, await suite.observed(property.id, [person('1')]))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

it('what a sweep may pass over: another policy is another basis, and whoever was restored is asked for until told', async () => {
  const { orgId, owner } = suite.org();
  const property = await suite.adopted(orgId);
  const basis = () => suite.pms.call(serviceActor('pms-sync', orgId), syncBasis, { propertyId: property.id });
  const [one] = await suite.apply(orgId, property, [person('1'), person('2')]);
  const first = await basis();
  expect(first).toMatchObject({ again: [], livingHere: 2 });
  const residentId = one!.residentId!;
  await suite.call(owner, archiveResident, { residentId });
  expect(await suite.apply(orgId, property, [person('1', { email: 'new@example.com' })])).toMatchObject([{ outcome: 'skipped' }]);
  expect((await basis()).again).toEqual([]);
  await suite.call(owner, restoreResident, { residentId });
  expect((await basis()).again).toEqual(['1']);
  await suite.apply(orgId, property, [person('1', { email: 'new@example.com' })]);
  expect(await basis()).toEqual(first);
  await suite.call(owner, setPolicies, { propertyId: property.id, policy: { futureMoveOutDays: 5 } });
  expect((await basis()).basis).not.toBe(first.basis);
});

describe('people of a file, whose property has no PMS', () => {
  it('are persons of their own, whatever another file calls theirs', async () => {
    const { orgId, owner } = suite.org();
    const made = (name: string) =>
      suite.call(owner, createProperty, { name, kind: 'strata', timeZone: 'Australia/Sydney', country: 'AU', currency: 'AUD' });
    const houses = [await made('Casa Azul'), await made('Casa Verde')];
    for (const house of houses) await suite.apply(orgId, house, [person('1'), person('2')], { scope: 'targeted' });
    const rows = (await Promise.all(houses.map(({ id }) => residents(id)))).flat();
    const persons = await suite.db.db.collection('persons').find({ orgId }).toArray();
    expect(rows).toHaveLength(4);
    expect(persons.map(({ _id }) => String(_id)).sort()).toEqual(rows.map(({ personId }) => personId).sort());
  });
});

describe('an e-mail address', () => {
  it('that several people have is shown with all of them, for as long as they share it', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const email = 'the.haddads@example.com';
    const issuesOf = async (residentId: ResidentId) => (await suite.call(owner, getResident, { residentId })).issues;
    const first = await suite.registered(orgId, property, person('1', { email }));
    expect(await issuesOf(first)).toEqual([]);
    const second = await suite.registered(orgId, property, person('2', { email }));
    expect(await issuesOf(second)).toEqual(['shared-email']);
    expect(await issuesOf(first)).toEqual(['shared-email']);
    expect(await suite.hears(residentDetailsChanged, first)).toMatchObject({ data: { changed: ['issues'] } });
    const third = await suite.registered(orgId, property, person('3', { email }));

    await suite.call(owner, updateResident, { residentId: second, email: 'her.own@example.com' });
    expect([await issuesOf(first), await issuesOf(second), await issuesOf(third)]).toEqual([
      ['shared-email'],
      [],
      ['shared-email'],
    ]);
    await suite.call(owner, archiveResident, { residentId: third });
    expect(await issuesOf(first)).toEqual([]);
    await suite.call(owner, restoreResident, { residentId: third });
    expect(await issuesOf(first)).toEqual(['shared-email']);
    await suite.apply(orgId, property, [person('3', { email: null })]);
    expect([await issuesOf(first), await issuesOf(third)]).toEqual([[], ['missing-email']]);

    const [a, b] = await suite.apply(
      orgId,
      property,
      ['4', '5'].map((id) => person(id, { email: 'together@example.com' })),
    );
    for (const { residentId } of [a!, b!]) expect(await issuesOf(residentId!)).toEqual(['shared-email']);
  });
});
