import { newId } from '@leasewire/messaging';
import { codeThrownBy } from '../code-thrown.js';
import {
  archive,
  assertOwnerRemains,
  isActingOwner,
  join,
  restore,
  sameAccess,
  type AccessOf,
  type Standing,
} from '../../src/staff/staff.rules.js';

const now = new Date('2026-11-20T09:00:00Z');
const invited: Standing = { state: 'invited', inviteExpiresAt: now };
const active: Standing = { state: 'active' };
const left: Standing = { state: 'archived', at: now, before: 'active' };
const neverCame: Standing = { state: 'archived', at: now, before: 'invited' };

describe('a staff member', () => {
  it.each<[string, Standing, Standing]>([
    ['invited joins', join(invited), active],
    ['active stays active when a link is used', join(active), active],
    ['archived does not join', join(left), left],
    ['active is archived', archive(active, now), left],
    ['invited is archived', archive(invited, now), neverCame],
    ['archived stays archived since then', archive(left, new Date(0)), left],
    ['who left is restored as active', restore(left), active],
    ['who never came is restored without a link', restore(neverCame), { state: 'invited', inviteExpiresAt: null }],
    ['active is not restored', restore(active), active],
  ])('%s', (_name, got, expected) => {
    expect(got).toEqual(expected);
  });
});

describe('the last owner', () => {
  const owner = newId('rol');
  const other = newId('rol');
  const acting: AccessOf = { standing: active, roleIds: [owner], properties: 'all' };

  it.each<[string, AccessOf, boolean]>([
    ['active, of all properties', acting, true],
    ['with another role besides', { ...acting, roleIds: [other, owner] }, true],
    ['only invited', { ...acting, standing: invited }, false],
    ['archived', { ...acting, standing: left }, false],
    ['limited to properties', { ...acting, properties: [] }, false],
    ['without the role', { ...acting, roleIds: [other] }, false],
  ])('%s counts as an owner: %s', (_name, staff, expected) => {
    expect(isActingOwner(staff, owner)).toBe(expected);
  });

  it.each<[string, AccessOf, AccessOf, number, boolean]>([
    ['is not demoted', acting, { ...acting, roleIds: [other] }, 0, true],
    ['is not archived', acting, { ...acting, standing: left }, 0, true],
    ['is not limited to properties', acting, { ...acting, properties: [newId('prop')] }, 0, true],
    ['may go when another is there', acting, { ...acting, standing: left }, 1, false],
    ['is not in the way of others', { ...acting, roleIds: [other] }, { ...acting, standing: left }, 0, false],
    ['may get more roles', acting, { ...acting, roleIds: [owner, other] }, 0, false],
  ])('%s', (_name, before, after, others, refused) => {
    const change = () => assertOwnerRemains(before, after, owner, others);
    expect(codeThrownBy(change)).toBe(refused ? 'staff.last-owner' : null);
  });
});

it('the order of roles and properties is no difference', () => {
  const [x, y, p, q] = [newId('rol'), newId('rol'), newId('prop'), newId('prop')];
  const one: AccessOf = { standing: active, roleIds: [x, y], properties: [p, q] };
  expect(sameAccess(one, { ...one, roleIds: [y, x], properties: [q, p] })).toBe(true);
  expect(sameAccess(one, { ...one, properties: 'all' })).toBe(false);
  expect(sameAccess(one, { ...one, roleIds: [x] })).toBe(false);
});
