import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { claimIn, tokenOf, unsubscribeCategories, type UnsubscribeClaim } from '../../src/unsubscribe/unsubscribe-token.rules.js';
import { hiddenAddress, saidBy } from '../../src/unsubscribe/unsubscribe.rules.js';

const keys = () => ({ mac: randomBytes(32), cipher: randomBytes(32) });
const body = fc.stringMatching(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/);
const claims: fc.Arbitrary<UnsubscribeClaim> = fc.record({
  orgId: body.map((id): UnsubscribeClaim['orgId'] => `org_${id}`),
  personId: fc.option(body.map((id): `per_${string}` => `per_${id}`)),
  category: fc.constantFrom(...unsubscribeCategories),
  address: fc.emailAddress(),
});

describe('the token of an unsubscribe link', () => {
  const ours = keys();

  it('says again what it was made of, and is the same each time', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        const token = tokenOf(ours, claim);
        expect(claimIn(ours, token)).toEqual(claim);
        expect(tokenOf(ours, claim)).toBe(token);
        expect(token).not.toContain(claim.address.slice(0, 5));
      }),
    );
  });

  it('is short enough for a header that is not folded', () => {
    const claim = {
      orgId: 'org_01jd3k8x9e7m2q4r5s6t7v8w9y',
      personId: 'per_01jd3k8x9e7m2q4r5s6t7v8w9a',
      category: 'marketing',
      address: 'ann@example.com',
    } as const;
    expect(tokenOf(ours, claim).length).toBeLessThanOrEqual(90);
  });

  it('is nothing when one character is another, when it is cut, and under other keys', () => {
    fc.assert(
      fc.property(claims, fc.nat(), (claim, where) => {
        const bytes = Buffer.from(tokenOf(ours, claim), 'base64url');
        const changed = Buffer.from(bytes);
        changed[where % bytes.length]! ^= 1;
        expect(claimIn(ours, changed.toString('base64url'))).toBeNull();
        expect(claimIn(ours, bytes.subarray(0, where % bytes.length).toString('base64url'))).toBeNull();
        expect(claimIn(keys(), bytes.toString('base64url'))).toBeNull();
      }),
    );
  });

  it.each(['', 'x', '%%%', 'a'.repeat(400)])('is nothing when it is %p', (token) => {
    expect(claimIn(ours, token)).toBeNull();
  });
});

describe('a choice on the page', () => {
  const open = { operational: null, marketing: 'granted' } as const;
  it.each([
    ['stop', 'marketing', open, [['marketing', 'refused']]],
    ['stop', 'marketing', { ...open, marketing: 'refused' }, []],
    [
      'stop-all',
      'operational',
      open,
      [
        ['operational', 'refused'],
        ['marketing', 'refused'],
      ],
    ],
    ['stop-all', 'operational', { ...open, operational: 'refused' }, [['marketing', 'refused']]],
    ['receive', 'operational', { ...open, operational: 'refused' }, [['operational', 'granted']]],
    ['receive', 'marketing', open, []],
  ] as const)('%s of %s', (choice, category, known, expected) => {
    expect(saidBy(choice, category, known)).toEqual(expected);
  });

  it.each([
    ['ann@example.com', 'a•••@example.com'],
    ['nonsense', '•••'],
    ['@x', '•••'],
  ])('shows %s as %s', (address, shown) => {
    expect(hiddenAddress(address)).toBe(shown);
  });
});
