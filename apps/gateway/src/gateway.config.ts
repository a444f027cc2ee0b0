import { flag, list, variable, wholeNumber, type Config } from '@leasewire/service-kit';
import { z } from 'zod';
import { isAddressOrRange } from './http/addresses.js';
import { defaultLimits } from './rate-limit/policy.js';

const limit = (byDefault: number, of: string) =>
  variable(wholeNumber(0, 1_000_000_000).default(byDefault), { describe: `Requests a minute ${of}; 0 sets no limit` });

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

export const gatewayConfig = z.object({
  LEASEWIRE_PUBLIC_URL: variable(url.default('http://127.0.0.1:3000'), {
    describe: 'Where people reach this installation. https turns on secure cookies and HSTS',
    mayBe: 'a URL such as https://leasewire.example.com',
  }),
  LEASEWIRE_TRUSTED_PROXIES: variable(
    list()
      .default([])
      .refine((proxies) => proxies.every(isAddressOrRange), 'has something that is no address or range'),
    { describe: 'Proxies whose X-Forwarded-For is believed', mayBe: 'addresses or ranges joined by commas: 10.0.0.0/8,fd00::/8' },
  ),
  LEASEWIRE_CORS_ORIGINS: variable(
    list()
      .default([])
      .refine((origins) => origins.every(isOrigin), 'has something that is no origin'),
    {
      describe: 'Other origins whose pages may call the API from a browser; none by default',
      mayBe: 'origins joined by commas: https://app.example.com',
    },
  ),
  LEASEWIRE_BODY_LIMIT: variable(wholeNumber(1024, 50_000_000).default(1_048_576), { describe: 'Largest body in bytes' }),
  LEASEWIRE_ACCESS_LOG: variable(flag().default(true), { describe: 'One log line for each request' }),
  LEASEWIRE_RATE_LIMIT_CREDENTIAL: limit(defaultLimits.credential, 'with one session or API key'),
  LEASEWIRE_RATE_LIMIT_ORGANIZATION: limit(defaultLimits.organization, 'by one organization'),
  LEASEWIRE_RATE_LIMIT_ADDRESS: limit(defaultLimits.address, 'from one address without being signed in'),
  LEASEWIRE_RATE_LIMIT_SIGN_IN: limit(defaultLimits['sign-in'], 'from one address to sign in or use links'),
  LEASEWIRE_RATE_LIMIT_REFUSED: limit(defaultLimits.refused, 'from one address with tokens that are not accepted'),
  LEASEWIRE_STREAMS_PER_CREDENTIAL: variable(wholeNumber(1, 100_000).default(20), {
    describe: 'Open streams and waiting requests with one session or API key, on each replica',
  }),
  LEASEWIRE_STREAMS_PER_ORGANIZATION: variable(wholeNumber(1, 100_000).default(500), {
    describe: 'Open streams and waiting requests by one organization, on each replica',
  }),
});
export type GatewayConfig = Config<typeof gatewayConfig>;

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}
