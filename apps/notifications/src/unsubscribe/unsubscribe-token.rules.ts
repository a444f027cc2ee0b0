import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { idAlphabet, OrgId, PersonId } from '@leasewire/contracts';

/** Who ends what with a link: everything it needs is in it, so that no mail waits for a row to be written. */
export interface UnsubscribeClaim {
  readonly orgId: OrgId;
  readonly personId: PersonId | null;
  readonly category: UnsubscribeCategory;
  readonly address: string;
}
export const unsubscribeCategories = ['operational', 'marketing'] as const;
export type UnsubscribeCategory = (typeof unsubscribeCategories)[number];

const macBytes = 12;
const idBytes = 16;

export interface UnsubscribeKeys {
  readonly mac: Buffer;
  readonly cipher: Buffer;
}

/**
 * HMAC over what it says, which is the nonce of its encryption too (as SIV does): opaque, the same for the same claim, and not to be
 * made by anybody else.
 */
export function tokenOf({ mac, cipher }: UnsubscribeKeys, claim: UnsubscribeClaim): string {
  const plain = Buffer.concat([
    Buffer.from([unsubscribeCategories.indexOf(claim.category) * 2 + (claim.personId === null ? 0 : 1)]),
    bytesOf(claim.orgId),
    ...(claim.personId === null ? [] : [bytesOf(claim.personId)]),
    Buffer.from(claim.address, 'utf8'),
  ]);
  const tag = createHmac('sha256', mac).update(plain).digest().subarray(0, macBytes);
  const hidden = createCipheriv('aes-256-ctr', cipher, nonceOf(tag));
  return Buffer.concat([tag, hidden.update(plain), hidden.final()]).toString('base64url');
}

/** Null: it is none of ours, or not whole. */
export function claimIn({ mac, cipher }: UnsubscribeKeys, token: string): UnsubscribeClaim | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length < macBytes + 1 + idBytes) return null;
  const tag = bytes.subarray(0, macBytes);
  const opening = createDecipheriv('aes-256-ctr', cipher, nonceOf(tag));
  const plain = Buffer.concat([opening.update(bytes.subarray(macBytes)), opening.final()]);
  const expected = createHmac('sha256', mac).update(plain).digest().subarray(0, macBytes);
  return timingSafeEqual(tag, expected) ? read(plain) : null;
}

function read(plain: Buffer): UnsubscribeClaim | null {
  const kind = plain[0] ?? 0;
  const category = unsubscribeCategories[kind >> 1];
  const org = OrgId.safeParse(`org_${idIn(plain.subarray(1, 1 + idBytes))}`);
  const hasPerson = kind % 2 === 1;
  const from = 1 + idBytes * (hasPerson ? 2 : 1);
  const person = hasPerson ? PersonId.safeParse(`per_${idIn(plain.subarray(1 + idBytes, from))}`) : null;
  if (category === undefined || !org.success || person?.success === false) return null;
  return { orgId: org.data, personId: person?.data ?? null, category, address: plain.subarray(from).toString('utf8') };
}

const nonceOf = (tag: Buffer): Buffer => Buffer.concat([tag, Buffer.alloc(16 - macBytes)]);

const digits = new Map(Array.from(idAlphabet, (digit, value) => [digit, value]));

/** The body of an id is 26 digits of five bits: 128 bits, and two before them that are zero. */
function bytesOf(id: string): Buffer {
  const bytes = Buffer.alloc(idBytes);
  let [held, bits, at] = [0, -2, 0];
  for (const digit of id.slice(id.indexOf('_') + 1)) {
    held = (held << 5) | (digits.get(digit) ?? 0);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  return bytes;
}

function idIn(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let body = '';
  for (let at = 0; at < 26; at += 1) {
    body = (idAlphabet[Number(value % 32n)] ?? '') + body;
    value /= 32n;
  }
  return body;
}
