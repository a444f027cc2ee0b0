import { customerOf } from '../../faults/quirks.js';
import { american } from '../../world/days.js';
import { inForce } from '../../world/leases.js';
import type { Customer, Lease, Member, Property, Unit } from '../../world/model.js';
import { inTheThird } from '../../world/prng.js';
import type { World } from '../../world/world.js';
import { intervalTypeIds, mountainTime, roleWords, statusIds } from './words.js';

/** research/pms-apis.md 1.7, "r2 shape"; what is absent has no key. */
export function leaseR2(world: World, property: Property, lease: Lease, history: boolean): Record<string, unknown> {
  const unit = world.units.get(lease.unitId);
  const counts = inForce(lease);
  const intervals = history || counts === undefined ? lease.intervals : [counts];
  const parent = lease.parentLeaseId === null ? undefined : world.leases.get(lease.parentLeaseId);
  return {
    id: lease.id,
    leaseStatusTypeId: statusIds[lease.status],
    propertyId: property.id,
    propertyName: property.name,
    moveInDate: american(lease.moveIn),
    ...(lease.moveOut === null ? {} : { moveOutDate: american(lease.moveOut) }),
    ...(counts === undefined ? {} : { leaseIntervalId: counts.id, leaseIntervalStatus: counts.status }),
    ...(unit?.by === 'bed'
      ? { occupancyTypeId: '10', occupancyType: 'Student', spaceConfiguration: 'Per Bedroom' }
      : { occupancyTypeId: '1', occupancyType: 'Conventional' }),
    isMonthToMonth: 0,
    floorPlanId: String(unit?.beds ?? 1),
    floorPlanName: `${unit?.beds ?? 1} Bed`,
    paymentAllowanceType: 'Allow All',
    unitId: lease.unitId,
    unitSpaces: { unitSpace: spaces(unit, lease.bedroomIds) },
    customers: { customer: inTheirOrder(lease).map((member) => customer(world, lease, member)) },
    leaseIntervals: { leaseInterval: intervals.map((interval) => leaseInterval(lease, interval)) },
    scheduledCharges: { scheduledCharge: [charge(lease)] },
    ...(parent === undefined ? {} : parentOf(world, parent)),
  };
}

export function spaceName(unit: Unit, bedroom: Unit['bedrooms'][number]): string {
  return bedroom.name === null ? unit.number : `${unit.number}-${bedroom.name}`;
}

export function spaces(unit: Unit | undefined, bedroomIds: readonly string[]) {
  const taken = unit?.bedrooms.filter(({ id }) => bedroomIds.includes(id)) ?? [];
  return taken.map((bedroom) => ({
    unitSpaceId: Number(bedroom.id),
    unitSpace: unit === undefined ? '' : spaceName(unit, bedroom),
  }));
}

/** In one of three leases the first is not the primary. */
export function inTheirOrder(lease: Lease): readonly Member[] {
  return inTheThird(lease.id) ? lease.members.toReversed() : lease.members;
}

/** A part of the guarantors of current leases is Cancelled, as was seen. */
export function statusOf(lease: Lease, member: Member): string {
  const dropped = member.role === 'guarantor' && lease.status === 'Current' && inTheThird(member.customerId);
  return dropped ? 'Cancelled' : member.status;
}

export function fullName({ firstName, lastName, preferred }: Customer): string {
  return `${lastName}, ${firstName}${preferred === null ? '' : ` (${preferred})`}`;
}

export const phoneNames = { mobile: 'Mobile', personal: 'Personal', work: 'Work' } as const;

function customer(world: World, lease: Lease, member: Member): Record<string, unknown> {
  const about = customerOf(world, member.customerId);
  const [customerType, relationshipName] = roleWords[member.role];
  return {
    id: Number(about.id),
    customerType,
    relationshipName,
    leaseCustomerStatus: statusOf(lease, member),
    firstName: about.firstName,
    lastName: about.lastName,
    nameFull: fullName(about),
    ...(about.email === null ? {} : { emailAddress: about.email }),
    ...(member.moveIn === null ? {} : { moveInDate: american(member.moveIn) }),
    ...(member.moveOut === null ? {} : { moveOutDate: american(member.moveOut) }),
    ...(about.phones.length === 0 ? {} : { phones: { phone: about.phones.map(phone) } }),
    paymentAllowanceType: 'Allow All',
  };
}

function phone({ kind, number }: Customer['phones'][number]) {
  return { phoneTypeName: phoneNames[kind], phoneType: kind, phoneNumber: number, countryCode: 1 };
}

function leaseInterval(lease: Lease, interval: Lease['intervals'][number]): Record<string, unknown> {
  const { start, end, type } = interval;
  const dates = { startDate: american(start), ...(end === null ? {} : { endDate: american(end) }) };
  return {
    id: interval.id,
    ...dates,
    leaseIntervalTypeId: intervalTypeIds[type],
    leaseIntervalTypeName: type,
    leaseIntervalStatusTypeId: statusIds[interval.status],
    leaseIntervalStatusTypeName: interval.status,
    applicationId: `4${interval.id}`,
    applicationCompletedOn: american(start),
    intervalDateTime: mountainTime(lease.createdAt),
    applications: {
      application: [
        {
          id: `4${interval.id}`,
          leaseTerm: '12',
          leaseStartDate: american(start),
          ...(end === null ? {} : { leaseEndDate: american(end) }),
          leaseApprovedOn: mountainTime(lease.createdAt),
          isActiveLeaseInterval: 't',
          leaseIntervalTypeId: intervalTypeIds[type],
        },
      ],
    },
  };
}

function charge(lease: Lease): Record<string, unknown> {
  return {
    id: `8${lease.id}`,
    frequency: 'Monthly',
    leaseIntervalId: inForce(lease)?.id,
    chargeCode: 'Rent',
    chargeType: 'Rent',
    amount: '950.00',
    startDate: american(lease.moveIn),
  };
}

function parentOf(world: World, parent: Lease): Record<string, unknown> {
  const number = world.units.get(parent.unitId)?.number;
  return {
    parentLeaseId: parent.id,
    originalLeaseStartDate: american(parent.moveIn),
    ...(number === undefined ? {} : { parentUnitNumberCache: number }),
  };
}
