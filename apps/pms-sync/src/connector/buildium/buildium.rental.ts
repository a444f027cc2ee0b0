import type { WantedPeople } from '../connector.js';
import { bothOf, type Verdict } from '../paging.js';
import type { PersonBook } from '../person-book.js';
import { idOf, listOf, type Json } from '../vendor-json.rules.js';
import { moment, type BuildiumClient } from './buildium.client.js';
import { readBalance, readCosigners, readTenant, tenantsOf, withBalance, type RentalContext } from './buildium.rental.rules.js';

/** The tenants of one rental, all or some. */
export class RentalPeople {
  constructor(
    private readonly client: BuildiumClient,
    private readonly context: RentalContext,
    private readonly book: PersonBook,
  ) {}

  async read(wanted: WantedPeople): Promise<Verdict> {
    const targeted = wanted.people ?? wanted.units ?? (wanted.since && []);
    const verdict = targeted === undefined ? await this.#allTenants() : await this.#someTenants(wanted);
    if (wanted.withBalances) {
      const owed = new Map<string, number | null>();
      const filter = { entitytype: 'Rental', entityid: this.context.propertyId };
      const complete = await this.client.all(
        '/v1/leases/outstandingbalances',
        filter,
        'outstanding balances',
        (rows) => {
          for (const balance of rows.map(readBalance)) if (balance) owed.set(balance.leaseId, balance.cents);
        },
        'LeaseId',
      );
      this.book.change((person) => withBalance(person, owed, complete.complete, this.context.property.currency));
    }
    return verdict;
  }

  /** Leases say who; tenants say how to reach them. */
  async #allTenants(): Promise<Verdict> {
    const byTenant = new Map<string, Json[]>();
    const details = new Map<string, Json>();
    const filter = { propertyids: this.context.propertyId };
    const leases = await this.client.all('/v1/leases', filter, 'leases', (rows) => {
      for (const lease of rows) {
        for (const tenant of tenantsOf(lease)) {
          const id = idOf(tenant['Id']);
          if (id === null) this.book.reject({ upstreamId: null, field: 'Tenants.Id', reason: 'It does not say who it is.' });
          else byTenant.set(id, [...(byTenant.get(id) ?? []), lease]);
        }
        for (const tenant of listOf(lease['CurrentTenants'])) details.set(idOf(tenant['Id']) ?? '', tenant);
        for (const person of readCosigners(lease, this.context)) this.book.add(person);
      }
    });
    const tenants = await this.client.all('/v1/leases/tenants', filter, 'tenants', (rows) => {
      for (const row of rows) details.set(idOf(row['Id']) ?? '', row);
    });
    for (const [id, own] of byTenant) {
      const row = details.get(id);
      const read = readTenant(row ?? { Id: id }, own, this.context);
      const unknown = { upstreamId: id, field: 'Tenants', reason: 'A lease names them, the list of tenants does not.' };
      this.book.put(read !== null && !row ? unknown : read);
    }
    return bothOf(leases, tenants);
  }

  /** One by one, with all their leases: those asked for, those in a unit, those who changed or whose lease did. */
  async #someTenants({ people = [], units = [], since }: WantedPeople): Promise<Verdict> {
    const ids = new Set(people.filter((id) => !id.startsWith('cosigner-')));
    const filter = { propertyids: this.context.propertyId, ...(since && { lastupdatedfrom: moment(since) }) };
    const verdicts: Verdict[] = [];
    const takeTenants = (rows: readonly Json[]) => rows.forEach((row) => ids.add(idOf(row['Id']) ?? ''));
    if (units.length > 0)
      verdicts.push(await this.client.all('/v1/leases/tenants', { ...filter, unitids: units }, 'tenants', takeTenants));
    if (since) {
      verdicts.push(await this.client.all('/v1/leases/tenants', filter, 'tenants', takeTenants));
      verdicts.push(await this.client.all('/v1/leases', filter, 'leases', (rows) => takeTenants(rows.flatMap(tenantsOf))));
    }
    for (const id of ids) {
      const row = /^\d+$/.test(id) ? await this.client.one(`/v1/leases/tenants/${id}`, 'a tenant') : null;
      if (row) this.book.put(readTenant(row, await this.#withTenants(listOf(row['Leases'])), this.context));
    }
    return bothOf(...verdicts);
  }

  /** Within a tenant a lease may be told without what each tenant is in it. */
  async #withTenants(leases: readonly Json[]): Promise<Json[]> {
    const whole: Json[] = [];
    for (const lease of leases) {
      const id = idOf(lease['Id']);
      whole.push(
        listOf(lease['Tenants']).length > 0 || id === null
          ? lease
          : ((await this.client.one(`/v1/leases/${id}`, 'a lease')) ?? lease),
      );
    }
    return whole;
  }
}
