import type { Customer, Lease } from '../world/model.js';
import { inTheThird } from '../world/prng.js';
import type { World } from '../world/world.js';

/** Faults that leave the reply a good one by its looks. */
export const quirkKinds = [
  'page-loop',
  'duplicate-page',
  'shrinking-total',
  'empty-success',
  'empty-list',
  'string-result',
  'single-object',
  'vanish',
  'appear',
] as const;
export type QuirkKind = (typeof quirkKinds)[number];
export type Quirks = ReadonlySet<QuirkKind>;

export interface Page<T> {
  readonly rows: T[];
  readonly total: number;
  readonly page: number;
  readonly size: number;
  readonly lastPage: number;
  readonly hasNext: boolean;
}

/** Page 1 is the first. */
export function pageOf<T>(rows: readonly T[], page: number, size: number, quirks: Quirks): Page<T> {
  const from = startOf(page, quirks);
  const shown = rows.slice((from - 1) * size, from * size);
  const total = quirks.has('shrinking-total') ? Math.max(0, rows.length - (page - 1) * Math.ceil(size / 2)) : rows.length;
  const lastPage = Math.max(1, Math.ceil(total / size));
  return { rows: shown, total, page, size, lastPage, hasNext: quirks.has('page-loop') || page < lastPage };
}

function startOf(page: number, quirks: Quirks): number {
  if (quirks.has('page-loop')) return 1;
  return quirks.has('duplicate-page') && page === 2 ? 1 : page;
}

/** A third of the rows gone, or a third more of them: placeholders, as bulk entries bring them (research/pms-apis.md 1.8). */
export function crowd(leases: readonly Lease[], quirks: Quirks): readonly Lease[] {
  if (quirks.has('vanish')) return leases.filter(({ id }) => !inTheThird(id));
  if (quirks.has('appear')) return leases.concat(leases.filter(({ id }) => inTheThird(id)).map(placeholder));
  return leases;
}

const ghostMark = '7';

function placeholder(lease: Lease): Lease {
  const members = lease.members.map((member) => ({ ...member, customerId: ghostMark + member.customerId }));
  return { ...lease, id: ghostMark + lease.id, members };
}

export function customerOf(world: World, id: string): Customer {
  const known = world.customers.get(id);
  if (known !== undefined) return known;
  const model = world.customers.get(id.slice(ghostMark.length));
  if (model === undefined) throw new Error(`Nobody is called ${id}.`);
  return { ...model, id, firstName: 'Bed', lastName: `Placeholder ${id.slice(-4)}`, preferred: null, email: null, phones: [] };
}

/** As what comes from XML does: a list of one is that one. */
export function collapsed(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? collapsed(value[0]) : value.map(collapsed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, collapsed(inner)]));
}
