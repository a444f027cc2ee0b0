import {
  archiveProperty,
  archiveResident,
  countResidents,
  createProperty,
  createResident,
  createUnit,
  directorySnapshot,
  erasePerson,
  estimateStart,
  executeUpcomingChanges,
  explainAccess,
  explainMissing,
  exportPerson,
  getPolicies,
  getImportProgress,
  getPerson,
  getProperty,
  getResident,
  getUnit,
  importResidents,
  jobRpcs,
  linkDuplicate,
  linkResident,
  listDuplicates,
  listProperties,
  listResidents,
  listTimeline,
  listUnits,
  listUpcomingChanges,
  personErased,
  previewImportMode,
  previewPolicies,
  previewRemoveProperty,
  propertyChanged,
  residentDetailsChanged,
  residentEmailChanged,
  releaseProperty,
  removeUnits,
  removeProperty,
  residentStatusChanged,
  residentRegistered,
  restoreResident,
  setImportMode,
  setPolicies,
  startService,
  syncRunCompleted,
  unitDeletedUpstream,
  updateProperty,
  updateResident,
  updateUnit,
  type InputOf,
  type OrgId,
  type Property,
  type ResidentId,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { connectAs, eventually, outgoing, serviceActor } from '@leasewire/testing';
import { AccountService } from '../../src/account/account.service.js';
import { codeOf, DirectorySuite, person, stay, type Person } from './directory-suite.js';

const { getJob } = jobRpcs('directory');
let suite: DirectorySuite;
beforeAll(async () => {
  suite = await DirectorySuite.start();
});

const start = async (owner: Actor, { id: propertyId }: Property): Promise<void> => {
  const { digest } = await suite.call(owner, estimateStart, { propertyId });
  await suite.call(owner, startService, { propertyId, digest });
};
async function registered(orgId: OrgId, property: Property, who: Person): Promise<ResidentId> {
  const [outcome] = await suite.apply(orgId, property, [who]);
  return outcome!.residentId!;
}
async function swept(orgId: OrgId, { id: propertyId }: Property, fetchedAt: string): Promise<void> {
  await suite.pms.bus.ensureStream('pms-sync');
  const run = { ...syncRunCompleted.example.run, propertyId, fetchedAt };
  await suite.pms.bus.publish(outgoing(syncRunCompleted, { orgId, subject: run.id, data: { run } }));
}
const daysFrom = async (days: number): Promise<string> =>
  new Date((await suite.now()).getTime() + days * 86_400_000 + 10 * 3_600_000).toISOString().slice(0, 10);

describe('a property', () => {
  it('made by hand has units and residents by hand, and is put away when nobody lives there', async () => {
    const { owner } = suite.org();
    const property = await suite.call(owner, createProperty, {
      name: 'Bay House',
      kind: 'rental',
      timeZone: 'Australia/Brisbane',
    });
    expect(await codeOf(suite.call(owner, createProperty, { name: 'bay house', kind: 'rental', timeZone: 'UTC' }))).toBe(
      'property.name-taken',
    );
    const unit = await suite.call(owner, createUnit, {
      propertyId: property.id,
      number: '10',
      building: 'A',
      bedrooms: ['1', '2'],
    });
    expect(await codeOf(suite.call(owner, createUnit, { propertyId: property.id, number: '10', building: 'a' }))).toBe(
      'unit.exists',
    );
    const input = {
      propertyId: property.id,
      firstName: 'Ana',
      lastName: 'Núñez',
      userTypes: ['resident' as const],
      unitId: unit.id,
    };
    expect(await codeOf(suite.call(owner, createResident, { ...input, unitId: null }))).toBe('resident.unit-needed');
    expect(await codeOf(suite.call(owner, createResident, { ...input, moveIn: '2026-02-01', moveOut: '2026-01-01' }))).toBe(
      'resident.dates',
    );
    const ana = await suite.call(owner, createResident, { ...input, phone: '0412 345 678', bedroom: '1' });
    expect(ana).toMatchObject({
      state: 'active',
      assignable: true,
      phones: [{ e164: '+61412345678' }],
      occupancy: { unit: 'A-10', status: 'current' },
      access: { open: false, reason: 'service-not-started' },
      issues: ['missing-email'],
    });
    expect(await codeOf(suite.call(owner, createResident, input))).toBe('resident.exists');
    await start(owner, property);
    await eventually(async () =>
      expect(await suite.call(owner, getResident, { residentId: ana.id })).toMatchObject({
        access: { open: true, reason: 'lease' },
      }),
    );
    expect((await suite.call(owner, explainAccess, { residentId: ana.id })).sentences[0]).toBe(
      'Ana Núñez has access because the lease in A-10 is current.',
    );
    expect(await suite.call(owner, getUnit, { unitId: unit.id })).toMatchObject({ residents: 1 });
    expect((await suite.call(owner, removeUnits, { ids: [unit.id] })).kept).toHaveLength(1);
    expect(await codeOf(suite.call(owner, updateUnit, { unitId: unit.id, removeBedrooms: [unit.bedrooms[0]!.id] }))).toBe(
      'unit.occupied',
    );
    await suite.call(owner, updateUnit, { unitId: unit.id, number: '11' });
    expect((await suite.call(owner, getResident, { residentId: ana.id })).occupancy?.unit).toBe('A-11');

    const leaving = await suite.call(owner, updateResident, { residentId: ana.id, moveOut: await daysFrom(30) });
    expect(leaving).toMatchObject({ leaseStatus: 'notice', access: { open: true } });
    expect(await codeOf(suite.call(owner, archiveProperty, { propertyId: property.id }))).toBe('property.in-use');
    await suite.call(owner, archiveResident, { residentId: ana.id });
    expect(await codeOf(suite.call(owner, archiveResident, { residentId: ana.id }))).toBe('conflict.state');
    expect(await suite.call(owner, restoreResident, { residentId: ana.id })).toMatchObject({
      state: 'active',
      access: { open: true },
    });
    await suite.call(owner, archiveResident, { residentId: ana.id });
    expect((await suite.call(owner, removeUnits, { ids: [unit.id] })).removed).toEqual([unit.id]);
    expect(await suite.call(owner, archiveProperty, { propertyId: property.id })).toMatchObject({ state: 'archived' });
  });

  it('is adopted once, and another name is found where its own is taken', async () => {
    const { orgId, owner } = suite.org();
    const a = await suite.adopted(orgId, { connectionId: 'con_a', upstreamId: '1', name: 'Same' });
    expect((await suite.adopted(orgId, { connectionId: 'con_a', upstreamId: '1', name: 'Same' })).id).toBe(a.id);
    expect((await suite.adopted(orgId, { connectionId: 'con_a', upstreamId: '2', name: 'Same' })).name).toBe('Same (2)');
    expect((await suite.call(owner, listProperties, { search: 'same', withTotal: true })).total).toBe(2);
    expect(await suite.call(owner, releaseProperty, { propertyId: a.id, residents: 'keep' })).toMatchObject({
      connectionId: null,
    });
    const linked = await suite.adopted(orgId, { connectionId: 'con_b', upstreamId: '9', linkTo: a.id });
    expect(linked).toMatchObject({ id: a.id, connectionId: 'con_b' });
  });

  it('released can archive its people', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const residentId = await registered(orgId, property, person('1'));
    await suite.call(owner, releaseProperty, { propertyId: property.id, residents: 'archive' });
    await eventually(async () =>
      expect(await suite.call(owner, getResident, { residentId })).toMatchObject({ state: 'archived', archivedReason: 'staff' }),
    );
  });

  it('is removed with everybody in it, after a preview of what that means', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const propertyId = property.id;
    const [a] = [await registered(orgId, property, person('1'))];
    await start(owner, property);
    await eventually(async () =>
      expect(await suite.call(owner, getResident, { residentId: a })).toMatchObject({ access: { open: true } }),
    );
    const listed = { withCounts: true, started: true, importMode: 'automatic' as const };
    expect((await suite.call(owner, listProperties, listed)).items).toMatchObject([
      { id: propertyId, counts: { units: 3, residents: 1, pendingImport: 0 } },
    ]);
    expect((await suite.call(owner, listProperties, { ...listed, started: false })).items).toEqual([]);
    const connected = await suite.call(owner, previewRemoveProperty, { propertyId });
    expect(connected).toMatchObject({ connected: true, residents: 1, withAccess: 1, units: 3 });
    const { digest: early } = connected;
    expect(await codeOf(suite.call(owner, removeProperty, { propertyId, digest: early }))).toBe('property.connected');
    expect(await codeOf(suite.call(owner, archiveProperty, { propertyId }))).toBe('property.connected');
    await suite.call(owner, releaseProperty, { propertyId, residents: 'keep' });
    expect(await codeOf(suite.call(owner, removeProperty, { propertyId, digest: early }))).toBe('removal.changed');
    const { digest, sentences } = await suite.call(owner, previewRemoveProperty, { propertyId });
    expect(sentences[0]).toBe('1 person would lose access within a minute.');
    expect(await suite.call(owner, removeProperty, { propertyId, digest })).toMatchObject({ state: 'archived' });
    await eventually(async () =>
      expect(await suite.call(owner, getResident, { residentId: a })).toMatchObject({
        state: 'archived',
        access: { open: false },
      }),
    );
    const late = { propertyId, firstName: 'A', lastName: 'B', userTypes: ['committee' as const] };
    expect(await codeOf(suite.call(owner, createResident, late))).toBe('conflict.state');
  });

  it('has policies that are previewed by the rules that decide', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const propertyId = property.id;
    const soon = person('1', { stays: [stay({ status: 'future', moveIn: await daysFrom(10) })] });
    const residentId = await registered(orgId, property, soon);
    await start(owner, property);
    expect(await suite.call(owner, getPolicies, { propertyId })).toMatchObject({
      policy: { futureMoveInDays: 3 },
      defaults: { futureMoveOutDays: 1 },
    });
    expect(await suite.call(owner, previewPolicies, { propertyId, policy: { futureMoveInDays: 20 } })).toMatchObject({
      gainToday: 1,
      loseToday: 0,
      examples: [{ residentId, effect: 'gains' }],
    });
    const changed = await suite.call(owner, setPolicies, { propertyId, policy: { futureMoveInDays: 20 } });
    const isOpen = (open: boolean) =>
      eventually(async () => expect((await suite.call(owner, getResident, { residentId })).access.open).toBe(open));
    await isOpen(true);
    // whoever goes on editing is not refused because its people have followed meanwhile
    await suite.call(owner, setPolicies, { propertyId, policy: 'default', version: changed.version });
    await isOpen(false);
    await eventually(async () => expect(await suite.db.db.collection('property_chores').countDocuments({ orgId })).toBe(0));
  });

  it('swept without a change is fresh, and neither told of nor changed for who edits it', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const at = (await suite.now()).toISOString();
    await swept(orgId, property, at);
    await eventually(async () =>
      expect(await suite.call(owner, getProperty, { propertyId: property.id })).toMatchObject({
        lastSweepAt: at,
        version: property.version,
      }),
    );
    await suite.call(owner, updateProperty, { propertyId: property.id, name: 'Quay House', version: property.version });
    await suite.hears(propertyChanged, property.id);
    const days = 86_400_000;
    const later = new Date(Date.parse(at) + 2 * days).toISOString();
    await swept(orgId, property, later);
    // after a silence it is told, because people are decided on again
    expect(await suite.hears(propertyChanged, property.id, 2)).toMatchObject({ data: { property: { lastSweepAt: later } } });
  });
});

