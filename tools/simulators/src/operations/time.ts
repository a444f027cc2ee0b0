import { z } from 'zod';
import { plusDays } from '../world/days.js';
import { setStatus } from '../world/leases.js';
import type { Day as CalendarDay, Lease, LeaseStatus } from '../world/model.js';
import type { World } from '../world/world.js';
import { Day, operation } from './operation.js';

export const advance = operation(
  'Days go by (or `to` a day): who was to come is Current on their day, whoever gave notice is Past on theirs.',
  z.strictObject({ days: z.int().positive().default(1), to: Day.optional() }),
  (world, { days, to }) => {
    world.today = to ?? plusDays(world.today, days);
    const changed = [...world.leases.values()].flatMap((lease) => (becomesDue(world, lease) ? [lease.id] : []));
    return { today: world.today, leaseIds: changed };
  },
);

export const setToday = operation(
  'It is another day, and nobody has touched a lease: vendors wait for a person to do that.',
  z.strictObject({ today: Day }),
  (world, { today }) => {
    world.today = today;
    return { today };
  },
);

/** Members first: one may come or go on another day than the lease. */
function becomesDue(world: World, lease: Lease): boolean {
  const members = lease.members.filter((member) => {
    const next = statusBy(member.status, member.moveIn ?? lease.moveIn, member.moveOut, world.today);
    if (next === null) return false;
    member.status = next;
    return true;
  });
  const next = statusBy(lease.status, lease.moveIn, lease.moveOut, world.today);
  if (next !== null) setStatus(world, lease, next);
  const renewed = renewalBegins(world, lease);
  if (next === null && (renewed || members.length > 0)) world.leaseChanged(lease);
  return next !== null || renewed || members.length > 0;
}

function renewalBegins(world: World, lease: Lease): boolean {
  const due = lease.intervals.findLast(
    ({ type, status, start }) => type === 'Renewal' && status === 'Future' && start <= world.today,
  );
  if (due === undefined) return false;
  for (const interval of lease.intervals) if (interval.status === lease.status) interval.status = 'Past';
  due.status = lease.status;
  return true;
}

function statusBy(status: LeaseStatus, moveIn: CalendarDay, moveOut: CalendarDay | null, today: CalendarDay): LeaseStatus | null {
  const comes = status === 'Future' && moveIn <= today;
  if (moveOut !== null && moveOut <= today && (comes || status === 'Current' || status === 'Notice')) return 'Past';
  return comes ? 'Current' : null;
}
