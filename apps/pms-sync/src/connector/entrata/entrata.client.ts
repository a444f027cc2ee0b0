import type { VendorHttp } from '../connector.js';
import { isLastByLink, totalOf, type VendorPage } from '../paging.js';
import type { Json } from '../vendor-json.rules.js';
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

  async call({
    service,
    method,
    version = 'r1',
    params = {},
    page,
    what,
  }: EntrataCall): Promise<EntrataResult & { headers: Headers }> {
    this.#requests += 1;
    const query = page ? `?page_no=${page.number}&per_page=${page.size}` : '';
    const reply = await this.http.request({
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
    return { ...readEnvelope(reply, what), headers: reply.headers };
  }

  /** A page of a list; "no records" is a page without rows. */
  async page(call: EntrataCall, rows: (result: Json) => Json[] | null): Promise<VendorPage<Json>> {
    const answer = await this.call(call);
    const total = totalOf(answer.headers);
    if (answer.kind === 'nothing') return { items: [], total, last: true };
    const items = rows(answer.result);
    const unexplained = items === null && total !== 0;
    return { items: items ?? [], total, last: isLastByLink(answer.headers), ...(unexplained && { unexplained }) };
  }

  #authorization(): Record<string, string> {
    const { apiKey, username, password } = this.credentials;
    if (this.settings.generation === 'gateway') return { 'x-api-key': apiKey ?? '' };
    return { authorization: `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}` };
  }
}

export function baseOf({ generation, subdomain, baseUrl }: EntrataSettings): string {
  const written = baseUrl?.replace(/\/+$/, '');
  if (generation === 'gateway') return `${written ?? 'https://apis.entrata.com/ext/orgs'}/${encodeURIComponent(subdomain)}/v1`;
  return `${written ?? `https://${subdomain}.entrata.com`}/api/v1`;
}
