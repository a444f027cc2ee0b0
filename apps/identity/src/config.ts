import { variable } from '@leasewire/service-kit';
import { z } from 'zod';

export const identityConfig = z.object({
  NODE_ENV: variable(z.string().optional(), { describe: '`production` refuses the demo, whose passwords everybody knows' }),
  LEASEWIRE_PUBLIC_URL: variable(z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:3000'), {
    describe: 'Where people reach the gateway: the links of invitations and password resets begin so',
    mayBe: 'a URL such as https://app.example.com',
  }),
  LEASEWIRE_ARGON2_MEMORY_KIB: variable(z.coerce.number().int().min(8).max(1_048_576).default(19_456), {
    describe: 'Memory of one password hash; the default is OWASP’s. Changed, hashes are made anew at the next sign-in',
    mayBe: 'a number of KiB from 8 to 1048576',
  }),
  LEASEWIRE_ARGON2_PASSES: variable(z.coerce.number().int().min(1).max(20).default(2), {
    describe: 'Passes of one password hash',
    mayBe: 'a number from 1 to 20',
  }),
  LEASEWIRE_ARGON2_AT_ONCE: variable(z.coerce.number().int().min(1).max(16).default(2), {
    describe: 'How many password hashes this process computes at a time',
    mayBe: 'a number from 1 to 16',
  }),
  LEASEWIRE_ARGON2_WAITING: variable(z.coerce.number().int().min(0).max(10_000).default(128), {
    describe: 'How many sign-ins may wait for their turn; the next is told to come back',
    mayBe: 'a number from 0 to 10000',
  }),
});
