import type { VendorHttp, VendorReply } from '../connector.js';
import { isLastByLink, totalOf, type VendorPage } from '../paging.js';
import type { Json } from '../vendor-json.rules.js';
import { cutPage, WrittenRow } from '../written-rows.js';
import { readEnvelope, type EntrataResult } from './entrata.envelope.rules.js';
import type { EntrataCredentials, EntrataSettings } from './entrata.settings.js';

export interface EntrataCall {
  readonly service: 'status' | 'properties' | 'propertyunits' | 'leases' | 'artransactions';
  readonly method: string;
  readonly version?: 'r1' | 'r2';
  readonly params?: Readonly<Record<string, string>>;
  readonly page?: { readonly number: number; readonly size: number };
  readonly what: string;
}

/** Both generations of address and authentication (pms-apis.md 1.2): always POST, the method is in the body. */
export class EntrataClient {
  #requests = 0;

  constructor(
    private readonly settings: EntrataSettings,
    private readonly credentials: EntrataCredentials,
    private readonly http: VendorHttp,
  ) {}

  async call(call: EntrataCall): Promise<EntrataResult & { headers: Headers }> {
    const reply = await this.#ask(call);
    return { ...readEnvelope(reply, call.what), headers: reply.headers };
  }

  /** A page of a list; "no records" is a page without rows. */
  async page(call: EntrataCall, rows: RowsIn): Promise<VendorPage<Json>> {
    return pageOf(await this.#ask(call), call.what, rows);
  }

  /** The same, with its rows as they were written under this key; of those that are known by their hash nothing is read. */
  async writtenPage(
    call: EntrataCall,
    rows: RowsIn,
    key: string,
    isKnown: (hash: string) => boolean,
  ): Promise<VendorPage<WrittenRow>> {
    const reply = await this.#ask(call);
    const cut = cutPage(reply.text, key, isKnown);
    if (cut) {
      const page = pageOf({ ...reply, text: cut.text }, call.what, rows);
      const items = cut.rowsFor(page.items);
      if (items) return { ...page, items };
    }
    const page = pageOf(reply, call.what, rows);
    return { ...page, items: page.items.map((value) => WrittenRow.of(value)) };
  }

  #ask({ service, method, version = 'r1', params = {}, page, what }: EntrataCall): Promise<VendorReply> {
    this.#requests += 1;
    const query = page ? `?page_no=${page.number}&per_page=${page.size}` : '';
    return this.http.request({
      method: 'POST',
      url: `${baseOf(this.settings)}/${service}${query}`,
      headers: { 'content-type': 'application/json; charset=UTF-8', ...this.#authorization() },
      body: JSON.stringify({
        auth: { type: this.settings.generation === 'gateway' ? 'apikey' : 'basic' },
        requestId: String(this.#requests),
        method: { name: method, version, params },
      }),
      what,
      budget: service,
    });
  }

  #authorization(): Record<string, string> {
    const { apiKey, username, password } = this.credentials;
    if (this.settings.generation === 'gateway') return { 'x-api-key': apiKey ?? '' };
    return { authorization: `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}` };
  }
}

/** null: there is no list where one belongs. */
type RowsIn = (result: Json) => Json[] | null;

function pageOf(reply: VendorReply, what: string, rows: RowsIn): VendorPage<Json> {
  const answer = readEnvelope(reply, what);
  const total = totalOf(reply.headers);
  if (answer.kind === 'nothing') return { items: [], total, last: true };
  const items = rows(answer.result);
  const unexplained = items === null && total !== 0;
  return { items: items ?? [], total, last: isLastByLink(reply.headers), ...(unexplained && { unexplained }) };
}

export function baseOf({ generation, subdomain, baseUrl }: EntrataSettings): string {
  const written = baseUrl?.replace(/\/+$/, '');
  if (generation === 'gateway') return `${written ?? 'https://apis.entrata.com/ext/orgs'}/${encodeURIComponent(subdomain)}/v1`;
  return `${written ?? `https://${subdomain}.entrata.com`}/api/v1`;
}
