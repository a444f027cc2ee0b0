import { customerOf } from '../../faults/quirks.js';
import { american } from '../../world/days.js';
import { inForce } from '../../world/leases.js';
import type { Lease, Member, Property } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { fullName, inTheirOrder, phoneNames, spaces, statusOf } from './lease-r2.js';
import { roleWords, statusIds } from './words.js';

/** research/pms-apis.md 1.7, "r1 differences": one space by name, e-mail and telephone inside the address, both ways to write a date. */
export function leaseR1(world: World, property: Property, lease: Lease): Record<string, unknown> {
  const unit = world.units.get(lease.unitId);
  const [space] = spaces(unit, lease.bedroomIds);
  const interval = inForce(lease);
  return {
    id: Number(lease.id),
    leaseStatusTypeId: statusIds[lease.status],
    propertyId: Number(property.id),
    propertyName: property.name,
    ...(unit?.buildingId == null ? {} : { buildingId: unit.buildingId, buildingName: unit.building }),
    unitId: Number(lease.unitId),
    ...(space === undefined ? {} : { unitNumberSpace: space.unitSpace, unitSpaceId: String(space.unitSpaceId) }),
    moveInDate: lease.moveIn,
    ...(lease.moveOut === null ? {} : { moveOutDate: lease.moveOut }),
    ...(lease.noticeGiven === null ? {} : { noticeDate: american(lease.noticeGiven) }),
    ...(interval === undefined ? {} : { leaseIntervalId: interval.id, leaseIntervalStatus: interval.status }),
    ...(lease.parentLeaseId === null ? {} : transferOf(world, lease.parentLeaseId)),
    customers: { customer: inTheirOrder(lease).map((member) => customer(world, lease, member)) },
    leaseActivities: { leasesActivity: activities(lease) },
  };
}

function transferOf(world: World, parentId: string): Record<string, unknown> {
  const from = world.leases.get(parentId);
  return { transferLeaseId: parentId, ...(from === undefined ? {} : { transferLeasePropertyId: from.propertyId }) };
}

function customer(world: World, lease: Lease, member: Member): Record<string, unknown> {
  const about = customerOf(world, member.customerId);
  const [customerType, relationshipName] = roleWords[member.role];
  const [phone] = about.phones;
  return {
    id: about.id,
    customerType,
    relationshipName,
    leaseCustomerStatus: statusOf(lease, member),
    firstName: about.firstName,
    lastName: about.lastName,
    nameFull: fullName(about),
    ...(member.moveIn === null ? {} : { moveInDate: american(member.moveIn) }),
    ...(member.moveOut === null ? {} : { moveOutDate: american(member.moveOut) }),
    ...(phone === undefined
      ? {}
      : { phone: { phoneType: phone.kind, phoneTypeName: phoneNames[phone.kind], phoneNumber: phone.number, countryCode: '1' } }),
    addresses: { address: [{ addressType: 'Primary', ...(about.email === null ? {} : { email: about.email }) }] },
  };
}

function activities(lease: Lease): Record<string, unknown>[] {
  const from = { date: american(lease.moveIn), eventType: 'Lease From', description: '' };
  const end = inForce(lease)?.end;
  const to = end == null ? [] : [{ date: american(end), eventType: 'Lease To', description: '' }];
  const left = lease.status === 'Past' && lease.moveOut !== null;
  return [from, ...to, ...(left ? [{ date: american(lease.moveOut ?? ''), eventType: 'Actual Move Out', description: '' }] : [])];
}
