import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { createUser, fromPublic, fromSeed } from '@nats-io/nkeys';
import type { Authenticator } from '@nats-io/transport-node';

/**
 * A service has one Ed25519 key: an nkey for NATS and, through node:crypto, the key that signs its tokens. The nkeys
 * package signs in plain JavaScript and takes 70 ms for what OpenSSL does in 0.03; it only makes keys and checks their form.
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
  const { x } = createPublicKey(signingKey(seed)).export({ format: 'jwk' });
  const body = Buffer.concat([Buffer.from([userPrefix]), Buffer.from(x ?? '', 'base64url')]);
  const checksum = crc16(body);
  return base32Text(Buffer.concat([body, Buffer.from([checksum & 0xff, checksum >>> 8])]));
}

/** What the broker asks for at each connection: its nonce, signed. */
export function nkeySignIn(seed: string): Authenticator {
  const key = signingKey(seed);
  const nkey = publicKeyOf(seed);
  return (nonce) => ({ nkey, sig: sign(null, Buffer.from(nonce ?? ''), key).toString('base64url') });
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

/** Makes an encoded public key of a user begin with U. */
const userPrefix = 20 << 3;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** RFC 4648 base 32 without padding, as nkeys write it. */
function base32Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const char of text) {
    held = (held << 5) | alphabet.indexOf(char);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}

function base32Text(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((held >>> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet.charAt((held << (5 - bits)) & 31) : text;
}

/** CRC-16/XMODEM, the checksum at the end of every nkey. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
