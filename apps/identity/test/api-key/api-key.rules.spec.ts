import { codeThrownBy } from '../code-thrown.js';
import { assertExpiry, isValidKey, newApiKey, prefixOf } from '../../src/api-key/api-key.rules.js';

const now = new Date('2026-11-20T09:00:00Z');
const { key, prefix, hash } = newApiKey();
const row = { hash, expiresAt: null, revokedAt: null };

describe('an API key', () => {
  it('shows its prefix and keeps its secret', () => {
    expect(key).toMatch(/^lw_[0-9a-z]{8}_[0-9a-z]{52}$/);
    expect(prefixOf(key)).toBe(prefix);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(newApiKey().key).not.toBe(key);
  });

  it.each([
    ['that is right', row, key, true],
    ['that does not exist', null, key, false],
    ['with the secret of another', row, prefix + newApiKey().key.slice(prefix.length), false],
    ['that was revoked', { ...row, revokedAt: now }, key, false],
    ['that has expired', { ...row, expiresAt: now }, key, false],
    ['that will expire', { ...row, expiresAt: new Date(now.getTime() + 1) }, key, true],
  ])('%s', (_name, kept, text, expected) => {
    expect(isValidKey(kept, text, now)).toBe(expected);
  });

  it.each(['', 'lw_', 'lw_short_x', 'Bearer x', `${key} `, key.toUpperCase()])('“%s” is none', (text) => {
    expect(prefixOf(text)).toBeNull();
  });

  it.each([
    [null, true],
    [now, false],
    [new Date(now.getTime() + 1000), true],
    [new Date('2036-01-01T00:00:00Z'), false],
  ])('may end at %s: %s', (expiresAt, fine) => {
    const check = () => assertExpiry(expiresAt, now);
    expect(codeThrownBy(check)).toBe(fine ? null : 'invalid-input');
  });
});
