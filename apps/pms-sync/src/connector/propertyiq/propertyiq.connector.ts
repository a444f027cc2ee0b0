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
import { readAllPages, totalOf, type Verdict } from '../paging.js';
import { PersonBook } from '../person-book.js';
import { VendorError } from '../vendor-error.js';
import { idOf, isJson, listOf, objectOf, parseJson, textOf, unreadableIn, type Json } from '../vendor-json.rules.js';
import { expectOk } from '../vendor-reply.rules.js';
import { whomOf } from '../wanted.rules.js';
import { readBuilding, readLotPeople, readLotUnit } from './propertyiq.rules.js';
import { TokenKeeper } from './propertyiq.token.js';

/** Unverified: PropertyIQ publishes no reference; the shapes are those of two public integrations (pms-apis.md 2.2). */
export const PropertyIqSettings = z.object({ baseUrl: z.url().max(300) });
export const PropertyIqCredentials = z.object({
  clientId: z.string().trim().min(1).max(300),
  clientSecret: z.string().trim().min(1).max(500),
});

const perPage = 200;

class PropertyIqConnector implements Connector {
  readonly #base: string;
  readonly #tokens: TokenKeeper;

  constructor(private readonly about: OpenConnector) {
    this.#base = PropertyIqSettings.parse(about.settings).baseUrl.replace(/\/+$/, '');
    const credentials = PropertyIqCredentials.parse(about.credentials);
    this.#tokens = new TokenKeeper(`${this.#base}/oauth/access_token`, credentials, about.http, about.clock);
  }

  async test(): Promise<Diagnosis> {
    try {
      const properties = await this.listProperties();
      const [first] = properties;
      if (!first) return diagnose(null, words, 'property-not-permitted');
      await this.#page(`/api/buildings/${encodeURIComponent(first.id)}/lots`, 1, { include: 'ownerContact' }, 'the lots', 1);
      return allWell(`PropertyIQ lets us in: ${properties.length} ${properties.length === 1 ? 'building' : 'buildings'}.`);
    } catch (error) {
      return diagnose(error, words);
    }
  }

  async listProperties(): Promise<UpstreamProperty[]> {
    const found: UpstreamProperty[] = [];
    const verdict = await this.#all('/api/buildings', {}, 'buildings', (rows) => found.push(...rows.flatMap(readBuilding)));
    return found.length > 0 || verdict.complete ? found : mustBe(verdict);
  }

  async fetchUnits(property: PropertyToFetch): Promise<UpstreamUnit[]> {
    const units: UpstreamUnit[] = [];
    const verdict = await this.#lots(property, (rows) => {
      for (const row of rows) {
        const unit = readLotUnit(row);
        if (!unit) throw new VendorError('not-readable', 'A lot has no id or number.', { field: 'lotNumber' });
        units.push(unit);
      }
    });
    return verdict.complete ? units : mustBe(verdict);
  }

  async *fetchPeople(property: PropertyToFetch, wanted: WantedPeople): AsyncIterable<PeoplePage> {
    const book = new PersonBook();
    const verdict = await this.#lots(property, (rows) => {
      for (const row of rows) for (const found of readLotPeople(row, property.country)) book.put(found);
    });
    // there is no search: some are chosen from all, after a person's lots are together
    const isWanted = whomOf(wanted);
    book.keep((person) => isWanted(person.upstreamId, person));
    yield* book.pages(verdict);
  }

  #lots(property: PropertyToFetch, take: (rows: readonly Json[]) => void): Promise<Verdict> {
    return this.#all(`/api/buildings/${encodeURIComponent(property.upstreamId)}/lots`, { include: 'ownerContact' }, 'lots', take);
  }

  #all(
    path: string,
    query: Readonly<Record<string, string>>,
    what: string,
    take: (rows: readonly Json[]) => void,
  ): Promise<Verdict> {
    const fetch = (page: number) => this.#page(path, page, query, what, perPage);
    return readAllPages({ what, idOf: (row: Json) => idOf(row['id']), fetch }, take);
  }

  /** `{ data: […], links: { next } }` */
  async #page(path: string, page: number, query: Readonly<Record<string, string>>, what: string, number: number) {
    const url = `${this.#base}${path}?${new URLSearchParams({ number: String(number), page: String(page), ...query }).toString()}`;
    const reply = await this.#tokens.withToken((authorization) =>
      this.about.http.request({ method: 'GET', url, headers: { authorization }, what }),
    );
    const body = objectOf(parseJson(expectOk(reply, what).text, what));
    if (!Array.isArray(body['data']) && !isJson(body['data']))
      throw new VendorError('not-readable', `PropertyIQ's answer about ${what} holds no data.`, { field: 'data' });
    if (unreadableIn(body['data']) > 0)
      throw new VendorError('not-readable', `Something in the list of ${what} is not an object.`, { field: 'data' });
    const hasLinks = isJson(body['links']);
    const total = textOf(objectOf(objectOf(body['meta'])['pagination'])['total']);
    return {
      items: listOf(body['data']),
      total: total !== null && /^\d{1,9}$/.test(total) ? Number(total) : totalOf(reply.headers),
      last: hasLinks ? textOf(objectOf(body['links'])['next']) === null : null,
    };
  }
}

const words = { vendor: 'PropertyIQ', address: 'the address', key: 'the client ID and secret' };

function mustBe(verdict: Verdict): never {
  throw new VendorError('paging', verdict.why ?? 'Not everything arrived.');
}

export const propertyiq: ConnectorDefinition = {
  name: 'propertyiq',
  label: 'PropertyIQ',
  kind: 'strata',
  country: 'AU',
  verified: false,
  settings: PropertyIqSettings,
  credentials: PropertyIqCredentials,
  fields: [
    {
      name: 'baseUrl',
      label: 'Base API URL',
      secret: false,
      required: true,
      hint: 'https://yourcompany.propertyiq.com.au, from your account manager',
    },
    { name: 'clientId', label: 'API client ID', secret: true, required: true },
    { name: 'clientSecret', label: 'API client secret', secret: true, required: true },
  ],
  capabilities: { deltas: false, targeted: { residents: true, units: true }, balances: false, webhook: false },
  address: (settings) => PropertyIqSettings.parse(settings).baseUrl,
  open: (about) => new PropertyIqConnector(about),
};
