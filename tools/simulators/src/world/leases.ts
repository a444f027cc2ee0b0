import type { Day, Lease, LeaseInterval, LeaseStatus, Member, Role, Unit } from './model.js';
import { plusDays } from './days.js';
import type { World } from './world.js';

export interface LeaseWish {
  readonly unit: Unit;
  readonly bedroomIds?: readonly string[];
  readonly kind: Lease['kind'];
  readonly status: LeaseStatus;
  readonly moveIn: Day;
  readonly end?: Day | null;
  readonly moveOut?: Day | null;
  readonly people: readonly { customerId: string; role: Role }[];
  readonly type?: LeaseInterval['type'];
  readonly parentLeaseId?: string | null;
  readonly occupies?: boolean;
  readonly balance?: number;
  readonly at?: Date;
}

export function makeLease(world: World, wish: LeaseWish): Lease {
  const { status, moveIn } = wish;
  const at = wish.at ?? world.clock.now();
  const moveOut = wish.moveOut ?? null;
  const lease: Lease = {
    id: world.newId('lease'),
    propertyId: wish.unit.propertyId,
    kind: wish.kind,
    unitId: wish.unit.id,
    bedroomIds: [...(wish.bedroomIds ?? wish.unit.bedrooms.map(({ id }) => id))],
    status,
    moveIn,
    moveOut,
    noticeGiven: status === 'Notice' ? plusDays(world.today, -10) : null,
    members: wish.people.map(({ customerId, role }) => ({ customerId, role, status, moveIn, moveOut })),
    intervals: [
      {
        id: world.newId('interval'),
        type: wish.type ?? 'Application',
        start: moveIn,
        end: wish.end === undefined ? plusDays(moveIn, 364) : wish.end,
        status,
      },
    ],
    occupies: wish.occupies ?? true,
    balance: wish.balance ?? 0,
    parentLeaseId: wish.parentLeaseId ?? null,
    createdAt: at,
    updatedAt: at,
  };
  world.addLease(lease);
  return lease;
}

const over: readonly LeaseStatus[] = ['Cancelled', 'Past'];

/** The whole lease, its interval in force and everybody whose time on it is not over, get this status. */
export function setStatus(world: World, lease: Lease, status: LeaseStatus): void {
  const before = lease.status;
  lease.status = status;
  for (const member of lease.members) if (!over.includes(member.status)) follow(member, before, status, lease);
  const interval = lease.intervals.findLast((one) => one.status === before);
  if (interval !== undefined) interval.status = status;
  world.leaseChanged(lease);
}

function follow(member: Member, before: LeaseStatus, status: LeaseStatus, lease: Lease): void {
  // who was still to come on a lease that is over does not come any more
  if (member.status !== before && !over.includes(status)) return;
  member.status = status;
  member.moveOut = lease.moveOut;
}

/** The interval that counts today; a renewal that is agreed begins on its day. */
export function inForce({ intervals, status }: Lease): LeaseInterval | undefined {
  return intervals.findLast((one) => one.status === status) ?? intervals.at(-1);
}

/** Nobody has, or has been promised, this space from that day on. */
export function isFree(world: World, unit: Unit, bedroomIds: readonly string[], from: Day): boolean {
  return world.leasesIn(unit.id).every((lease) => {
    if (lease.unitId !== unit.id || over.includes(lease.status)) return true;
    if (!lease.bedroomIds.some((id) => bedroomIds.includes(id))) return true;
    return lease.moveOut !== null && lease.moveOut <= from;
  });
}

export function freeSpace(world: World, propertyId: string, from: Day): { unit: Unit; bedroomIds: string[] } | null {
  for (const unit of world.unitsOf(propertyId)) {
    const offers = unit.by === 'bed' ? unit.bedrooms.map(({ id }) => [id]) : [unit.bedrooms.map(({ id }) => id)];
    for (const bedroomIds of offers) if (isFree(world, unit, bedroomIds, from)) return { unit, bedroomIds };
  }
  return null;
}
