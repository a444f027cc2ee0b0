import { randomBytes } from 'node:crypto';
import { TokenSigner, TokenVerifier } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { accountKey, DeviceClaims, deviceTokenKind, deviceTokenSeconds, knowsToo, type KnownDevice } from './device.rules.js';

/** Knows the devices that signed in to an account before, without keeping a list of them: the token is the proof. */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly signer: TokenSigner,
    private readonly verifier: TokenVerifier,
  ) {}

  /** null when it is not known for this address. Never an error: it is only an allowance. */
  read(token: string | undefined, email: string): KnownDevice | null {
    if (token === undefined) return null;
    try {
      const claims = this.verifier.verify(deviceTokenKind, token);
      const { did, acc, of } = DeviceClaims.parse(claims);
      return claims.iss === this.signer.issuer && acc === accountKey(email) ? { id: did, of } : null;
    } catch {
      return null;
    }
  }

  /** It signed in to one more account of the address, or to the same again. */
  issue(email: string, whose: string, known: KnownDevice | null): string {
    const { id, of } = knowsToo(known ?? { id: randomBytes(16).toString('base64url'), of: [] }, whose);
    return this.signer.sign(deviceTokenKind, { did: id, acc: accountKey(email), of }, deviceTokenSeconds);
  }
}
