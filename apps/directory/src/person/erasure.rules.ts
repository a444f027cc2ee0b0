import type { ResidentDoc } from '../resident/resident.repository.js';

const name = { first: '', last: '', raw: 'Erased' };

/** Everything that tells who somebody was is taken away; that a unit was lived in stays. */
export function forgotten(doc: ResidentDoc): ResidentDoc {
  return {
    ...doc,
    name,
    displayName: name.raw,
    email: null,
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
    duplicateOf: null,
    access: { from: null, until: null, open: false, reason: 'archived' },
    search: [],
    sort: { ...doc.sort, name: 'erased', lastName: 'erased' },
    upcoming: null,
    due: undefined,
  };
}
