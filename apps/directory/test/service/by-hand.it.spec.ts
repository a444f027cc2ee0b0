import {
  adoptProperty,
  createProperty,
  createResident,
  createUnit,
  explainAccess,
  getResident,
  linkDuplicate,
  listDuplicates,
  listResidents,
  listUnits,
  releaseProperty,
  updateResident,
  type InputOf,
  type OrgId,
  type Property,
  type ResidentId,
  type Unit,
} from '@leasewire/contracts';
import { newId, silentLog, type Actor } from '@leasewire/messaging';
import { runMigrations } from '@leasewire/persistence';
import { eventually, suiteDeployment } from '@leasewire/testing';
import { residentMigrations } from '../../src/resident/resident.migrations.js';
import { codeOf, DirectorySuite, person, stay } from './directory-suite.js';

let suite: DirectorySuite;
beforeAll(async () => {
  suite = await DirectorySuite.start();
});

interface House {
  readonly orgId: OrgId;
  readonly owner: Actor;
  readonly property: Property;
  readonly units: readonly Unit[];
}
/** A property without a PMS, in service. */
async function house(): Promise<House> {
  const { orgId, owner } = suite.org();
  const about = { name: `Bay ${newId('x').slice(-8)}`, kind: 'rental' as const, timeZone: 'Australia/Brisbane' };
  const property = await suite.call(owner, createProperty, about);
  const units = await Promise.all(
    ['101', '102'].map((number) => suite.call(owner, createUnit, { propertyId: property.id, number })),
  );
  await suite.startService(owner, property);
  return { orgId, owner, property, units };
}
/** As a file says it: the lease is somebody in a unit. */
const row = (id: string, more: Parameters<typeof stay>[0] = {}, about: Parameters<typeof person>[1] = {}) => {
  const { unitName = '101' } = more;
  const lease = { leaseId: `${id}@${unitName}`, unitId: unitName, unitName, bedroom: null, leaseStart: null, leaseEnd: null };
  return person(id, { stays: [stay({ ...lease, ...more })], ...about });
};
const seen = (owner: Actor, residentId: ResidentId) => suite.call(owner, getResident, { residentId });
const here = async ({ owner, property }: House) =>
  (await suite.call(owner, listResidents, { propertyId: property.id, state: ['active', 'archived', 'pending-import'] })).items;
const pass = async (days: number) => (await suiteDeployment()).clock.advance({ days });
const becomes = (owner: Actor, id: ResidentId, what: object) =>
  eventually(async () => expect(await seen(owner, id)).toMatchObject(what), { timeoutMs: 20_000 });

