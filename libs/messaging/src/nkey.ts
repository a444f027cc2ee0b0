import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Authenticator } from '@nats-io/transport-node';

/**
 * A service has one Ed25519 key: an nkey for NATS and, through node:crypto, the key that signs its tokens. The nkeys
 * package does both in plain JavaScript and takes 70 ms for what OpenSSL does in 0.03, so only its text form is used:
 * base 32 of a prefix, the key and a checksum.
 */
export interface Nkey {
  /** `SU…`: secret. */
  readonly seed: string;
  /** `U…` */
  readonly publicKey: string;
}

/** The prefixes of a user: a public key begins with U, a seed with SU. */
const publicPrefix = [20 << 3] as const;
const seedPrefix = [(18 << 3) | ((20 << 3) >> 5), ((20 << 3) & 31) << 3] as const;
const pkcs8Ed25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function newNkey(): Nkey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = encode(seedPrefix, Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  return { seed, publicKey: publicKeyOf(seed) };
}

export function publicKeyOf(seed: string): string {
  const { x } = createPublicKey(signingKey(seed)).export({ format: 'jwk' });
  return encode(publicPrefix, Buffer.from(x ?? '', 'base64url'));
}

/** What the broker asks for at each connection: its nonce, signed. */
export function nkeySignIn(seed: string): Authenticator {
  const key = signingKey(seed);
  const nkey = publicKeyOf(seed);
  return (nonce) => ({ nkey, sig: sign(null, Buffer.from(nonce ?? ''), key).toString('base64url') });
}

export function signingKey(seed: string): KeyObject {
  const der = Buffer.concat([pkcs8Ed25519, decode(seedPrefix, seed, 'a seed (SU…)')]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export function verifyingKey(publicKey: string): KeyObject {
  const x = decode(publicPrefix, publicKey, 'a public nkey (U…)').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function encode(prefix: readonly number[], key: Uint8Array): string {
  const body = Buffer.concat([Buffer.from(prefix), key]);
  const checksum = crc16(body);
  return base32Text(Buffer.concat([body, Buffer.from([checksum & 0xff, checksum >>> 8])]));
}

/** The 32 bytes of the key; a mistyped one does not pass. What is wrong never repeats the text: it may be a secret. */
function decode(prefix: readonly number[], text: string, what: string): Buffer {
  const bytes = base32Bytes(text);
  const body = bytes.subarray(0, -2);
  const key = body.subarray(prefix.length);
  const checksum = bytes.length < 4 ? -1 : bytes.readUInt16LE(bytes.length - 2);
  if (crc16(body) !== checksum || key.length !== 32 || prefix.some((byte, at) => body[at] !== byte))
    throw new Error(`This is not ${what}.`);
  return key;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base 32 without padding. */
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

function base32Bytes(text: string): Buffer {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const char of text) {
    held = (held << 5) | (alphabet.indexOf(char) & 31);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
