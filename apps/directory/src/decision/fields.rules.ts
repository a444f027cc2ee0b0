import { createHash } from 'node:crypto';
import type { FieldSource, Resident, UpstreamPerson } from '@leasewire/contracts';
import type { z } from 'zod';
import type { PlannedOccupancy } from './stays.rules.js';

type Fields = Pick<Resident, 'name' | 'email' | 'phones' | 'userTypes'>;
export type Sources = Readonly<Record<string, z.infer<typeof FieldSource>>>;

/** Of what is taken over, whatever order the vendor has it in. */
export const hashOf = (upstream: UpstreamPerson): string =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(upstream)))
    .digest('base64url');

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, inOrder(field)]);
}

/** What staff or the resident said stays. */
export function laidOver(said: Fields, known: Fields | null, sources: Sources): Fields & { sources: Sources } {
  const ours = (field: keyof Fields): boolean => known !== null && sources[field] !== undefined && sources[field] !== 'pms';
  const kept = known ?? said;
  return {
    name: ours('name') ? kept.name : said.name,
    email: ours('email') ? kept.email : said.email,
    phones: ours('phones') ? kept.phones : said.phones,
    userTypes: ours('userTypes') ? kept.userTypes : said.userTypes,
    sources: {
      ...sources,
      ...Object.fromEntries((['name', 'email', 'phones', 'userTypes'] as const).filter((f) => !ours(f)).map((f) => [f, 'pms'])),
    },
  };
}

export function displayNameOf({ first, last, preferred, company, raw }: Resident['name']): string {
  const called = preferred !== undefined && preferred !== '' ? preferred : first;
  const name = [called, last].filter((word) => word !== '').join(' ');
  return (name === '' ? (company ?? raw) : name).slice(0, 220);
}

export interface Inspected extends Pick<Fields, 'name' | 'email' | 'phones'> {
  readonly upstream: Pick<UpstreamPerson, 'emailRaw'> | null;
  readonly occupancies: readonly PlannedOccupancy[];
  readonly duplicateOf: string | null;
  readonly issues: readonly Resident['issues'][number][];
}

export function issuesOf({ name, email, phones, upstream, occupancies, duplicateOf, issues }: Inspected): Resident['issues'] {
  const found: Resident['issues'] = [];
  if (email === null) found.push(upstream?.emailRaw ? 'junk-email' : 'missing-email');
  if (phones.length === 0) found.push('missing-phone');
  if (phones.length > 0 && phones.every(({ e164 }) => e164 === null)) found.push('unreadable-phone');
  if (issues.includes('shared-email')) found.push('shared-email');
  if (isUnresolved(occupancies)) found.push('unknown-unit');
  if (duplicateOf !== null) found.push('possible-duplicate');
  if (name.first === '' && !name.company) found.push('name-unclear');
  return found;
}

/** A unit was named that is not known here. */
export const isUnresolved = (occupancies: readonly PlannedOccupancy[]): boolean =>
  occupancies.some(({ endedAt, unit, unitId }) => endedAt === null && unit !== null && unitId === null);
