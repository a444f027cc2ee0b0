import { countedUnits, unitQuery, type Seeing } from '../../src/unit-list/unit-filter.js';
import { lightOf, type Lit } from '../../src/unit-list/unit-light.rules.js';

const orgId = 'org_01k9zq3v7m8n2p4r6s8t0v2w4x' as const;
const now = new Date('2026-11-29T12:00:00Z');
const swept = { lastSweepAt: new Date('2026-11-29T11:30:00Z'), staleAfterDays: 7 };
const unit: Lit = { upstreamId: 'u1', deletedUpstreamAt: null, newsAt: new Date('2026-11-01T00:00:00Z') };

describe('the light of a unit', () => {
  it.each<[string, Lit, typeof swept | undefined, string]>([
    ['SKIP where nothing was new', unit, swept, 'unchanged'],
    ['green where the last sweep brought something', { ...unit, newsAt: swept.lastSweepAt }, swept, 'synced'],
    ['none by hand', { ...unit, upstreamId: null }, swept, 'by-hand'],
    ['deleted, when it is gone in the PMS', { ...unit, deletedUpstreamAt: now }, swept, 'deleted'],
    ['waiting before the first sweep', unit, undefined, 'waiting'],
    ['stale when the last one is long ago', unit, { ...swept, lastSweepAt: new Date('2026-11-20T00:00:00Z') }, 'stale'],
  ])('is %s', (_name, lit, property, light) => {
    expect(lightOf(lit, property, now)).toBe(light);
  });
});

describe('a query for units', () => {
  const who: Seeing = { orgId, properties: 'all' };
  it.each([
    [{ source: 'staff' as const }, { upstreamId: null }],
    [{ bedrooms: 2 }, { bedrooms: { $size: 2 } }],
    [{ number: 'B-1' }, { nameKey: { $regex: '\\|b\\-1' } }],
    [{ deletedUpstream: true }, { deletedUpstreamAt: { $ne: null } }],
  ])('%j', (asked, part) => {
    expect(unitQuery(who, asked, [])).toMatchObject(part);
  });
  it('finds nothing where no word was typed, or nothing may be seen', () => {
    expect(unitQuery(who, { search: ', ' }, [])).toBeNull();
    expect(unitQuery({ ...who, properties: [] }, {}, [])).toBeNull();
  });
});

it('units are counted in each column without its own filter', () => {
  const of = (building: string, source: string, count: number) => ({
    count,
    values: { building, source, deletedUpstream: 'false', bedrooms: '1' },
  });
  const counted = countedUnits({ building: 'A', source: 'pms' }, [of('A', 'pms', 3), of('A', 'staff', 1), of('B', 'pms', 5)]);
  expect(counted).toMatchObject({ total: 3, facets: { building: { A: 3, B: 5 }, source: { pms: 3, staff: 1 } } });
});
