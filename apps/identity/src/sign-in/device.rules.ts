import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * A device that signed in to an account before carries a signed token that says so (OWASP's "device cookies"). Guesses
 * made with it are counted apart from everybody else's: strangers who guess at an account slow down each other, and the
 * person on their own device not at all. Stolen, it opens nothing; it buys one more throttled row of guesses.
 */
export const deviceTokenKind = 'device';
export const deviceTokenSeconds = 180 * 86_400;

export const DeviceClaims = z.looseObject({ did: z.string().min(16).max(64), acc: z.string() });

export const accountKey = (email: string): string => createHash('sha256').update(`account|${email}`).digest('base64url');
