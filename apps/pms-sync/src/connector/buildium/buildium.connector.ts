import type { LocalDate } from '@leasewire/contracts';
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
import { readCountry } from '../countries.rules.js';
import { allWell, diagnose } from '../diagnosis.rules.js';
import { bothOf, type Verdict } from '../paging.js';
import { PersonBook } from '../person-book.js';
import { VendorError } from '../vendor-error.js';
import { flagOf, idOf, numberOf, objectOf, textOf, type Json } from '../vendor-json.rules.js';
import { readAssociation } from './buildium.association.js';
import { BuildiumClient } from './buildium.client.js';
import { readUnit } from './buildium.person.rules.js';
import { RentalPeople } from './buildium.rental.js';
import { BuildiumCredentials, buildiumFields, BuildiumSettings } from './buildium.settings.js';

class BuildiumConnector implements Connector {
  readonly #client: BuildiumClient;

  constructor(private readonly about: OpenConnector) {
    this.#client = new BuildiumClient(
      BuildiumSettings.parse(about.settings),
      BuildiumCredentials.parse(about.credentials),
      about.http,
    );
  }

  async test(): Promise<Diagnosis> {
    try {
      const properties = await this.listProperties();
      if (properties.length === 0) return diagnose(null, words, 'property-not-permitted');
      const rentals = properties.some((property) => property.kind === 'rental');
      if (rentals) for (const [path, what] of needed.rental) await this.#client.first(path, what);
      if (properties.some((property) => property.kind === 'strata'))
        for (const [path, what] of needed.strata) await this.#client.first(path, what);
      return allWell(`Buildium lets us in: ${properties.length} ${properties.length === 1 ? 'property' : 'properties'}.`);
    } catch (error) {
      return diagnose(error, words);
    }
  }

  async listProperties(): Promise<UpstreamProperty[]> {
    const found: UpstreamProperty[] = [];
    const take = (kind: UpstreamProperty['kind']) => (rows: readonly Json[]) =>
      found.push(...rows.flatMap((row) => readProperty(row, kind)));
    const verdict = bothOf(
      await this.#client.all('/v1/rentals', { status: 'Active' }, 'rentals', take('rental')),
      await this.#client.all('/v1/associations', { status: 'Active' }, 'associations', take('strata')),
    );
    return found.length > 0 || verdict.complete ? found : mustBe(verdict);
  }

  async fetchUnits(property: PropertyToFetch): Promise<UpstreamUnit[]> {
    const { kind, id } = partsOf(property.upstreamId);
    const units: UpstreamUnit[] = [];
    const take = (rows: readonly Json[]) => {
      for (const row of rows) {
        const unit = readUnit(row);
        if (!unit) throw new VendorError('not-readable', 'A unit has no id or number.', { field: 'UnitNumber' });
        units.push(unit);
      }
    };
    const [path, filter] =
      kind === 'rental'
        ? (['/v1/rentals/units', { propertyids: id }] as const)
        : (['/v1/associations/units', { associationids: id }] as const);
    const verdict = await this.#client.all(path, filter, 'units', take);
    return verdict.complete ? units : mustBe(verdict);
  }

  async *fetchPeople(property: PropertyToFetch, wanted: WantedPeople): AsyncIterable<PeoplePage> {
    const { kind, id } = partsOf(property.upstreamId);
    const units = new Map((await this.fetchUnits(property)).map((unit) => [unit.upstreamId, unit]));
    const book = new PersonBook();
    const verdict =
      kind === 'rental'
        ? await new RentalPeople(this.#client, { property, propertyId: id, units }, book).read(wanted)
        : await readAssociation(
            this.#client,
            { property, associationId: id, units, today: dayIn(property.timeZone, this.about.clock.now()) },
            wanted,
            book,
          );
    yield* book.pages(wanted.since ? { complete: false, why: 'Only what changed was asked for.' } : verdict);
  }
}

const words = { vendor: 'Buildium', address: 'the address', key: 'the client ID and secret' };
const needed = {
  rental: [
    ['/v1/rentals/units', 'the units'],
    ['/v1/leases', 'the leases'],
    ['/v1/leases/tenants', 'the tenants'],
  ],
  strata: [
    ['/v1/associations/units', 'the units'],
    ['/v1/associations/owners', 'the owners'],
    ['/v1/associations/tenants', 'the tenants'],
    ['/v1/associations/ownershipaccounts', 'the ownership accounts'],
  ],
} as const;

function mustBe(verdict: Verdict): never {
  throw new VendorError('paging', verdict.why ?? 'Not everything arrived.');
}

/** Rentals and associations count their ids apart; ours say which. */
function partsOf(upstreamId: string): { kind: 'rental' | 'association'; id: string } {
  const match = /^(rental|association)-(\d+)$/.exec(upstreamId);
  if (!match) throw new VendorError('refused', 'This is not a property of Buildium.', { field: 'property' });
  return { kind: match[1] === 'rental' ? 'rental' : 'association', id: match[2] ?? '' };
}

/** The day it is there. */
const dayIn = (timeZone: string, now: Date): LocalDate =>
  new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now);

function readProperty(row: Json, kind: UpstreamProperty['kind']): UpstreamProperty[] {
  const id = idOf(row['Id']);
  if (id === null || flagOf(row['IsActive']) === false) return [];
  const address = objectOf(row['Address']);
  const country = readCountry(textOf(address['Country']));
  const unitCount = numberOf(row['NumberUnits']);
  const [line1, line2, city, region] = ['AddressLine1', 'AddressLine2', 'City', 'State'].map(
    (key) => textOf(address[key], 100) ?? undefined,
  );
  const postcode = textOf(address['PostalCode'], 20) ?? undefined;
  const parts = {
    ...(line1 && { line1 }),
    ...(line2 && { line2 }),
    ...(city && { city }),
    ...(region && { region }),
    ...(postcode && { postcode }),
  };
  return [
    {
      id: `${kind === 'rental' ? 'rental' : 'association'}-${id}`,
      name: textOf(row['Name'], 200) ?? `Property ${id}`,
      kind,
      address: parts,
      ...(country !== undefined && { country }),
      ...(unitCount !== null && { unitCount: Math.max(0, Math.round(unitCount)) }),
    },
  ];
}

export const buildium: ConnectorDefinition = {
  name: 'buildium',
  label: 'Buildium',
  kind: 'both',
  country: 'US',
  verified: true,
  settings: BuildiumSettings,
  credentials: BuildiumCredentials,
  fields: buildiumFields,
  capabilities: { deltas: true, targeted: { residents: true, units: true }, balances: true, webhook: true },
  address: (settings) => BuildiumSettings.parse(settings).baseUrl,
  open: (about) => new BuildiumConnector(about),
};
