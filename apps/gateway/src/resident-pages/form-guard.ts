import { createHash, randomBytes } from 'node:crypto';
import { DomainError } from '@leasewire/contracts';
import { TokenSigner, TokenVerifier } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Exchange } from '../routing/exchange.js';
import { OwnOrigins } from '../sessions/origin.js';
import { ResidentCookies } from './resident-cookies.js';

const kind = 'form';
const ttlSeconds = 12 * 3600;
const Claims = z.looseObject({ of: z.string() });

/** What a form needs: its token, and the cookie that the token belongs to where the browser has none yet. */
export interface OpenForm {
  readonly token: string;
  readonly cookies: readonly string[];
}

/**
 * Forms are sent by our own pages only. Three bolts: what the browser says of where the request comes from, cookies that
 * other sites cannot make it send along, and a token in the form that belongs to a cookie of this browser.
 */
@Injectable()
export class FormGuard {
  constructor(
    private readonly signer: TokenSigner,
    private readonly verifier: TokenVerifier,
    private readonly cookies: ResidentCookies,
    private readonly origins: OwnOrigins,
  ) {}

  open(exchange: Exchange): OpenForm {
    const known = this.cookies.form.read(exchange.header('cookie'));
    const secret = known ?? randomBytes(18).toString('base64url');
    const token = this.signer.sign(kind, { of: fingerprint(secret) }, ttlSeconds);
    return { token, cookies: known === undefined ? [this.cookies.form.set(secret)] : [] };
  }

  assertOwn(exchange: Exchange, token: string): void {
    const origin = exchange.header('origin');
    // With no referrer a browser says “null” for its own pages too; what it says of the site is then what counts.
    this.origins.assertOwn({
      origin: origin === 'null' ? undefined : origin,
      host: exchange.header('host'),
      site: exchange.header('sec-fetch-site'),
    });
    const secret = this.cookies.form.read(exchange.header('cookie'));
    if (secret === undefined || !this.#belongs(token, secret))
      throw new DomainError('origin.refused', 'This form is too old, or cookies are blocked. Open the page again and repeat.');
  }

  #belongs(token: string, secret: string): boolean {
    try {
      const claims = this.verifier.verify(kind, token);
      return claims.iss === this.signer.issuer && Claims.parse(claims).of === fingerprint(secret);
    } catch {
      return false;
    }
  }
}

const fingerprint = (secret: string): string => createHash('sha256').update(`form|${secret}`).digest('base64url');
