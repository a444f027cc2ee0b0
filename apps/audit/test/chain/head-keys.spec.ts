import { randomBytes } from 'node:crypto';
import { HeadKeys } from '../../src/chain/head-keys.js';

const seed = Buffer.alloc(32, 7).toString('base64');
const keys = new HeadKeys(seed);
const position = { orgId: 'org_1', seq: 7, hash: 'f'.repeat(64) } as const;
const head = keys.sign('head', position, new Date(0));

describe('a signed head', () => {
  it('is the same for ever, so that others can check it', () => {
    expect(head).toEqual({
      ...position,
      at: '1970-01-01T00:00:00.000Z',
      keyId: 'fe812c12f3ab4ce6',
      signature: 'P8rSn0645BQ9QfeG7vPHxEmP3dh5RpgC4a3tI0m6VWoqaEctYoFfkX7GC3mnwOlZjM09-eMLde3mKyahr5-8Bw',
    });
  });
  it('is genuine as it is, and in no other way', () => {
    expect(keys.isGenuine('head', head)).toBe(true);
    expect(keys.isGenuine('anchor', head)).toBe(false);
    for (const change of [
      { orgId: 'org_2' },
      { seq: 8 },
      { hash: 'e'.repeat(64) },
      { at: '1970-01-01T00:00:00.001Z' },
      { signature: 'x' },
      { keyId: 'x' },
    ] as const)
      expect([change, keys.isGenuine('head', { ...head, ...change })]).toEqual([change, false]);
  });
  it('of an older key is believed while its public key is known', () => {
    const newer = randomBytes(32).toString('base64');
    expect(new HeadKeys(newer).isGenuine('head', head)).toBe(false);
    expect(new HeadKeys(newer, [keys.publicKey]).isGenuine('head', head)).toBe(true);
  });
  it('needs a key of the right length', () => {
    expect(() => new HeadKeys('c2hvcnQ=')).toThrow('32 bytes');
  });
});
