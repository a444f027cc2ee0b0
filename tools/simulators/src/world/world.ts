import type { CommitteeTerm, Customer, Day, Lease, Property, Unit, Vendor } from './model.js';
import { Prng } from './prng.js';

export interface Clock {
  now(): Date;
}

/** All that is true, with the indexes that keep 100,000 people fast. */
export class World {
  readonly properties = new Map<string, Property>();
  readonly units = new Map<string, Unit>();
  readonly customers = new Map<string, Customer>();
  readonly leases = new Map<string, Lease>();
  readonly committee: CommitteeTerm[] = [];
  readonly random: Prng;

  readonly #unitsOf = new Map<string, Unit[]>();
  readonly #leasesOf = new Map<string, Lease[]>();
  readonly #leasesWith = new Map<string, Lease[]>();
  readonly #leasesIn = new Map<string, Lease[]>();
  readonly #versions = new Map<string, number>();
  readonly #cache = new Map<string, { version: number; rows: unknown }>();
  readonly #lastIds = {
    property: 1_000,
    unit: 5_000,
    bedroom: 20_000,
    customer: 100_000,
    lease: 90_000,
    interval: 300_000,
    term: 700,
  };

  constructor(
    readonly seed: number,
    public today: Day,
    readonly clock: Clock,
  ) {
    this.random = new Prng(seed);
  }

  /** Number spaces overlap on purpose: who mixes up two kinds of id finds somebody. */
  newId(of: 'property' | 'unit' | 'bedroom' | 'customer' | 'lease' | 'interval' | 'term'): string {
    this.#lastIds[of] += 1;
    return String(this.#lastIds[of]);
  }

  addProperty(property: Property): void {
    this.properties.set(property.id, property);
    this.#touch(property.id);
  }

  addUnit(unit: Unit): void {
    this.units.set(unit.id, unit);
    listOf(this.#unitsOf, unit.propertyId).push(unit);
    this.#touch(unit.propertyId);
  }

  removeUnit(unit: Unit): void {
    this.units.delete(unit.id);
    const left = this.unitsOf(unit.propertyId).filter(({ id }) => id !== unit.id);
    this.#unitsOf.set(unit.propertyId, left);
    this.#touch(unit.propertyId);
  }

  addCustomer(customer: Customer): void {
    this.customers.set(customer.id, customer);
  }

  addLease(lease: Lease): void {
    this.leases.set(lease.id, lease);
    listOf(this.#leasesOf, lease.propertyId).push(lease);
    listOf(this.#leasesIn, lease.unitId).push(lease);
    for (const { customerId } of lease.members) listOf(this.#leasesWith, customerId).push(lease);
    this.#touch(lease.propertyId);
  }

  addMember(lease: Lease, member: Lease['members'][number]): void {
    lease.members.push(member);
    listOf(this.#leasesWith, member.customerId).push(lease);
    this.leaseChanged(lease);
  }

  leaseChanged(lease: Lease): void {
    lease.updatedAt = this.clock.now();
    this.#touch(lease.propertyId);
  }

  unitChanged(unit: Unit): void {
    unit.updatedAt = this.clock.now();
    this.#touch(unit.propertyId);
  }

  customerChanged(customer: Customer): void {
    customer.updatedAt = this.clock.now();
    for (const { propertyId } of this.leasesWith(customer.id)) this.#touch(propertyId);
  }

  committeeChanged(propertyId: string): void {
    this.#touch(propertyId);
  }

  /** In the order in which they were made, which is the order of their ids. */
  propertiesOf(vendor: Vendor, kind?: Property['kind']): Property[] {
    return [...this.properties.values()].filter((one) => one.vendor === vendor && (kind === undefined || one.kind === kind));
  }

  unitsOf(propertyId: string): readonly Unit[] {
    return this.#unitsOf.get(propertyId) ?? [];
  }

  leasesOf(propertyId: string): readonly Lease[] {
    return this.#leasesOf.get(propertyId) ?? [];
  }

  leasesWith(customerId: string): readonly Lease[] {
    return this.#leasesWith.get(customerId) ?? [];
  }

  leasesIn(unitId: string): readonly Lease[] {
    return this.#leasesIn.get(unitId) ?? [];
  }

  committeeOf(propertyId: string): CommitteeTerm[] {
    return this.committee.filter((term) => term.propertyId === propertyId);
  }

  /** Rows are worked out once per change of these properties, not once per page. */
  rows<T>(name: string, propertyIds: readonly string[], work: () => T[]): T[] {
    const version = propertyIds.reduce((sum, id) => sum + (this.#versions.get(id) ?? 0), 0);
    const known = this.#cache.get(name);
    if (known?.version === version && isListOf<T>(known.rows)) return known.rows;
    const rows = work();
    this.#cache.set(name, { version, rows });
    return rows;
  }

  #touch(propertyId: string): void {
    this.#versions.set(propertyId, (this.#versions.get(propertyId) ?? 0) + 1);
  }
}

function listOf<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made: T[] = [];
  map.set(key, made);
  return made;
}

/** The name of the rows says of what they are: whoever asks by it is whoever worked them out. */
function isListOf<T>(rows: unknown): rows is T[] {
  return Array.isArray(rows);
}