describe('who sees what', () => {
  it('another organization sees nothing, and staff of some properties see those', async () => {
    const { orgId, owner } = suite.org();
    const [mine, other] = [await suite.adopted(orgId), await suite.adopted(orgId)];
    const residentId = await registered(
      orgId,
      mine,
      person('1', { stays: [stay({ status: 'future', moveIn: await daysFrom(20) })] }),
    );
    const unitId = (await suite.db.db.collection('units').findOne({ propertyId: mine.id }))!._id as unknown as `unit_${string}`;
    const stranger = suite.org().owner;
    const scoped = suite.staffOf(orgId, [other.id]);
    for (const who of [stranger, scoped]) {
      const codes = await Promise.all([
        codeOf(suite.call(who, getProperty, { propertyId: mine.id })),
        codeOf(suite.call(who, getResident, { residentId })),
        codeOf(suite.call(who, explainAccess, { residentId })),
        codeOf(suite.call(who, updateResident, { residentId, access: 'granted' })),
        codeOf(suite.call(who, archiveResident, { residentId })),
        codeOf(suite.call(who, getUnit, { unitId })),
        codeOf(suite.call(who, updateUnit, { unitId, number: '9' })),
        codeOf(suite.call(who, updateProperty, { propertyId: mine.id, name: 'X' })),
        codeOf(suite.call(who, setPolicies, { propertyId: mine.id, policy: 'default' })),
      ]);
      expect(new Set(codes)).toEqual(new Set(['not-found']));
      expect((await suite.call(who, listUpcomingChanges, {})).items).toEqual([]);
      expect((await suite.call(who, removeUnits, { ids: [unitId] })).removed).toEqual([]);
    }
    expect((await suite.call(scoped, listProperties, {})).items.map(({ id }) => id)).toEqual([other.id]);
    expect((await suite.call(owner, listUpcomingChanges, {})).items).toMatchObject([{ residentId, what: 'move-in' }]);
  });
});

