import {
  apiKeyCreated,
  apiKeyExpired,
  apiKeyRevoked,
  archiveStaff,
  changePassword,
  createApiKey,
  getApiKey,
  getMe,
  inviteStaff,
  listApiKeys,
  listSessions,
  resolveApiKey,
  revokeApiKey,
  updateMe,
  type InputOf,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { eventually } from '@leasewire/testing';
import { codeOf, IdentitySuite, nobody, password, winningPlanOf, type Org } from './identity-suite.js';

let suite: IdentitySuite;
let org: Org;
const p = newId('prop');
beforeAll(async () => {
  suite = await IdentitySuite.start();
  org = await suite.org();
});

const create = (more: Partial<InputOf<typeof createApiKey>> = {}, actor = org.owner.actor, options = {}) =>
  suite.call(actor, createApiKey, { name: 'Billing export', permissions: { 'residence.residence': 'view' }, ...more }, options);
const resolve = (key: string) => suite.call(nobody, resolveApiKey, { key });
async function actorWith(key: string): Promise<Actor> {
  const { ref, orgId, permissions, properties, name } = await resolve(key);
  return { ref, orgId, permissions, properties, name };
}

describe('an API key', () => {
  it('is shown once, says what it may, and is kept as a hash', async () => {
    const made = await create({ properties: [p] }, org.owner.actor, { idempotencyKey: 'key' });
    expect(made.key).toMatch(new RegExp(`^${made.prefix}_`));
    expect(await create({ properties: [p] }, org.owner.actor, { idempotencyKey: 'key' })).toEqual(made);
    expect(await resolve(made.key)).toEqual({
      ref: `api-key:${made.id}`,
      orgId: org.orgId,
      name: 'Billing export',
      permissions: { 'residence.residence': 'view' },
      properties: [p],
      roleIds: [],
      sessionId: null,
      expiresAt: null,
    });
    expect(JSON.stringify(await suite.hears(apiKeyCreated, made.id))).not.toContain(made.key);
    for (const name of ['api_keys', 'idempotency', 'outbox'])
      expect(JSON.stringify(await suite.db.db.collection(name).find().toArray())).not.toContain(made.key);
  });

  it('is not valid when any of it is not', async () => {
    const { key, prefix } = await create();
    for (const wrong of [
      '',
      'lw_',
      prefix,
      `${key}0`,
      key.slice(0, -1),
      `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`,
      key.toUpperCase(),
    ])
      expect(await codeOf(resolve(wrong))).toBe('unauthenticated');
  });

  it('revoked holds no more; revoking again changes nothing', async () => {
    const { key, id } = await create();
    const revoked = await suite.call(org.owner.actor, revokeApiKey, { apiKeyId: id });
    expect(revoked.revokedAt).not.toBeNull();
    expect(await codeOf(resolve(key))).toBe('unauthenticated');
    expect(await suite.call(org.owner.actor, revokeApiKey, { apiKeyId: id })).toEqual(revoked);
    await suite.hears(apiKeyRevoked, id);
  });

  it('expires at its time, and that is told', async () => {
    expect(await codeOf(create({ expiresAt: new Date(Date.now() - 1).toISOString() }))).toBe('invalid-input');
    const { key, id } = await create({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
    expect(await codeOf(resolve(key))).toBe('ok');
    const past = new Date(Date.now() - 1000);
    await suite.db.db
      .collection<{ _id: string }>('api_keys')
      .updateOne({ _id: id }, { $set: { expiresAt: past, 'due.at': past } });
    expect(await codeOf(resolve(key))).toBe('unauthenticated');
    await suite.hears(apiKeyExpired, id);
  });

  it('holds no more than whoever makes it', async () => {
    const keeper = await suite.joinedWith(org, { 'accounts.api-keys': 'full', 'network.wifi': 'view' }, [p]);
    const tries = {
      ok: { permissions: { 'network.wifi': 'view' }, properties: [p] },
      permission: { permissions: { 'network.wifi': 'full' }, properties: [p] },
      property: { permissions: { 'network.wifi': 'view' }, properties: 'all' },
    } as const;
    expect(await codeOf(create({ ...tries.ok, properties: [p] }, keeper.actor))).toBe('ok');
    expect(await codeOf(create({ ...tries.permission, properties: [p] }, keeper.actor))).toBe('staff.beyond-own-permissions');
    expect(await codeOf(create(tries.property, keeper.actor))).toBe('staff.beyond-own-permissions');
  });

  it('survives whoever made it, and the list says that they left', async () => {
    const keeper = await suite.joinedWith(org, { 'accounts.api-keys': 'full' });
    const { key, id } = await create({ permissions: { 'accounts.api-keys': 'view' } }, keeper.actor);
    expect(await suite.call(org.owner.actor, getApiKey, { apiKeyId: id })).toMatchObject({
      creatorName: 'Sam Staff',
      creatorArchived: false,
    });
    await suite.call(org.owner.actor, archiveStaff, { staffId: keeper.staffId });
    expect(await codeOf(resolve(key))).toBe('ok');
    const { items } = await suite.call(org.owner.actor, listApiKeys, {});
    expect(items[0]).toMatchObject({ id, creatorArchived: true });
  });

  it('is used noted to the minute, without a write for each use', async () => {
    const { key, id } = await create();
    const lastUsed = async () => (await suite.call(org.owner.actor, getApiKey, { apiKeyId: id })).lastUsedAt;
    await resolve(key);
    await eventually(async () => expect(await lastUsed()).not.toBeNull());
    const noted = await lastUsed();
    await resolve(key);
    await resolve(key);
    expect(await lastUsed()).toBe(noted);
  });

  it('acts for itself: it may invite within what it holds, and has no account', async () => {
    const { key, id } = await create({ permissions: { 'accounts.staff': 'full', 'residence.residence': 'full' } });
    const actor = await actorWith(key);
    expect(await suite.call(actor, getMe, {})).toMatchObject({
      staff: null,
      apiKey: { id },
      permissions: { 'accounts.staff': 'full' },
    });
    const input = { email: 'bykey@example.com', name: 'K' };
    expect(await codeOf(suite.call(actor, inviteStaff, { ...input, roleIds: [org.roles.employee] }))).toBe(
      'staff.beyond-own-permissions',
    );
    for (const own of [
      suite.call(actor, updateMe, { name: 'X' }),
      suite.call(actor, changePassword, { current: password, password: 'velvet crane noon' }),
      suite.call(actor, listSessions, {}),
    ])
      expect(await codeOf(own)).toBe('forbidden');
    await suite.call(org.owner.actor, revokeApiKey, { apiKeyId: id });
    expect(await codeOf(suite.call(actor, inviteStaff, { ...input, roleIds: [org.roles.employee] }))).toBe('unauthenticated');
  });

  it('is found by its prefix: no scan', async () => {
    const plan = await suite.db.db.collection('api_keys').find({ prefix: 'lw_x' }).explain('queryPlanner');
    expect(winningPlanOf(plan)).toContain('IXSCAN');
  });
});
