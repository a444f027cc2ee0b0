import {
  archiveResident,
  createProperty,
  createResident,
  createUnit,
  executeUpcomingChanges,
  explainAccess,
  getImportProgress,
  getProperty,
  getResident,
  getUnit,
  importResidents,
  jobRpcs,
  listProperties,
  listResidents,
  listUnits,
  listUpcomingChanges,
  previewImportMode,
  removeUnits,
  restoreResident,
  setImportMode,
  setPolicies,
  unitDeletedUpstream,
  updateProperty,
  updateResident,
  updateUnit,
} from '@leasewire/contracts';
import { eventually, staffActor } from '@leasewire/testing';
import { codeOf, DirectorySuite, person, stay } from './directory-suite.js';

const { getJob } = jobRpcs('directory');
let suite: DirectorySuite;
beforeAll(async () => {
  suite = await DirectorySuite.start();
});

describe('who sees what', () => {
  it('another organization sees nothing, and staff of some properties see those', async () => {
    const { orgId, owner } = suite.org();
    const [mine, other] = [await suite.adopted(orgId), await suite.adopted(orgId)];
    const residentId = await suite.registered(
      orgId,
      mine,
      person('1', { stays: [stay({ status: 'future', moveIn: await suite.daysFrom(20) })] }),
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
    const residentId = await suite.registered(orgId, property, person('1'));
    expect(await codeOf(suite.call(owner, updateResident, { residentId, moveOut: '2027-01-01' }))).toBe('resident.from-pms');
    const own = await suite.call(owner, updateResident, { residentId, email: 'mine@example.com' });
    expect(own).toMatchObject({ email: 'mine@example.com', sources: { email: 'staff', name: 'pms' } });
    await suite.apply(orgId, property, [person('1', { email: 'theirs@example.com', phones: [] })]);
    expect(await suite.call(owner, getResident, { residentId })).toMatchObject({ email: 'mine@example.com', phones: [] });
    expect(await suite.call(owner, updateResident, { residentId, reset: ['email'] })).toMatchObject({
      email: 'theirs@example.com',
      sources: { email: 'pms' },
    });
    await suite.startService(owner, property);
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
    const residentId = await suite.registered(orgId, property, person('1'));
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
    const [a, b] = [await suite.registered(orgId, property, owns('1')), await suite.registered(orgId, property, owns('2'))];
    await suite.startService(owner, property);
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
    await suite.swept(orgId, property, at);
    await eventually(async () =>
      expect((await suite.call(owner, getProperty, { propertyId: property.id })).lastSweepAt).toBe(at),
    );
    expect((await suite.call(owner, getResident, { residentId: a })).lastSyncedAt).toBe(at);
    for (const asked of [{}, { propertyId }, { propertyIds: [propertyId] }]) {
      const { items } = await suite.call(owner, listResidents, asked);
      expect(items.find(({ id }) => id === a)?.lastSyncedAt).toBe(at);
    }
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
    const c = await suite.registered(orgId, property, owns('3'));
    expect(await suite.call(owner, getResident, { residentId: c })).toMatchObject({ state: 'pending-import' });
    expect(await suite.call(owner, getImportProgress, { propertyId })).toMatchObject({
      setBy: 'staff',
      pending: 1,
      dismissed: 1,
    });
  });
});

describe('a community without a PMS', () => {
  it('starts manual: people of a file wait, whoever is added by hand does not', async () => {
    const { orgId, owner } = suite.org();
    const made = { name: 'Casa Azul', kind: 'strata' as const, timeZone: 'Australia/Sydney', country: 'AU', currency: 'AUD' };
    const property = await suite.call(owner, createProperty, made);
    const propertyId = property.id;
    expect(property.importMode).toBe('manual');
    const [filed] = await suite.apply(orgId, property, [person('1', { userTypes: ['tenant'] })], { scope: 'targeted' });
    const unit = await suite.call(owner, createUnit, { propertyId, number: '10' });
    const input = { propertyId, firstName: 'Ana', lastName: 'Silva', userTypes: ['tenant' as const], unitId: unit.id };
    const added = await suite.call(owner, createResident, input);
    expect(added.state).toBe('active');
    expect(await suite.call(owner, getResident, { residentId: filed!.residentId! })).toMatchObject({ state: 'pending-import' });
    expect((await suite.call(owner, getImportProgress, { propertyId })).next).toEqual([
      '1 person waits in Pending Import: import or dismiss them.',
      'No PMS keeps this property in step: it stays manual until somebody turns it on.',
    ]);
    const rental = await suite.call(owner, createProperty, { ...made, name: 'Casa Verde', kind: 'rental' });
    expect(rental.importMode).toBe('automatic');
  });
});

describe('importing', () => {
  const owns = (id: string) => person(id, { userTypes: ['owner-occupier'], role: 'owner' });

  it('needs full access to Integrations beside Residence; dismissing does not', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId, { kind: 'strata' });
    const residentId = await suite.registered(orgId, property, owns('1'));
    const selection = { ids: [residentId] };
    const importing = { 'residence.residence': 'full', 'accounts.integrations': 'full' } as const;
    for (const missing of ['residence.residence', 'accounts.integrations'] as const) {
      const lacks = staffActor({ orgId, permissions: { ...importing, [missing]: 'view' } });
      await expect(suite.call(lacks, importResidents, { selection })).rejects.toMatchObject({
        code: 'forbidden',
        details: { needs: `${missing}:full` },
      });
    }
    const manages = staffActor({ orgId, permissions: { 'residence.residence': 'full' } });
    await suite.call(manages, importResidents, { selection, dismiss: true });
    await eventually(async () => {
      expect((await suite.call(owner, getResident, { residentId })).state).toBe('archived');
    });
    const imports = staffActor({ orgId, permissions: importing });
    const other = await suite.registered(orgId, property, owns('2'));
    await suite.call(imports, importResidents, { selection: { ids: [other] } });
    await eventually(async () => {
      expect((await suite.call(owner, getResident, { residentId: other })).state).toBe('active');
    });
  });

  it('all that match a filter takes those, without whom it leaves out, and nobody of another property', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId, { kind: 'strata' });
    const elsewhere = await suite.adopted(orgId, { kind: 'strata', upstreamId: '4712' });
    const tenant = person('4', { userTypes: ['tenant'] });
    const [a, b, c, d] = (await suite.apply(orgId, property, [owns('1'), owns('2'), owns('3'), tenant])).map(
      ({ residentId }) => residentId!,
    );
    const e = await suite.registered(orgId, elsewhere, owns('5'));
    const filter = { propertyId: property.id, userType: ['owner-occupier' as const] };
    const job = await suite.call(owner, importResidents, { selection: { filter, except: [b!] } });
    await eventually(async () =>
      expect(await suite.call(owner, getJob, { jobId: job.id })).toMatchObject({ state: 'done', counts: { done: 2 } }),
    );
    const states = await Promise.all(
      [a, b, c, d, e].map(async (id) => (await suite.call(owner, getResident, { residentId: id! })).state),
    );
    expect(states).toEqual(['active', 'pending-import', 'active', 'pending-import', 'pending-import']);
  });
});

