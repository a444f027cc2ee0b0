import { createPublicKey, type KeyObject } from 'node:crypto';

export interface DkimKeyWish {
  readonly domain: string;
  readonly selector: string;
  /** As PEM, as what stands in the DNS (`v=DKIM1; p=…`), or only what follows p=. */
  readonly publicKey: string;
}

const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** What would be in the DNS, if there were one. */
export class DkimKeys {
  readonly #keys = new Map<string, KeyObject>();

  add({ domain, selector, publicKey }: DkimKeyWish): void {
    this.#keys.set(nameOf(domain, selector), read(publicKey));
  }

  get(domain: string, selector: string): KeyObject | undefined {
    return this.#keys.get(nameOf(domain, selector));
  }

  list(): { name: string; type: string | undefined }[] {
    return [...this.#keys].map(([name, key]) => ({ name, type: key.asymmetricKeyType }));
  }
}

function nameOf(domain: string, selector: string): string {
  return `${selector}._domainkey.${domain}`.toLowerCase();
}

function read(text: string): KeyObject {
  if (text.includes('BEGIN')) return createPublicKey(text);
  const bytes = Buffer.from(/(?:^|;)\s*p=([^;]*)/.exec(text)?.[1] ?? text, 'base64');
  const der = bytes.length === 32 ? Buffer.concat([ed25519Prefix, bytes]) : bytes;
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}
