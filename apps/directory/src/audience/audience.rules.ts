import type { AudienceMember, AudienceSelection, PropertyScope, Resident } from '@leasewire/contracts';
import { visibleIn } from '../property-scope.rules.js';
import { shownStates } from '../resident-list/resident-filter.rules.js';
import type { ResidentDoc } from '../resident/resident.repository.js';

/** All but a filter, which is the list’s to understand. */
export type Named = Exclude<AudienceSelection, { filter: unknown }>;

/** Null where nobody can be meant. Whoever is named by id is meant, whatever became of them. */
export function namedQuery(selection: Named, properties: PropertyScope) {
  const scope = visibleIn({ properties });
  if (scope === null) return null;
  if ('ids' in selection) return { ...scope, _id: { $in: selection.ids } };
  if ('personIds' in selection) return { ...scope, personId: { $in: selection.personIds } };
  const here = { state: { $in: [...shownStates] } };
  if ('unitIds' in selection) return { ...scope, ...here, unitIds: { $in: selection.unitIds } };
  const { propertyIds, userTypes } = selection;
  const seen = properties === 'all' ? propertyIds : propertyIds.filter((id) => properties.includes(id));
  if (seen.length === 0) return null;
  return { propertyId: { $in: seen }, ...here, ...(userTypes && { userTypes: { $in: userTypes } }) };
}

export function memberOf(doc: ResidentDoc): AudienceMember {
  const { raw: _raw, ...name } = doc.name;
  const { occupancy } = doc;
  return {
    residentId: doc._id,
    personId: doc.personId,
    propertyId: doc.propertyId,
    unitIds: doc.unitIds,
    unit: occupancy?.unit ?? null,
    bedroom: occupancy?.bedroom ?? null,
    lease: occupancy && leaseOf(occupancy),
    name,
    displayName: doc.displayName,
    email: doc.email,
    sharedEmail: doc.issues.includes('shared-email'),
    phone: phoneToWriteTo(doc.phones),
    language: doc.language ?? null,
    state: doc.state,
    userTypes: doc.userTypes,
    leaseStatus: doc.leaseStatus,
    access: { open: doc.access.open, reason: doc.access.reason },
    accountStatus: doc.accountStatus,
    assignable: doc.assignable,
    issues: doc.issues,
    version: doc.version,
  };
}

const leaseOf = ({ from, until, leaseEnd }: NonNullable<ResidentDoc['occupancy']>): AudienceMember['lease'] => ({
  from,
  until,
  leaseEnd,
});

/** A text message reaches a mobile; what is not said to be something else may be one. */
export function phoneToWriteTo(phones: Resident['phones']): string | null {
  const readable = phones.filter(({ e164 }) => e164 !== null);
  const best = readable.find(({ kind }) => kind === 'mobile') ?? readable.find(({ kind }) => kind === 'other') ?? readable[0];
  return best?.e164 ?? null;
}
