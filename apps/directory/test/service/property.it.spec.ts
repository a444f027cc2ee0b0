import {
  archiveProperty,
  archiveResident,
  createProperty,
  createResident,
  createUnit,
  explainAccess,
  getPolicies,
  getProperty,
  getResident,
  getUnit,
  listProperties,
  previewPolicies,
  previewRemoveProperty,
  propertyChanged,
  releaseProperty,
  removeUnits,
  removeProperty,
  restoreResident,
  setPolicies,
  updateProperty,
  updateResident,
  updateUnit,
} from '@leasewire/contracts';
import { eventually } from '@leasewire/testing';
import { codeOf, DirectorySuite, person, stay } from './directory-suite.js';

let suite: DirectorySuite;
beforeAll(async () => {
  suite = await DirectorySuite.start();
});

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
    await suite.startService(owner, property);
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

    const leaving = await suite.call(owner, updateResident, { residentId: ana.id, moveOut: await suite.daysFrom(30) });
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
    const residentId = await suite.registered(orgId, property, person('1'));
    await suite.call(owner, releaseProperty, { propertyId: property.id, residents: 'archive' });
    await eventually(async () =>
      expect(await suite.call(owner, getResident, { residentId })).toMatchObject({ state: 'archived', archivedReason: 'staff' }),
    );
  });

  it('is removed with everybody in it, after a preview of what that means', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const propertyId = property.id;
    const [a] = [await suite.registered(orgId, property, person('1'))];
    await suite.startService(owner, property);
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
    const soon = person('1', { stays: [stay({ status: 'future', moveIn: await suite.daysFrom(10) })] });
    const residentId = await suite.registered(orgId, property, soon);
    await suite.startService(owner, property);
    expect(await suite.call(owner, getPolicies, { propertyId })).toMatchObject({
      policy: { futureMoveInDays: 3 },
      defaults: { futureMoveOutDays: 0 },
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
    await suite.swept(orgId, property, at);
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
    await suite.swept(orgId, property, later);
    // after a silence it is told, because people are decided on again
    expect(await suite.hears(propertyChanged, property.id, 2)).toMatchObject({ data: { property: { lastSweepAt: later } } });
  });
});
