import type { OrgId } from '@leasewire/contracts';
import { freshDatabase, newOrgId, systemCall } from '@leasewire/testing';
import fc from 'fast-check';
import {
  defineCollection,
  ensureIndexes,
  tenantDoc,
  TenantRepository,
  type Database,
  type DocOf,
  type Sort,
} from '../src/index.js';
import { z } from 'zod';
import { bankOn } from './subjects.js';
import { aNumber } from './like.js';

const person = defineCollection(
  'people',
  tenantDoc.extend({
    name: z.string(),
    rank: z.number().nullable().optional(),
    born: z.date().optional(),
    active: z.boolean(),
    home: z.object({ town: z.string().optional() }).optional(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, name: 1, _id: 1 } },
      { keys: { orgId: 1, active: 1, name: 1, _id: 1 } },
      { keys: { orgId: 1, rank: -1, _id: -1 } },
      { keys: { orgId: 1, name: 1, rank: -1, _id: -1 } },
      { keys: { orgId: 1, name: 1, _id: 1 }, collation: { locale: 'en', strength: 2 } },
    ],
  },
);
type Person = DocOf<typeof person>;

let db: Database;
let people: TenantRepository<typeof person>;
beforeAll(async () => {
  db = await freshDatabase();
  await ensureIndexes(db, [person], db.log);
  people = new TenantRepository(db, person);
});

async function given(orgId: OrgId, docs: readonly Partial<Person>[]): Promise<Person[]> {
  const { work } = await bankOn(db);
  return await work.run(systemCall('bank', orgId), (tx) =>
    people.insertMany(
      tx,
      docs.map((doc, n) => ({ name: 'x', active: true, ...doc, orgId, _id: `${orgId}:${n}` })),
    ),
  );
}

async function allPages(
  orgId: OrgId,
  sort: Sort,
  limit: number,
  between: () => Promise<void> = async () => {},
): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await people.page({ orgId }, { sort, limit, cursor });
    pages.push(page.items.map((item) => item._id));
    cursor = page.nextCursor ?? undefined;
    await between();
  } while (cursor !== undefined);
  return pages;
}

const few = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const anyone = fc.record(
  {
    name: few('', 'a', 'b', 'B', 'ä'),
    rank: few(null, -1, 0, 0.5, 2),
    born: few(new Date(0), new Date('2001-02-03'), new Date('1960-02-03')),
    active: fc.boolean(),
    home: fc.oneof(fc.constant({}), fc.record({ town: few('Brisbane', 'Cairns') })),
  },
  { requiredKeys: ['name', 'active'] },
);
const direction = few<1 | -1>(1, -1);
const anySort = fc
  .uniqueArray(fc.tuple(few('name', 'rank', 'born', 'active', 'home.town'), direction), {
    minLength: 1,
    maxLength: 3,
    selector: ([key]) => key,
  })
  .map((keys): Sort => Object.fromEntries(keys));

