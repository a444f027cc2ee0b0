import { crowd, customerOf, type Quirks } from '../../faults/quirks.js';
import type { Asked, Reply } from '../../http/exchange.js';
import { positions, type CommitteeTerm, type Customer, type Lease, type Property, type Unit } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { ok } from '../rest.js';
import { address, beds, contact, stamp, termOf } from './messages.js';
import { BadRequest, ids, list, updated, within, words } from './query.js';

const terms = ['Active', 'Past', 'Future'] as const;

/** The side of owners: associations, their units, owners, tenants, ownership accounts and boards. */
export class Associations {
  constructor(private readonly world: World) {}

  associations(asked: Asked, quirks: Quirks): Reply {
    const wanted = ids(asked, 'ids');
    const span = updated(asked);
    const all = this.world.propertiesOf('buildium', 'strata');
    const found = all.filter(({ id, updatedAt }) => (wanted?.has(id) ?? true) && within(span, updatedAt));
    return list(asked, found, associationMessage, quirks);
  }

  association(id: string, quirks: Quirks): Reply {
    return ok(associationMessage(this.#association(id)), quirks);
  }

  units(asked: Asked, quirks: Quirks): Reply {
    const span = updated(asked);
    const units = this.#asked(asked).flatMap((property) => this.world.unitsOf(property.id).map((unit) => ({ property, unit })));
    const found = units.filter(({ unit }) => within(span, unit.updatedAt));
    return list(asked, found, ({ property, unit }) => unitMessage(property, unit), quirks);
  }

  people(asked: Asked, kind: 'ownership' | 'lot-tenancy', quirks: Quirks): Reply {
    const span = updated(asked);
    const found = this.#people(asked, kind, quirks).filter((one) => within(span, one.updatedAt));
    return list(asked, found, (one) => (kind === 'ownership' ? this.#owner(one) : this.#tenant(one)), quirks);
  }

  owner(id: string, quirks: Quirks): Reply {
    return ok(this.#owner(this.#known(id)), quirks);
  }

  ownerUnits(asked: Asked, id: string, quirks: Quirks): Reply {
    const owned = this.#leasesWith(this.#known(id), 'ownership').filter(({ status }) => termOf(status) === 'Active');
    return list(asked, owned, ({ unitId, occupies }) => ({ UnitId: Number(unitId), IsOccupied: occupies }), quirks);
  }

  accounts(asked: Asked, quirks: Quirks): Reply {
    const wanted = ids(asked, 'ids');
    const found = this.#leases(asked, 'ownership', 'status', quirks);
    return list(asked, wanted === null ? found : found.filter(({ id }) => wanted.has(id)), account, quirks);
  }

  board(asked: Asked, id: string, quirks: Quirks): Reply {
    const statuses = words(asked, 'statuses', ['Current', 'Former', 'Future']);
    const wanted = words(asked, 'boardpositiontypes', positions);
    const found = this.world.committeeOf(this.#association(id).id).filter(({ from, to, position }) => {
      const status = to !== null ? 'Former' : from > this.world.today ? 'Future' : 'Current';
      return (statuses?.has(status) ?? true) && (wanted?.has(position) ?? true);
    });
    return list(asked, found, (term) => this.#boardMember(term), quirks);
  }

  #association(id: string): Property {
    const found = this.world.properties.get(id);
    if (found?.vendor !== 'buildium' || found.kind !== 'strata')
      throw new BadRequest(404, 'associationId', `There is no association ${id}.`);
    return found;
  }

  #asked(asked: Asked): Property[] {
    const wanted = ids(asked, 'associationids');
    return this.world.propertiesOf('buildium', 'strata').filter(({ id }) => wanted?.has(id) ?? true);
  }

  #known(id: string): Customer {
    const found = this.world.customers.get(id);
    if (found?.vendor !== 'buildium' || this.#leasesWith(found, 'ownership').length === 0) {
      throw new BadRequest(404, 'ownerId', `There is no association owner ${id}.`);
    }
    return found;
  }

  #leases(asked: Asked, kind: Lease['kind'], statuses: string, quirks: Quirks): readonly Lease[] {
    const propertyIds = this.#asked(asked).map(({ id }) => id);
    const wanted = words(asked, statuses, terms) ?? new Set(terms);
    const all = this.world.rows(`buildium ${kind} ${propertyIds.join()} ${[...wanted].join()}`, propertyIds, () => {
      const leases = propertyIds.flatMap((id) => this.world.leasesOf(id));
      return leases.filter((lease) => lease.kind === kind && wanted.has(termOf(lease.status) ?? ''));
    });
    return crowd(all, quirks);
  }

  #people(asked: Asked, kind: Lease['kind'], quirks: Quirks): readonly Customer[] {
    const leases = this.#leases(asked, kind, 'statuses', quirks);
    const work = () => {
      const found = new Set(leases.flatMap(({ members }) => members.map(({ customerId }) => customerId)));
      return [...found].map((id) => customerOf(this.world, id)).sort((one, other) => Number(one.id) - Number(other.id));
    };
    if (quirks.size > 0) return work();
    const propertyIds = this.#asked(asked).map(({ id }) => id);
    const statuses = asked.query.getAll('statuses').join();
    return this.world.rows(`buildium people ${kind} ${propertyIds.join()} ${statuses}`, propertyIds, work);
  }

