import fc from 'fast-check';
import { pageOfRows, type Page } from '../src/index.js';

interface Row {
  readonly id: string;
  readonly value: number | null;
}
const orderOf = ({ value, id }: Row) => [value, id];
const asked = { list: 'units' };
const paged = (rows: readonly Row[], direction: 1 | -1, cursor?: string, limit = 3): Page<Row> =>
  pageOfRows(rows, orderOf, { directions: [direction, 1], limit, cursor, asked });

describe('a page of rows that no index orders', () => {
  const row = (id: string, value: number | null): Row => ({ id, value });

  it('has its own direction for each part of the order; null is first', () => {
    const rows = [row('b', 1), row('a', 1), row('c', null), row('d', 2)];
    expect(paged(rows, 1).items.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
    expect(paged(rows, -1)).toMatchObject({ items: [{ id: 'd' }, { id: 'a' }, { id: 'b' }], total: 4 });
  });

  it('refuses the cursor of another list or order', () => {
    const cursor = paged([row('a', 1), row('b', 1), row('c', 1), row('d', 1)], 1).nextCursor!;
    expect(() => paged([], -1, cursor)).toThrow('cursor');
    expect(() => pageOfRows([], orderOf, { directions: [1, 1], limit: 3, cursor, asked: 'other' })).toThrow('cursor');
  });

  const value = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(null));
  it('shows who stays exactly once and in order, whatever others do between the pages', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 12 }),
        fc.array(fc.array(value, { maxLength: 6 }), { maxLength: 30 }),
        fc.constantFrom(1 as const, -1 as const),
        fc.integer({ min: 1, max: 4 }),
        (values, others, direction, limit) => {
          const staying = values.map((one, n) => row(`s${n}`, one));
          const seen: string[] = [];
          let cursor: string | undefined;
          for (let n = 0; n === 0 || cursor !== undefined; n++) {
            const moving = (others[n] ?? []).map((one, at) => row(`m${at}`, one));
            const page = paged([...moving, ...staying], direction, cursor, limit);
            seen.push(...page.items.map(({ id }) => id));
            cursor = page.nextCursor ?? undefined;
          }
          const inOrder = paged(staying, direction, undefined, 100).items.map(({ id }) => id);
          expect(seen.filter((id) => id.startsWith('s'))).toEqual(inOrder);
        },
      ),
    );
  });
});
