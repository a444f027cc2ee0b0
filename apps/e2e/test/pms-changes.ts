import type { PmsScene, ResidentView, World } from '../src/index.js';

type Lease = ReturnType<World['leasesOf']>[number];
export type Side = 'entrata' | 'buildium' | 'owners';

/** One property at its vendor, in which each change gets people of its own. */
export class Stage {
  readonly #used = new Set<string>();

  constructor(
    readonly scene: PmsScene,
    /** At the vendor. */
    readonly propertyId: string,
    readonly elsewhere: string | null,
  ) {}

  get world(): World {
    return this.scene.simulators.world();
  }

  day(days: number): string {
    return new Date(Date.parse(this.world.today) + days * 86_400_000).toISOString().slice(0, 10);
  }

  /** A lease that goes on, of which nothing else is tried; its first adult, who can be reached. */
  lease(fits: (lease: Lease) => boolean = () => true): { lease: Lease; customerId: string } {
    for (const lease of this.world.leasesOf(this.propertyId)) {
      if (lease.status !== 'Current' || lease.moveOut !== null || this.#used.has(lease.unitId) || !fits(lease)) continue;
      const [adult] = lease.members.filter(
        ({ role, status }) => role !== 'guarantor' && role !== 'child' && status === 'Current',
      );
      const about = adult && this.world.customers.get(adult.customerId);
      if (!adult || !about?.email?.includes('@example')) continue;
      // who rents a lot is told of by few vendors; who owns two lots would be two people of this table
      if (lease.kind === 'lot-tenancy' || this.world.leasesWith(adult.customerId).length > 1) continue;
      this.#used.add(lease.unitId);
      return { lease, customerId: adult.customerId };
    }
    throw new Error(`Property ${this.propertyId} has no such lease left; make the world larger.`);
  }

  do<T = Record<string, string>>(operation: string, body: object): Promise<T> {
    return this.scene.control<T>(operation, body);
  }
}

export interface PmsChange {
  readonly name: string;
  readonly at: readonly Side[];
  /** Before the sweep that is compared with. */
  readonly prepare?: (stage: Stage) => Promise<Record<string, string>>;
  /** Does it and says about whom, by customer id. */
  readonly make: (stage: Stage, prepared: Record<string, string>) => Promise<string>;
  /** Of the person in the sweep after; null: nothing is noted about them. */
  readonly decision: 'register' | 'update' | 'transfer' | 'deactivate' | 'none' | null;
  readonly outcome?: string;
  /** Among what subscribers hear of the person. */
  readonly events: readonly string[];
  readonly shows: (row: ResidentView | undefined, stage: Stage) => void;
}

const here = (row: ResidentView | undefined): ResidentView => {
  if (!row) throw new Error('they are not in directory');
  return row;
};
const rentals = ['entrata', 'buildium'] as const;
const everywhere = ['entrata', 'buildium', 'owners'] as const;
const someone = (stage: Stage) => stage.lease();

/** What the control API of the simulators can do to one property, and what must come of it here. */
export const pmsChanges: readonly PmsChange[] = [
  {
    name: 'somebody moves in today: registered, active, with access once service has started',
    at: rentals,
    make: async (stage) => (await stage.do('move-in', { propertyId: stage.propertyId }))['customerId']!,
    decision: 'register',
    events: ['resident.registered', 'occupancy.started'],
    shows: (row) =>
      expect(here(row)).toMatchObject({ state: 'active', leaseStatus: 'current', access: { reason: 'service-not-started' } }),
  },
  {
    name: 'somebody will move in in twenty days: registered, without access until the window opens',
    at: rentals,
    make: async (stage) => (await stage.do('move-in', { propertyId: stage.propertyId, date: stage.day(20) }))['customerId']!,
    decision: 'register',
    events: ['resident.registered'],
    shows: (row) => expect(here(row)).toMatchObject({ state: 'active', leaseStatus: 'future', access: { open: false } }),
  },
  {
    name: 'a notice is given: updated, access has an end',
    at: rentals,
    make: async (stage) => {
      const { lease, customerId } = someone(stage);
      await stage.do('give-notice', { leaseId: lease.id, date: stage.day(10) });
      return customerId;
    },
    decision: 'update',
    events: ['occupancy.changed', 'resident.access-changed'],
    shows: (row, stage) => expect(here(row).occupancy).toMatchObject({ status: 'notice', until: stage.day(10) }),
  },
  {
    name: 'somebody moves out: deactivated, the occupancy has ended',
    at: rentals,
    make: async (stage) => {
      const { lease, customerId } = someone(stage);
      await stage.do('move-out', { leaseId: lease.id });
      return customerId;
    },
    decision: 'deactivate',
    events: ['occupancy.ended', 'resident.access-changed', 'resident.archived'],
    shows: (row) =>
      expect(here(row)).toMatchObject({
        state: 'archived',
        leaseStatus: 'past',
        access: { open: false, reason: 'moved-out' },
        occupancy: { endedAt: expect.any(String) as string },
      }),
  },
  {
    name: 'a transfer to another unit today: the same resident, another unit',
    at: rentals,
    make: async (stage) => {
      const { lease, customerId } = someone(stage);
      await stage.do('transfer', { leaseId: lease.id });
      return customerId;
    },
    decision: 'transfer',
    events: ['occupancy.transferred', 'occupancy.ended'],
    shows: (row) => {
      const { occupancies, leaseStatus } = here(row);
      expect(leaseStatus).toBe('current');
      expect(occupancies.map(({ status }) => status).sort()).toEqual(['current', 'past']);
    },
  },
  {
    name: 'a transfer in ten days (old lease on notice, new one future): nobody is moved out in between',
    at: rentals,
    make: async (stage) => {
      const { lease, customerId } = someone(stage);
      await stage.do('transfer', { leaseId: lease.id, date: stage.day(10) });
      return customerId;
    },
    decision: 'update',
    events: ['occupancy.changed', 'occupancy.started'],
    shows: (row) => {
      expect(
        here(row)
          .occupancies.map(({ status }) => status)
          .sort(),
      ).toEqual(['future', 'notice']);
      expect(here(row)).toMatchObject({ state: 'active', access: { until: null } });
    },
  },
  {
    name: 'a renewal that begins later changes nothing today',
    at: rentals,
    make: async (stage) => {
      const { lease, customerId } = someone(stage);
      await stage.do('renew', { leaseId: lease.id, until: stage.day(800) });
      return customerId;
    },
    decision: null,
    events: [],
    shows: (row) => expect(here(row).leaseStatus).toBe('current'),
  },
  {
    name: 'somebody comes back after a gap under a new customer id: proposed as the same person, never merged',
    at: rentals,
    make: async (stage) => {
      const { lease } = stage.lease(({ members }) => members.length === 1);
      const renewed = await stage.do<{ customerIds: string[] }>('renew-gap', {
        leaseId: lease.id,
        moveOut: stage.day(0),
        moveIn: stage.day(6),
      });
      return renewed.customerIds[0]!;
    },
    decision: 'register',
    events: ['resident.registered'],
    shows: (row) =>
      expect(here(row)).toMatchObject({
        leaseStatus: 'future',
        issues: expect.arrayContaining(['possible-duplicate']) as string[],
      }),
  },
  {
    name: 'a lease that was to come is cancelled: called off, not moved out of',
    at: ['entrata'],
    prepare: (stage) => stage.do('move-in', { propertyId: stage.propertyId, date: stage.day(20) }),
    make: async (stage, { leaseId, customerId }) => {
      await stage.do('cancel', { leaseId });
      return customerId!;
    },
    decision: 'deactivate',
    events: ['occupancy.ended', 'resident.archived'],
    shows: (row) => expect(here(row)).toMatchObject({ state: 'archived', leaseStatus: 'cancelled', access: { open: false } }),
  },
  ...(
    [
      ['e-mail address', { email: 'another.address@example.com' }, { email: 'another.address@example.com' }],
      ['telephone number', { phone: '(217) 555-0142' }, { phones: [expect.objectContaining({ raw: '(217) 555-0142' })] }],
      ['name', { lastName: 'Renamed-Smythe' }, { name: expect.objectContaining({ last: 'Renamed-Smythe' }) as object }],
    ] as const
  ).map(([what, wish, shown]): PmsChange => ({
    name: `another ${what}`,
    at: everywhere,
    make: async (stage) => {
      const { customerId } = stage.lease(({ members }) => members.length === 1);
      await stage.do('change', { customerId, ...wish });
      return customerId;
    },
    decision: 'update',
    events: ['resident.details-changed'],
    shows: (row) => expect(here(row)).toMatchObject(shown),
  })),
  {
    name: 'a bedroom gets another name',
    at: ['entrata'],
    make: async (stage) => {
      const { lease, customerId } = stage.lease(({ unitId }) => stage.world.units.get(unitId)?.by === 'bed');
      await stage.do('rename-bedroom', { unitId: lease.unitId, bedroomId: lease.bedroomIds[0], name: 'Loft' });
      return customerId;
    },
    decision: 'update',
    events: ['occupancy.changed'],
    shows: (row) => expect(here(row).occupancy?.bedroom).toBe('Loft'),
  },
  {
    name: 'the same lease is for another bedroom',
    at: ['entrata'],
    make: async (stage) => {
      const { lease, customerId } = stage.lease(({ unitId }) => stage.world.units.get(unitId)?.by === 'bed');
      const unit = stage.world.units.get(lease.unitId)!;
      // the neighbour leaves it to them
      const other = unit.bedrooms.find(({ id }) => !lease.bedroomIds.includes(id)) ?? unit.bedrooms[0]!;
      await stage.do('rename-bedroom', { unitId: unit.id, bedroomId: other.id, name: 'Garden' });
      await stage.do('change-bedroom', { leaseId: lease.id, bedroomId: other.id });
      return customerId;
    },
    decision: 'update',
    events: ['occupancy.changed'],
    shows: (row) => expect(here(row).occupancy?.bedroom).toBe('Garden'),
  },
  ...(['co-applicant', 'occupant'] as const).map((role): PmsChange => ({
    name: `one more on the lease: ${role}`,
    at: rentals,
    make: async (stage) => (await stage.do('add-person', { leaseId: someone(stage).lease.id, role }))['customerId']!,
    decision: 'register',
    events: ['resident.registered', 'occupancy.started'],
    shows: (row) => expect(here(row)).toMatchObject({ state: 'active', leaseStatus: 'current' }),
  })),
  {
    name: 'a guarantor is left out, and the outcome says why',
    at: rentals,
    make: async (stage) => (await stage.do('add-person', { leaseId: someone(stage).lease.id, role: 'guarantor' }))['customerId']!,
    decision: 'none',
    outcome: 'skipped',
    events: [],
    shows: (row) => expect(row).toBeUndefined(),
  },
  {
    name: 'a unit gets another number: so do its residents',
    at: everywhere,
    make: async (stage) => {
      const { lease, customerId } = someone(stage);
      await stage.do('rename-unit', { unitId: lease.unitId, number: 'Z909' });
      return customerId;
    },
    decision: 'update',
    events: ['occupancy.changed'],
    shows: (row) => expect(here(row).occupancy?.unit).toMatch(/(^|-)Z909$/),
  },
  {
    name: 'an owner begins or ceases to live in the lot: other user types',
    at: ['owners'],
    make: async (stage) => {
      const { lease, customerId } = stage.lease(({ kind, occupies }) => kind === 'ownership' && occupies);
      await stage.do('occupy', { leaseId: lease.id, occupies: false });
      return customerId;
    },
    decision: 'update',
    events: ['resident.details-changed'],
    shows: (row) => expect(here(row).userTypes).toEqual(['owner-investor']),
  },
  {
    name: 'an owner joins the committee',
    at: ['owners'],
    make: async (stage) => {
      const seats = stage.world.committeeOf(stage.propertyId).map((seat) => seat.customerId);
      const { customerId } = stage.lease(({ members }) => members.every((one) => !seats.includes(one.customerId)));
      await stage.do('committee', { propertyId: stage.propertyId, customerId, on: true });
      return customerId;
    },
    decision: 'update',
    events: ['resident.details-changed'],
    shows: (row) => expect(here(row).userTypes).toContain('committee'),
  },
  {
    name: 'an owner leaves the committee',
    at: ['owners'],
    prepare: async (stage) => {
      const { customerId } = stage.lease(({ kind }) => kind === 'ownership');
      await stage.do('committee', { propertyId: stage.propertyId, customerId, on: true });
      return { customerId };
    },
    make: async (stage, { customerId }) => {
      await stage.do('committee', { propertyId: stage.propertyId, customerId, on: false });
      return customerId!;
    },
    decision: 'update',
    events: ['resident.details-changed'],
    shows: (row) => expect(here(row).userTypes).not.toContain('committee'),
  },
  {
    name: 'a lot is sold: who bought it is there, pending import',
    at: ['owners'],
    make: async (stage) => {
      const { lease } = stage.lease(({ kind, members }) => kind === 'ownership' && members.length === 1);
      await stage.do('move-out', { leaseId: lease.id });
      return (await stage.do('move-in', { propertyId: stage.propertyId, unitId: lease.unitId, role: 'owner' }))['customerId']!;
    },
    decision: 'register',
    events: ['resident.registered'],
    shows: (row) => expect(here(row)).toMatchObject({ state: 'pending-import', leaseStatus: 'current' }),
  },
  {
    name: 'a lot is sold: who sold it is gone',
    at: ['owners'],
    make: async (stage) => {
      const { lease, customerId } = stage.lease(({ kind, members }) => kind === 'ownership' && members.length === 1);
      await stage.do('move-out', { leaseId: lease.id });
      return customerId;
    },
    decision: 'deactivate',
    events: ['occupancy.ended'],
    shows: (row) => expect(here(row)).toMatchObject({ leaseStatus: 'past', access: { open: false } }),
  },
];