  #leasesWith({ id }: Customer, kind: Lease['kind']): Lease[] {
    return this.world.leasesWith(id).filter((lease) => lease.kind === kind && termOf(lease.status) !== null);
  }

  #owner(about: Customer): Record<string, unknown> {
    const owned = this.#leasesWith(about, 'ownership');
    const terms = [...new Set(owned.map(({ propertyId }) => propertyId))].flatMap((id) => this.world.committeeOf(id));
    return {
      ...contact(about),
      OwnershipAccounts: owned.map(account),
      OccupiesUnit: owned.some(({ occupies, status }) => occupies && termOf(status) === 'Active'),
      BoardMemberTerms: terms.filter(({ customerId }) => customerId === about.id).map(boardTerm),
    };
  }

  #tenant(about: Customer): Record<string, unknown> {
    const rented = this.#leasesWith(about, 'lot-tenancy');
    const latest = rented.at(-1);
    const accounts = rented.flatMap(({ unitId }) =>
      this.world.leasesIn(unitId).filter(({ kind, status }) => kind === 'ownership' && termOf(status) === 'Active'),
    );
    return {
      ...contact(about),
      OwnershipAccounts: accounts.map(account),
      ...(latest === undefined ? {} : { MoveInDate: latest.moveIn }),
      ...(latest?.moveOut == null ? {} : { MoveOutDate: latest.moveOut }),
    };
  }

  #boardMember(term: CommitteeTerm): Record<string, unknown> {
    const { Id: _id, ...about } = contact(customerOf(this.world, term.customerId));
    const { AssociationId: _association, ...inTerm } = boardTerm(term);
    return { ...about, ...inTerm, AssociationOwnerId: Number(term.customerId) };
  }
}

function associationMessage(property: Property): Record<string, unknown> {
  return { Id: Number(property.id), Name: property.name, IsActive: true, YearBuilt: 1998, Address: address(property) };
}

function unitMessage(property: Property, unit: Unit): Record<string, unknown> {
  return {
    Id: Number(unit.id),
    AssociationId: Number(property.id),
    AssociationName: property.name,
    UnitNumber: unit.number,
    Address: address(property),
    UnitBedrooms: beds[unit.beds] ?? 'NotSet',
    UnitBathrooms: 'OneBath',
  };
}

function account({ id, propertyId, unitId, status, moveIn, moveOut, members }: Lease): Record<string, unknown> {
  return {
    Id: Number(id),
    AssociationId: Number(propertyId),
    UnitId: Number(unitId),
    Status: termOf(status) ?? 'Past',
    DateOfPurchase: moveIn,
    ...(moveOut === null ? {} : { DateOfSale: moveOut }),
    AssociationOwnerIds: members.map(({ customerId }) => Number(customerId)),
    DelinquencyStatus: 'NoDelinquency',
  };
}

function boardTerm({ id, propertyId, position, from, to, createdAt }: CommitteeTerm): Record<string, unknown> {
  const dates = { StartDate: from, ...(to === null ? {} : { EndDate: to }), CreatedDateTime: stamp(createdAt) };
  return { Id: Number(id), AssociationId: Number(propertyId), BoardPositionType: position, ...dates };
}