describe('upcoming changes', () => {
  it('are listed soonest first, and executed early', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const moving = [
      person('in', { stays: [stay({ leaseId: 'a', status: 'future', moveIn: await suite.daysFrom(30) })] }),
      person('out', { stays: [stay({ leaseId: 'b', status: 'notice', moveOut: await suite.daysFrom(20) })] }),
      person('across', {
        stays: [
          stay({ leaseId: 'c', status: 'notice', moveOut: await suite.daysFrom(10) }),
          stay({ leaseId: 'd', status: 'future', unitId: 'u2', unitName: '102', moveIn: await suite.daysFrom(11) }),
        ],
      }),
    ];
    const ids = (await suite.apply(orgId, property, moving)).map(({ residentId }) => residentId!);
    await suite.startService(owner, property);
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
    const residentId = await suite.registered(orgId, property, person('1'));
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

  it('keep the name that staff gave them, beside what the PMS calls them, until it is given back', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const residentId = await suite.registered(orgId, property, person('1'));
    const bedrooms = [{ upstreamId: 'b1', name: 'A' }];
    const said = (number: string) => [
      { upstreamId: 'u1', building: null, number, bedrooms },
      { upstreamId: 'u2', building: null, number: '102', bedrooms: [] },
    ];
    await suite.units(orgId, property, said('101'));
    const [own] = (await suite.call(owner, listUnits, { propertyId: property.id, search: '101' })).items;
    const unitId = own!.id;
    const named = { building: 'Garden', number: 'House' };
    expect(own).not.toHaveProperty('pmsSays');
    expect(await suite.call(owner, updateUnit, { unitId, ...named, addBedrooms: ['B'] })).toMatchObject({
      ...named,
      pmsSays: { building: null, number: '101' },
    });
    await suite.units(orgId, property, said('101a'));
    expect(await suite.call(owner, getUnit, { unitId })).toMatchObject({
      ...named,
      pmsSays: { building: null, number: '101a' },
      bedrooms: [{ name: 'A' }, { name: 'B' }],
    });
    const { occupancy } = await suite.call(owner, getResident, { residentId });
    expect(occupancy?.unit).toBe('Garden-House');
    const theirs = suite.call(owner, updateUnit, { unitId, removeBedrooms: [own!.bedrooms[0]!.id] });
    expect(await codeOf(theirs)).toBe('unit.from-pms');
    const { pmsSays, ...back } = await suite.call(owner, updateUnit, { unitId, reset: ['name'] });
    expect([pmsSays, back]).toMatchObject([undefined, { building: null, number: '101a' }]);
    expect((await suite.call(owner, getResident, { residentId })).occupancy?.unit).toBe('101a');
    await suite.units(orgId, property, said('101b'));
    expect(await suite.call(owner, getUnit, { unitId })).toMatchObject({ number: '101b' });
  });

  it('unknown when somebody is registered are found later', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const who = person('1', { stays: [stay({ unitId: 'u9', unitName: '109' })] });
    const residentId = await suite.registered(orgId, property, who);
    expect((await suite.call(owner, getResident, { residentId })).issues).toContain('unknown-unit');
    await suite.units(orgId, property, [{ upstreamId: 'u9', building: 'B', number: '109', bedrooms: [] }]);
    expect(await suite.call(owner, getResident, { residentId })).toMatchObject({ issues: [], occupancy: { unit: 'B-109' } });
  });
});
