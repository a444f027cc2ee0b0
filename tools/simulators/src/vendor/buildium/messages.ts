import { customerOf } from '../../faults/quirks.js';
import { inForce } from '../../world/leases.js';
import type { Customer, Lease, LeaseStatus, Member, Property, Unit } from '../../world/model.js';
import type { World } from '../../world/world.js';

/** The messages of the public OpenAPI document; what is not known has no key, since nothing there is nullable. */
export function stamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function address({ street, city, state, postcode }: Property): Record<string, unknown> {
  return { AddressLine1: street, City: city, State: state, PostalCode: postcode, Country: 'UnitedStates' };
}

const phoneTypes = { mobile: 'Cell', personal: 'Home', work: 'Office' } as const;

export function contact(about: Customer): Record<string, unknown> {
  return {
    Id: Number(about.id),
    FirstName: about.firstName,
    LastName: about.lastName,
    ...(about.email === null ? {} : { Email: about.email }),
    PhoneNumbers: about.phones.map(({ kind, number }) => ({ Number: number, Type: phoneTypes[kind] })),
    CreatedDateTime: stamp(about.createdAt),
  };
}

export const beds = ['NotSet', 'OneBed', 'TwoBed', 'ThreeBed', 'FourBed'] as const;

export function rental(world: World, property: Property): Record<string, unknown> {
  return {
    Id: Number(property.id),
    Name: property.name,
    StructureDescription: '',
    NumberUnits: world.unitsOf(property.id).length,
    IsActive: true,
    Address: address(property),
    RentalType: 'Residential',
    RentalSubType: 'MultiFamily',
  };
}

export function rentalUnit(world: World, property: Property, unit: Unit): Record<string, unknown> {
  return {
    Id: Number(unit.id),
    PropertyId: Number(property.id),
    ...(unit.building === null ? {} : { BuildingName: unit.building }),
    UnitNumber: unit.number,
    Address: address(property),
    UnitBedrooms: beds[unit.beds] ?? 'NotSet',
    UnitBathrooms: 'OneBath',
    IsUnitListed: false,
    IsUnitOccupied: world.leasesIn(unit.id).some(({ status }) => termOf(status) === 'Active'),
  };
}

export function termOf(status: LeaseStatus): 'Active' | 'Past' | 'Future' | null {
  if (status === 'Current' || status === 'Notice') return 'Active';
  return status === 'Past' || status === 'Future' ? status : null;
}

/** Whoever signs or lives there and is of age is a tenant; a guarantor is a cosigner; a child is only counted. */
export function tenantsOf(lease: Lease): Member[] {
  return lease.members.filter(({ role, status }) => role !== 'guarantor' && role !== 'child' && status !== 'Cancelled');
}

export function leaseMessage(world: World, lease: Lease): Record<string, unknown> {
  const tenants = tenantsOf(lease);
  const interval = inForce(lease);
  const guarantors = lease.members.filter(({ role }) => role === 'guarantor');
  const person = ({ customerId }: Member) => contact(customerOf(world, customerId));
  const leaving = tenants.filter(({ moveOut, status }) => moveOut !== null && status !== 'Future');
  return {
    Id: Number(lease.id),
    PropertyId: Number(lease.propertyId),
    UnitId: Number(lease.unitId),
    UnitNumber: world.units.get(lease.unitId)?.number ?? '',
    LeaseFromDate: interval?.start ?? lease.moveIn,
    ...(interval?.end == null ? {} : { LeaseToDate: interval.end }),
    LeaseType: 'Fixed',
    LeaseStatus: termOf(lease.status) ?? 'Future',
    IsEvictionPending: false,
    TermType: 'Standard',
    CurrentTenants: tenants.filter(({ status }) => termOf(status) === 'Active').map(person),
    CurrentNumberOfOccupants: lease.members.length - guarantors.length,
    AccountDetails: { SecurityDeposit: 500, Rent: 950 },
    Cosigners: guarantors.map(person),
    AutomaticallyMoveOutTenants: false,
    MoveOutData: leaving.map((member) => moveOut(lease, member)),
    PaymentDueDay: 1,
    Tenants: tenants.map(leaseTenant),
    CreatedDateTime: stamp(lease.createdAt),
    LastUpdatedDateTime: stamp(lease.updatedAt),
  };
}

export function moveOut(lease: Lease, member: Member): Record<string, unknown> {
  return {
    TenantId: Number(member.customerId),
    ...(member.moveOut === null ? {} : { MoveOutDate: member.moveOut }),
    ...(lease.noticeGiven === null ? {} : { NoticeGivenDate: lease.noticeGiven }),
  };
}

function leaseTenant({ customerId, status, moveIn }: Member): Record<string, unknown> {
  const word = termOf(status) === 'Active' ? 'Current' : status === 'Past' ? 'MovedOut' : 'Future';
  return { Id: Number(customerId), Status: word, ...(moveIn === null ? {} : { MoveInDate: moveIn }) };
}

export function outstanding(lease: Lease): Record<string, unknown> {
  const due = lease.balance / 100;
  return {
    LeaseId: Number(lease.id),
    PropertyId: Number(lease.propertyId),
    UnitId: Number(lease.unitId),
    Balance0To30Days: due,
    Balance31To60Days: 0,
    Balance61To90Days: 0,
    BalanceOver90Days: 0,
    TotalBalance: due,
    Balances: [{ GlAccountId: 3, TotalBalance: due }],
    IsNoticeGiven: lease.noticeGiven !== null,
  };
}
