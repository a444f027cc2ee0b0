import type { OrgId, PropertyScope, UnitFilter, UnitId } from '@leasewire/contracts';
import type { Conditions, TenantFilter } from '@leasewire/persistence';
import type { z } from 'zod';
import { sees, visibleIn } from '../property-scope.rules.js';
import { searchFor, wordsOf } from '../resident-list/typed-filter.js';
import { fold } from '../search-words.rules.js';
import type { UnitDoc } from '../unit/unit.repository.js';

export type AskedUnits = z.output<typeof UnitFilter>;
export interface Seeing {
  readonly orgId: OrgId;
  readonly properties: PropertyScope;
}
/** Where somebody lives; asked for only where the filter needs it. */
export type LivedIn = readonly UnitId[];

export function unitScope({ properties }: Seeing, { propertyId, propertyIds }: AskedUnits) {
  const scope = visibleIn({ properties }, propertyId);
  if (scope === null || propertyIds === undefined) return scope;
  const seen = propertyIds.filter((id) => sees({ properties }, id) && (propertyId === undefined || propertyId === id));
  return seen.length === 0 ? null : { propertyId: { $in: seen } };
}

/** Null where nothing can match. */
export function unitQuery(who: Seeing, asked: AskedUnits, lived: LivedIn): TenantFilter<UnitDoc> | null {
  const { building, search, occupied, deletedUpstream, source, number, bedrooms } = asked;
  const scope = unitScope(who, asked);
  if (scope === null || (search !== undefined && wordsOf(search).length === 0)) return null;
  const where: Conditions<Omit<UnitDoc, 'orgId'>> = {
    ...(building !== undefined && { building }),
    ...(deletedUpstream !== undefined && { deletedUpstreamAt: deletedUpstream ? { $ne: null } : null }),
    ...(occupied !== undefined && { _id: occupied ? { $in: [...lived] } : { $nin: [...lived] } }),
    ...(source !== undefined && { upstreamId: source === 'staff' ? null : { $type: 'string' as const } }),
    ...(number !== undefined && { nameKey: { $regex: `\\|${escaped(fold(number))}` } }),
    ...(bedrooms !== undefined && { bedrooms: { $size: bedrooms } }),
    ...(search !== undefined && searchFor(search)),
  };
  return { orgId: who.orgId, ...scope, ...where };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

export type UnitFacet = 'building' | 'source' | 'deletedUpstream' | 'bedrooms';
export const unitFacets: readonly UnitFacet[] = ['building', 'source', 'deletedUpstream', 'bedrooms'];
export interface AlikeUnits {
  readonly values: Readonly<Record<UnitFacet, string>>;
  readonly count: number;
}

/** One reading answers for all columns: each is counted over those that match all the others. */
export function countedUnits(asked: AskedUnits, groups: readonly AlikeUnits[]) {
  const matches = (facet: UnitFacet, { values }: AlikeUnits): boolean =>
    asked[facet] === undefined || String(asked[facet]) === values[facet];
  const countsOf = (facet: UnitFacet): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const group of groups) {
      if (!unitFacets.every((other) => other === facet || matches(other, group))) continue;
      const value = group.values[facet];
      if (value !== '') counts[value] = (counts[value] ?? 0) + group.count;
    }
    return counts;
  };
  const all = groups.filter((group) => unitFacets.every((facet) => matches(facet, group)));
  return {
    total: all.reduce((sum, { count }) => sum + count, 0),
    facets: Object.fromEntries(unitFacets.map((facet) => [facet, countsOf(facet)])),
  };
}
