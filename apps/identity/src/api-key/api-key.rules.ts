import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { DomainError, idAlphabet } from '@leasewire/contracts';

/**
 * `lw_<prefix>_<secret>`: the prefix finds the key and is shown in lists, the secret of 260 random bits is kept as a hash
 * only. Scanners for leaked secrets can look for the shape.
 */
const shape = /^(lw_[0-9a-hjkmnp-tv-z]{8})_[0-9a-hjkmnp-tv-z]{52}$/;
const letters = (count: number): string => [...randomBytes(count)].map((byte) => idAlphabet.charAt(byte & 31)).join('');

export interface NewApiKey {
  readonly key: string;
  readonly prefix: string;
  readonly hash: string;
}

export function newApiKey(): NewApiKey {
  const prefix = `lw_${letters(8)}`;
  const key = `${prefix}_${letters(52)}`;
  return { key, prefix, hash: hashApiKey(key) };
}

export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');
export const prefixOf = (key: string): string | null => shape.exec(key)?.[1] ?? null;

export interface ApiKeyLike {
  readonly hash: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Whatever is wrong with a key, the answer is one: it is not valid. */
export function isValidKey(row: ApiKeyLike | null, key: string, now: Date): row is ApiKeyLike {
  const given = Buffer.from(hashApiKey(key), 'hex');
  const kept = Buffer.from(row?.hash ?? hashApiKey(''), 'hex');
  const same = given.length === kept.length && timingSafeEqual(given, kept);
  return row !== null && same && row.revokedAt === null && (row.expiresAt === null || row.expiresAt > now);
}

const longestMs = 5 * 366 * 86_400_000;

export function assertExpiry(expiresAt: Date | null, now: Date): void {
  if (expiresAt === null) return;
  if (expiresAt <= now || expiresAt.getTime() - now.getTime() > longestMs)
    throw new DomainError(
      'invalid-input',
      '`expiresAt` must be in the future and within five years; leave it out for a key without an end.',
      {
        fields: [{ path: 'expiresAt', message: 'must be in the future and within five years' }],
      },
    );
}
