import fc from 'fast-check';
import { isWithin, permissionKeys, permits, unionOf, type Permissions } from '../src/index.js';

const permissions = fc.dictionary(
  fc.constantFrom(...permissionKeys),
  fc.constantFrom('none', 'view', 'full'),
) as fc.Arbitrary<Permissions>;

describe('permissions', () => {
  it.each([
    [{}, 'accounts.staff:view', false],
    [{ 'accounts.staff': 'view' }, 'accounts.staff:view', true],
    [{ 'accounts.staff': 'view' }, 'accounts.staff:full', false],
    [{ 'accounts.staff': 'full' }, 'accounts.staff:view', true],
    [{ 'accounts.api-keys': 'full' }, 'accounts.api-keys:full', true],
  ] as const)('%j permits %s: %s', (held, needed, expected) => {
    expect(permits(held, needed)).toBe(expected);
  });

  it('a union holds what each part holds, and nothing more', () => {
    fc.assert(
      fc.property(permissions, permissions, (a, b) => {
        const both = unionOf([a, b]);
        expect(isWithin(a, both) && isWithin(b, both)).toBe(true);
        for (const key of permissionKeys) if (both[key]) expect([a[key], b[key]]).toContain(both[key]);
      }),
    );
  });
});
