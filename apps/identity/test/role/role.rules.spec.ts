import { isWithin, permissionKeys, permits } from '@leasewire/contracts';
import { codeThrownBy } from '../code-thrown.js';
import { assertChangeable, assertRemovable, permissionsOf, presets } from '../../src/role/role.rules.js';

const preset = (name: string) => presets.find((role) => role.preset === name)!;

describe('the presets', () => {
  it('name every permission there is', () => {
    for (const { permissions } of presets) expect(Object.keys(permissions).sort()).toEqual([...permissionKeys].sort());
  });

  it('are each within the one before', () => {
    const [owner, manager, employee] = presets.map((role) => role.permissions);
    expect(isWithin(manager!, owner!)).toBe(true);
    expect(isWithin(employee!, manager!)).toBe(true);
  });

  it('let an owner do everything, whatever the database says', () => {
    const permissions = permissionsOf({ preset: 'owner', permissions: {} });
    for (const key of permissionKeys) expect(permits(permissions, `${key}:full`)).toBe(true);
  });

  it.each([
    ['manager', 'accounts.organization:view', true],
    ['manager', 'accounts.organization:full', false],
    ['manager', 'accounts.staff:full', true],
    ['manager', 'accounts.roles:full', false],
    ['manager', 'accounts.api-keys:full', false],
    ['manager', 'network.controllers:full', true],
    ['employee', 'residence.residence:full', true],
    ['employee', 'residence.properties:full', false],
    ['employee', 'communication.messages:full', true],
    ['employee', 'accounts.staff:view', false],
    ['employee', 'accounts.integrations:view', false],
  ] as const)('%s may %s: %s', (name, permission, expected) => {
    expect(permits(preset(name).permissions, permission)).toBe(expected);
  });
});

describe('a role', () => {
  it.each([
    ['owner', 'is fixed', true],
    ['manager', 'can be changed', false],
    [null, 'can be changed', false],
  ] as const)('of preset %s %s', (name, _how, fixed) => {
    const change = () => assertChangeable({ name: 'x', preset: name, permissions: {} });
    expect(codeThrownBy(change)).toBe(fixed ? 'role.preset-fixed' : null);
  });

  it.each([
    ['manager', 0, 'role.preset-fixed'],
    [null, 1, 'role.in-use'],
    [null, 0, null],
  ] as const)('of preset %s that %i hold: %s', (name, holders, code) => {
    const remove = () => assertRemovable({ name: 'x', preset: name, permissions: {} }, holders);
    expect(codeThrownBy(remove)).toBe(code);
  });
});
