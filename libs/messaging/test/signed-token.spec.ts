import { createHash } from 'node:crypto';
import { fromPublic, fromSeed } from '@nats-io/nkeys';
import { expiryOf, newNkey, publicKeyOf, TokenSigner, TokenVerifier } from '../src/index.js';
import { TestClock, Trust } from './fixtures.js';

const clock = new TestClock();
const trust = new Trust(['gateway', 'identity'], clock);

describe('a signed token', () => {
  it('gives its claims back to who trusts its issuer', () => {
    const token = trust.signer('identity').sign('access', { sub: 'staff:x' }, 900);
    expect(trust.verifier().verify('access', token)).toMatchObject({ typ: 'access', iss: 'identity', sub: 'staff:x' });
  });

  it('is signed as nkeys sign: the same key opens NATS and signs tokens', () => {
    const key = newNkey();
    const [payload, signature] = new TokenSigner('identity', key.seed, clock).sign('access', {}, 60).split('.');
    const verified = fromPublic(key.publicKey).verify(Buffer.from(payload!), Buffer.from(signature!, 'base64url'));
    expect(verified).toBe(true);
    for (let i = 0; i < 3; i++) {
      const { seed, publicKey } = newNkey();
      expect(fromSeed(new TextEncoder().encode(seed)).getPublicKey()).toBe(publicKey);
      expect(publicKeyOf(seed)).toBe(publicKey);
    }
  });

  const parts = (token: string) => token.split('.') as [string, string];
  const rewritten = (token: string, change: object) => {
    const [payload, signature] = parts(token);
    const claims = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), ...change };
    return `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
  };
  const good = trust.signer('identity').sign('access', { org: 'a' }, 900);

  it.each([
    ['changed claims', rewritten(good, { org: 'b' })],
    ['another issuer than the signer', rewritten(good, { iss: 'gateway' })],
    ['an issuer nobody knows', new TokenSigner('stranger', newNkey().seed, clock).sign('access', {}, 60)],
    ['a key that is not the issuer’s', new TokenSigner('identity', newNkey().seed, clock).sign('access', {}, 60)],
    ['no signature', `${parts(good)[0]}.`],
    ['only a payload', parts(good)[0]],
    ['three parts', `${good}.x`],
    ['a payload that is no JSON', `bm90IGpzb24.${parts(good)[1]}`],
    ['a payload that is an array', `W10.${parts(good)[1]}`],
    ['nothing', ''],
    ['megabytes', 'x'.repeat(600_000)],
  ])('with %s is refused', (_name, token) => {
    expect(() => trust.verifier().verify('access', token)).toThrow(expect.objectContaining({ code: 'unauthenticated' }) as Error);
  });

  it('of one kind is not accepted as another', () => {
    expect(() => trust.verifier().verify('actor', good)).toThrow('not a token of the kind “actor”');
  });

  it('ends, with a few seconds for clocks that differ, also when it was seen before', () => {
    const verifier = trust.verifier();
    const token = trust.signer('identity').sign('access', {}, 60);
    verifier.verify('access', token);
    clock.pass(62);
    verifier.verify('access', token);
    clock.pass(4);
    expect(() => verifier.verify('access', token)).toThrow('expired');
    expect(() => verifier.verify('access', token)).toThrow('expired');
  });

  it('from the future is refused', () => {
    const ahead = new TestClock(new Date(clock.now().getTime() + 60_000).toISOString());
    const token = new TokenSigner('identity', trust.seed('identity'), ahead).sign('access', {}, 60);
    expect(() => trust.verifier().verify('access', token)).toThrow('from the future');
  });

  it('says when it ends', () => {
    const token = trust.signer('identity').sign('access', {}, 60);
    expect(expiryOf(token).getTime()).toBe(Math.floor(clock.now().getTime() / 1000) * 1000 + 60_000);
  });

  it('is verified once and then known: a thousand times in the time of a few signatures', () => {
    const verifier = trust.verifier();
    const token = trust.signer('identity').sign('access', { big: createHash('sha512').update('x').digest('hex') }, 60);
    const first = verifier.verify('access', token);
    for (let i = 0; i < 1000; i++) expect(verifier.verify('access', token)).toBe(first);
  });

  it('cannot be made or checked with a mistyped key', () => {
    const { seed, publicKey } = newNkey();
    const mistyped = (key: string) => `${key.slice(0, 20)}${key[20] === 'A' ? 'B' : 'A'}${key.slice(21)}`;
    expect(() => new TokenSigner('identity', mistyped(seed), clock)).toThrow();
    expect(() => new TokenVerifier({ identity: mistyped(publicKey) }, clock)).toThrow('The trusted key of “identity”');
    expect(() => new TokenVerifier({ identity: seed }, clock)).toThrow('The trusted key of “identity”');
  });
});
