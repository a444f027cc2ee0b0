import type {
  Connector,
  ConnectorDefinition,
  Diagnosis,
  OpenConnector,
  PeoplePage,
  PropertyToFetch,
  UpstreamProperty,
  UpstreamUnit,
  WantedPeople,
} from '../connector.js';
import { toMonthFirst } from '../dates.rules.js';
import { allWell, diagnose } from '../diagnosis.rules.js';
import { readingOf, sweepRows, type RowsOfSweep } from '../known-rows.js';
import { bothOf, isLastByLink, readAllPages, totalOf, type Verdict } from '../paging.js';
import { PersonBook } from '../person-book.js';
import { VendorError } from '../vendor-error.js';
import { listUnder, objectOf, type Json } from '../vendor-json.rules.js';
import type { WrittenRow } from '../written-rows.js';
import { addArLease, balanceOf, currencyIn, noBalances } from './entrata.balances.rules.js';
import { baseOf, EntrataClient } from './entrata.client.js';
import { customerIdsOf, leaseIdOf, readLease } from './entrata.lease.rules.js';
import { readProperty } from './entrata.property.rules.js';
import { EntrataCredentials, entrataFields, EntrataSettings } from './entrata.settings.js';
import { readSome } from './entrata.some.js';
import { cancelled, living, past } from './entrata.status.rules.js';
import { indexUnits, readUnits } from './entrata.units.rules.js';

const pageSize = 500;
const mostUnitPages = 200;
const unitsStayFreshMs = 5 * 60_000;

class EntrataConnector implements Connector {
  readonly #client: EntrataClient;
  readonly #units = new Map<string, { at: number; units: UpstreamUnit[] }>();