describe('what staff say', () => {
  it('stays over later syncs until it is reset', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const residentId = await registered(orgId, property, person('1'));
    expect(await codeOf(suite.call(owner, updateResident, { residentId, moveOut: '2027-01-01' }))).toBe('resident.from-pms');
    const own = await suite.call(owner, updateResident, { residentId, email: 'mine@example.com' });
    expect(own).toMatchObject({ email: 'mine@example.com', sources: { email: 'staff', name: 'pms' } });
    await suite.apply(orgId, property, [person('1', { email: 'theirs@example.com', phones: [] })]);
    expect(await suite.call(owner, getResident, { residentId })).toMatchObject({ email: 'mine@example.com', phones: [] });
    expect(await suite.call(owner, updateResident, { residentId, reset: ['email'] })).toMatchObject({
      email: 'theirs@example.com',
      sources: { email: 'pms' },
    });
    await start(owner, property);
    expect(await suite.call(owner, updateResident, { residentId, access: 'denied' })).toMatchObject({
      access: { open: false, reason: 'staff-denied' },
      sources: { access: 'staff' },
    });
    expect(await suite.call(owner, updateResident, { residentId, access: 'by-rule' })).toMatchObject({
      access: { reason: 'lease' },
    });
  });

  it('archived by staff is not brought back by a sync, but by staff', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const residentId = await registered(orgId, property, person('1'));
    await suite.call(owner, archiveResident, { residentId });
    expect(await suite.apply(orgId, property, [person('1')])).toMatchObject([
      { outcome: 'skipped', reason: { code: 'archived-by-staff' } },
    ]);
    await suite.call(owner, restoreResident, { residentId });
    expect(await suite.apply(orgId, property, [person('1')])).toMatchObject([{ decision: 'update', residentId }]);
  });
});

