import {
  archiveStaff,
  createRole,
  getMe,
  getStaff,
  inviteStaff,
  listStaff,
  renewStaffLink,
  resetTwoFactor,
  restoreStaff,
  staffAccessChanged,
  staffChanged,
  staffRestored,
  updateMe,
  updateRole,
  updateStaff,
  type PropertyScope,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { startService } from '@leasewire/testing';
import { identity } from '../../src/identity.service-definition.js';
import { cheapHashes, codeOf, IdentitySuite, winningPlanOf, type Org, type SignedInStaff } from './identity-suite.js';

let suite: IdentitySuite;
let org: Org;
const [p, q] = [newId('prop'), newId('prop')];
beforeAll(async () => {
  suite = await IdentitySuite.start();
  await startService(identity, cheapHashes); // a second replica: calls go to either
  org = await suite.org();
});

describe('nobody hands out more than they hold', () => {
  let manager: SignedInStaff;
  let limited: SignedInStaff;
  beforeAll(async () => {
    manager = await suite.joined(org, [org.roles.manager]);
    limited = await suite.joined(org, [org.roles.manager], [p]);
  });
  const newcomer = () => `new-${newId('x').slice(-10)}@example.com`;

  it.each<[string, () => SignedInStaff, () => string, PropertyScope, string]>([
    ['a manager invites an employee', () => manager, () => org.roles.employee, 'all', 'ok'],
    ['a manager invites a manager', () => manager, () => org.roles.manager, 'all', 'ok'],
    ['a manager invites an owner', () => manager, () => org.roles.owner, 'all', 'staff.beyond-own-permissions'],
    ['a manager of one property invites for it', () => limited, () => org.roles.employee, [p], 'ok'],
    [
      'a manager of one property invites for another',
      () => limited,
      () => org.roles.employee,
      [p, q],
      'staff.beyond-own-permissions',
    ],
    ['a manager of one property invites for all', () => limited, () => org.roles.employee, 'all', 'staff.beyond-own-permissions'],
    ['an owner invites an owner', () => org.owner, () => org.roles.owner, 'all', 'ok'],
  ])('%s', async (_name, who, role, properties, expected) => {
    const input = { email: newcomer(), name: 'N', roleIds: [role() as `rol_${string}`], properties };
    expect(await codeOf(suite.call(who().actor, inviteStaff, input))).toBe(expected);
  });

  it('nor touches somebody who holds more: no edit, link, address, archive, second factor', async () => {
    const everywhere = await suite.joined(org, [org.roles.employee]);
    for (const [actor, staffId] of [
      [manager.actor, org.owner.staffId],
      [limited.actor, everywhere.staffId],
    ] as const) {
      const tries = [
        suite.call(actor, updateStaff, { staffId, name: 'Taken Over' }),
        suite.call(actor, updateStaff, { staffId, email: newcomer() }),
        suite.call(actor, updateStaff, { staffId, roleIds: [org.roles.employee] }),
        suite.call(actor, renewStaffLink, { staffId }),
        suite.call(actor, resetTwoFactor, { staffId }),
        suite.call(actor, archiveStaff, { staffId }),
      ];
      for (const tried of tries) expect(await codeOf(tried)).toMatch(/^(staff\.beyond-own-permissions)$/);
    }
    await suite.call(org.owner.actor, archiveStaff, { staffId: everywhere.staffId });
    expect(await codeOf(suite.call(limited.actor, restoreStaff, { staffId: everywhere.staffId }))).toBe(
      'staff.beyond-own-permissions',
    );
  });

  it('nor lifts themself', async () => {
    const staffId = manager.staffId;
    expect(await codeOf(suite.call(manager.actor, updateStaff, { staffId, roleIds: [org.roles.owner] }))).toBe(
      'staff.beyond-own-permissions',
    );
    expect(await codeOf(suite.call(limited.actor, updateStaff, { staffId: limited.staffId, properties: 'all' }))).toBe(
      'staff.beyond-own-permissions',
    );
    expect(await codeOf(suite.call(limited.actor, updateStaff, { staffId: limited.staffId, name: 'Lim' }))).toBe('ok');
  });

  it('nor by roles: what is in one, was in one, or holds where they may not', async () => {
    const keeper = await suite.joinedWith(org, { 'accounts.roles': 'full', 'network.wifi': 'view' });
    const somewhere = await suite.joinedWith(org, { 'accounts.roles': 'full', 'network.wifi': 'view' }, [p]);
    const mine = await suite.call(keeper.actor, createRole, { name: newId('x'), permissions: { 'network.wifi': 'view' } });
    const edit = (permissions: object, roleId = mine.id) => codeOf(suite.call(keeper.actor, updateRole, { roleId, permissions }));
    expect(
      await codeOf(suite.call(keeper.actor, createRole, { name: newId('x'), permissions: { 'network.wifi': 'full' } })),
    ).toBe('staff.beyond-own-permissions');
    expect(await edit({ 'network.wifi': 'full' })).toBe('staff.beyond-own-permissions');
    expect(await edit({ 'network.wifi': 'none' })).toBe('ok');
    expect(await edit({}, org.roles.manager)).toBe('staff.beyond-own-permissions');
    expect(await codeOf(suite.call(somewhere.actor, createRole, { name: newId('x'), permissions: {} }))).toBe(
      'staff.beyond-own-permissions',
    );
  });

  it('by what identity knows now, not by what the gateway knew a moment ago', async () => {
    const fading = await suite.joined(org, [org.roles.manager]);
    await suite.call(org.owner.actor, updateStaff, { staffId: fading.staffId, roleIds: [org.roles.employee] });
    const input = { email: newcomer(), name: 'N', roleIds: [org.roles.employee] };
    expect(await codeOf(suite.call(fading.actor, inviteStaff, input))).toBe('forbidden');
    await suite.call(org.owner.actor, archiveStaff, { staffId: fading.staffId });
    expect(await codeOf(suite.call(fading.actor, inviteStaff, input))).toBe('unauthenticated');
  });
});

describe('one owner remains', () => {
  const owners = (of: Org) =>
    suite.db.db
      .collection('staff')
      .countDocuments({ orgId: of.orgId, roleIds: of.roles.owner, 'standing.state': 'active', properties: 'all' });

  it.each([
    [
      'demoted',
      (of: Org) => suite.call(of.owner.actor, updateStaff, { staffId: of.owner.staffId, roleIds: [of.roles.employee] }),
    ],
    ['archived', (of: Org) => suite.call(of.owner.actor, archiveStaff, { staffId: of.owner.staffId })],
    ['limited', (of: Org) => suite.call(of.owner.actor, updateStaff, { staffId: of.owner.staffId, properties: [p] })],
  ])('the last is not %s', async (_how, change) => {
    const alone = await suite.org();
    await suite.call(alone.owner.actor, inviteStaff, { email: 'soon@example.com', name: 'Soon', roleIds: [alone.roles.owner] }); // not here yet
    expect(await codeOf(change(alone))).toBe('staff.last-owner');
  });

  it('when two take it from each other, or both leave, at the same moment', async () => {
    for (let round = 0; round < 6; round++) {
      const pair = await suite.org();
      const [a, b] = [pair.owner, await suite.joined(pair, [pair.roles.owner])];
      const demote = (by: SignedInStaff, whom: SignedInStaff) =>
        codeOf(
          round % 2
            ? suite.call(by.actor, updateStaff, { staffId: whom.staffId, roleIds: [pair.roles.employee] })
            : suite.call(by.actor, archiveStaff, { staffId: whom.staffId }),
        );
      const codes = await Promise.all(round % 4 < 2 ? [demote(a, b), demote(b, a)] : [demote(a, a), demote(b, b)]);
      expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
      expect(await owners(pair)).toBe(1);
    }
  });
});

describe('editing', () => {
  it('tells details and access apart, and nothing when nothing changed', async () => {
    const { staffId, email } = await suite.joined(org, [org.roles.employee]);
    const edit = (change: object) => suite.call(org.owner.actor, updateStaff, { staffId, ...change });
    await edit({ name: 'Sam  Staff', locale: 'de-DE' });
    expect((await suite.hears(staffChanged, staffId)).data).toMatchObject({ staff: { locale: 'de-DE', email } });
    expect(suite.events(staffAccessChanged, staffId)).toHaveLength(0);
    const after = await edit({ properties: [p, q] });
    expect((await suite.hears(staffAccessChanged, staffId)).data).toEqual({ staff: after });
    const same = await edit({ properties: [q, p], locale: 'de-DE' });
    expect(same.version).toBe(after.version);
    expect(await codeOf(edit({ name: 'X', version: after.version - 1 }))).toBe('conflict.version');
    expect(await codeOf(edit({ roleIds: [newId('rol')] }))).toBe('not-found');
    expect(await codeOf(edit({ email: org.owner.email.toUpperCase() }))).toBe('staff.email-taken');
  });

  it('oneself: name and language, no more', async () => {
    const { actor, staffId } = await suite.joined(org, [org.roles.employee]);
    const me = await suite.call(actor, updateMe, { name: 'Sammy', locale: 'fr-FR' });
    expect(me).toMatchObject({ name: 'Sammy', locale: 'fr-FR' });
    expect(await codeOf(suite.call(actor, updateMe, { name: 'X', version: me.version - 1 }))).toBe('conflict.version');
    expect(await suite.call(actor, getMe, {})).toMatchObject({
      staff: me,
      apiKey: null,
      properties: 'all',
      permissions: { 'residence.residence': 'full' },
    });
    await suite.hears(staffChanged, staffId);
  });

  it('archived, they are restored as they were and cannot be edited meanwhile', async () => {
    const { staffId } = await suite.joined(org, [org.roles.employee], [p]);
    await suite.call(org.owner.actor, archiveStaff, { staffId });
    expect(await codeOf(suite.call(org.owner.actor, updateStaff, { staffId, name: 'X' }))).toBe('conflict.state');
    const again = await suite.call(org.owner.actor, archiveStaff, { staffId });
    const restored = await suite.call(org.owner.actor, restoreStaff, { staffId });
    expect(restored).toEqual({ ...again, state: 'active', version: again.version + 1, updatedAt: restored.updatedAt });
    await suite.hears(staffRestored, staffId);
  });
});

describe('the list of staff', () => {
  let crowd: Org;
  const names = ['Ana Reyes', 'Ána María Ruiz', 'bob Stone', 'Céline Dûpont', 'Zoë Adams', 'Émile Roux'];
  beforeAll(async () => {
    crowd = await suite.org();
    for (const [at, name] of names.entries())
      await suite.call(crowd.owner.actor, inviteStaff, {
        email: `p${at}.x+y@crowd.example`,
        name,
        roleIds: [at % 2 ? crowd.roles.employee : crowd.roles.manager],
        properties: [p],
      });
  });
  const list = (input: object) => suite.call(crowd.owner.actor, listStaff, input);
  const namesOf = async (input: object) => (await list(input)).items.map((staff) => staff.name);

  it('is sorted as people sort names', async () => {
    const sorted = ['Ána María Ruiz', 'Ana Reyes', 'bob Stone', 'Céline Dûpont', 'Émile Roux', 'Olga Owner', 'Zoë Adams'];
    expect(await namesOf({})).toEqual(sorted);
    expect(await namesOf({ sort: '-name' })).toEqual([...sorted].reverse());
    expect(await namesOf({ sort: 'createdAt' })).toEqual(['Olga Owner', ...names]);
    expect((await namesOf({ sort: '-lastSignInAt' }))[0]).toBe('Olga Owner');
    expect((await namesOf({ sort: 'lastSignInAt' })).at(-1)).toBe('Olga Owner');
  });

  it.each([
    ['ana', ['Ána María Ruiz', 'Ana Reyes']],
    ['ÁNA m', ['Ána María Ruiz']],
    ['dupont', ['Céline Dûpont']],
    ['p3.x+', ['Céline Dûpont']],
    ['x', []],
    ['.', []],
  ])('finds by “%s”', async (search, expected) => {
    expect(await namesOf({ search })).toEqual(expected);
  });

  it('filters, counts and pages without repeating or skipping', async () => {
    expect(await list({ state: 'active', withTotal: true })).toMatchObject({ total: 1, items: [{ name: 'Olga Owner' }] });
    expect(await namesOf({ roleId: crowd.roles.manager, state: 'invited' })).toEqual(['Ana Reyes', 'bob Stone', 'Zoë Adams']);
    for (const sort of ['name', '-name', 'createdAt', '-createdAt', 'lastSignInAt', '-lastSignInAt']) {
      const seen: string[] = [];
      for (let cursor: string | undefined | null; cursor !== null;) {
        const page = await list({ sort, limit: 2, ...(cursor && { cursor }) });
        seen.push(...page.items.map((staff) => staff.id));
        cursor = page.nextCursor;
      }
      expect(new Set(seen).size).toBe(7);
      expect(seen).toHaveLength(7);
    }
    const { nextCursor } = await list({ limit: 1 });
    expect(await codeOf(list({ limit: 1, sort: '-name', cursor: nextCursor! }))).toBe('cursor.invalid');
  });

  it.each([
    ['nothing', {}],
    ['a state', { 'standing.state': 'invited' }],
    ['a role', { roleIds: 'rol_x' }],
    ['a search', { search: /^ana/ }],
  ])('never reads the whole collection, asked for %s', async (_what, filter) => {
    const collection = suite.db.db.collection('staff');
    for (const field of ['nameKey', 'createdAt', 'lastSignInAt'])
      for (const direction of [1, -1] as const) {
        const plan = await collection
          .find({ orgId: crowd.orgId, ...filter }, { sort: { [field]: direction, _id: direction }, limit: 51 })
          .explain('queryPlanner');
        expect(winningPlanOf(plan)).not.toContain('COLLSCAN');
      }
  });

  it('is the whole organization, also for someone limited to a property: staff belong to the organization', async () => {
    const limited = await suite.joined(crowd, [crowd.roles.manager], [q]);
    expect((await suite.call(limited.actor, listStaff, { limit: 200 })).items.map((staff) => staff.name)).toContain('Ana Reyes');
    expect(await codeOf(suite.call(limited.actor, getStaff, { staffId: crowd.owner.staffId }))).toBe('ok');
  });
});
