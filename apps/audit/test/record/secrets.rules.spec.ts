import { canonicalJson, type Json } from '../../src/chain/canonical-json.js';
import { shortened } from '../../src/record/large-values.rules.js';
import { withoutSecrets } from '../../src/record/secrets.rules.js';

const id = '01jd3k8x9e7m2q4r5s6t7v8w9y';

describe('what an event should never hold is blotted out:', () => {
  it.each<[string, Json]>([
    ['a password', { password: 'HUSH' }],
    ['a Wi-Fi key', { network: { id: 'net_1', wifiKey: 'HUSH', psk: 'HUSH' } }],
    ['a list of codes', { recoveryCodes: ['HUSH', 'HUSH'] }],
    ['a bundle', { credentials: { user: 'HUSH', pass: 'HUSH' } }],
    ['a number', { otp: 123456 }],
    ['a token in a text', { reason: `refused Bearer HUSH${id}` }],
  ])('%s', (_name, data) => {
    const text = canonicalJson(withoutSecrets(data));
    expect(text).not.toContain('HUSH');
    expect(text).not.toContain('123456');
    expect(text).toContain('[redacted]');
  });
  it.each<[string, Json]>([
    ['a thing called after a secret', { apiKey: { id: `key_${id}`, name: 'Billing', prefix: 'lw_7f3k' } }],
    ['facts about secrets', { twoFactor: true, passwordChangedAt: '2026-11-20T09:00:00.000Z', apiKeyId: `key_${id}` }],
    [
      'ordinary texts',
      { name: 'Ana Reyes', email: 'ana@harbour.example', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)', locale: 'en-AU' },
    ],
  ])('but not %s', (_name, data) => {
    expect(withoutSecrets(data)).toEqual(data);
  });
});

describe('what is too large for a record', () => {
  const digest = (text: string) => `d${text.length}`;
  const ids = Array.from({ length: 500 }, (_, n) => `prop_${id}${n}`);
  it('has its size and digest in its place', () => {
    expect(shortened({ staff: { id: 's', properties: ids } }, digest)).toEqual({
      staff: { id: 's', properties: { $large: canonicalJson(ids).length, digest: `d${canonicalJson(ids).length}` } },
    });
  });
  it('keeps the small parts of a large whole', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`f${n}`, 'x'.repeat(n < 20 ? 100 : 2_000)]));
    const short = shortened(many, digest);
    expect(canonicalJson(short).length).toBeLessThan(26_000);
    expect(short).toMatchObject({ f0: many['f0'], f39: { $large: 2_002 } });
  });
  it.each<Json>([null, 'text', { a: [1, 2] }])('is not %j', (data) => {
    expect(shortened(data, digest)).toEqual(data);
  });
});