describe('pending import', () => {
  it('new people of a strata wait; the property turns automatic when nobody is left', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId, { kind: 'strata' });
    expect(property.importMode).toBe('manual');
    const owns = (id: string) => person(id, { userTypes: ['owner-occupier'], role: 'owner' });
    const [a, b] = [await registered(orgId, property, owns('1')), await registered(orgId, property, owns('2'))];
    await start(owner, property);
    expect(await suite.call(owner, getResident, { residentId: a })).toMatchObject({
      state: 'pending-import',
      access: { reason: 'not-imported' },
    });
    const propertyId = property.id;
    const manual = await suite.call(owner, previewImportMode, { propertyId, importMode: 'automatic' });
    expect(manual).toMatchObject({ changes: true, pending: 2 });
    expect(manual.sentences[1]).toBe('2 people wait in Pending Import and go on waiting until they are imported or dismissed.');
    const { id: elsewhere } = await suite.adopted(orgId, { kind: 'strata', upstreamId: '4712' });
    const nobody = await suite.call(owner, importResidents, { selection: { ids: [a] }, propertyId: elsewhere });
    await eventually(async () =>
      expect(await suite.call(owner, getJob, { jobId: nobody.id })).toMatchObject({ state: 'done', total: 0 }),
    );
    await suite.call(owner, importResidents, { selection: { ids: [a] }, propertyId });
    await eventually(async () =>
      expect(await suite.call(owner, getResident, { residentId: a })).toMatchObject({
        state: 'active',
        access: { open: true, reason: 'owner' },
      }),
    );
    const at = (await suite.now()).toISOString();
    await swept(orgId, property, at);
    await eventually(async () =>
      expect((await suite.call(owner, getProperty, { propertyId: property.id })).lastSweepAt).toBe(at),
    );
    expect((await suite.call(owner, getResident, { residentId: a })).lastSyncedAt).toBe(at);
    expect(await suite.call(owner, getImportProgress, { propertyId })).toMatchObject({
      importMode: 'manual',
      setBy: 'rule',
      pending: 1,
      pendingByUserType: { 'owner-occupier': 1 },
      imported: 1,
      next: ['1 person waits in Pending Import: import or dismiss them.', 'Then new people arrive by themselves.'],
    });
    await suite.call(owner, importResidents, { selection: { filter: { propertyId: property.id } }, dismiss: true });
    await eventually(async () => {
      expect(await suite.call(owner, getResident, { residentId: b })).toMatchObject({
        state: 'archived',
        archivedReason: 'dismissed',
      });
      expect(await suite.call(owner, getProperty, { propertyId: property.id })).toMatchObject({ importMode: 'automatic' });
    });
    // taken back by staff, it stays so: the next newcomer waits, although nobody else does
    await suite.call(owner, setImportMode, { propertyId, importMode: 'manual' });
    const c = await registered(orgId, property, owns('3'));
    expect(await suite.call(owner, getResident, { residentId: c })).toMatchObject({ state: 'pending-import' });
    expect(await suite.call(owner, getImportProgress, { propertyId })).toMatchObject({
      setBy: 'staff',
      pending: 1,
      dismissed: 1,
    });
  });
});

