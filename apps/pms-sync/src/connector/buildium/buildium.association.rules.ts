import type { LeaseStatus, LocalDate } from '@leasewire/contracts';
import type { PropertyToFetch, RejectedRow, UpstreamPerson, UpstreamUnit } from '../connector.js';
import { readDay } from '../dates.rules.js';
import { flagOf, idOf, listOf, textOf, type Json } from '../vendor-json.rules.js';
import { readHuman, unitName } from './buildium.person.rules.js';

type Stay = UpstreamPerson['stays'][number];

export interface AssociationContext {
  readonly property: PropertyToFetch;
  readonly associationId: string;
  readonly units: ReadonlyMap<string, UpstreamUnit>;
  /** In the zone of the property. */
  readonly today: LocalDate;
}

/** An ownership account: Active is current, until a sale is announced. */
export const accountStatus: Readonly<Record<string, LeaseStatus>> = { Active: 'current', Future: 'future', Past: 'past' };

/** A tenant says days only. */
export function tenantStatus(today: LocalDate, moveIn: LocalDate | null, moveOut: LocalDate | null): LeaseStatus {
  if (moveOut !== null && moveOut < today) return 'past';
  if (moveIn !== null && moveIn > today) return 'future';
  return moveOut === null ? 'current' : 'notice';
}

const accountsIn = (row: Json, { associationId }: AssociationContext) =>
  listOf(row['OwnershipAccounts']).filter((account) => idOf(account['AssociationId']) === associationId);

/** Owners → owner-occupier or owner-investor, by whether they occupy a unit. `accounts`: those of the association's own list. */
export function readOwner(row: Json, accounts: readonly Json[], context: AssociationContext): UpstreamPerson | RejectedRow {
  const upstreamId = idOf(row['Id']);
  if (upstreamId === null) return { upstreamId: null, field: 'Owners.Id', reason: 'It does not say who it is.' };
  const stays = new Map<string, Stay>();
  for (const account of [...accountsIn(row, context), ...accounts]) {
    const stay = ownerStay(account, context);
    if (stay === null) return { upstreamId, field: 'OwnershipAccounts', reason: 'The ownership account cannot be read.' };
    const over = stay.status === 'past' && stay.moveOut !== null && stay.moveOut < context.property.pastFrom;
    if (!over) stays.set(stay.leaseId, stay);
  }
  const userTypes: UpstreamPerson['userTypes'] = [flagOf(row['OccupiesUnit']) === true ? 'owner-occupier' : 'owner-investor'];
  return { upstreamId, ...readHuman(row, context.property.country), userTypes, role: 'owner', stays: [...stays.values()] };
}

function ownerStay(account: Json, { units }: AssociationContext): Stay | null {
  const id = idOf(account['Id']);
  const written = accountStatus[textOf(account['Status']) ?? ''];
  if (id === null || written === undefined) return null;
  const moveOut = readDay(textOf(account['DateOfSale']));
  const status = written === 'current' && moveOut !== null ? 'notice' : written;
  const from = readDay(textOf(account['DateOfPurchase']));
  return {
    leaseId: `account-${id}`,
    ...placeOf(account, units),
    bedroom: null,
    status,
    moveIn: from,
    moveOut,
    leaseStart: from,
    leaseEnd: null,
  };
}

function placeOf(account: Json, units: ReadonlyMap<string, UpstreamUnit>): { unitId: string | null; unitName: string | null } {
  const unitId = idOf(account['UnitId']);
  return { unitId, unitName: unitName(unitId === null ? undefined : units.get(unitId), null) };
}

/** Tenants live in a unit whose ownership account names them. Their ids are of another kind than owners'. */
export function readAssociationTenant(row: Json, context: AssociationContext): UpstreamPerson | RejectedRow {
  const id = idOf(row['Id']);
  if (id === null) return { upstreamId: null, field: 'Tenants.Id', reason: 'It does not say who it is.' };
  const [moveIn, moveOut] = [readDay(textOf(row['MoveInDate'])), readDay(textOf(row['MoveOutDate']))];
  const status = tenantStatus(context.today, moveIn, moveOut);
  const dates = { bedroom: null, status, moveIn, moveOut, leaseStart: moveIn, leaseEnd: null };
  const stays = accountsIn(row, context).flatMap((account): Stay[] => {
    const accountId = idOf(account['Id']);
    return accountId === null
      ? []
      : [{ leaseId: `tenant-${id}-account-${accountId}`, ...placeOf(account, context.units), ...dates }];
  });
  const base = { upstreamId: `tenant-${id}`, ...readHuman(row, context.property.country) };
  return { ...base, userTypes: ['tenant'], role: 'tenant', stays };
}

/** On the board now. The person is the owner they are; one who owns nothing here any more is on the committee alone. */
export function readBoardMember(row: Json, { property, today }: AssociationContext): UpstreamPerson | RejectedRow | null {
  const upstreamId = idOf(row['AssociationOwnerId']);
  if (upstreamId === null)
    return { upstreamId: null, field: 'BoardMembers.AssociationOwnerId', reason: 'It does not say who it is.' };
  const [from, until] = [readDay(textOf(row['StartDate'])), readDay(textOf(row['EndDate']))];
  if ((from !== null && from > today) || (until !== null && until < today)) return null;
  return { upstreamId, ...readHuman(row, property.country), userTypes: ['committee'], role: 'committee', stays: [] };
}
