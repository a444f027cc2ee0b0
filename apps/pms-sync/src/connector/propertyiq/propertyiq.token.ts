import type { Clock } from '@leasewire/messaging';
import type { VendorHttp, VendorReply } from '../connector.js';
import { VendorError } from '../vendor-error.js';
import { numberOf, objectOf, parseJson, textOf } from '../vendor-json.rules.js';

/** Before it ends: it must not end on the way. */
const earlierMs = 60_000;
const usualSeconds = 3600;

/** OAuth client credentials: one token for as long as it lasts, a new one when it ended early. */
export class TokenKeeper {
  #token: { readonly text: string; readonly untilMs: number } | null = null;
  #asking: Promise<string> | null = null;

  constructor(
    private readonly url: string,
    private readonly credentials: { readonly clientId: string; readonly clientSecret: string },
    private readonly http: VendorHttp,
    private readonly clock: Clock,
  ) {}

  async withToken(request: (authorization: string) => Promise<VendorReply>): Promise<VendorReply> {
    const reply = await request(`Bearer ${await this.#current()}`);
    if (reply.status !== 401) return reply;
    this.#token = null;
    return await request(`Bearer ${await this.#current()}`);
  }

  #current(): Promise<string> {
    if (this.#token && this.clock.monotonicMs() < this.#token.untilMs) return Promise.resolve(this.#token.text);
    // many may wait for one
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #ask(): Promise<string> {
    const { clientId, clientSecret } = this.credentials;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'buildings lots',
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const askedAt = this.clock.monotonicMs();
    const reply = await this.http.request({ method: 'POST', url: this.url, headers, body: form.toString(), what: 'a token' });
    if (reply.status === 404) throw new VendorError('refused', 'There is no PropertyIQ at this address.', { field: 'address' });
    if (reply.status >= 400)
      throw new VendorError('unauthorized', 'PropertyIQ does not accept the credentials.', { vendorCode: String(reply.status) });
    const body = objectOf(parseJson(reply.text, 'a token'));
    const text = textOf(body['access_token'], 8000);
    if (text === null || /\s/.test(text))
      throw new VendorError('not-readable', 'PropertyIQ answered without a token.', { field: 'access_token' });
    const seconds = numberOf(body['expires_in']) ?? usualSeconds;
    this.#token = { text, untilMs: askedAt + Math.max(seconds * 1000 - earlierMs, seconds * 500) };
    return text;
  }
}
