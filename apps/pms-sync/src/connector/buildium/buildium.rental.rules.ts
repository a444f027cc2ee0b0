import type { LeaseStatus, LocalDate } from '@leasewire/contracts';
import type { PropertyToFetch, RejectedRow, UpstreamPerson, UpstreamUnit } from '../connector.js';
import { readDay } from '../dates.rules.js';
import { readCents } from '../money.rules.js';
import { idOf, listOf, textOf, type Json } from '../vendor-json.rules.js';
import { readHuman, unitName } from './buildium.person.rules.js';

type Stay = UpstreamPerson['stays'][number];
type Lease = 'Active' | 'Past' | 'Future';
type Tenant = 'Current' | 'Future' | 'MovedOut';

/** Rows: LeaseStatus; columns: the tenant's own status in it. Notice is Current with a move-out that was announced. */
export const rentalStatus: Readonly<Record<Lease, Readonly<Record<Tenant | 'unsaid', LeaseStatus>>>> = {
  Active: { Current: 'current', Future: 'future', MovedOut: 'past', unsaid: 'current' },
  Future: { Current: 'future', Future: 'future', MovedOut: 'cancelled', unsaid: 'future' },
  Past: { Current: 'past', Future: 'cancelled', MovedOut: 'past', unsaid: 'past' },
};

export function rentalStatusOf(lease: string | null, tenant: string | null, moveOut: LocalDate | null): LeaseStatus | null {
  if (lease !== 'Active' && lease !== 'Past' && lease !== 'Future') return null;
  const known = tenant === 'Current' || tenant === 'Future' || tenant === 'MovedOut' ? tenant : 'unsaid';
  const status = rentalStatus[lease][known];
  return status === 'current' && moveOut !== null ? 'notice' : status;
}

export interface RentalContext {
  readonly property: PropertyToFetch;
  readonly propertyId: string;
  readonly units: ReadonlyMap<string, UpstreamUnit>;
}

export const tenantsOf = (lease: Json): Json[] => {
  const listed = listOf(lease['Tenants']);
  return listed.length > 0 ? listed : listOf(lease['CurrentTenants']).map((tenant) => ({ Id: tenant['Id'], Status: 'Current' }));
};

/** What one lease is to one tenant; null: it is not of this property, or over for long. */
export function readStay(
  lease: Json,
  tenantId: string,
  { property, propertyId, units }: RentalContext,
): Stay | null | { problem: string } {
  const of = idOf(lease['PropertyId']);
  if (of !== null && of !== propertyId) return null;
  const leaseId = idOf(lease['Id']);
  if (leaseId === null) return { problem: 'Leases.Id' };
  const inLease = tenantsOf(lease).find((tenant) => idOf(tenant['Id']) === tenantId);
  const out = listOf(lease['MoveOutData']).find((data) => idOf(data['TenantId']) === tenantId);
  const moveOut = readDay(textOf(out?.['MoveOutDate']));
  const status = rentalStatusOf(textOf(lease['LeaseStatus']), textOf(inLease?.['Status']), moveOut);
  if (status === null) return { problem: 'LeaseStatus' };
  const leaseEnd = readDay(textOf(lease['LeaseToDate']));
  const over = moveOut ?? leaseEnd;
  if ((status === 'past' || status === 'cancelled') && over !== null && over < property.pastFrom) return null;
  const unitId = idOf(lease['UnitId']);
  const leaseStart = readDay(textOf(lease['LeaseFromDate']));
  return {
    leaseId,
    unitId,
    unitName: unitName(unitId === null ? undefined : units.get(unitId), textOf(lease['UnitNumber'])),
    bedroom: null,
    status,
    moveIn: readDay(textOf(inLease?.['MoveInDate'])) ?? leaseStart,
    moveOut,
    leaseStart,
    leaseEnd,
  };
}

/** A tenant with their leases in this property; null: none of them matters here. */
export function readTenant(row: Json, leases: readonly Json[], context: RentalContext): UpstreamPerson | RejectedRow | null {
  const upstreamId = idOf(row['Id']);
  if (upstreamId === null) return { upstreamId: null, field: 'Tenants.Id', reason: 'It does not say who it is.' };
  const stays: Stay[] = [];
  for (const lease of leases) {
    const stay = readStay(lease, upstreamId, context);
    if (stay === null) continue;
    if ('problem' in stay) return { upstreamId, field: stay.problem, reason: 'The lease cannot be read.' };
    stays.push(stay);
  }
  if (stays.length === 0) return null;
  return { upstreamId, ...readHuman(row, context.property.country), userTypes: ['resident'], role: 'primary', stays };
}

/** Cosigners have ids of their own kind, which may be those of tenants too. */
export function readCosigners(lease: Json, context: RentalContext): UpstreamPerson[] {
  return listOf(lease['Cosigners']).flatMap((row) => {
    const id = idOf(row['Id']);
    const stay = readStay(lease, id ?? '', context);
    if (id === null || stay === null || 'problem' in stay) return [];
    return [
      {
        upstreamId: `cosigner-${id}`,
        ...readHuman(row, context.property.country),
        userTypes: ['resident'],
        role: 'guarantor',
        stays: [stay],
      },
    ];
  });
}

export function readBalance(row: Json): { leaseId: string; cents: number | null } | null {
  const leaseId = idOf(row['LeaseId']);
  return leaseId === null ? null : { leaseId, cents: readCents(row['TotalBalance']) };
}

/** A lease that is not among the outstanding ones owes nothing, when all of them arrived. */
export function withBalance(
  person: UpstreamPerson,
  owed: ReadonlyMap<string, number | null>,
  complete: boolean,
  currency: string,
): UpstreamPerson {
  if (person.role === 'guarantor') return { ...person, balance: null };
  const parts = person.stays.map((stay) => (owed.has(stay.leaseId) ? (owed.get(stay.leaseId) ?? null) : complete ? 0 : null));
  const sum = parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0);
  return { ...person, balance: sum === null ? null : { amount: sum, currency } };
}
