import type { AuditEntry } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { staffActor } from '@leasewire/testing';
import { everything, newWorld, Organization, type World } from '../audit.world.js';
import type { PageAsked } from '../../src/entries/entries.service.js';

let world: World;
let stored: AuditEntry[];
const org = new Organization();
const other = new Organization();
const owner = staffActor({ orgId: org.orgId });
const [pier, mill] = [newId('prop'), newId('prop')];
const people = Array.from({ length: 20 }, (_, n) => ({ who: newId('stf'), name: `Person${n} Common` }));
const count = 600;

beforeAll(async () => {
  world = await newWorld();
  const facts = Array.from({ length: count }, (_, n) => {
    const fact = org.staffChanged(n, {
      ...people[n % 20],
      actor: `staff:${people[(n * 7) % 20]!.who}`,
      time: new Date(Date.UTC(2026, 0, 1) + (n % 3 === 0 ? n : n - 50) * 60_000), // some came late
      correlationId: `cor_${Math.floor(n / 3)}`,
    });
    const type = ['identity.staff.changed.v1', 'identity.staff.archived.v1', 'identity.session.started.v1'][n % 3]!;
    const propertyId = n % 40 === 0 ? pier : n % 40 === 9 ? mill : undefined;
    return { ...fact, type, ...(propertyId && { propertyId }) };
  });
  for (let n = 0; n < count; n += 200) await world.recorder.record(org.orgId, facts.slice(n, n + 200));
  await world.recorder.record(other.orgId, other.staffChanges(3));
  stored = await all();
});

const list = (asked: Partial<PageAsked>, who = owner) => world.entries.list(org.orgId, { ...everything, ...asked }, who);

async function all(asked: Partial<PageAsked> = {}): Promise<AuditEntry[]> {
  const items: AuditEntry[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await list({ ...asked, cursor });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  }
  return items;
}

describe('entries are found', () => {
  const actor = `staff:${people[3]!.who}` as const;
  const told = (part: string) => (entry: AuditEntry) => entry.what.includes(part);
  it.each<[string, Partial<PageAsked>, (entry: AuditEntry) => boolean]>([
    ['by who did it', { actor }, (entry) => entry.actor === actor],
    ['by the thing', { entity: people[4]!.who }, ({ entity }) => entity === people[4]!.who],
    ['by the property', { propertyId: pier }, ({ propertyId }) => propertyId === pier],
    ['by the type', { type: 'identity.staff.archived.v1' }, ({ type }) => type === 'identity.staff.archived.v1'],
    ['by the beginning of the type', { type: 'identity.staff' }, ({ type }) => type.startsWith('identity.staff.')],
    ['by what caused them', { correlationId: 'cor_7' }, ({ correlationId }) => correlationId === 'cor_7'],
    [
      'by time, up to and without its end',
      { from: '2026-01-01T01:00:00Z', until: '2026-01-01T02:00:00Z' },
      ({ at }) => at >= '2026-01-01T01:00:00.000Z' && at < '2026-01-01T02:00:00.000Z',
    ],
    ['by a word', { text: 'archived' }, told('archived')],
    ['by a name', { text: 'person7' }, told('Person7 ')],
    [
      'by words in any case and order',
      { text: 'ARCHIVED person3!' },
      (entry) => told('archived')(entry) && told('Person3 ')(entry),
    ],
    [
      'by several things at once',
      { actor, type: 'identity.staff', propertyId: mill },
      (e) => e.actor === actor && e.propertyId === mill && e.type !== 'identity.session.started.v1',
    ],
  ])('%s', async (_name, asked, wanted) => {
    const expected = stored.filter(wanted).map(({ seq }) => seq);
    expect(expected.length).toBeGreaterThan(1);
    expect((await all(asked)).map(({ seq }) => seq)).toEqual(expected);
    expect((await list({ ...asked, limit: 1, withTotal: true })).total).toBe(expected.length);
  });

  it.each<Partial<PageAsked>>([{ type: 'identity.sta' }, { text: 'perso' }, { text: '…—' }, { actor: `staff:${newId('stf')}` }])(
    'not by %j',
    async (asked) => {
      expect(await list({ ...asked, withTotal: true })).toEqual({ items: [], nextCursor: null, total: 0 });
    },
  );

  it.each(['at', '-at'] as const)('page by page in the order %s, each once', async (sort) => {
    const seen: { at: string; seq: number }[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ sort, limit: 170, cursor });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen.map(({ seq }) => seq)).size).toBe(count);
    const ats = seen.map(({ at }) => at);
    expect(ats).toEqual(sort === 'at' ? [...ats].sort() : [...ats].sort().reverse());
  });

  it('not with a cursor of another question', async () => {
    const { nextCursor } = await list({ limit: 5 });
    await expect(list({ limit: 5, cursor: nextCursor!, actor })).rejects.toMatchObject({ code: 'cursor.invalid' });
  });

  it('in pages that fit a reply, even when entries are large', async () => {
    const large = new Organization();
    const data = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`field${n}`, 'x'.repeat(3_900)]));
    const facts = Array.from({ length: 60 }, (_, n) =>
      large.fact({ type: 'a.b.c.v1', service: 'a' }, { thing: { id: `t${n}`, ...data } }),
    );
    await world.recorder.record(large.orgId, facts);
    const seqs: number[] = [];
    let pages = 0;
    for (let cursor: string | undefined, more = true; more; pages++) {
      const page = await world.entries.list(large.orgId, { ...everything, cursor }, owner);
      expect(JSON.stringify(page).length).toBeLessThan(800_000);
      seqs.push(...page.items.map(({ seq }) => seq));
      cursor = page.nextCursor ?? undefined;
      more = cursor !== undefined;
    }
    expect([...new Set(seqs)]).toHaveLength(60);
    expect(pages).toBeGreaterThan(1);
  });
});

