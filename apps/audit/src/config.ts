import { list, variable, wholeNumber, type Config } from '@leasewire/service-kit';
import { z } from 'zod';

const key32 = /^[A-Za-z0-9+/_-]{43}=?$/;

export const auditConfig = z.object({
  LEASEWIRE_AUDIT_SIGNING_KEY: variable(z.string().regex(key32), {
    describe:
      'Signs the heads of the chains (Ed25519). Keep it where the database’s administrators are not, and keep it: a new one needs the old one’s public key in LEASEWIRE_AUDIT_OLD_KEYS',
    mayBe: '32 random bytes as base64 (make one with: openssl rand -base64 32)',
    secret: true,
  }),
  LEASEWIRE_AUDIT_OLD_KEYS: variable(
    list()
      .pipe(z.array(z.string().regex(key32)))
      .optional(),
    {
      describe: 'Public keys of earlier signing keys, whose heads are still believed',
      mayBe: 'public keys as base64, joined by commas',
    },
  ),
  LEASEWIRE_AUDIT_HEADS_FILE: variable(z.string().optional(), {
    describe: 'Log of signed heads outside of the database; verification reads it',
    mayBe: 'the path of a file on a disk that lasts',
  }),
  LEASEWIRE_AUDIT_HEADS_SECONDS: variable(wholeNumber(1, 86_400).default(60), {
    describe: 'How often a head is announced as an event, at most',
  }),
});
export type AuditConfig = Config<typeof auditConfig>;
