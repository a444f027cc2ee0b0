import { createHash } from 'node:crypto';
import { DomainError } from '@leasewire/contracts';
import { BSON, type CollationOptions } from 'mongodb';
import { z } from 'zod';
import type { IndexSpec } from './collection.js';
import type { Sort } from './filter.js';
import { valueAtPath } from './places.js';

export interface PageOptions {
  readonly sort: Sort;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Counts all that match as well; costs a second query. */
  readonly withTotal?: boolean;
  readonly collation?: CollationOptions;
  /**
   * A cursor belongs to its query. When the filter holds something that changes by itself (now), say here what the
   * caller asked for, and the cursor belongs to that instead.
   */
  readonly asked?: unknown;
  /** One of the declared indexes, where the server would first try all that could be used. */
  readonly index?: IndexSpec;
}

export interface Page<D> {
  readonly items: D[];
  readonly nextCursor: string | null;
  readonly total?: number;
}

type Scalar = string | number | boolean | bigint | Date | null;
type Row = Readonly<Record<string, unknown>>;
/** Where a page ended: the values of the sort keys, the last being `_id`. */
export type Position = readonly Scalar[];

/** The order that is asked for, made complete by `_id` in the direction of the last key (an index then serves both). */
export function completeSort(sort: Sort): [string, 1 | -1][] {
  const keys = Object.entries(sort);
  if (keys.some(([key]) => key === '_id')) return keys.slice(0, keys.findIndex(([key]) => key === '_id') + 1);
  return [...keys, ['_id', keys.at(-1)?.[1] ?? 1]];
}

/**
 * What comes after a position: later in the first key, or equal there and later in the second, and so on. One branch each,
 * so that an index on the keys serves every branch. Null (or missing) comes before everything, as in MongoDB's own order.
 */
export function after(sort: readonly [string, 1 | -1][], position: Position, nullable: (key: string) => boolean): object[] {
  const branches: object[] = [];
  const equal: Record<string, unknown> = {};
  for (const [at, [key, direction]] of sort.entries()) {
    const value = position[at] ?? null;
    for (const later of laterThan(value, direction, nullable(key))) branches.push({ ...equal, [key]: later });
    equal[key] = value === null ? null : { $eq: value };
  }
  return branches;
}

function laterThan(value: Scalar, direction: 1 | -1, nullable: boolean): unknown[] {
  if (direction === 1) return value === null ? [{ $ne: null }] : [{ $gt: value }];
  if (value === null) return [];
  return nullable ? [{ $lt: value }, null] : [{ $lt: value }];
}

/** Ties a cursor to the query it continues. */
export function queryHash(query: unknown): string {
  return createHash('sha256').update(BSON.EJSON.stringify(query)).digest('base64url').slice(0, 12);
}

export function encodeCursor(hash: string, sort: readonly [string, 1 | -1][], last: Row): string {
  const position = sort.map(([key]) => scalarAt(last, key));
  return Buffer.from(BSON.EJSON.stringify([hash, ...position])).toString('base64url');
}

const Content = z.tuple([z.string()], z.union([z.string(), z.number(), z.boolean(), z.bigint(), z.date(), z.null()]));

export function decodeCursor(cursor: string, hash: string, sort: readonly [string, 1 | -1][]): Position {
  const content = Content.safeParse(parsed(cursor));
  if (!content.success || content.data.length !== sort.length + 1) throw invalid();
  const [itsHash, ...position] = content.data;
  if (itsHash !== hash) throw invalid();
  return position;
}

function parsed(cursor: string): unknown {
  try {
    return BSON.EJSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

const invalid = (): DomainError =>
  new DomainError(
    'cursor.invalid',
    'This cursor is not one that this list with this filter and order gave out; begin again without it.',
  );

function scalarAt(row: Row, path: string): Scalar {
  const value = valueAtPath(row, path) ?? null;
  if (value === null || value instanceof Date) return value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return value;
  throw new TypeError(`“${path}” cannot be sorted by: it holds neither text, number, date nor null`);
}