describe('the dates of a file', () => {
  it('take effect when their day comes, however old the file is then', async () => {
    const { orgId, owner, property } = await house();
    const [comesAndGoes, goes] = await suite.apply(orgId, property, [
      row('csv-1', { status: 'future', moveIn: await suite.daysFrom(10), moveOut: await suite.daysFrom(20) }),
      row('csv-2', { status: 'notice', moveOut: await suite.daysFrom(30), unitName: '102' }),
    ]);
    const [first, second] = [comesAndGoes!.residentId!, goes!.residentId!];
    expect(await seen(owner, first)).toMatchObject({ leaseStatus: 'future', access: { open: false, reason: 'not-yet' } });
    await pass(11);
    await becomes(owner, first, { leaseStatus: 'notice', access: { open: true } });
    await pass(10);
    await becomes(owner, first, { state: 'archived', archivedReason: 'moved-out', leaseStatus: 'past', access: { open: false } });
    expect(await seen(owner, second)).toMatchObject({ state: 'active', access: { open: true, reason: 'notice' } });
    await pass(10);
    await becomes(owner, second, { state: 'archived', archivedReason: 'moved-out', access: { open: false } });
  });

  it('that passed before anybody looked at them are caught up with once', async () => {
    const { orgId, owner, property } = await house();
    const residentId = await suite.registered(orgId, property, row('csv-1'));
    const rows = suite.db.db.collection<{ _id: string }>('residents');
    const late = { 'occupancies.0.status': 'notice', 'occupancies.0.until': await suite.daysFrom(-3) };
    await rows.updateOne({ _id: residentId }, { $set: late, $unset: { due: '' } });
    await suite.db.db.collection<{ _id: string }>('migrations').deleteOne({ _id: '2026-11-30-who-is-by-hand-has-dates' });
    await runMigrations(suite.db, residentMigrations, { clock: (await suiteDeployment()).clock, log: silentLog });
    await becomes(owner, residentId, { state: 'archived', archivedReason: 'moved-out', access: { open: false } });
  });

  it('are corrected by staff, and by the next file that says something else', async () => {
    const home = await house();
    const { orgId, owner, property, units } = home;
    const residentId = await suite.registered(orgId, property, row('csv-1'));
    const moveOut = await suite.daysFrom(5);
    expect(await suite.call(owner, updateResident, { residentId, moveOut })).toMatchObject({
      leaseStatus: 'notice',
      occupancy: { until: moveOut },
    });
    expect(await suite.call(owner, updateResident, { residentId, unitId: units[1]!.id })).toMatchObject({
      occupancy: { unit: '102' },
    });
    expect(await suite.apply(orgId, property, [row('csv-1')])).toMatchObject([{ outcome: 'unchanged' }]);
    const staying = row('csv-1', { unitName: '102' }, { email: 'new@example.com' });
    expect(await suite.apply(orgId, property, [staying])).toMatchObject([{ decision: 'update', unit: '102' }]);
    const { occupancies, ...after } = await seen(owner, residentId);
    expect(after).toMatchObject({ leaseStatus: 'current', email: 'new@example.com', occupancy: { unit: '102', until: null } });
    expect(occupancies.filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
    expect((await suite.call(owner, explainAccess, { residentId })).sentences).toContain('Kept by staff: current in 102.');
  });
});

describe('whom staff added', () => {
  const added = ({ owner, property, units }: House, more: Partial<InputOf<typeof createResident>> = {}) =>
    suite.call(owner, createResident, {
      ...{ propertyId: property.id, unitId: units[0]!.id, userTypes: ['resident'], firstName: 'Bo', lastName: 'Ek' },
      ...more,
    });
  const bo = { name: { first: 'Bo', last: 'Ek', raw: 'Bo Ek' }, email: 'bo@example.com', phones: [] };

  it('is found by the id of the template and nobody twice; from then on the file says who they are', async () => {
    const home = await house();
    const { orgId, owner, property } = home;
    const byHand = await added(home, { email: 'old@example.com', moveIn: '2026-01-01' });
    const file = [row(byHand.id, { moveIn: '2026-01-01' }, bo)];
    expect(await suite.apply(orgId, property, file)).toMatchObject([{ decision: 'update', residentId: byHand.id, unit: '101' }]);
    const [only, ...others] = await here(home);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ id: byHand.id, upstreamId: byHand.id, email: 'bo@example.com', access: { open: true } });
    expect(only!.occupancies).toMatchObject([{ id: byHand.occupancy!.id, leaseId: `${byHand.id}@101`, endedAt: null }]);
    expect(await suite.apply(orgId, property, file)).toMatchObject([{ outcome: 'unchanged' }]);
    await suite.call(owner, updateResident, { residentId: byHand.id, email: 'mine@example.com' });
    await suite.apply(orgId, property, [row(byHand.id, {}, { ...bo, email: 'other@example.com' })]);
    expect(await here(home)).toMatchObject([{ email: 'mine@example.com', sources: { email: 'staff', name: 'pms' } }]);
  });

  it('lives where the file says, and leaves when they are in it no more', async () => {
    const home = await house();
    const { orgId, owner, property } = home;
    const [moves, leaves] = [await added(home), await added(home, { firstName: 'Cy' })];
    const absent = { absent: [leaves.id] };
    expect(await suite.apply(orgId, property, [row(moves.id, { unitName: '102' }, bo)], absent)).toMatchObject([
      { decision: 'transfer', unit: '102' },
      { decision: 'deactivate', residentId: leaves.id },
    ]);
    const { occupancies } = await seen(owner, moves.id);
    expect(occupancies).toMatchObject([
      { unit: '101', status: 'past', endedAt: expect.any(String) as string },
      { unit: '102', status: 'current', endedAt: null },
    ]);
    expect(await seen(owner, leaves.id)).toMatchObject({
      state: 'archived',
      archivedReason: 'gone-upstream',
      leaseStatus: 'past',
    });
  });

  it('and moves by hand has left where they lived', async () => {
    const home = await house();
    const { owner, units } = home;
    const { id: residentId } = await added(home);
    const moved = { unitId: units[1]!.id, moveOut: await suite.daysFrom(2) };
    expect(await suite.call(owner, updateResident, { residentId, ...moved })).toMatchObject({
      occupancies: [
        { unit: '101', status: 'past', endedAt: expect.any(String) as string },
        { unit: '102', status: 'notice' },
      ],
      access: { open: true, reason: 'notice', until: expect.any(String) as string },
    });
    await pass(3);
    await becomes(owner, residentId, { state: 'archived', access: { open: false } });
  });
});

