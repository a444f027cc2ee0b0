import {
  archiveStaff,
  createRole,
  getRole,
  getStaff,
  getOrganization,
  inviteStaff,
  listRoles,
  organizationChanged,
  removeRole,
  roleChanged,
  roleCreated,
  roleRemoved,
  staffAccessChanged,
  updateOrganization,
  updateRole,
  updateStaff,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { codeOf, IdentitySuite, type Org } from './identity-suite.js';

let suite: IdentitySuite;
let org: Org;
beforeAll(async () => {
  suite = await IdentitySuite.start();
  org = await suite.org();
});
const create = (name: string = newId('x')) =>
  suite.call(org.owner.actor, createRole, { name, permissions: { 'network.wifi': 'full' } });

describe('roles', () => {
  it('are listed presets first, each with how many hold it', async () => {
    await create('Aardvark desk');
    const { items } = await suite.call(org.owner.actor, listRoles, {});
    expect(items.map(({ name, holders }) => [name, holders])).toEqual([
      ['Owner', 1],
      ['Manager', 0],
      ['Employee', 0],
      ['Aardvark desk', 0],
    ]);
    const first = await suite.call(org.owner.actor, listRoles, { limit: 3 });
    expect((await suite.call(org.owner.actor, listRoles, { limit: 3, cursor: first.nextCursor! })).items).toHaveLength(1);
  });

  it('are created, changed and removed, each told', async () => {
    const role = await create('Leasing desk');
    await suite.hears(roleCreated, role.id);
    const changed = await suite.call(org.owner.actor, updateRole, {
      roleId: role.id,
      name: 'Leasing',
      permissions: { 'residence.residence': 'full' },
      version: role.version,
    });
    expect(changed).toMatchObject({ name: 'Leasing', permissions: { 'residence.residence': 'full' }, version: role.version + 1 });
    expect((await suite.hears(roleChanged, role.id)).data).toEqual({ role: changed });
    expect(await codeOf(suite.call(org.owner.actor, updateRole, { roleId: role.id, name: 'Late', version: role.version }))).toBe(
      'conflict.version',
    );
    await suite.call(org.owner.actor, removeRole, { roleId: role.id });
    expect((await suite.hears(roleRemoved, role.id)).version.version).toBe(changed.version + 1);
    expect(await codeOf(suite.call(org.owner.actor, getRole, { roleId: role.id }))).toBe('not-found');
  });

  it('have names of their own, whatever the case', async () => {
    await create('Façade team');
    expect(await codeOf(create('FACADE TEAM'))).toBe('role.name-taken');
    const other = await create();
    expect(await codeOf(suite.call(org.owner.actor, updateRole, { roleId: other.id, name: 'facade team' }))).toBe(
      'role.name-taken',
    );
  });

  it.each([
    ['owner', 'role.preset-fixed', 'role.preset-fixed'],
    ['manager', 'ok', 'role.preset-fixed'],
    ['employee', 'ok', 'role.preset-fixed'],
  ] as const)('of preset %s: changing gives %s, removing %s', async (preset, onChange, onRemove) => {
    const roleId = org.roles[preset];
    expect(await codeOf(suite.call(org.owner.actor, updateRole, { roleId, permissions: { 'accounts.staff': 'view' } }))).toBe(
      onChange,
    );
    expect(await codeOf(suite.call(org.owner.actor, removeRole, { roleId }))).toBe(onRemove);
  });

  it('changed hold at once for whoever has them', async () => {
    const role = await create();
    const staff = await suite.joined(org, [role.id]);
    await suite.call(org.owner.actor, updateRole, { roleId: role.id, permissions: {} });
    expect((await suite.actorOf(staff.sessionId)).permissions).toEqual({});
  });

  it('that somebody holds are not removed, archived holders lose them', async () => {
    const role = await create();
    const staff = await suite.joined(org, [role.id, org.roles.employee]);
    expect(await codeOf(suite.call(org.owner.actor, removeRole, { roleId: role.id }))).toBe('role.in-use');
    await suite.call(org.owner.actor, archiveStaff, { staffId: staff.staffId });
    expect(await codeOf(suite.call(org.owner.actor, removeRole, { roleId: role.id }))).toBe('ok');
    expect(await suite.call(org.owner.actor, getStaff, { staffId: staff.staffId })).toMatchObject({
      roleIds: [org.roles.employee],
    });
    await suite.hears(staffAccessChanged, staff.staffId);
  });

  it('removed while they are handed out leave nobody with a role that is not there', async () => {
    const staff = await suite.joined(org, [org.roles.employee]);
    for (let round = 0; round < 6; round++) {
      const role = await create();
      const give =
        round % 2
          ? suite.call(org.owner.actor, inviteStaff, { email: `r${round}@example.com`, name: 'R', roleIds: [role.id] })
          : suite.call(org.owner.actor, updateStaff, { staffId: staff.staffId, roleIds: [role.id] });
      const codes = await Promise.all([codeOf(give), codeOf(suite.call(org.owner.actor, removeRole, { roleId: role.id }))]);
      expect([
        ['ok', 'role.in-use'],
        ['not-found', 'ok'],
      ]).toContainEqual(codes);
    }
  });
});

it('an organization is renamed', async () => {
  const { version } = await suite.call(org.owner.actor, getOrganization, {});
  const renamed = await suite.call(org.owner.actor, updateOrganization, { name: 'New Name', version });
  expect(renamed).toMatchObject({ id: org.orgId, name: 'New Name', version: version + 1 });
  expect((await suite.hears(organizationChanged, org.orgId)).data).toEqual({ organization: renamed });
  expect(await codeOf(suite.call(org.owner.actor, updateOrganization, { name: 'Other', version }))).toBe('conflict.version');
  expect(await suite.call(org.owner.actor, updateOrganization, { name: 'New Name' })).toEqual(renamed);
});