  constructor(private readonly about: OpenConnector) {
    this.#client = new EntrataClient(
      EntrataSettings.parse(about.settings),
      EntrataCredentials.parse(about.credentials),
      about.http,
    );
  }

  async test(): Promise<Diagnosis> {
    try {
      await this.#client.call({ service: 'status', method: 'getStatus', what: 'the status' }).catch(unlessOnlyNotPermitted);
      const properties = await this.listProperties();
      const [first] = properties;
      if (!first) return diagnose(null, words, 'property-not-permitted');
      await this.#client.call({
        service: 'propertyunits',
        method: 'getPropertyUnits',
        params: { propertyIds: first.id },
        what: 'the units',
      });
      await this.#client.call({ ...leases, params: { propertyId: first.id }, page: { number: 1, size: 1 } });
      return allWell(`Entrata lets us in: ${properties.length} ${properties.length === 1 ? 'property' : 'properties'}.`);
    } catch (error) {
      return diagnose(error, words);
    }
  }

  async listProperties(): Promise<UpstreamProperty[]> {
    const answer = await this.#client.call({ service: 'properties', method: 'getProperties', what: 'the properties' });
    if (answer.kind === 'nothing') return [];
    const holder = objectOf(answer.result['PhysicalProperty'] ?? answer.result['physicalProperty']);
    return listUnder(holder, 'Property', 'property').flatMap(readProperty);
  }

  async fetchUnits(property: PropertyToFetch): Promise<UpstreamUnit[]> {
    const units = new Map<string, UpstreamUnit>();
    // children of a parent property come on further pages, announced by the headers alone
    for (let page = 1; page <= mostUnitPages; page++) {
      const params = { propertyIds: property.upstreamId, availableUnitsOnly: '0', includeDisabledUnits: '0' };
      const answer = await this.#client.call({
        service: 'propertyunits',
        method: 'getPropertyUnits',
        params,
        page: { number: page, size: pageSize },
        what: 'the units',
      });
      const read = answer.kind === 'nothing' ? { units: [], unreadable: 0 } : readUnits(answer.result);
      if (read === null)
        throw new VendorError('not-readable', 'Entrata’s answer holds no units.', { field: 'result.properties' });
      if (read.unreadable > 0)
        throw new VendorError('not-readable', `${read.unreadable} units have no id or number.`, { field: 'unit.id' });
      const before = units.size;
      for (const unit of read.units) units.set(unit.upstreamId, unit);
      // that more came than was announced says nothing: it may be properties that are counted
      const missing = Math.max(0, (totalOf(answer.headers) ?? 0) - units.size);
      if (isLastByLink(answer.headers) ?? missing === 0) {
        if (missing > 0)
          throw new VendorError('paging', `Entrata announced ${units.size + missing} units and sent ${units.size}.`);
        const all = [...units.values()];
        this.#units.set(property.upstreamId, { at: this.about.clock.monotonicMs(), units: all });
        return all;
      }
      if (units.size === before) throw new VendorError('paging', 'Entrata sends the same page of units again and again.');
    }
    throw new VendorError('paging', 'The pages of units do not end.');
  }

  async *fetchPeople(property: PropertyToFetch, wanted: WantedPeople): AsyncIterable<PeoplePage> {
    const index = indexUnits(await this.#unitsOf(property));
    if (wanted.known && !wanted.people && !wanted.units && !wanted.withBalances) {
      yield* sweepRows(
        {
          reading: readingOf(property.country, byId([...index.byId.values()])),
          eachRow: (sweep, take) => this.#everyLease(property, (filter) => this.#passLeases(property, filter, sweep, take)),
          idOf: leaseIdOf,
          whoIsOn: customerIdsOf,
          read: (lease) => readLease(lease, property, index),
        },
        wanted.known,
      );
      return;
    }
    const book = new PersonBook();
    const readAll = (lease: Json) => {
      const { people, rejected } = readLease(lease, property, index);
      for (const person of people) book.add(person);
      for (const row of rejected) book.reject(row);
    };
    const isOfSome = wanted.people !== undefined || wanted.units !== undefined;
    const verdict = isOfSome
      ? await readSome({ property, units: index, read: (filter, take) => this.#readLeases(property, filter, take) }, wanted, book)
      : await this.#everyLease(property, (filter) => this.#readLeases(property, filter, readAll));
    if (wanted.withBalances) await this.#addBalances(property, book, isOfSome ? 'some' : 'all');
    yield* book.pages(verdict);
  }

  /** Of who lives there or will, who left lately, and who was to come and does not. */
  async #everyLease(property: PropertyToFetch, read: (filter: Record<string, string>) => Promise<Verdict>): Promise<Verdict> {
    const pastFrom = toMonthFirst(property.pastFrom);
    return bothOf(
      await read({ leaseStatusTypeIds: living }),
      await read({ leaseStatusTypeIds: past, moveOutDateFrom: pastFrom }),
      await read({ leaseStatusTypeIds: cancelled, moveInDateFrom: pastFrom }),
    );
  }

  #readLeases(property: PropertyToFetch, filter: Record<string, string>, take: (lease: Json) => void): Promise<Verdict> {
    const params = { propertyId: property.upstreamId, ...filter };
    const fetch = (number: number) => this.#client.page({ ...leases, params, page: { number, size: pageSize } }, leaseRows);
    return readAllPages({ what: 'leases', idOf: leaseIdOf, fetch }, (rows) => rows.forEach(take));
  }

  #passLeases(
    property: PropertyToFetch,
    filter: Record<string, string>,
    { isKnown, idOf }: RowsOfSweep,
    take: (lease: WrittenRow) => void,
  ): Promise<Verdict> {
    const params = { propertyId: property.upstreamId, ...filter };
    const fetch = (number: number) =>
      this.#client.writtenPage({ ...leases, params, page: { number, size: pageSize } }, leaseRows, 'lease', isKnown);
    return readAllPages({ what: 'leases', idOf, fetch }, (rows) => rows.forEach(take));
  }

  async #addBalances(property: PropertyToFetch, book: PersonBook, whose: 'all' | 'some'): Promise<void> {
    const leaseIds = [
      ...new Set([...book.people()].flatMap((person) => person.stays.map((stay) => stay.leaseId.split(':')[0] ?? ''))),
    ];
    if (leaseIds.length === 0) return;
    let balances = noBalances(property.currency);
    const params = { propertyId: property.upstreamId, ...(whose === 'some' && { leaseIds: leaseIds.join(',') }) };
    const call = { service: 'artransactions', method: 'getLeaseArTransactions', params, what: 'the balances' } as const;
    const rows = (result: Json) => {
      balances = { ...balances, currency: currencyIn(result, property.currency) };
      return leaseRows(result);
    };
    const fetch = (number: number) => this.#client.page({ ...call, page: { number, size: pageSize } }, rows);
    const verdict = await readAllPages({ what: 'balances', idOf: leaseIdOf, fetch }, (found) => {
      for (const lease of found) addArLease(balances, lease);
    });
    book.change((person) => ({ ...person, balance: balanceOf(person, balances, verdict.complete) }));
  }

  async #unitsOf(property: PropertyToFetch): Promise<UpstreamUnit[]> {
    const known = this.#units.get(property.upstreamId);
    if (known && this.about.clock.monotonicMs() - known.at < unitsStayFreshMs) return known.units;
    return await this.fetchUnits(property);
  }
}

const leases = { service: 'leases', method: 'getLeases', version: 'r2', what: 'the leases' } as const;
const words = { vendor: 'Entrata', address: 'the subdomain', key: 'the API key, or the user name and password' };

const byId = (units: UpstreamUnit[]) => units.sort((a, b) => (a.upstreamId < b.upstreamId ? -1 : 1));

/** null: there is no list where one belongs. */
const leaseRows = (result: Json): Json[] | null =>
  result['leases'] === undefined ? null : listUnder(result['leases'], 'lease', 'Lease');

/** The status method is often not enabled although all that we need is. */
function unlessOnlyNotPermitted(error: unknown): void {
  const harmless =
    error instanceof VendorError && (error.code === 'forbidden' || (error.code === 'refused' && error.field !== 'address'));
  if (!harmless) throw error;
}

export const entrata: ConnectorDefinition = {
  name: 'entrata',
  label: 'Entrata',
  kind: 'rental',
  country: 'US',
  verified: false,
  settings: EntrataSettings,
  credentials: EntrataCredentials,
  fields: entrataFields,
  capabilities: { deltas: false, targeted: { residents: true, units: true }, balances: true, webhook: false },
  needs: (settings) => (EntrataSettings.parse(settings).generation === 'gateway' ? ['apiKey'] : ['username', 'password']),
  address: (settings) => baseOf(EntrataSettings.parse(settings)),
  open: (about) => new EntrataConnector(about),
};