describe('a PMS that is disconnected, and keeps its people', () => {
  const adopted = async (connectionId: string) => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId, { connectionId, upstreamId: '4711' });
    await suite.startService(owner, property);
    return { orgId, owner, property };
  };

  it('leaves them to their dates and to staff', async () => {
    const { orgId, owner, property } = await adopted(newId('con'));
    const leaving = stay({ leaseId: 'LA', status: 'notice', moveOut: await suite.daysFrom(30) });
    const overdue = stay({ leaseId: 'LB', status: 'current', moveOut: await suite.daysFrom(-30) });
    const coming = stay({ leaseId: 'LC', status: 'future', moveIn: await suite.daysFrom(9) });
    const people = await suite.apply(orgId, property, [
      person('a', { stays: [leaving] }),
      person('b', { stays: [overdue] }),
      person('c', { stays: [coming] }),
      person('d'),
    ]);
    const [a, b, c, d] = people.map(({ residentId }) => residentId!) as [ResidentId, ResidentId, ResidentId, ResidentId];
    await suite.call(owner, releaseProperty, { propertyId: property.id, residents: 'keep' });
    await eventually(async () => expect(await suite.db.db.collection('property_chores').countDocuments({ orgId })).toBe(0));
    for (const id of [a, b, d]) expect(await seen(owner, id)).toMatchObject({ state: 'active', access: { open: true } });
    expect(await suite.call(owner, updateResident, { residentId: d, moveOut: await suite.daysFrom(12) })).toMatchObject({
      leaseStatus: 'notice',
    });
    await pass(14);
    await becomes(owner, d, { state: 'archived', archivedReason: 'moved-out' });
    await becomes(owner, c, { leaseStatus: 'current', access: { open: true } });
    expect(await seen(owner, a)).toMatchObject({ access: { open: true, reason: 'notice' } });
    await pass(17);
    await becomes(owner, a, { state: 'archived', archivedReason: 'moved-out', access: { open: false } });
    // the PMS said Current after that day; nobody has said anything else since
    expect(await seen(owner, b)).toMatchObject({ state: 'active', leaseStatus: 'current', access: { open: true } });
  });

  it('is heard again as a whole when it comes back', async () => {
    const connectionId = newId('con');
    const { orgId, owner, property } = await adopted(connectionId);
    const residentId = await suite.registered(orgId, property, person('1'));
    await suite.call(owner, releaseProperty, { propertyId: property.id, residents: 'keep' });
    await eventually(async () => expect(await suite.db.db.collection('property_chores').countDocuments({ orgId })).toBe(0));
    await suite.call(owner, updateResident, { residentId, moveOut: await suite.daysFrom(20) });
    const { name, kind, timeZone, id: linkTo } = property;
    const back = await suite.call(owner, adoptProperty, { name, kind, timeZone, connectionId, upstreamId: '4711', linkTo });
    expect(await suite.apply(orgId, back, [person('1')])).toMatchObject([{ decision: 'update', residentId }]);
    expect(await seen(owner, residentId)).toMatchObject({ leaseStatus: 'current', occupancy: { leaseId: 'L1', until: null } });
    expect(await suite.apply(orgId, back, [person('1')])).toMatchObject([{ outcome: 'unchanged' }]);
    expect(await codeOf(suite.call(owner, updateResident, { residentId, moveOut: '2027-01-01' }))).toBe('resident.from-pms');
  });

  it('may come to another, which calls other people and other units by the same numbers', async () => {
    const { orgId, owner, property } = await adopted(newId('con'));
    const unit = (upstreamId: string, number: string) => ({ upstreamId, building: null, number, bedrooms: [] });
    await suite.units(orgId, property, [unit('1', '201'), unit('2', '202')]);
    const living = (unitId: string, unitName: string) => ({ stays: [stay({ leaseId: `L${unitId}`, unitId, unitName })] });
    const [ada, ben] = [
      person('1', { name: { first: 'Ada', last: 'Ash', raw: 'Ada Ash' }, email: 'ada@example.com', ...living('1', '201') }),
      person('2', { name: { first: 'Ben', last: 'Birch', raw: 'Ben Birch' }, email: 'ben@example.com', ...living('2', '202') }),
    ];
    const before = await suite.apply(orgId, property, [ada, ben]);
    const [adaId, benId] = before.map(({ residentId }) => residentId!) as [ResidentId, ResidentId];
    await suite.call(owner, releaseProperty, { propertyId: property.id, residents: 'keep' });
    await eventually(async () => expect(await suite.db.db.collection('property_chores').countDocuments({ orgId })).toBe(0));
    const { name, kind, timeZone, id: linkTo } = property;
    const other = { name, kind, timeZone, connectionId: newId('con'), upstreamId: 'x', linkTo };
    const moved = await suite.call(owner, adoptProperty, other);

    // the numbers are the other way round, and what it calls 1 is somebody new
    await suite.units(orgId, moved, [unit('2', '201'), unit('1', '202')]);
    const cleo = person('1', {
      name: { first: 'Cleo', last: 'Clay', raw: 'Cleo Clay' },
      email: 'cleo@example.com',
      ...living('2', '201'),
    });
    const benAgain = { ...ben, ...living('1', '202') };
    const after = await suite.apply(orgId, moved, [cleo, benAgain]);
    const cleoId = after[0]!.residentId!;
    expect(after).toMatchObject([{ decision: 'register' }, { decision: 'update', residentId: benId }]);
    expect(cleoId).not.toBe(adaId);
    const [one, two, three] = await Promise.all([adaId, benId, cleoId].map((id) => seen(owner, id)));
    expect(one).toMatchObject({ displayName: 'Ada Ash', email: 'ada@example.com', upstreamId: null, state: 'active' });
    expect(two).toMatchObject({ displayName: 'Ben Birch', upstreamId: '2', occupancy: { unit: '202' } });
    expect(three).toMatchObject({ displayName: 'Cleo Clay', upstreamId: '1', occupancy: { unit: '201' } });
    expect(three!.personId).not.toBe(one!.personId);
    const { items: units } = await suite.call(owner, listUnits, { propertyId: property.id });
    expect(units.map(({ number, upstreamId }) => [number, upstreamId]).slice(-2)).toEqual([
      ['201', '2'],
      ['202', '1'],
    ]);
    expect(await suite.apply(orgId, moved, [cleo, benAgain])).toMatchObject(Array(2).fill({ outcome: 'unchanged' }));
    expect(await suite.units(orgId, moved, [unit('2', '201'), unit('1', '202')])).toMatchObject({ unchanged: 2 });
  });

  it('whose units were kept before they said whose numbers they have goes on with them after the migration', async () => {
    const { orgId, property } = await adopted(newId('con'));
    const units = [{ upstreamId: '7', building: null, number: '207', bedrooms: [] }];
    await suite.units(orgId, property, units);
    const stored = suite.db.db.collection<{ _id: string }>('units');
    await stored.updateMany({ propertyId: property.id }, { $unset: { connectionId: '' } });
    await suite.db.db.collection<{ _id: string }>('migrations').deleteOne({ _id: '2026-12-01-whose-numbers-units-have' });
    await runMigrations(suite.db, residentMigrations, { clock: (await suiteDeployment()).clock, log: silentLog });
    expect(await suite.units(orgId, property, units)).toMatchObject({ unchanged: 1 });
  });

  it('or never had files disconnected: their people are archived where that is asked', async () => {
    const { orgId, owner, property } = await house();
    const residentId = await suite.registered(orgId, property, row('csv-1'));
    await suite.call(owner, releaseProperty, { propertyId: property.id, residents: 'archive' });
    await becomes(owner, residentId, { state: 'archived', archivedReason: 'staff' });
  });
});

describe('a property of files that a PMS takes over', () => {
  it('has each of them once, after staff have said who is who', async () => {
    const home = await house();
    const { orgId, owner, property } = home;
    const fromFile = await suite.registered(orgId, property, row('csv-1', {}, { email: 'noor@example.com' }));
    const { name, kind, timeZone, id: linkTo } = property;
    const connected = { name, kind, timeZone, connectionId: newId('con'), upstreamId: '9', linkTo };
    const adopted = await suite.call(owner, adoptProperty, connected);
    const same = person('1', { email: 'noor@example.com', name: person('csv-1').name, stays: [stay({ unitName: '101' })] });
    const fromPms = await suite.registered(orgId, adopted, same);
    const { items } = await suite.call(owner, listDuplicates, { propertyId: property.id });
    await suite.call(owner, linkDuplicate, { id: items[0]!.id, same: true });
    expect((await here(home)).filter(({ state }) => state === 'active')).toMatchObject([{ id: fromFile, upstreamId: '1' }]);
    expect(await seen(owner, fromPms)).toMatchObject({ state: 'archived' });
    expect(await suite.apply(orgId, adopted, [same])).toMatchObject([{ outcome: 'unchanged', residentId: fromFile }]);
  });
});
