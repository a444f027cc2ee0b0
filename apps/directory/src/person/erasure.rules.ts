import type { ResidentDoc } from '../resident/resident.repository.js';

const name = { first: '', last: '', raw: 'Erased' };

/** Everything that tells who somebody was is taken away; that a unit was lived in, and from when to when, stays. */
export function forgotten(doc: ResidentDoc, now: Date): ResidentDoc {
  const { occupancy } = doc;
  return {
    ...doc,
    occupancies: doc.occupancies.map((one) => ({ ...over(one, now), leaseId: null, executed: 'out' })),
    occupancy: occupancy && { ...over(occupancy, now), leaseId: null },
    leaseStatus: occupancy && 'past',
    unitIds: [],
    role: null,
    connectionId: null,
    notDuplicates: [],
    name,
    displayName: name.raw,
    email: null,
    accountStatus: null,
    account: null,
    phones: [],
    balance: null,
    issues: [],
    sources: {},
    state: 'archived',
    archivedReason: 'erased',
    staffArchived: true,
    upstreamId: null,
    upstream: null,
    upstreamHash: null,
    staffAccess: null,
    staffLanguage: null,
    ownLanguage: null,
    language: undefined,
    duplicateOf: null,
    access: { from: null, until: null, open: false, reason: 'archived' },
    search: [],
    sort: { ...doc.sort, name: 'erased', lastName: 'erased' },
    upcoming: null,
    due: undefined,
  };
}

/** Without the lease it cannot be told from other stays in the unit. */
const over = <O extends ResidentDoc['occupancies'][number]>(occupancy: O, now: Date): O => ({
  ...occupancy,
  status: 'past',
  bedroom: null,
  endedAt: occupancy.endedAt ?? now.toISOString(),
});
