import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { ChainHead, OrgId } from '@leasewire/contracts';

/** What a signature is about. Two kinds, so that one can never stand for the other. */
type Kind = 'head' | 'anchor';
/** An anchor is signed like a head: the last entry that retention took away. */
export type Anchor = ChainHead;

type Unsigned = Pick<ChainHead, 'orgId' | 'seq' | 'hash' | 'at'>;

const textOf = (kind: Kind, head: Unsigned): Buffer =>
  Buffer.from(['leasewire-audit-' + kind, head.orgId, head.seq, head.hash, head.at].join('|'));

// RFC 8410: the fixed bytes around a raw Ed25519 key. node:crypto takes raw keys only with them.
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');

/** Signs heads with the key that is kept outside the database, and believes those of that key and of older ones. */
export class HeadKeys {
  readonly keyId: string;
  /** To give to whoever verifies heads without us. */
  readonly publicKey: string;
  readonly #private: KeyObject;
  readonly #trusted: ReadonlyMap<string, KeyObject>;

  /** The seed is 32 bytes of base64; older public keys likewise. */
  constructor(seed: string, olderPublicKeys: readonly string[] = []) {
    this.#private = createPrivateKey({ key: Buffer.concat([pkcs8, bytes32(seed)]), format: 'der', type: 'pkcs8' });
    const own = createPublicKey(this.#private).export({ format: 'der', type: 'spki' }).subarray(spki.length);
    const trusted = [own, ...olderPublicKeys.map(bytes32)].map((raw): [string, KeyObject] => [keyIdOf(raw), publicKeyOf(raw)]);
    this.#trusted = new Map(trusted);
    this.keyId = keyIdOf(own);
    this.publicKey = own.toString('base64');
  }

  sign(kind: Kind, position: { orgId: OrgId; seq: number; hash: string }, at: Date): ChainHead {
    const { orgId, seq, hash } = position;
    const unsigned = { orgId, seq, hash, at: at.toISOString() };
    const signature = sign(null, textOf(kind, unsigned), this.#private).toString('base64url');
    return { ...unsigned, keyId: this.keyId, signature };
  }

  knows(keyId: string): boolean {
    return this.#trusted.has(keyId);
  }

  isGenuine(kind: Kind, head: ChainHead): boolean {
    const key = this.#trusted.get(head.keyId);
    return key !== undefined && verify(null, textOf(kind, head), key, Buffer.from(head.signature, 'base64url'));
  }
}

function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([spki, raw]), format: 'der', type: 'spki' });
}

function keyIdOf(publicKey: Buffer): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}

function bytes32(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 32) throw new Error(`A key of 32 bytes in base64 is needed; this one has ${bytes.length}`);
  return bytes;
}
