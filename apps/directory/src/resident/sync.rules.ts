import type { ShownAccount } from '../account/account.rules.js';
import type { OccupancyId, PersonId, ResidentId, UpstreamPerson } from '@leasewire/contracts';
import type { Decided } from '../decision/decision.rules.js';
import { hashOf, laidOver } from '../decision/fields.rules.js';
import { countingOf } from '../decision/stays.rules.js';
import type { PropertyDoc } from '../property/property.repository.js';
import type { ResidentDoc } from './resident.repository.js';
import { mayBeAnother, samePerson } from './same-person.rules.js';
import { withIds, type ResidentFacts } from './settle.rules.js';

export interface Applying {
  readonly upstreamId: string;
  readonly said: UpstreamPerson | null;
  readonly before: ResidentDoc | null;
  readonly decided: Decided;
  readonly personId: PersonId;
  /** Of the person, from other properties. */
  readonly account: ShownAccount;
  readonly ownLanguage: ResidentDoc['ownLanguage'];
  readonly property: PropertyDoc;
  readonly fetchedAt: Date;
  readonly similar: readonly ResidentDoc[];
}
interface Mint {
  readonly occupancy: () => OccupancyId;
  readonly resident: () => ResidentId;
}

/** What is kept of someone after a decision on what the PMS says. */
export function factsAfter({ said, before, decided, ...more }: Applying, mint: Mint): ResidentFacts {
  const { property, fetchedAt } = more;
  const occupancies = withIds(decided.occupancies ?? before?.occupancies ?? [], mint.occupancy);
  const gone = { occupancies, fetchedAt, lastSyncedAt: fetchedAt };
  if (said === null) {
    if (!before) throw new Error('nobody leaves who was not there');
    return { ...before, ...gone, goneUpstream: true };
  }
  const returns = before?.state === 'archived' && decided.decision === 'register';
  const state =
    before && !returns ? before.state : before?.imported || property.importMode === 'automatic' ? 'active' : 'pending-import';
  return {
    _id: before?._id ?? mint.resident(),
    orgId: property.orgId,
    personId: more.personId,
    propertyId: property._id,
    role: said.role,
    ...laidOver(said, before, before === null ? {} : sourcesOf(before)),
    state,
    imported: (before?.imported ?? false) || state === 'active',
    accountStatus: before ? before.accountStatus : more.account.accountStatus,
    account: before ? before.account : more.account.account,
    wifiStatus: before?.wifiStatus ?? null,
    balance: said.balance ?? null,
    duplicateOf: mayBeAnother(said, before) ? samePerson(said, before, more.similar) : (before?.duplicateOf ?? null),
    issues: before?.issues ?? [],
    upstreamId: more.upstreamId,
    archivedReason: before && !returns ? before.archivedReason : null,
    connectionId: property.connectionId,
    // who says nothing of languages does not deny what was said of it
    upstream: said.language === undefined ? { ...said, language: before?.upstream?.language } : said,
    upstreamHash: hashOf(said),
    staffAccess: before?.staffAccess ?? null,
    staffLanguage: before?.staffLanguage,
    ownLanguage: before ? before.ownLanguage : more.ownLanguage,
    staffArchived: before?.staffArchived ?? false,
    goneUpstream: false,
    notDuplicates: before?.notDuplicates ?? [],
    ...gone,
  };
}

/** A file that names whom staff had added says it from now on; what staff change after that stays. */
function sourcesOf({ upstreamId, sources }: ResidentDoc): ResidentDoc['sources'] {
  if (upstreamId !== null) return sources;
  return Object.fromEntries(Object.entries(sources).filter(([field, source]) => field === 'access' || source !== 'staff'));
}

/** For the timeline. */
export function sentenceOf({ decision, reason, occupancies }: Decided, from: string | null): string {
  const unit = occupancies && (countingOf(occupancies)?.unit ?? null);
  const where = unit === null ? '' : ` in ${unit}`;
  switch (decision) {
    case 'register':
      return `Registered from the PMS${where}.`;
    case 'transfer':
      return `Moved from ${from ?? 'elsewhere'} to ${unit ?? 'elsewhere'}, says the PMS.`;
    case 'deactivate':
      return reason?.message ?? 'Moved out, says the PMS.';
    case 'update':
    case 'none':
      return 'The PMS has other details.';
  }
}
