import type { VendorHttp, VendorReply } from '../connector.js';
import { isLastByLink, readAllPages, totalOf, type Verdict } from '../paging.js';
import { VendorError } from '../vendor-error.js';
import { idOf, isJson, parseJson, unreadableIn, type Json } from '../vendor-json.rules.js';
import { expectOk } from '../vendor-reply.rules.js';
import type { BuildiumCredentials, BuildiumSettings } from './buildium.settings.js';

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;
const mostPerPage = 1000;

/** GET with two headers; lists by offset and limit, the total in X-Total-Count (buildium-openapi-subset.json). */
export class BuildiumClient {
  constructor(
    private readonly settings: BuildiumSettings,
    private readonly credentials: BuildiumCredentials,
    private readonly http: VendorHttp,
  ) {}

  /** Every page of a list. */
  async all(path: string, query: Query, what: string, take: (rows: readonly Json[]) => void, idKey = 'Id'): Promise<Verdict> {
    const fetch = async (_page: number, offset: number) => {
      const reply = await this.#get(path, { ...query, offset, limit: mostPerPage }, what);
      const rows = parseJson(expectOk(reply, what).text, what);
      if (!Array.isArray(rows))
        throw new VendorError('not-readable', `Buildium's answer about ${what} is not a list.`, { field: 'body' });
      if (unreadableIn(rows) > 0)
        throw new VendorError('not-readable', `Something in the list of ${what} is not an object.`, { field: what });
      return { items: rows.filter(isJson), total: totalOf(reply.headers), last: isLastByLink(reply.headers) };
    };
    return await readAllPages({ what, idOf: (row: Json) => idOf(row[idKey]), fetch }, take);
  }

  /** null: Buildium does not know it. */
  async one(path: string, what: string): Promise<Json | null> {
    const reply = await this.#get(path, {}, what);
    if (reply.status === 404) return null;
    const row = parseJson(expectOk(reply, what).text, what);
    if (!isJson(row))
      throw new VendorError('not-readable', `Buildium's answer about ${what} is not an object.`, { field: 'body' });
    return row;
  }

  async first(path: string, what: string): Promise<void> {
    expectOk(await this.#get(path, { limit: 1 }, what), what);
  }

  #get(path: string, query: Query, what: string): Promise<VendorReply> {
    const url = new URL(`${this.settings.baseUrl.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) url.searchParams.append(name, String(one));
    }
    const { clientId, clientSecret } = this.credentials;
    return this.http.request({
      method: 'GET',
      url: url.href,
      headers: { 'x-buildium-client-id': clientId, 'x-buildium-client-secret': clientSecret },
      what,
    });
  }
}

/** UTC, to the second: what `lastupdatedfrom` wants. */
export const moment = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