describe('somebody who is limited to some properties', () => {
  const limited = staffActor({ orgId: org.orgId, properties: [pier], staffId: people[5]!.who });
  it('sees what happened there, and what they did themselves where no property is concerned', async () => {
    const { items, total } = await list({ withTotal: true }, limited);
    const own = items.filter(({ actor }) => actor === limited.ref);
    expect(total).toBe(items.length);
    expect(items.filter(({ propertyId }) => propertyId === pier)).toHaveLength(15);
    expect(items.every(({ propertyId, actor }) => propertyId === pier || (propertyId === null && actor === limited.ref))).toBe(
      true,
    );
    expect(own.length).toBeGreaterThan(5);
  });
  it('sees nothing of another property, however they ask', async () => {
    const hidden = (await list({ propertyId: mill, limit: 1 })).items[0]!;
    expect((await list({ propertyId: mill }, limited)).items).toEqual([]);
    expect((await list({ entity: hidden.entity, propertyId: mill }, limited)).items).toEqual([]);
    await expect(world.entries.get(org.orgId, hidden.id, limited)).rejects.toMatchObject({ code: 'not-found' });
    expect(await world.entries.get(org.orgId, hidden.id, owner)).toMatchObject({ id: hidden.id, seq: hidden.seq });
  });
  it('sees nothing at all without a property', async () => {
    expect((await list({}, staffActor({ orgId: org.orgId, properties: [] }))).items).toEqual([]);
  });
});

it('another organization sees nothing of it', async () => {
  const { items } = await world.entries.list(other.orgId, everything, staffActor({ orgId: other.orgId }));
  expect(items).toHaveLength(3);
  const [first] = (await list({ limit: 1 })).items;
  await expect(world.entries.get(other.orgId, first!.id, owner)).rejects.toMatchObject({ code: 'not-found' });
  expect((await world.entries.list(other.orgId, { ...everything, entity: first!.entity }, owner)).items).toEqual([]);
  expect((await world.entries.list(other.orgId, { ...everything, text: 'person7' }, owner)).items).toEqual([]);
});

describe('a page costs what it shows:', () => {
  const actor = `staff:${people[3]!.who}` as const;
  it.each<[string, Partial<PageAsked>, ReturnType<typeof staffActor>]>([
    ['everything', {}, owner],
    ['oldest first', { sort: 'at' }, owner],
    ['who', { actor }, owner],
    ['thing', { entity: people[4]!.who }, owner],
    ['property', { propertyId: pier }, owner],
    ['type', { type: 'identity.staff' }, owner],
    ['cause', { correlationId: 'cor_7' }, owner],
    ['time', { from: '2026-01-01T05:00:00Z', until: '2026-01-01T09:00:00Z' }, owner],
    ['word', { text: 'person7' }, owner],
    ['who and when', { actor, from: '2026-01-01T05:00:00Z' }, owner],
    ['limited to a property', {}, staffActor({ orgId: org.orgId, properties: [pier, mill], staffId: people[5]!.who })],
  ])('%s, on the first page and on the next', async (_name, asked, who) => {
    const limit = 10;
    const { db } = world.db;
    await db.command({ profile: 2 });
    const first = await list({ sort: '-at', limit, ...asked }, who);
    const second = first.nextCursor === null ? null : await list({ sort: '-at', limit, ...asked, cursor: first.nextCursor }, who);
    await db.command({ profile: 0 });
    const seen = await db
      .collection('system.profile')
      .find({ ns: `${db.databaseName}.entries`, op: 'query' })
      .sort({ ts: -1 })
      .limit(2)
      .toArray();
    for (const query of second ? seen : seen.slice(0, 1)) {
      const [examined, shown] = [Number(query['docsExamined']), Number(query['nreturned'])];
      expect([query['planSummary'], query['hasSortStage'] ?? false, examined <= (shown + 1) * 2 ? 'few' : examined]).toEqual([
        expect.stringMatching(/^IXSCAN/),
        false,
        'few',
      ]);
    }
    expect(second?.items.length ?? 1).toBeGreaterThan(0);
  });
});
