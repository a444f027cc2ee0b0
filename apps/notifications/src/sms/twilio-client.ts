import type { Config } from '@leasewire/service-kit';
import twilio from 'twilio';
import type { z } from 'zod';
import type { twilioConfig } from './twilio.config.js';

export type TwilioConfig = Pick<Config<z.ZodObject<typeof twilioConfig>>, keyof typeof twilioConfig>;

export interface Taken {
  readonly sid: string;
  readonly status: string;
  readonly errorCode: number | null;
}
export interface Listed extends Taken {
  readonly body: string;
  readonly createdAt: Date;
}

/** Twilio’s own library, asked for the three things that we need of it. It retries nothing: that is decided elsewhere. */
export class TwilioClient {
  readonly #sdk: ReturnType<typeof twilio>;
  readonly #authToken: string;
  readonly #from: { readonly messagingServiceSid: string } | { readonly from: string };

  private constructor(
    account: { readonly sid: string; readonly token: string },
    from: TwilioClient['from'],
    how: { readonly timeoutMs: number; readonly atOnce: number; readonly url: string | undefined },
  ) {
    this.#sdk = twilio(account.sid, account.token, { timeout: how.timeoutMs, maxSockets: how.atOnce, autoRetry: false });
    if (how.url !== undefined) this.#sdk.api.baseUrl = how.url.replace(/\/+$/, '');
    this.#authToken = account.token;
    this.#from = from;
  }

  /** Null: there is no account, or nothing to send from. */
  static of(config: TwilioConfig): TwilioClient | null {
    const { LEASEWIRE_TWILIO_ACCOUNT_SID: sid, LEASEWIRE_TWILIO_AUTH_TOKEN: token } = config;
    const { LEASEWIRE_TWILIO_MESSAGING_SERVICE_SID: service, LEASEWIRE_TWILIO_FROM: number } = config;
    if (sid === undefined || token === undefined) return null;
    const from = service !== undefined ? { messagingServiceSid: service } : number !== undefined ? { from: number } : null;
    if (from === null) return null;
    const { LEASEWIRE_TWILIO_TIMEOUT_MS: timeoutMs, LEASEWIRE_TWILIO_AT_ONCE: atOnce, LEASEWIRE_TWILIO_API_URL: url } = config;
    return new TwilioClient({ sid, token }, from, { timeoutMs, atOnce, url });
  }

  get from(): { readonly messagingServiceSid: string } | { readonly from: string } {
    return this.#from;
  }

  async send(to: string, body: string, statusCallback?: string): Promise<Taken> {
    const { sid, status, errorCode } = await this.#sdk.messages.create({
      ...{ to, body },
      ...this.#from,
      ...(statusCallback !== undefined && { statusCallback }),
    });
    return { sid, status, errorCode: codeIn(errorCode) };
  }

  /** What was sent to a number since then, the oldest first. Twilio keeps whole seconds. */
  async list(to: string, since: Date): Promise<Listed[]> {
    const from = Math.floor(since.getTime() / 1000) * 1000;
    // not by the date of sending: what still waits at Twilio has none
    const listed = await this.#sdk.messages.list({ to, limit: 1_000 });
    return listed
      .filter(({ direction, dateCreated }) => direction.startsWith('outbound-api') && dateCreated.getTime() >= from)
      .map(({ sid, status, errorCode, body, dateCreated }) => ({
        sid,
        status,
        errorCode: codeIn(errorCode),
        body,
        createdAt: dateCreated,
      }))
      .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  }

  isSigned(signature: string, url: string, params: Readonly<Record<string, string>>): boolean {
    return signature !== '' && twilio.validateRequest(this.#authToken, signature, url, { ...params });
  }
}

/** The library says NaN or undefined where there is none. */
const codeIn = (code: number | null | undefined): number | null => (typeof code === 'number' && code > 0 ? code : null);
