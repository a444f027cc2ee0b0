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
  const matches = (facet: Facet, { values }: Alike): boolean => {
    const wanted = wantedOf(asked, facet);
    return wanted === undefined || values[facet].some((value) => wanted.includes(value));
  };
  const total = groups.filter((group) => facets.every((facet) => matches(facet, group)));
  const countsOf = (facet: Facet): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const group of groups) {
      if (!facets.every((other) => other === facet || matches(other, group))) continue;
      for (const value of group.values[facet]) counts[value] = (counts[value] ?? 0) + group.count;
    }
    return counts;
  };
  return {
    total: total.reduce((sum, { count }) => sum + count, 0),
    facets: Object.fromEntries(facets.map((facet) => [facet, countsOf(facet)])),
  };
}

function wantedOf(asked: ResidentFilter, facet: Facet): readonly string[] | undefined {
  if (facet === 'state') return asked.state ?? shownStates;
  if (facet === 'access') return asked.access === undefined ? undefined : [asked.access];
  return asked[facet];
}
