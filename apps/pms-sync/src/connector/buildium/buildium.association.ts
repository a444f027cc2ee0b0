import type { RejectedRow, UpstreamPerson, WantedPeople } from '../connector.js';
import { bothOf, type Verdict } from '../paging.js';
import type { PersonBook } from '../person-book.js';
import { idOf, type Json } from '../vendor-json.rules.js';
import { whomOf } from '../wanted.rules.js';
import { readAssociationTenant, readBoardMember, readOwner, type AssociationContext } from './buildium.association.rules.js';
import { moment, type BuildiumClient } from './buildium.client.js';

/** The owners, tenants and board of one association. */
export async function readAssociation(
  client: BuildiumClient,
  context: AssociationContext,
  wanted: WantedPeople,
  book: PersonBook,
): Promise<Verdict> {
  const filter = { associationids: context.associationId };
  const changed = { ...filter, ...(wanted.since && { lastupdatedfrom: moment(wanted.since) }) };
  const accounts = new Map<string, Json[]>();
  // the list of accounts has no deltas, and is the only one that names past owners with their sale
  const listed = await client.all('/v1/associations/ownershipaccounts', filter, 'ownership accounts', (rows) => {
    for (const account of rows)
      for (const owner of idsIn(account['AssociationOwnerIds'])) accounts.set(owner, [...(accounts.get(owner) ?? []), account]);
  });
  const isWanted = whomOf(wanted);
  const take = (read: (row: Json) => UpstreamPerson | RejectedRow | null) => (rows: readonly Json[]) => {
    for (const found of rows.map(read))
      if (found === null || !('stays' in found) || isWanted(found.upstreamId, found)) book.put(found);
  };
  const owners = await client.all(
    '/v1/associations/owners',
    changed,
    'owners',
    take((row) => readOwner(row, accounts.get(idOf(row['Id']) ?? '') ?? [], context)),
  );
  const tenants = await client.all(
    '/v1/associations/tenants',
    changed,
    'tenants',
    take((row) => readAssociationTenant(row, context)),
  );
  const known = new Set([...book.people()].map((person) => person.upstreamId));
  // of an owner who was not asked for, nothing but the committee would be known
  const mayStandAlone = (id: string) => !wanted.since && isWanted(id, null);
  const board = await client.all(
    `/v1/associations/${context.associationId}/boardmembers`,
    { statuses: 'Current' },
    'board members',
    (rows) => {
      for (const found of rows.map((row) => readBoardMember(row, context))) {
        if (found === null || !('stays' in found) || known.has(found.upstreamId) || mayStandAlone(found.upstreamId))
          book.put(found);
      }
    },
  );
  return bothOf(listed, owners, tenants, board);
}

const idsIn = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).flatMap((id) => idOf(id) ?? []);
