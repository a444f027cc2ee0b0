import { z } from 'zod';
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
import { allWell, diagnose } from '../diagnosis.rules.js';
import { isLastByLink, readAllPages, totalOf, type Verdict } from '../paging.js';
import { PersonBook } from '../person-book.js';
import { VendorError } from '../vendor-error.js';
import { parseJson, type Json } from '../vendor-json.rules.js';
import { expectOk } from '../vendor-reply.rules.js';
import { whomOf } from '../wanted.rules.js';
import { stratamaxMapping as mapping } from './stratamax.mapping.js';
import { lotIdOf, readLot, readOwners, readPage, readSite, siteIdOf } from './stratamax.rules.js';

export const StratamaxSettings = z.object({ baseUrl: z.url().max(300).default('https://ds.stratamax.com.au') });
export const StratamaxCredentials = z.object({ apiKey: z.string().trim().min(1).max(500) });

class StratamaxConnector implements Connector {
  readonly #base: string;
  readonly #apiKey: string;

  constructor(private readonly about: OpenConnector) {
    this.#base = StratamaxSettings.parse(about.settings).baseUrl.replace(/\/+$/, '');
    this.#apiKey = StratamaxCredentials.parse(about.credentials).apiKey;
  }

  async test(): Promise<Diagnosis> {
    try {
      const properties = await this.listProperties();
      const [first] = properties;
      if (!first) return diagnose(null, words, 'property-not-permitted');
      await this.#page(lotsPath(first.id), mapping.paging.firstPage, 'lots');
      return allWell(`StrataMax lets us in: ${properties.length} ${properties.length === 1 ? 'site' : 'sites'}.`);
    } catch (error) {
      return diagnose(error, words);
    }
  }

  async listProperties(): Promise<UpstreamProperty[]> {
    const found: UpstreamProperty[] = [];
    const verdict = await this.#all(
      mapping.paths.sites,
      'sites',
      (row) => siteIdOf(row, mapping),
      (rows) => found.push(...rows.flatMap((row) => readSite(row, mapping))),
    );
    return found.length > 0 || verdict.complete ? found : mustBe(verdict);
  }

  async fetchUnits(property: PropertyToFetch): Promise<UpstreamUnit[]> {
    const units: UpstreamUnit[] = [];
    const verdict = await this.#lots(property, (rows) => {
      for (const row of rows) {
        const unit = readLot(row, mapping);
        if (!unit) throw new VendorError('not-readable', 'A lot has no id or number.', { field: 'lots' });
        units.push(unit);
      }
    });
    return verdict.complete ? units : mustBe(verdict);
  }

  async *fetchPeople(property: PropertyToFetch, wanted: WantedPeople): AsyncIterable<PeoplePage> {
    const book = new PersonBook();
    const verdict = await this.#lots(property, (rows) => {
      for (const row of rows) for (const found of readOwners(row, mapping, property.country)) book.put(found);
    });
    const isWanted = whomOf(wanted);
    book.keep((person) => isWanted(person.upstreamId, person));
    yield* book.pages(verdict);
  }

  #lots(property: PropertyToFetch, take: (rows: readonly Json[]) => void): Promise<Verdict> {
    return this.#all(lotsPath(property.upstreamId), 'lots', (row) => lotIdOf(row, mapping), take);
  }

  #all(path: string, what: string, idOf: (row: Json) => string | null, take: (rows: readonly Json[]) => void): Promise<Verdict> {
    const fetch = (page: number) => this.#page(path, page - 1 + mapping.paging.firstPage, what);
    return readAllPages({ what, idOf, fetch }, take);
  }

  async #page(path: string, page: number, what: string) {
    const query = new URLSearchParams({
      [mapping.paging.page]: String(page),
      [mapping.paging.size]: String(mapping.paging.perPage),
    });
    const headers = { [mapping.keyHeader]: this.#apiKey };
    const reply = expectOk(
      await this.about.http.request({ method: 'GET', url: `${this.#base}${path}?${query.toString()}`, headers, what }),
      what,
    );
    return readPage(parseJson(reply.text, what), mapping, what, {
      total: totalOf(reply.headers),
      last: isLastByLink(reply.headers),
    });
  }
}

const lotsPath = (siteId: string) => mapping.paths.lots.replace('{site}', encodeURIComponent(siteId));
const words = { vendor: 'StrataMax', address: 'the base URL', key: 'the API key' };

function mustBe(verdict: Verdict): never {
  throw new VendorError('paging', verdict.why ?? 'Not everything arrived.');
}

export const stratamax: ConnectorDefinition = {
  name: 'stratamax',
  label: 'StrataMax',
  kind: 'strata',
  country: 'AU',
  verified: false,
  settings: StratamaxSettings,
  credentials: StratamaxCredentials,
  fields: [
    {
      name: 'baseUrl',
      label: 'Base API URL',
      secret: false,
      required: false,
      hint: 'https://ds.stratamax.com.au, unless your account manager gave you another one',
    },
    { name: 'apiKey', label: 'API key', secret: true, required: true },
  ],
  capabilities: { deltas: false, targeted: { residents: true, units: true }, balances: false, webhook: false },
  address: (settings) => StratamaxSettings.parse(settings).baseUrl,
  open: (about) => new StratamaxConnector(about),
};
