import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Where a secret lives. A sealed string moved anywhere else does not open. */
export interface SecretPlace {
  /** `system` for what belongs to no organization. */
  readonly orgId: string;
  readonly collection: string;
  /** The dotted path as it is declared in `sealed`, without array positions. */
  readonly field: string;
}

/** Every sealed string begins so; logs are searched for it. Then the id of the key, then nonce, ciphertext and tag. */
const prefix = 'sealed:';
const nonceBytes = 12;
const tagBytes = 16;
const shape = /^sealed:([A-Za-z0-9_.-]{1,32}):([A-Za-z0-9_-]{38,})$/;

export const isSealed = (value: unknown): value is string => typeof value === 'string' && shape.test(value);

/** Which key sealed it, so that rotation finds what is left to do. */
export const keyIdOf = (sealed: string): string | undefined => shape.exec(sealed)?.[1];

/**
 * Encrypts single fields (AES-256-GCM) so that a stolen database or backup tells nothing, and so that whoever can write to
 * the database cannot move a secret to where another organization reads it.
 */
export class SecretBox {
  readonly currentKeyId: string;

  private constructor(private readonly ring: ReadonlyMap<string, Buffer>) {
    const [first] = ring.keys();
    if (first === undefined) throw new Error('The key ring is empty; give it a key such as k1:<32 random bytes as base64>');
    this.currentKeyId = first;
  }

  /** `id:base64,id2:base64`, each key 32 bytes. The first seals; the others only open what they sealed before. */
  static fromRing(ring: string): SecretBox {
    const keys = new Map<string, Buffer>();
    for (const entry of ring.split(',').map((text) => text.trim())) {
      const id = entry.slice(0, Math.max(0, entry.indexOf(':')));
      const key = Buffer.from(entry.slice(id.length + 1), 'base64');
      // never says what the entry holds: it may be the key itself
      if (!/^[A-Za-z0-9_.-]{1,32}$/.test(id)) throw new Error('An entry of the key ring has no id; write it as id:base64');
      if (key.length !== 32)
        throw new Error(
          `The key “${id}” of the ring has ${key.length} bytes instead of 32; make one with: openssl rand -base64 32`,
        );
      if (keys.has(id)) throw new Error(`The key ring names “${id}” twice; each key needs an id of its own`);
      keys.set(id, key);
    }
    return new SecretBox(keys);
  }

  seal(plain: string, place: SecretPlace): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.currentKeyId), nonce).setAAD(bindingTo(place));
    const text = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${prefix}${this.currentKeyId}:${text.toString('base64url')}`;
  }

  /** Throws when it was sealed for another place, with a key that is not in the ring, or was changed. */
  open(sealed: string, place: SecretPlace): string {
    const [, keyId, text] = shape.exec(sealed) ?? [];
    if (keyId === undefined || text === undefined)
      throw new Error(`What is stored in ${place.collection}.${place.field} is not sealed`);
    const bytes = Buffer.from(text, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(bindingTo(place))
      .setAuthTag(bytes.subarray(-tagBytes));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new Error(
        `A secret in ${place.collection}.${place.field} does not open: it was sealed for another place, or was changed`,
        { cause },
      );
    }
  }

  /** Keys for something that is not a field in the database, such as links: one of each key of the ring, the current one first. */
  derived(purpose: string): readonly Buffer[] {
    return [...this.ring.values()].map((key) => Buffer.from(hkdfSync('sha256', key, '', `leasewire ${purpose}`, 32)));
  }

  #key(id: string): Buffer {
    const key = this.ring.get(id);
    if (key === undefined) throw new Error(`The key “${id}” is not in the key ring; add it until rotation is done`);
    return key;
  }
}

/** As JSON, so that no organization, collection or field can be spelled to look like two others. */
const bindingTo = ({ orgId, collection, field }: SecretPlace): Buffer => Buffer.from(JSON.stringify([orgId, collection, field]));