describe('upcoming changes', () => {
  it('are listed soonest first, and executed early', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const moving = [
      person('in', { stays: [stay({ leaseId: 'a', status: 'future', moveIn: await daysFrom(30) })] }),
      person('out', { stays: [stay({ leaseId: 'b', status: 'notice', moveOut: await daysFrom(20) })] }),
      person('across', {
        stays: [
          stay({ leaseId: 'c', status: 'notice', moveOut: await daysFrom(10) }),
          stay({ leaseId: 'd', status: 'future', unitId: 'u2', unitName: '102', moveIn: await daysFrom(11) }),
        ],
      }),
    ];
    const ids = (await suite.apply(orgId, property, moving)).map(({ residentId }) => residentId!);
    await start(owner, property);
    const { items } = await suite.call(owner, listUpcomingChanges, { propertyId: property.id });
    expect(items.map(({ what, unit, toUnit }) => [what, unit, toUnit])).toEqual([
      ['transfer', '101', '102'],
      ['move-out', '101', null],
      ['move-in', '101', null],
    ]);
    const done = await suite.call(owner, executeUpcomingChanges, { ids: items.map(({ id }) => id) });
    expect(done).toMatchObject({ executed: items.map(({ id }) => id), refused: [] });
    const [arrived, left, moved] = await Promise.all(ids.map((residentId) => suite.call(owner, getResident, { residentId })));
    expect(arrived).toMatchObject({ access: { open: true, reason: 'lease' } });
    expect(left).toMatchObject({ state: 'archived', access: { open: false } });
    expect(moved).toMatchObject({ occupancy: { unit: '102' }, access: { open: true } });
    expect((await suite.call(owner, executeUpcomingChanges, { ids: [items[0]!.id] })).refused).toHaveLength(1);
    // the PMS still says so the old way: nothing is undone
    await suite.apply(orgId, property, [
      { ...moving[0]!, email: 'new@example.com' },
      { ...moving[2]!, email: 'too@example.com' },
    ]);
    expect(await suite.call(owner, getResident, { residentId: ids[0]! })).toMatchObject({
      access: { open: true },
      email: 'new@example.com',
    });
    expect(await suite.call(owner, getResident, { residentId: ids[2]! })).toMatchObject({ occupancy: { unit: '102' } });
  });
});

