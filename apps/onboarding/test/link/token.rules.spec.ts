import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { newId } from '@leasewire/messaging';
import { claimOf, isGenuine, tokenOf } from '../../src/link/token.rules.js';

const key = randomBytes(32);
const orgId = newId('org');
const link = { invitationId: newId('invi'), personId: newId('per'), email: 'ana@example.com' };
const token = tokenOf(key, orgId, link);

describe('an activation link', () => {
  it('says which invitation it is of, and is the right one of it', () => {
    expect(claimOf(token)).toEqual({ orgId, invitationId: link.invitationId });
    expect(isGenuine(key, orgId, link, token)).toBe(true);
  });

  it.each([
    ['another person', { ...link, personId: newId('per') }, orgId, key],
    ['another address', { ...link, email: 'ana@example.org' }, orgId, key],
    ['another invitation', { ...link, invitationId: newId('invi') }, orgId, key],
    ['another organization', link, newId('org'), key],
    ['another key', link, orgId, randomBytes(32)],
  ])('is not one of %s', (_name, other, org, withKey) => {
    expect(isGenuine(withKey, org, other, token)).toBe(false);
  });

  it('does not hold with any letter changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: 42 }), fc.constantFrom('a', 'c', 'X', 'Z', '0', '9', '-', '_'), (at, letter) => {
        const place = token.length - 1 - at;
        const changed = token.slice(0, place) + letter + token.slice(place + 1);
        expect(isGenuine(key, orgId, link, changed)).toBe(changed === token);
      }),
    );
  });

  it('of any other form is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(claimOf(text)).toBeNull();
      }),
    );
    expect(claimOf(`${token}x`)).toBeNull();
    expect(claimOf(token.slice(1))).toBeNull();
  });
});
