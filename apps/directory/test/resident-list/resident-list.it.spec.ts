import {
  countResidents,
  countUnits,
  getResident,
  listResidents,
  listTimeline,
  listUnits,
  resolveAudience,
  resolveResidents,
  resolveUnits,
  type InputOf,
  type OutputOf,
  type Property,
  type Unit,
} from '@leasewire/contracts';
import { newId, silentLog } from '@leasewire/messaging';
import { runMigrations } from '@leasewire/persistence';
import { serviceActor, suiteDeployment } from '@leasewire/testing';
import { residentMigrations } from '../../src/resident/resident.migrations.js';
import { codeOf, DirectorySuite, person, stay, type Person } from '../service/directory-suite.js';

describe('the lists of residents and units', () => {
  let suite: DirectorySuite;
  let org: ReturnType<DirectorySuite['org']>;
  let property: Property;
  let other: Property;
  beforeAll(async () => {
    suite = await DirectorySuite.start();
    org = suite.org();
    property = await suite.adopted(org.orgId);
    other = await suite.adopted(org.orgId, { upstreamId: '4712' });
    await suite.units(
      org.orgId,
      property,
      Array.from({ length: 12 }, (_, n) => ({ upstreamId: `v${n}`, building: 'B', number: String(n + 1), bedrooms: [] })),
    );
    await suite.apply(org.orgId, property, people(30));
    await suite.apply(org.orgId, other, [person('far', { name: { first: 'Øyvind', last: 'Ångström', raw: 'x' } })]);
  });

  function people(count: number): Person[] {
    return Array.from({ length: count }, (_, n) =>
      person(`p${n}`, {
        name: { first: n % 2 ? 'Ana' : 'Ben', last: `Reyes${String(n).padStart(2, '0')}`, raw: `r${n}` },
        email: n % 5 === 0 ? null : `person.${n}@example.com`,
        phones: [{ e164: `+6141200${String(n).padStart(4, '0')}`, raw: `041200${String(n).padStart(4, '0')}`, kind: 'mobile' }],
        stays: [
          stay({
            leaseId: `l${n}`,
            unitId: `v${n % 12}`,
            status: n % 3 ? 'current' : 'future',
            moveIn: n % 3 ? '2026-02-01' : '2027-06-01',
          }),
        ],
      }),
    );
  }
  const list = (input: Parameters<typeof suite.call<typeof listResidents>>[2] = {}, actor = org.owner) =>
    suite.call(actor, listResidents, input);

  it('in every order, page by page, everybody comes once', async () => {
    const sorts = [
      'name',
      '-name',
      'unit',
      '-lastName',
      'leaseStatus',
      '-createdAt',
      '-email',
      'moveIn',
      '-moveOut',
      '-expiresAt',
      'unit,name',
      '-leaseStatus,-name',
      'wifiStatus,name',
    ] as const;
    for (const sort of sorts) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ propertyId: property.id, sort, limit: 7, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect([sort, seen.length, new Set(seen).size]).toEqual([sort, 30, 30]);
    }
  });

  it.each([
    ['ang', 1],
    ['an', 16],
    ['041', 31],
    ['oyvind', 1],
    ['ana reyes0', 5],
    ['person.7@', 1],
    ['0412000007', 1],
    ['b-12', 2],
    ['nobody', 0],
    ['rey an', 15],
    ['an reyes1', 5],
    ['ana b-12', 2],
    ['ana 0412', 15],
    ['ana 0412000007', 1],
    ['person.7@ ana', 1],
    ['a r', 15],
    ['ana reyes0 b-1', 1],
    ['ana oyvind', 0],
  ])('a search for “%s” finds %i', async (search, count) => {
    expect((await list({ search, withTotal: true })).total).toBe(count);
    expect((await suite.call(org.owner, countResidents, { search })).total).toBe(count);
  });

  it.each<[InputOf<typeof listResidents>, number]>([
    [{ name: 'rey an' }, 15],
    [{ name: 'person' }, 0],
    [{ email: 'person.2' }, 9],
    [{ phone: '0412 000 01' }, 10],
    [{ phone: '+61 412' }, 30],
    [{ unit: 'b-12' }, 2],
    [{ unit: 'b-1' }, 9],
    [{ moveInFrom: '2027-01-01' }, 10],
    [{ moveInUntil: '2026-12-31', name: 'ana' }, 10],
    [{ housed: false }, 0],
    [{ role: ['co-applicant'] }, 0],
    [{ termsAccepted: false }, 30],
    [{ upcoming: ['move-in'] }, 10],
    [{ syncedAfter: '2026-01-01T00:00:00Z' }, 30],
    [{ createdBefore: '2026-01-01T00:00:00Z' }, 0],
  ])('the columns filter: %j', async (filter, count) => {
    expect((await list({ propertyId: property.id, ...filter, withTotal: true, limit: 1 })).total).toBe(count);
    expect((await suite.call(org.owner, countResidents, { propertyId: property.id, ...filter })).total).toBe(count);
  });

  it('filters go together, and the counts say the same as the list', async () => {
    const filter = { propertyId: property.id, leaseStatus: ['future' as const], issue: ['missing-email' as const] };
    const { items } = await list({ ...filter, limit: 100 });
    const counted = await suite.call(org.owner, countResidents, filter);
    expect(counted.total).toBe(items.length);
    expect(items.every(({ leaseStatus, email }) => leaseStatus === 'future' && email === null)).toBe(true);
    // without its own filter, a column shows what else there is
    expect(counted.facets['leaseStatus']).toEqual({ future: items.length, current: 6 - items.length });
  });

  it('who was kept before there were counts is counted after the migration, and saved by nobody who read them before', async () => {
    const { db } = suite.db;
    const before = await suite.call(org.owner, countResidents, { propertyId: property.id });
    const rows = db.collection<{ _id: string; version: number }>('residents');
    const [someone] = await rows.find({ propertyId: property.id }).toArray();
    await rows.updateMany({ propertyId: property.id }, { $unset: { alike: '' } });
    await rows.updateMany({ propertyId: property.id }, { $pull: { search: /^ / } });
    await db.command({ createIndexes: 'residents', indexes: [{ key: { orgId: 1, search: 1 }, name: 'of before' }] });
    await db.collection<{ _id: string }>('migrations').deleteMany({ _id: { $in: residentMigrations.map(({ id }) => id) } });
    const { clock } = await suiteDeployment();
    await runMigrations(suite.db, residentMigrations, { clock, log: silentLog });
    expect(await rows.countDocuments({ alike: { $exists: false } })).toBe(0);
    expect((await list({ search: 'ana reyes01' })).items.length).toBe(1);
    expect((await rows.indexes()).map(({ name }) => name)).not.toContain('of before');
    expect(await suite.call(org.owner, countResidents, { propertyId: property.id })).toEqual(before);
    // counts and search; the one of short words finds done what the one of pairs does by the same rules
    expect(await rows.findOne({ _id: someone!._id })).toMatchObject({ version: someone!.version + 2 });
  });

  it('who had no record of their person has one after the migration, and all others are as they were', async () => {
    const { db } = suite.db;
    const persons = db.collection<{ _id: string }>('persons');
    const before = await persons.find({ orgId: org.orgId }).sort({ _id: 1 }).toArray();
    const [lost, ...others] = before;
    await persons.deleteOne({ _id: lost!._id });
    await db.collection<{ _id: string }>('migrations').deleteOne({ _id: '2026-11-30-residents-have-persons' });
    await runMigrations(suite.db, residentMigrations, { clock: (await suiteDeployment()).clock, log: silentLog });
    const [found, ...rest] = await persons.find({ orgId: org.orgId }).sort({ _id: 1 }).toArray();
    expect(found).toMatchObject({ _id: lost!._id, orgId: org.orgId, version: 1, upstream: [], erasedAt: null, account: null });
    expect(rest).toEqual(others);
  });

  it('a selection is what the list shows, but for those who are taken out', async () => {
    const { items } = await list({ propertyId: property.id, search: 'ana', limit: 100 });
    const [first] = items;
    const selection = { filter: { propertyId: property.id, search: 'ana' }, except: [first!.id] };
    const resolved = await suite.call(org.owner, resolveResidents, { selection });
    expect(resolved.items.map(({ id }) => id).sort()).toEqual(
      items
        .slice(1)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('a selection of units says who lives in each of them, as the PMS calls them', async () => {
    const units = await suite.call(org.owner, listUnits, { propertyId: property.id, limit: 100 });
    const named = units.items.filter(({ upstreamId }) => upstreamId === 'v1' || upstreamId === 'v2');
    const selection = { ids: named.map(({ id }) => id) };
    const { items } = await suite.call(org.owner, resolveUnits, { selection });
    expect(items.map(({ upstreamId, residents }) => [upstreamId, [...residents!].sort()]).sort()).toEqual([
      ['v1', ['p1', 'p13', 'p25']],
      ['v2', ['p14', 'p2', 'p26']],
    ]);
  });

  it('an audience holds everybody whom a selection names, in pages, with what it takes to write to them', async () => {
    const named = async (input: Omit<InputOf<typeof resolveAudience>, 'properties'> & { properties?: [Property['id']] }) => {
      const members: OutputOf<typeof resolveAudience>['items'] = [];
      let cursor: string | undefined;
      do {
        const page = await suite.pms.call(serviceActor('pms-sync', org.orgId), resolveAudience, {
          properties: 'all',
          limit: 4,
          ...input,
          ...(cursor !== undefined && { cursor }),
        });
        members.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return members;
    };
    const { items } = await list({ propertyId: property.id, search: 'ana', limit: 100 });
    const ids = items.map(({ id }) => id).sort();
    const anas = await named({ selection: { filter: { propertyId: property.id, search: 'ana' } } });
    expect(anas.map(({ residentId }) => residentId)).toEqual(ids);
    expect(await named({ selection: { ids } })).toEqual(anas);
    expect(await named({ selection: { ids }, properties: [other.id] })).toEqual([]);
    expect(anas[0]).toMatchObject({ name: { first: 'Ana' }, state: 'active', assignable: true, unitIds: [expect.any(String)] });
    expect((await named({ selection: { propertyIds: [property.id, other.id] } })).length).toBe(31);
    const [unitId] = anas[0]!.unitIds;
    const neighbours = await named({ selection: { unitIds: [unitId!] } });
    expect(neighbours.length).toBeGreaterThan(1);
    expect(neighbours.every(({ unitIds }) => unitIds.includes(unitId!))).toBe(true);
    expect(await codeOf(suite.call(org.owner, resolveAudience, { selection: { ids }, properties: 'all' }))).toBe('forbidden');
  });

  it('units come as people count them, with how many live there', async () => {
    const units = await suite.call(org.owner, listUnits, { propertyId: property.id, building: 'B' });
    expect(units.items.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, n) => String(n + 1)));
    expect(units.items.reduce((sum, unit) => sum + (unit.residents ?? 0), 0)).toBeGreaterThan(0);
    expect((await suite.call(org.owner, listUnits, { propertyId: property.id, search: 'b-1' })).items.length).toBe(4);
    expect((await suite.call(org.owner, listUnits, { search: ', ' })).items).toEqual([]);
    expect(units.items[0]).toMatchObject({ syncLight: 'waiting' });
    const counted = await suite.call(org.owner, countUnits, { propertyId: property.id, building: 'B', number: '1' });
    expect(counted).toMatchObject({ total: 4, facets: { building: { B: 4 }, source: { pms: 4 }, bedrooms: { 0: 4 } } });
    const lived = { propertyId: property.id, occupied: true, source: 'pms' as const };
    expect((await suite.call(org.owner, listUnits, lived)).items.every((unit) => unit.residents! > 0)).toBe(true);
  });

  it.each([
    ['number', ({ number }: Unit) => Number(number)],
    ['-building', ({ number }: Unit) => -Number(number)],
    ['-residents', ({ residents }: Unit) => -(residents ?? 0)],
    ['syncLight', ({ syncLight }: Unit) => (syncLight === 'waiting' ? 0 : 1)],
    ['-lastSyncedAt', ({ lastSyncedAt }: Unit) => -Date.parse(lastSyncedAt ?? '')],
  ] as const)('units come by %s, page by page, each once', async (sort, valueOf) => {
    const seen: Unit[] = [];
    let cursor: string | undefined;
    do {
      const asked = { propertyId: property.id, building: 'B', sort, limit: 5, ...(cursor !== undefined && { cursor }) };
      const page = await suite.call(org.owner, listUnits, { ...asked, withTotal: true });
      expect(page.total).toBe(12);
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(12);
    const values = seen.map(valueOf);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  it('too many units for an order that is worked out are refused, and said so; the order by name has no end', async () => {
    const crowd = suite.org();
    const large = await suite.adopted(crowd.orgId);
    const units = suite.db.db.collection<Record<string, unknown> & { _id: string }>('units');
    const [one] = await units.find({ propertyId: large.id }).toArray();
    const more = Array.from({ length: 5_000 }, (_, n) => ({
      ...one,
      _id: newId('unit'),
      upstreamId: `x${n}`,
      nameKey: `|x${n}`,
    }));
    await units.insertMany(more, { ordered: false });
    expect(await codeOf(suite.call(crowd.owner, listUnits, { sort: '-residents' }))).toBe('invalid-input');
    expect((await suite.call(crowd.owner, listUnits, { sort: 'building', limit: 5 })).items.length).toBe(5);
    expect((await suite.call(crowd.owner, listUnits, { sort: '-residents', number: '102' })).items.length).toBe(1);
  });

  it('residents whom nobody changes come once, in every order of two keys, while others move between the pages', async () => {
    const moving = await suite.adopted(org.orgId, { upstreamId: '4713' });
    await suite.apply(org.orgId, moving, people(24));
    for (const sort of ['unit,name', '-moveIn,-name', 'leaseStatus,name'] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let turn = 0; turn === 0 || cursor !== undefined; turn++) {
        const page = await list({ propertyId: moving.id, sort, limit: 5, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.items.flatMap(({ upstreamId }) => upstreamId ?? []));
        cursor = page.nextCursor ?? undefined;
        const unitId = `u${(turn % 3) + 1}`;
        const moved = people(24)
          .slice(0, 8)
          .map((who, n) => ({
            ...who,
            stays: [stay({ leaseId: `l${n}`, unitId, unitName: null, moveIn: `2026-0${turn + 1}-01` })],
          }));
        await suite.apply(org.orgId, moving, moved);
      }
      const left = seen.filter((id) => Number(id.slice(1)) >= 8);
      expect([sort, left.length, new Set(left).size]).toEqual([sort, 16, 16]);
    }
  });

  it('a resident has a timeline, newest first', async () => {
    const [someone] = (await list({ propertyId: property.id })).items;
    const timeline = await suite.call(org.owner, listTimeline, { residentId: someone!.id });
    expect(timeline.items.length).toBeGreaterThan(0);
  });

  it('who is limited to a property sees only that; another organization sees nothing', async () => {
    const limited = suite.staffOf(org.orgId, [other.id]);
    expect((await list({}, limited)).items.map(({ upstreamId }) => upstreamId)).toEqual(['far']);
    expect((await list({ propertyId: property.id }, limited)).items).toEqual([]);
    const stranger = suite.org().owner;
    expect((await list({}, stranger)).items).toEqual([]);
    const [someone] = (await list({ propertyId: property.id })).items;
    for (const actor of [limited, stranger]) {
      expect(await codeOf(suite.call(actor, getResident, { residentId: someone!.id }))).toBe('not-found');
      expect(await codeOf(suite.call(actor, listTimeline, { residentId: someone!.id }))).toBe('not-found');
    }
  });
});
