import type { ResidentFilter } from '@leasewire/contracts';
import { shownStates, type Facet } from './resident-filter.rules.js';

/** What residents have in common, and how many they are. */
export interface Alike {
  readonly values: Readonly<Record<Facet, readonly string[]>>;
  readonly count: number;
}

const facets: readonly Facet[] = [
  'state',
  'userType',
  'leaseStatus',
  'accountStatus',
  'mailState',
  'wifiStatus',
  'issue',
  'access',
];

/** One reading of the collection answers for all columns: each is counted over those that match all the other columns. */
export function counted(asked: ResidentFilter, groups: readonly Alike[]) {
  const columns = facets.map((facet) => ({ facet, wanted: wantedOf(asked, facet), counts: new Map<string, number>() }));
  let total = 0;
  for (const group of groups) {
    const amiss = columns.filter(
      ({ facet, wanted }) => wanted !== undefined && !group.values[facet].some((value) => wanted.includes(value)),
    );
    if (amiss.length > 1) continue;
    if (amiss.length === 0) total += group.count;
    // who is amiss in one column only is there for whoever chooses another value of it
    for (const { facet, counts } of amiss.length === 1 ? amiss : columns)
      for (const value of group.values[facet]) counts.set(value, (counts.get(value) ?? 0) + group.count);
  }
  return { total, facets: Object.fromEntries(columns.map(({ facet, counts }) => [facet, Object.fromEntries(counts)])) };
}

function wantedOf(asked: ResidentFilter, facet: Facet): readonly string[] | undefined {
  if (facet === 'state') return asked.state ?? shownStates;
  if (facet === 'access') return asked.access === undefined ? undefined : [asked.access];
  return asked[facet];
}
