import { decodeCursor, encodeCursor, queryHash, type Page, type Position } from './paging.js';

export interface RowPageOptions {
  /** The direction of each part of an order. */
  readonly directions: readonly (1 | -1)[];
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** What the caller asked for: a cursor belongs to it. */
  readonly asked: unknown;
}

/**
 * A page of what no index can order, because it is worked out when it is read. By keyset as well: what stays as it is while
 * others come, go and change is neither skipped nor repeated. The last part of an order is one that no two have in common.
 */
export function pageOfRows<T>(
  rows: readonly T[],
  orderOf: (row: T) => Position,
  { directions, limit, cursor, asked }: RowPageOptions,
): Page<T> {
  const sort = directions.map((direction, at): [string, 1 | -1] => [String(at), direction]);
  const hash = queryHash([asked, sort]);
  const from = cursor === undefined ? undefined : decodeCursor(cursor, hash, sort);
  const placed = rows
    .map((row) => ({ row, order: orderOf(row) }))
    .filter(({ order }) => from === undefined || compare(order, from, directions) > 0)
    .toSorted((a, b) => compare(a.order, b.order, directions));
  const last = placed.length > limit ? placed[limit - 1] : undefined;
  return {
    items: placed.slice(0, limit).map(({ row }) => row),
    nextCursor: last ? encodeCursor(hash, sort, Object.fromEntries(last.order.entries())) : null,
    total: rows.length,
  };
}

function compare(a: Position, b: Position, directions: readonly (1 | -1)[]): number {
  for (const [at, direction] of directions.entries()) {
    const order = compareOne(a[at] ?? null, b[at] ?? null);
    if (order !== 0) return order * direction;
  }
  return 0;
}

/** As MongoDB does: null before everything. */
function compareOne(a: Position[number], b: Position[number]): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a < b ? -1 : a > b ? 1 : 0;
}
