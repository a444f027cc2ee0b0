import { sign, verify, type KeyObject } from 'node:crypto';
import { DomainError } from '@leasewire/contracts';
import { z } from 'zod';
import type { Clock } from './clock.js';
import { signingKey, verifyingKey } from './nkey.js';
import { Remembered } from './remembered.js';

/**
 * `base64url(JSON payload).base64url(Ed25519 signature of the first part)`. One algorithm and no header that could name
 * another. Used for actor assertions (any service) and access tokens (identity).
 */
const Claims = z.looseObject({ typ: z.string(), iss: z.string(), iat: z.number(), exp: z.number() });
export type VerifiedClaims = Readonly<z.infer<typeof Claims>>;

/** Clocks of two hosts differ by this much at most. */
const skewSeconds = 5;
const longestToken = 512 * 1024;

export class TokenSigner {
  readonly #key: KeyObject;

  constructor(
    readonly issuer: string,
    seed: string,
    private readonly clock: Clock,
  ) {
    this.#key = signingKey(seed);
  }

  sign<T extends object>(typ: string, claims: T, ttlSeconds: number): string {
    const iat = Math.floor(this.clock.now().getTime() / 1000);
    const payload = toBase64url(JSON.stringify({ ...claims, typ, iss: this.issuer, iat, exp: iat + ttlSeconds }));
    return `${payload}.${sign(null, Buffer.from(payload), this.#key).toString('base64url')}`;
  }
}

export class TokenVerifier {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  /** A signature costs 60 µs to check, so a good one is remembered. The whole token is the key: a forgery never hits. */
  readonly #seen = new Remembered<VerifiedClaims>();

  constructor(
    trusted: Readonly<Record<string, string>>,
    private readonly clock: Clock,
  ) {
    this.#keys = new Map(Object.entries(trusted).map(([service, key]) => [service, keyOf(service, key)]));
  }

  verify(typ: string, token: string): VerifiedClaims {
    const claims = this.#seen.get(token) ?? this.#check(token);
    if (claims.typ !== typ) throw refused(`it is not a token of the kind “${typ}”`);
    const now = this.clock.now().getTime() / 1000;
    if (claims.exp + skewSeconds <= now) {
      this.#seen.delete(token);
      throw refused('it has expired');
    }
    if (claims.iat - skewSeconds > now) throw refused('it is from the future: compare the clocks of the hosts');
    return claims;
  }

  #check(token: string): VerifiedClaims {
    if (token.length > longestToken) throw refused('it is too long');
    const [payload, signature, ...rest] = token.split('.');
    if (!payload || !signature || rest.length > 0) throw refused('it is not a token');
    const claims = parseClaims(payload);
    const key = this.#keys.get(claims.iss);
    if (!key) throw refused('its issuer is not among the trusted keys of this service');
    if (!verify(null, Buffer.from(payload), key, Buffer.from(signature, 'base64url')))
      throw refused('its signature is not by its issuer');
    this.#seen.set(token, Object.freeze(claims));
    return claims;
  }
}

/** When a token ends, for someone who already knows that it is genuine. */
export function expiryOf(token: string): Date {
  return new Date(parseClaims(token.slice(0, token.indexOf('.'))).exp * 1000);
}

function parseClaims(payload: string): VerifiedClaims {
  try {
    return Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    throw refused('it is not a token');
  }
}

function keyOf(service: string, publicKey: string): KeyObject {
  try {
    return verifyingKey(publicKey);
  } catch (error) {
    throw new Error(`The trusted key of “${service}” is not a public nkey (U…): ${String(error)}`, { cause: error });
  }
}

const toBase64url = (text: string): string => Buffer.from(text).toString('base64url');
const refused = (why: string): DomainError => new DomainError('unauthenticated', `The token is not accepted: ${why}.`);