describe('pages', () => {
  it('one after the other are what the database sorts in one go, whatever the order, the nulls and the ties', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyone, { maxLength: 12 }),
        anySort,
        fc.integer({ min: 1, max: 5 }),
        async (docs, sort, limit) => {
          const orgId = newOrgId();
          if (docs.length > 0) await given(orgId, docs);
          const last = Object.values(sort).at(-1) ?? 1;
          const whole = await people.find({ orgId }, { sort: { ...sort, _id: last } });
          const pages = await allPages(orgId, sort, limit);
          expect(pages.flat()).toEqual(whole.map((one) => one._id));
          expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('neither skip nor repeat what stays while others come, go and the place of the cursor disappears', async () => {
    const orgId = newOrgId();
    await given(
      orgId,
      Array.from({ length: 12 }, (_, n) => ({ name: `n${String(n).padStart(2, '0')}` })),
    );
    const { work } = await bankOn(db);
    let round = 0;
    const pages = await allPages(orgId, { name: 1 }, 4, async () => {
      round += 1;
      await work.run(systemCall('bank', orgId), async (tx) => {
        await people.removeMany(tx, { orgId, name: `n${String(round * 4 - 1).padStart(2, '0')}` });
        await people.insert(tx, { orgId, _id: `${orgId}:new${round}`, name: 'n00', active: true });
      });
    });
    expect(pages.flat()).toEqual(Array.from({ length: 12 }, (_, n) => `${orgId}:${n}`));
  });

  it('can follow the order of a language', async () => {
    const orgId = newOrgId();
    await given(
      orgId,
      ['b', 'A', 'a', 'B', 'Ä'].map((name) => ({ name })),
    );
    const collation = { locale: 'en', strength: 2 };
    const names: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await people.page({ orgId }, { sort: { name: 1 }, limit: 2, collation, cursor });
      names.push(...page.items.map((item) => item.name));
      cursor = page.nextCursor;
    }
    expect(names).toEqual(['A', 'a', 'Ä', 'b', 'B']);
  });

  it('hold the fields that are asked for and go on from where they end, by the index that is named', async () => {
    const orgId = newOrgId();
    await given(
      orgId,
      ['ada', 'bob', 'cleo'].map((name) => ({ name, rank: 1, home: { town: name } })),
    );
    const [index] = person.indexes;
    const asked = { sort: { 'home.town': 1, name: 1 }, limit: 2, fields: ['home'], index: index! } as const;
    const first = await people.page({ orgId }, asked);
    expect(first.items.map(({ home }) => home?.town)).toEqual(['ada', 'bob']);
    expect(first.items[0]).toMatchObject({ orgId, version: 1 });
    expect(first.items[0]).not.toHaveProperty('rank');
    expect((await people.page({ orgId }, { ...asked, cursor: first.nextCursor! })).items).toMatchObject([
      { home: { town: 'cleo' } },
    ]);
    const unknown = { keys: { orgId: 1, rank: 1 } } as const;
    await expect(people.page({ orgId }, { ...asked, index: unknown })).rejects.toThrow('hint');
    expect(await people.aggregate({ orgId }, [{ $count: 'all' }], { index: index! })).toEqual([{ all: 3 }]);
    await expect(people.aggregate({ orgId }, [{ $count: 'all' }], { index: unknown })).rejects.toThrow('hint');
  });

  it('count all that match when asked', async () => {
    const orgId = newOrgId();
    await given(
      orgId,
      Array.from({ length: 7 }, (_, n) => ({ active: n < 5 })),
    );
    expect(await people.page({ orgId, active: true }, { sort: { name: 1 }, limit: 2, withTotal: true })).toMatchObject({
      total: 5,
    });
    expect(await people.page({ orgId }, { sort: { name: 1 }, limit: 7 })).toMatchObject({ nextCursor: null });
  });

  it.each<[string, Sort, object]>([
    ['by name', { name: 1 }, {}],
    ['by name backwards', { name: -1 }, {}],
    ['by name of the active', { name: 1 }, { active: true }],
    ['by rank, which may be missing, downwards', { rank: -1 }, {}],
    ['by name, then rank downwards', { name: 1, rank: -1 }, {}],
  ])('read %s what they return and little more', async (_what, sort, filter) => {
    const orgId = newOrgId();
    await given(
      orgId,
      Array.from({ length: 400 }, (_, n) => ({ name: `n${n % 20}`, active: n % 3 > 0, ...(n % 5 > 0 && { rank: n % 7 }) })),
    );
    await db.db.command({ profile: 2 });
    let cursor: string | undefined;
    for (let n = 0; n < 6; n++) {
      const page = await people.page({ orgId, ...filter }, { sort, limit: 20, cursor });
      cursor = page.nextCursor ?? undefined;
    }
    await db.db.command({ profile: 0 });
    const reads = await db.db
      .collection('system.profile')
      .find({ op: 'query', ns: `${db.db.databaseName}.people`, 'command.limit': 21 })
      .sort({ ts: -1 })
      .limit(6)
      .toArray();
    expect(reads).toHaveLength(6);
    for (const read of reads) expect(read).toMatchObject({ docsExamined: aNumber });
    expect(Math.max(...reads.map((read) => Number(read['docsExamined'])))).toBeLessThanOrEqual(2 * 21);
    expect(reads.some((read) => read['hasSortStage'])).toBe(false);
  });
});

describe('a cursor', () => {
  const encode = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
  let orgId: OrgId;
  let cursor: string;
  beforeAll(async () => {
    orgId = newOrgId();
    await given(orgId, [{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
    cursor = (await people.page({ orgId }, { sort: { name: 1 }, limit: 1 })).nextCursor!;
  });

  it.each([
    ['of another order', () => people.page({ orgId }, { sort: { name: -1 }, limit: 1, cursor })],
    ['of another filter', () => people.page({ orgId, active: true }, { sort: { name: 1 }, limit: 1, cursor })],
    ['of another organization', () => people.page({ orgId: newOrgId() }, { sort: { name: 1 }, limit: 1, cursor })],
    ['of another collation', () => people.page({ orgId }, { sort: { name: 1 }, limit: 1, cursor, collation: { locale: 'en' } })],
    ['that is nonsense', () => people.page({ orgId }, { sort: { name: 1 }, limit: 1, cursor: 'nonsense' })],
    ['that is empty', () => people.page({ orgId }, { sort: { name: 1 }, limit: 1, cursor: '' })],
    ['with too few values', () => people.page({ orgId }, { sort: { name: 1 }, limit: 1, cursor: encode([hashOf(cursor), 'a']) })],
    [
      'with an operator in it',
      () => people.page({ orgId }, { sort: { name: 1 }, limit: 1, cursor: encode([hashOf(cursor), { $ne: 1 }, 'x']) }),
    ],
    [
      'with a regular expression in it',
      () =>
        people.page(
          { orgId },
          {
            sort: { name: 1 },
            limit: 1,
            cursor: encode([hashOf(cursor), { $regularExpression: { pattern: '.', options: '' } }, 'x']),
          },
        ),
    ],
  ])('%s is refused', async (_what, paging) => {
    await expect(paging()).rejects.toMatchObject({ code: 'cursor.invalid' });
  });

  it('may belong to what was asked, where the filter changes by itself', async () => {
    const at = (now: number) => ({
      sort: { name: 1 as const },
      limit: 1,
      asked: 'born until now',
      filter: { orgId, $or: [{ born: null }, { born: { $lt: new Date(now) } }] },
    });
    const { filter: first, ...options } = at(1);
    const page = await people.page(first, options);
    const next = await people.page(at(2).filter, { ...options, cursor: page.nextCursor! });
    expect(next.items.map((item) => item.name)).toEqual(['b']);
  });

  function hashOf(text: string): string {
    return (JSON.parse(Buffer.from(text, 'base64url').toString()) as string[])[0]!;
  }
});
