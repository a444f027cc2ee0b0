import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { hashRecoveryCode, newRecoveryCode, useRecoveryCode } from '../../src/two-factor/recovery-code.rules.js';
import { acceptedStep, base32, fromBase32, otpauthUrl, stepAt, totp } from '../../src/two-factor/totp.rules.js';
import { isOffered, newRecoveryCodes, useCode, type TwoFactorOn } from '../../src/two-factor/two-factor.rules.js';

const secret = Buffer.from('12345678901234567890');

describe('a code', () => {
  // RFC 6238, appendix B, the rows of SHA-1
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at %i seconds is %s', (seconds, code) => {
    expect(totp(secret, stepAt(new Date(seconds * 1000)), 8)).toBe(code);
  });

  const now = new Date('2026-11-20T09:00:10Z');
  const step = stepAt(now);
  it.each([
    ['of now', step, -1, step],
    ['of just before', step - 1, -1, step - 1],
    ['of just after', step + 1, -1, step + 1],
    ['too old', step - 2, -1, null],
    ['too new', step + 2, -1, null],
    ['used before', step, step, null],
    ['older than one that was used', step - 1, step, null],
    ['newer than one that was used', step + 1, step, step + 1],
  ])('%s', (_name, at, used, expected) => {
    expect(acceptedStep(secret, totp(secret, at), now, used)).toBe(expected);
  });

  it.each(['', '12345', '1234567', 'abcdef', ' 12345'])('“%s” is none', (code) => {
    expect(acceptedStep(secret, code, now, -1)).toBeNull();
  });
});

it('a secret survives base 32', () => {
  expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI'); // RFC 4648, 10, without padding
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) =>
      expect([...fromBase32(base32(bytes))]).toEqual([...bytes]),
    ),
  );
});

it('the QR code names organization and address', () => {
  expect(otpauthUrl('ABC', 'ana+x@harbour.example', 'Harbour & Living')).toBe(
    'otpauth://totp/Harbour%20%26%20Living:ana%2Bx%40harbour.example?secret=ABC&issuer=Harbour%20%26%20Living&algorithm=SHA1&digits=6&period=30',
  );
});

describe('a recovery code', () => {
  it('has 80 random bits and is easy to read out', () => {
    const codes = Array.from({ length: 100 }, () => newRecoveryCode());
    expect(new Set(codes).size).toBe(100);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    expect(newRecoveryCode(() => randomBytes(16).fill(0))).toBe('0000-0000-0000-0000');
  });

  it.each([
    ['as it is', (code: string) => code],
    ['in capitals', (code: string) => code.toUpperCase()],
    ['without dashes', (code: string) => code.replaceAll('-', '')],
    ['with o for zero and l for one', (code: string) => code.replaceAll('0', 'o').replaceAll('1', 'l')],
  ])('typed %s holds once', (_how, type) => {
    const { codes, hashes } = newRecoveryCodes();
    const rest = useRecoveryCode(hashes, type(codes[3]!));
    expect(rest).toHaveLength(9);
    expect(rest).not.toContain(hashRecoveryCode(codes[3]!));
    expect(useRecoveryCode(rest!, codes[3]!)).toBeNull();
  });
});

describe('the second factor', () => {
  const now = new Date('2026-11-20T09:00:10Z');
  const on: TwoFactorOn = {
    state: 'on',
    secret: 'sealed',
    since: now,
    usedStep: -1,
    recoveryHashes: [hashRecoveryCode('aaaa-bbbb-cccc-dddd')],
  };

  it('takes a code of the app, spaces and all, once', () => {
    const code = totp(secret, stepAt(now));
    const used = useCode(on, secret, `${code.slice(0, 3)} ${code.slice(3)}`, now)!;
    expect(used.usedStep).toBe(stepAt(now));
    expect(useCode(used, secret, code, now)).toBeNull();
  });

  it('takes a recovery code, once', () => {
    const used = useCode(on, secret, 'AAAA BBBB CCCC DDDD', now)!;
    expect(used.recoveryHashes).toEqual([]);
    expect(useCode(used, secret, 'aaaa-bbbb-cccc-dddd', now)).toBeNull();
  });

  it('takes nothing else', () => {
    expect(useCode(on, secret, totp(secret, stepAt(now) + 9), now)).toBeNull();
    expect(useCode(on, secret, '', now)).toBeNull();
  });

  it('is offered for half an hour', () => {
    const offered = { state: 'offered', secret: 'sealed', at: now } as const;
    expect(isOffered(offered, new Date(now.getTime() + 29 * 60_000))).toBe(true);
    expect(isOffered(offered, new Date(now.getTime() + 31 * 60_000))).toBe(false);
    expect(isOffered({ state: 'off' }, now)).toBe(false);
  });
});
