import { randomBytes } from 'node:crypto';
import { TokenSigner, TokenVerifier } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { accountKey, DeviceClaims, deviceTokenKind, deviceTokenSeconds } from './device.rules.js';

/** Knows the devices that signed in to an account before, without keeping a list of them: the token is the proof. */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly signer: TokenSigner,
    private readonly verifier: TokenVerifier,
  ) {}

  /** The id of the device, or null when it is not known for this account. Never an error: it is only an allowance. */
  idOf(token: string | undefined, email: string): string | null {
    if (token === undefined) return null;
    try {
      const claims = this.verifier.verify(deviceTokenKind, token);
      const { did, acc } = DeviceClaims.parse(claims);
      return claims.iss === this.signer.issuer && acc === accountKey(email) ? did : null;
    } catch {
      return null;
    }
  }

  issue(email: string, known: string | null): string {
    const did = known ?? randomBytes(16).toString('base64url');
    return this.signer.sign(deviceTokenKind, { did, acc: accountKey(email) }, deviceTokenSeconds);
  }
}
