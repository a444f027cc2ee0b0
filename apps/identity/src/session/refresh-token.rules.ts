import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { SessionId } from '@leasewire/contracts';

/**
 * `<session>.<secret>.<tag>`. Only the hash of the secret is stored. The tag is a MAC of that hash under a key of the
 * session: it tells an old token of ours (a theft) from an invented one (a prank) without keeping every old hash. Whoever
 * reads the database could forge tags, and with them end sessions, but not open any.
 */
export interface RefreshToken {
  readonly sessionId: SessionId;
  readonly secret: string;
  readonly tag: string;
}

const shape = /^(ses_[0-9a-z]{26})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})$/;

export function parseRefreshToken(text: string): RefreshToken | null {
  const [, id, secret, tag] = shape.exec(text) ?? [];
  const sessionId = SessionId.safeParse(id);
  if (!sessionId.success || secret === undefined || tag === undefined) return null;
  return { sessionId: sessionId.data, secret, tag };
}

export const newFamilyKey = (): string => randomBytes(32).toString('base64url');
export const newNonce = newFamilyKey;
export const newRefreshSecret = newFamilyKey;
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/**
 * The next secret follows from the last and a random nonce: who repeats the last token gets the same successor although
 * we keep neither. The nonce alone is of no use to someone who reads the database.
 */
export function successorOf(secret: string, nonce: string): string {
  return createHmac('sha256', secret).update(`refresh|${nonce}`).digest('base64url');
}

export function writeRefreshToken(sessionId: SessionId, secret: string, familyKey: string): string {
  return `${sessionId}.${secret}.${tagOf(secret, familyKey)}`;
}

export function isGenuine(token: RefreshToken, familyKey: string): boolean {
  return timingSafeEqual(Buffer.from(token.tag), Buffer.from(tagOf(token.secret, familyKey)));
}

const tagOf = (secret: string, familyKey: string): string =>
  createHmac('sha256', familyKey).update(hashOf(secret)).digest().subarray(0, 16).toString('base64url');
