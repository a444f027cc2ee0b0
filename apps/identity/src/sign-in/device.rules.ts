import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * A device that signed in to an account before carries a signed token that says so (OWASP's "device cookies"). Guesses
 * made with it are counted apart from everybody else's: strangers who guess at an account slow down each other, and the
 * person on their own device not at all. Stolen, it opens nothing; it buys one more throttled row of guesses.
 */
export const deviceTokenKind = 'device';
export const deviceTokenSeconds = 180 * 86_400;
/** More than anybody has under one address; it bounds the token. */
const mostAccounts = 8;

/** `of`: to which accounts of the address; that somebody has a password of one says nothing of the others. */
export const DeviceClaims = z.looseObject({ did: z.string().min(16).max(64), acc: z.string(), of: z.array(z.string()).min(1) });

/** An account of an e-mail address is told by its organization, or by its person where people share the address. */
export interface KnownDevice {
  readonly id: string;
  readonly of: readonly string[];
}

export const accountKey = (email: string): string => createHash('sha256').update(`account|${email}`).digest('base64url');

export const knowsToo = ({ id, of }: KnownDevice, whose: string): KnownDevice => ({
  id,
  of: [...of.filter((other) => other !== whose), whose].slice(-mostAccounts),
});

/** Of the accounts that an attempt may mean, those that the device signed in to. */
export const knownAmong = (device: KnownDevice | null, wanted: string | undefined): readonly string[] =>
  device?.of.filter((whose) => wanted === undefined || whose === wanted) ?? [];
