import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { createUser, fromPublic, fromSeed } from '@nats-io/nkeys';

/**
 * A service has one Ed25519 key: an nkey for NATS and, through node:crypto, the key that signs its tokens. The nkeys
 * package signs in plain JavaScript, fifty times slower than OpenSSL; it is only used to make and to check keys.
 */
export interface Nkey {
  /** `SU…`: secret. */
  readonly seed: string;
  /** `U…` */
  readonly publicKey: string;
}

export function newNkey(): Nkey {
  const pair = createUser();
  return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
}

export function publicKeyOf(seed: string): string {
  return fromSeed(ascii(seed)).getPublicKey();
}

/** Throws when the seed is no nkey seed: it carries a checksum. */
export function signingKey(seed: string): KeyObject {
  fromSeed(ascii(seed));
  const raw = base32Bytes(seed).subarray(2, 34);
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), raw]);
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

export function verifyingKey(publicKey: string): KeyObject {
  fromPublic(publicKey);
  const raw = Buffer.from(base32Bytes(publicKey).subarray(1, 33));
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** RFC 4648 base 32 without padding, as nkeys write it. */
function base32Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const char of text) {
    held = (held << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}
