import { crowd, customerOf, type Quirks } from '../../faults/quirks.js';
import type { Asked, Reply } from '../../http/exchange.js';
import type { Customer, Lease, Property } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { contact, leaseMessage, moveOut, outstanding, rental, rentalUnit, tenantsOf, termOf } from './messages.js';
import { BadRequest, ids, list, updated, within, words } from './query.js';
import { ok } from '../rest.js';

const terms = ['Active', 'Past', 'Future'] as const;

/** The rental side: properties, units, leases, tenants, what is owed. */
export class Rentals {
  constructor(private readonly world: World) {}

  properties(asked: Asked, quirks: Quirks): Reply {
    const found = this.#asked(asked).filter(({ updatedAt }) => within(updated(asked), updatedAt));
    return list(asked, found, (one) => rental(this.world, one), quirks);
  }

  property(id: string, quirks: Quirks): Reply {
    return ok(rental(this.world, this.#property(id)), quirks);
  }

  units(asked: Asked, quirks: Quirks): Reply {
    const span = updated(asked);
    const units = this.#asked(asked).flatMap(({ id }) => this.world.unitsOf(id));
    const found = units.filter(({ updatedAt }) => within(span, updatedAt));
    return list(asked, found, (unit) => rentalUnit(this.world, this.#property(unit.propertyId), unit), quirks);
  }

  unit(id: string, quirks: Quirks): Reply {
    const unit = this.world.units.get(id);
    if (unit === undefined) throw new BadRequest(404, 'unitId', `There is no rental unit ${id}.`);
    return ok(rentalUnit(this.world, this.#property(unit.propertyId), unit), quirks);
  }

  leases(asked: Asked, quirks: Quirks): Reply {
    const span = updated(asked);
    const number = asked.query.get('unitnumber');
    const found = this.#leases(asked, 'leasestatuses', quirks).filter(
      ({ updatedAt, unitId }) =>
        within(span, updatedAt) && (number === null || (this.world.units.get(unitId)?.number ?? '').includes(number)),
    );
    return list(asked, found, (lease) => leaseMessage(this.world, lease), quirks);
  }

  lease(id: string, quirks: Quirks): Reply {
    return ok(leaseMessage(this.world, this.#lease(id)), quirks);
  }

  moveOuts(asked: Asked, id: string, quirks: Quirks): Reply {
    const lease = this.#lease(id);
    const leaving = tenantsOf(lease).filter((member) => member.moveOut !== null && member.status !== 'Future');
    return list(asked, leaving, (member) => moveOut(lease, member), quirks);
  }

  balances(asked: Asked, quirks: Quirks): Reply {
    const wanted = ids(asked, 'leaseids');
    const owing = this.#leases(asked, 'leasestatuses', quirks).filter(({ balance }) => balance !== 0);
    return list(asked, wanted === null ? owing : owing.filter(({ id }) => wanted.has(id)), outstanding, quirks);
  }

  tenants(asked: Asked, quirks: Quirks): Reply {
    const span = updated(asked);
    const unitIds = ids(asked, 'unitids');
    const leases = this.#leases(asked, 'leasetermstatuses', quirks).filter(({ unitId }) => unitIds?.has(unitId) ?? true);
    const people = this.#people(asked, leases, quirks).filter((one) => within(span, one.updatedAt) && this.#matches(asked, one));
    return list(asked, people, (one) => this.#tenant(one), quirks);
  }

  tenant(id: string, quirks: Quirks): Reply {
    const about = this.world.customers.get(id);
    const isTenant = this.world.leasesWith(id).some((lease) => tenantsOf(lease).some(({ customerId }) => customerId === id));
    if (about?.vendor !== 'buildium' || !isTenant) throw new BadRequest(404, 'tenantId', `There is no tenant ${id}.`);
    return ok(this.#tenant(about), quirks);
  }

  #property(id: string): Property {
    const found = this.world.properties.get(id);
    if (found?.vendor !== 'buildium' || found.kind !== 'rental')
      throw new BadRequest(404, 'propertyId', `There is no rental property ${id}.`);
    return found;
  }

  #asked(asked: Asked): Property[] {
    const wanted = ids(asked, 'propertyids');
    return this.world.propertiesOf('buildium', 'rental').filter(({ id }) => wanted?.has(id) ?? true);
  }

  #lease(id: string): Lease {
    const found = this.world.leases.get(id);
    if (
      found?.kind !== 'rental' ||
      this.world.properties.get(found.propertyId)?.vendor !== 'buildium' ||
      termOf(found.status) === null
    ) {
      throw new BadRequest(404, 'leaseId', `There is no lease ${id}.`);
    }
    return found;
  }

  /** In the order of their ids; an application, or a lease that came to nothing, is not a lease. */
  #leases(asked: Asked, statuses: string, quirks: Quirks): readonly Lease[] {
    const propertyIds = this.#asked(asked).map(({ id }) => id);
    const wanted = words(asked, statuses, terms) ?? new Set(terms);
    const name = `buildium leases ${propertyIds.join()} ${[...wanted].join()}`;
    const all = this.world.rows(name, propertyIds, () => {
      const leases = propertyIds.flatMap((id) => this.world.leasesOf(id));
      return leases
        .filter(({ status }) => wanted.has(termOf(status) ?? ''))
        .sort((one, other) => Number(one.id) - Number(other.id));
    });
    return crowd(all, quirks);
  }

  #people(asked: Asked, leases: readonly Lease[], quirks: Quirks): readonly Customer[] {
    const work = () => {
      const found = new Set(leases.flatMap((lease) => tenantsOf(lease).map(({ customerId }) => customerId)));
      return [...found].map((id) => customerOf(this.world, id)).sort((one, other) => Number(one.id) - Number(other.id));
    };
    if (quirks.size > 0 || asked.query.has('unitids')) return work();
    const propertyIds = this.#asked(asked).map(({ id }) => id);
    const statuses = asked.query.getAll('leasetermstatuses').join();
    return this.world.rows(`buildium tenants ${propertyIds.join()} ${statuses}`, propertyIds, work);
  }

  #matches({ query }: Asked, { firstName, lastName, email, phones }: Customer): boolean {
    const has = (name: string, text: string) => text.toLowerCase().includes((query.get(name) ?? '').toLowerCase());
    const matchesPhone = !query.has('phone') || phones.some(({ number }) => has('phone', number));
    return has('name', `${firstName} ${lastName}`) && has('email', email ?? '') && matchesPhone;
  }

  #tenant(about: Customer): Record<string, unknown> {
    const leases = this.world.leasesWith(about.id).filter(({ kind, status }) => kind === 'rental' && termOf(status) !== null);
    return { ...contact(about), Leases: leases.map((lease) => leaseMessage(this.world, lease)) };
  }
}
