import { inForce } from '../world/leases.js';
import type { Customer, Lease, LeaseStatus, Member, Position, Property, Unit, Vendor } from '../world/model.js';
import { lotsOf } from '../vendor/lots.js';
import type { World } from '../world/world.js';

export interface Stay {
  readonly leaseId: string;
  readonly kind: Lease['kind'];
  readonly role: Member['role'];
  /** Of this person on this lease. */
  readonly status: LeaseStatus;
  readonly leaseStatus: LeaseStatus;
  readonly unitId: string;
  readonly unit: string | null;
  readonly building: string | null;
  readonly bedroomIds: readonly string[];
  readonly bedrooms: readonly string[];
  readonly moveIn: string | null;
  readonly moveOut: string | null;
  readonly leaseStart: string | null;
  readonly leaseEnd: string | null;
  readonly occupies: boolean;
  readonly transfer: boolean;
  readonly balance: number;
}

/** One person in one property, with all they have, had and will have there. */
export interface ResidentTruth extends Pick<Customer, 'firstName' | 'lastName' | 'preferred' | 'email' | 'phones'> {
  readonly vendor: Vendor;
  readonly propertyId: string;
  readonly customerId: string;
  readonly committee: Position | null;
  /** Not a guarantor, and Current or Notice on a lease that is so too. */
  readonly livesHere: boolean;
  /** Does the vendor's API tell of them at all? PropertyIQ has one owner of a lot, strata products no tenants, Buildium no children. */
  readonly shown: boolean;
  readonly stays: readonly Stay[];
}

export interface WorldState {
  readonly seed: number;
  readonly today: string;
  readonly properties: readonly (Omit<Property, 'updatedAt'> & { readonly units: readonly Omit<Unit, 'updatedAt'>[] })[];
  readonly residents: readonly ResidentTruth[];
}

/** The whole model, or the part of a vendor or property, as a test compares it. */
export function stateOf(world: World, only: { vendor?: string | null; propertyId?: string | null } = {}): WorldState {
  const properties = [...world.properties.values()].filter(
    ({ id, vendor }) => id === (only.propertyId ?? id) && vendor === (only.vendor ?? vendor),
  );
  return {
    seed: world.seed,
    today: world.today,
    properties: properties.map(({ updatedAt: _at, ...property }) => ({
      ...property,
      units: world.unitsOf(property.id).map(({ updatedAt: _unitAt, ...unit }) => unit),
    })),
    residents: properties.flatMap((property) => residentsOf(world, property)),
  };
}

function residentsOf(world: World, property: Property): ResidentTruth[] {
  const stays = new Map<string, Stay[]>();
  for (const lease of world.leasesOf(property.id)) {
    for (const member of lease.members) {
      const known = stays.get(member.customerId) ?? [];
      known.push(stayOf(world, lease, member));
      stays.set(member.customerId, known);
    }
  }
  const terms = new Map(world.committeeOf(property.id).map((term) => [term.customerId, term.to === null ? term.position : null]));
  for (const customerId of terms.keys()) if (!stays.has(customerId)) stays.set(customerId, []);
  const shown = shownBy(world, property);
  return [...stays].flatMap(([customerId, theirs]) => {
    const about = world.customers.get(customerId);
    if (about === undefined) return [];
    const { firstName, lastName, preferred, email, phones } = about;
    const person = { firstName, lastName, preferred, email, phones };
    const livesHere = theirs.some(isThere);
    const committee = terms.get(customerId) ?? null;
    return [
      {
        vendor: property.vendor,
        propertyId: property.id,
        customerId,
        ...person,
        committee,
        livesHere,
        shown: shown(customerId, theirs),
        stays: theirs,
      },
    ];
  });
}

function stayOf(world: World, lease: Lease, member: Member): Stay {
  const unit = world.units.get(lease.unitId);
  const interval = inForce(lease);
  return {
    leaseId: lease.id,
    kind: lease.kind,
    role: member.role,
    status: member.status,
    leaseStatus: lease.status,
    unitId: lease.unitId,
    unit: unit?.number ?? null,
    building: unit?.building ?? null,
    bedroomIds: lease.bedroomIds,
    bedrooms: (unit?.bedrooms ?? []).flatMap(({ id, name }) => (name !== null && lease.bedroomIds.includes(id) ? [name] : [])),
    moveIn: member.moveIn,
    moveOut: member.moveOut,
    leaseStart: interval?.start ?? null,
    leaseEnd: interval?.end ?? null,
    occupies: lease.occupies,
    transfer: interval?.type === 'Transfer',
    balance: lease.balance,
  };
}

function isThere({ kind, role, status, leaseStatus, occupies }: Stay): boolean {
  if (role === 'guarantor' || (kind === 'ownership' && !occupies)) return false;
  return [status, leaseStatus].every((one) => one === 'Current' || one === 'Notice');
}

function shownBy(world: World, property: Property): (customerId: string, stays: readonly Stay[]) => boolean {
  if (property.vendor === 'entrata') return () => true;
  if (property.vendor === 'buildium') return (_id, stays) => stays.some(({ role }) => role !== 'child' && role !== 'guarantor');
  const mostOwners = property.vendor === 'propertyiq' ? 1 : Infinity;
  const told = new Set(
    lotsOf(world, property, new Set()).flatMap(({ owners }) => owners.slice(0, mostOwners).map(({ id }) => id)),
  );
  return (customerId) => told.has(customerId);
}