describe('units of the PMS', () => {
  it('are added, renamed, and listed when they are deleted there', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const residentId = await registered(orgId, property, person('1'));
    const unit = (upstreamId: string, number: string) => ({ upstreamId, building: null, number, bedrooms: [] });
    expect(await suite.units(orgId, property, [unit('u1', '101B'), unit('u2', '102'), unit('u4', '104')], ['u3'])).toEqual({
      added: 1,
      renamed: 1,
      unchanged: 1,
      deletedUpstream: 1,
    });
    expect((await suite.call(owner, getResident, { residentId })).occupancy?.unit).toBe('101B');
    await eventually(() => expect(suite.events(unitDeletedUpstream).length).toBeGreaterThan(0));
  });

  it('unknown when somebody is registered are found later', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const who = person('1', { stays: [stay({ unitId: 'u9', unitName: '109' })] });
    const residentId = await registered(orgId, property, who);
    expect((await suite.call(owner, getResident, { residentId })).issues).toContain('unknown-unit');
    await suite.units(orgId, property, [{ upstreamId: 'u9', building: 'B', number: '109', bedrooms: [] }]);
    expect(await suite.call(owner, getResident, { residentId })).toMatchObject({ issues: [], occupancy: { unit: 'B-109' } });
  });
});

describe('an e-mail address', () => {
  it('that several people have is shown with all of them, for as long as they share it', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const email = 'the.haddads@example.com';
    const issuesOf = async (residentId: ResidentId) => (await suite.call(owner, getResident, { residentId })).issues;
    const first = await registered(orgId, property, person('1', { email }));
    expect(await issuesOf(first)).toEqual([]);
    const second = await registered(orgId, property, person('2', { email }));
    expect(await issuesOf(second)).toEqual(['shared-email']);
    expect(await issuesOf(first)).toEqual(['shared-email']);
    expect(await suite.hears(residentDetailsChanged, first)).toMatchObject({ data: { changed: ['issues'] } });
    const third = await registered(orgId, property, person('3', { email }));

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

describe('a person', () => {
  it('who may be the same as another is proposed, linked to the PMS with the history, and erased', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const byHand = await suite.call(owner, createResident, {
      propertyId: property.id,
      firstName: 'Noor',
      lastName: 'Haddad1',
      email: 'noor1@example.com',
      userTypes: ['committee'],
    });
    const fromPms = await registered(orgId, property, person('1'));
    const { items } = await suite.call(owner, listDuplicates, { propertyId: property.id });
    expect(items).toMatchObject([{ a: { id: byHand.id }, b: { id: fromPms, issues: ['shared-email', 'possible-duplicate'] } }]);
    await suite.call(owner, linkDuplicate, { id: items[0]!.id, same: true });
    expect(await suite.call(owner, getResident, { residentId: byHand.id })).toMatchObject({
      upstreamId: '1',
      occupancy: { unit: '101' },
    });
    expect(await suite.apply(orgId, property, [person('1')])).toMatchObject([{ outcome: 'unchanged', residentId: byHand.id }]);

    const { personId } = byHand;
    expect((await suite.call(owner, exportPerson, { personId })).residents).toHaveLength(2);
    expect(await codeOf(suite.call(owner, erasePerson, { personId }))).toBe('person.still-resident');
    await suite.call(owner, archiveResident, { residentId: byHand.id });
    await suite.call(owner, erasePerson, { personId });
    await suite.hears(personErased, personId);
    expect(await suite.call(owner, getResident, { residentId: byHand.id })).toMatchObject({
      displayName: 'Erased',
      email: null,
      archivedReason: 'erased',
      occupancy: { unit: '101', leaseId: null },
    });
    // events leave within 28 days, answers of calls within 2; of everything else nothing may tell who it was
    for (const { name } of await suite.db.db.listCollections().toArray())
      if (name !== 'outbox' && name !== 'idempotency')
        expect([name, JSON.stringify(await suite.db.db.collection(name).find({ orgId }).toArray())]).toEqual([
          name,
          expect.not.stringMatching(/noor|haddad1|"L1"|412345678|:1"/i),
        ]);
    expect(await suite.db.db.collection('timeline_entries').countDocuments({ orgId })).toBe(0);
  });

  it('added by hand is linked to a record that nobody proposed, and keeps the history', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const base = { propertyId: property.id, firstName: 'N.', lastName: 'Haddad', userTypes: ['resident' as const] };
    const { items: units } = await suite.call(owner, listUnits, { propertyId: property.id });
    const byHand = await suite.call(owner, createResident, { ...base, unitId: units[0]!.id, moveIn: '2026-01-01' });
    const other = await registered(orgId, property, person('1'));
    const { items: none } = await suite.call(owner, listDuplicates, { propertyId: property.id });
    expect(none).toEqual([]);
    const itself = { residentId: byHand.id, withResidentId: byHand.id };
    expect(await codeOf(suite.call(owner, linkResident, itself))).toBe('conflict.state');
    const linked = await suite.call(owner, linkResident, { residentId: byHand.id, withResidentId: other });
    expect(linked).toMatchObject({ id: byHand.id, personId: byHand.personId, upstreamId: '1', occupancy: { leaseId: 'L1' } });
    expect(linked.occupancies.map(({ leaseId }) => leaseId)).toEqual([null, 'L1']);
    expect(await suite.apply(orgId, property, [person('1')])).toMatchObject([{ outcome: 'unchanged', residentId: byHand.id }]);
    // what staff said stays, and beside it is what the PMS says
    const shown = await suite.call(owner, getResident, { residentId: byHand.id });
    expect(shown).toMatchObject({ displayName: 'N. Haddad', sources: { name: 'staff' }, pmsSays: { name: { first: 'Noor' } } });
    const { residents } = await suite.call(owner, getPerson, { personId: byHand.personId });
    expect(residents.map(({ id, state }) => [id, state])).toEqual([
      [byHand.id, 'active'],
      [other, 'archived'],
    ]);
  });

  it('who is missed is looked for among all who were ever known', async () => {
    const { orgId, owner } = suite.org();
    const [here, there] = [await suite.adopted(orgId), await suite.adopted(orgId, { upstreamId: '4712', kind: 'strata' })];
    const gone = await registered(orgId, here, person('1'));
    await suite.call(owner, archiveResident, { residentId: gone });
    const waiting = await registered(orgId, there, person('1', { userTypes: ['tenant'] }));
    const missing = (search: string) => suite.call(owner, explainMissing, { search, propertyId: here.id });
    const { found, sentences } = await missing('haddad1');
    expect(found).toMatchObject([
      { resident: { id: gone }, listed: false, sentences: ['Noor Haddad1 is archived.', expect.any(String)] },
      { resident: { id: waiting }, listed: true, propertyName: there.name },
    ]);
    expect(found[1]!.sentences[0]).toBe('Noor Haddad1 waits in Pending Import. Import them to give access.');
    expect(sentences).toEqual([
      `Whoever is like “haddad1” in ${here.name} is archived; the list leaves the archived out unless it is asked for them.`,
      'There is 1 in other properties.',
      'No complete sync has arrived yet; whoever the PMS lists comes with it.',
    ]);
    expect(await missing('nobody')).toMatchObject({
      found: [],
      sentences: [`Nobody like “nobody” was ever known in ${here.name}.`, expect.anything()],
    });
    const limited = suite.staffOf(orgId, [here.id]);
    expect((await suite.call(limited, explainMissing, { search: 'haddad1' })).found).toHaveLength(1);
  });

  it('with an account shows it in each property, from the first moment there, and never an older one', async () => {
    const { orgId, owner } = suite.org();
    const connectionId = newId('con');
    const [here, there] = [
      await suite.adopted(orgId, { connectionId }),
      await suite.adopted(orgId, { connectionId, upstreamId: '4712' }),
    ];
    const first = await registered(orgId, here, person('1'));
    const { personId } = await suite.call(owner, getResident, { residentId: first });
    const accounts = suite.service.get(AccountService);
    const columns = { invitedAt: '2026-11-20T20:00:00+10:00', expiresAt: '2026-11-27T10:00:00Z', activatedAt: null, terms: null };
    const mail = { state: 'bounced' as const, reason: 'mailbox full', at: '2026-11-20T10:01:00Z' };
    const said = (version: number, status: 'pending-activation' | 'live') =>
      accounts.note(
        { ...fact, orgId, id: newId('evt'), subject: personId, version: { epoch: 1, version } },
        { personId, status, columns: { ...columns, mail } },
      );
    const { fact } = await eventually(() => {
      const [event] = suite.events(residentRegistered, first);
      expect(event).toBeDefined();
      return { fact: event! };
    });
    await said(2, 'pending-activation');
    await said(1, 'live');
    const second = await registered(orgId, there, person('1', { stays: [stay({ leaseId: 'L2' })] }));
    for (const residentId of [first, second])
      expect(await suite.call(owner, getResident, { residentId })).toMatchObject({
        personId,
        accountStatus: 'pending-activation',
        account: { invitedAt: '2026-11-20T10:00:00.000Z', mail: { state: 'bounced' } },
      });
    await suite.hears(residentStatusChanged, first);
    expect(suite.events(residentDetailsChanged, first)).toEqual([]);
    const { items } = await suite.call(owner, listTimeline, { residentId: first });
    expect(items[0]!.text).toBe('The invitation mail did not arrive: mailbox full.');
    const bounced = { mailState: ['bounced' as const], expiresBefore: '2026-12-01T00:00:00Z' };
    expect((await suite.call(owner, listResidents, bounced)).items).toHaveLength(2);
    const { total, facets } = await suite.call(owner, countResidents, { propertyIds: [here.id], mailState: ['delivered'] });
    expect([total, facets['mailState'], facets['accountStatus']]).toEqual([0, { bounced: 1 }, {}]);
  });

  it('who is erased is not proposed as anybody any more', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const gone = await registered(orgId, property, person('1'));
    const alike = await registered(orgId, property, { ...person('1'), upstreamId: '2' });
    expect((await suite.call(owner, listDuplicates, { propertyId: property.id })).items).toMatchObject([{ a: { id: gone } }]);
    await suite.call(owner, archiveResident, { residentId: gone });
    const { personId } = await suite.call(owner, getResident, { residentId: gone });
    await suite.call(owner, erasePerson, { personId });
    expect((await suite.call(owner, listDuplicates, { propertyId: property.id })).items).toEqual([]);
    expect((await suite.call(owner, getResident, { residentId: alike })).issues).toEqual([]);
  });
});

it('the snapshot holds everything', async () => {
  const { orgId } = suite.org();
  const property = await suite.adopted(orgId);
  await registered(orgId, property, person('1'));
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const input: InputOf<typeof directorySnapshot> = { limit: 7, ...(cursor !== null && { cursor }) };
    const page: { items: { orgId: string; entity: string }[]; nextCursor: string | null } = await suite.pms.call(
      serviceActor('pms-sync', null),
      directorySnapshot,
      input,
    );
    found.push(...page.items.filter((item) => item.orgId === orgId).map(({ entity }) => entity));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(found.toSorted()).toEqual(['property', 'resident', 'unit', 'unit', 'unit']);
});

it('an address that a resident chose themselves stays over later syncs, until staff reset it', async () => {
  const { orgId, owner } = suite.org();
  const property = await suite.adopted(orgId);
  const residentId = await registered(orgId, property, person('77'));
  const { personId } = await suite.call(owner, getResident, { residentId });
  const identity = await connectAs('identity');
  await identity.bus.ensureStream('identity');
  const account = {
    ...residentEmailChanged.example.account,
    personId,
    email: 'own@example.com',
    emailSource: 'resident' as const,
  };
  await identity.bus.publish(outgoing(residentEmailChanged, { orgId, subject: personId, data: { account } }));
  await eventually(
    async () =>
      expect(await suite.call(owner, getResident, { residentId })).toMatchObject({
        email: 'own@example.com',
        sources: { email: 'resident' },
      }),
    { timeoutMs: 20_000 },
  );
  await suite.apply(orgId, property, [person('77', { email: 'pms@example.com' })]);
  expect((await suite.call(owner, getResident, { residentId })).email).toBe('own@example.com');
  const reset = await suite.call(owner, updateResident, { residentId, reset: ['email'] });
  expect([reset.email, reset.sources['email']]).toEqual(['pms@example.com', 'pms']);
});
