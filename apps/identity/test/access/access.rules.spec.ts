import { permissionKeys, type Permissions, type PropertyScope } from '@leasewire/contracts';
import fc from 'fast-check';
import { codeThrownBy, thrownBy } from '../code-thrown.js';
import {
  assertWholeOrganization,
  assertWithin,
  holdingWithin,
  scopeWithin,
  type Holding,
} from '../../src/access/access.rules.js';

const a = 'prop_01jd3k8x9e7m2q4r5s6t7v8w9a' as const;
const b = 'prop_01jd3k8x9e7m2q4r5s6t7v8w9b' as const;
const scope: fc.Arbitrary<PropertyScope> = fc.oneof(fc.constant('all' as const), fc.subarray([a, b]));
const permissions = fc.dictionary(
  fc.constantFrom(...permissionKeys),
  fc.constantFrom('none', 'view', 'full'),
) as fc.Arbitrary<Permissions>;
const holding: fc.Arbitrary<Holding> = fc.record({ permissions, properties: scope });

describe('a property scope', () => {
  it.each<[PropertyScope, PropertyScope, boolean]>([
    [[a], 'all', true],
    ['all', 'all', true],
    ['all', [a, b], false],
    [[a], [a, b], true],
    [[a, b], [a], false],
    [[], [a], true],
    [[a], [], false],
  ])('%j is within %j: %s', (inner, outer, expected) => {
    expect(scopeWithin(inner, outer)).toBe(expected);
  });
});

describe('what somebody holds', () => {
  it('is within itself, and being within is transitive', () => {
    fc.assert(
      fc.property(holding, holding, holding, (x, y, z) => {
        expect(holdingWithin(x, x)).toBe(true);
        if (holdingWithin(x, y) && holdingWithin(y, z)) expect(holdingWithin(x, z)).toBe(true);
      }),
    );
  });

  it('is handed out exactly when it is within what the giver holds', () => {
    fc.assert(
      fc.property(holding, holding, (given, own) => {
        const give = () => assertWithin(given, own, 'This');
        expect(codeThrownBy(give)).toBe(holdingWithin(given, own) ? null : 'staff.beyond-own-permissions');
      }),
    );
  });

  it('names what is too much, and nothing else', () => {
    const own: Holding = { permissions: { 'accounts.staff': 'full', 'network.wifi': 'view' }, properties: [a] };
    const given: Holding = { permissions: { 'accounts.staff': 'full', 'network.wifi': 'full' }, properties: [a, b] };
    expect(thrownBy(() => assertWithin(given, own, 'This'))?.details).toEqual({ permissions: ['network.wifi'], properties: [b] });
  });

  it('limited to properties says nothing over roles, which hold everywhere', () => {
    expect(() => assertWholeOrganization({ permissions: { 'accounts.roles': 'full' }, properties: [a] })).toThrow();
    expect(() => assertWholeOrganization({ permissions: {}, properties: 'all' })).not.toThrow();
  });
});
