import {
  apiKeyRevoked,
  archiveStaff,
  closeOrganization,
  createApiKey,
  createRole,
  getRole,
  getStaff,
  getOrganization,
  inviteStaff,
  keepOrganization,
  listRoles,
  organizationChanged,
  organizationClosed,
  organizationClosing,
  organizationKept,
  previewCloseOrganization,
  resolveApiKey,
  resolveSession,
  removeRole,
  roleChanged,
  roleCreated,
  roleRemoved,
  staffAccessChanged,
  staffArchived,
  updateOrganization,
  updateRole,
  updateStaff,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually } from '@leasewire/testing';
import { ClosingService } from '../../src/closing/closing.service.js';
import { codeOf, IdentitySuite, nobody, type Org } from './identity-suite.js';

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

describe('an organization that is closed', () => {
  const close = async ({ orgId, owner }: Org, actor = owner.actor) => {
    const { name } = await suite.call(owner.actor, getOrganization, {});
    return suite.call(
      actor,
      closeOrganization,
      { name, residents: 'archive' },
      { idempotencyKey: `close-${orgId}-${actor.ref}` },
    );
  };

  it('is closed by an owner who types its name; what that means is shown before', async () => {
    const own = await suite.org();
    await suite.joined(own, [own.roles.manager]);
    const preview = await suite.call(own.owner.actor, previewCloseOrganization, {});
    expect(preview).toMatchObject({ staff: 2, invited: 0, apiKeys: 0, undoDays: 7 });
    expect(preview.sentences[0]).toBe('In 7 days all 2 staff members are signed out for good.');
    const wrong = { name: 'Another', residents: 'keep' as const };
    expect(await codeOf(suite.call(own.owner.actor, closeOrganization, wrong))).toBe('organization.name-differs');
    const almost = await suite.joinedWith(own, { 'accounts.organization': 'full' });
    expect(await codeOf(close(own, almost.actor))).toBe('organization.owners-only');
    expect((await suite.call(own.owner.actor, getOrganization, {})).closing).toBeNull();
  });

  it('works on for a week, in which any owner can keep it', async () => {
    const own = await suite.org();
    const closing = await close(own);
    expect(closing.closing).toMatchObject({ residents: 'archive', by: own.owner.actor.ref });
    await suite.hears(organizationClosing, own.orgId);
    expect(await codeOf(suite.call(nobody, resolveSession, { sessionId: own.owner.sessionId }))).toBe('ok');
    const second = await suite.joined(own, [own.roles.owner]);
    expect(await suite.call(second.actor, keepOrganization, {})).toMatchObject({ closing: null, closedAt: null });
    await suite.hears(organizationKept, own.orgId);
    const rows = await suite.db.db.collection('organizations').find({ orgId: own.orgId }).toArray();
    expect(rows[0]?.['due']).toBeUndefined();
  });

  it('then lets nobody in any more, and revokes the keys', async () => {
    const own = await suite.org();
    const colleague = await suite.joined(own, [own.roles.employee]);
    const key = await suite.call(own.owner.actor, createApiKey, { name: 'Billing', permissions: {} });
    await close(own);
    const past = new Date(Date.now() - 1000);
    await suite.db.db
      .collection('organizations')
      .updateOne({ orgId: own.orgId }, { $set: { 'closing.takesEffectAt': past, 'due.at': past } });
    const heard = await suite.hears(organizationClosed, own.orgId);
    expect(heard).toMatchObject({ data: { organization: { closing: { residents: 'archive' } } } });
    for (const { staffId } of [own.owner, colleague]) await suite.hears(staffArchived, staffId);
    await suite.hears(apiKeyRevoked, key.id);
    expect(await codeOf(suite.signIn(colleague.email))).toBe('sign-in.refused');
    expect(await codeOf(suite.call(nobody, resolveSession, { sessionId: own.owner.sessionId }))).toBe('session.ended');
    expect(await codeOf(suite.call(nobody, resolveApiKey, { key: key.key }))).toBe('unauthenticated');
    await eventually(async () => {
      const [row] = await suite.db.db.collection('organizations').find({ orgId: own.orgId }).toArray();
      expect(row?.['due']).toBeUndefined();
    });
    const operator = suite.service.get(ClosingService);
    await expect(operator.reopen(own.orgId, colleague.email)).rejects.toMatchObject({ code: 'not-found' });
    expect(await operator.reopen(own.orgId, own.owner.email)).toMatchObject({ closing: null, closedAt: null });
    expect(await codeOf(suite.signIn(own.owner.email))).toBe('ok');
    expect(await codeOf(suite.signIn(colleague.email))).toBe('sign-in.refused');
  });
});
