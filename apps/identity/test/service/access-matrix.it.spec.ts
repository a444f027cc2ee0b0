import {
  createApiKey,
  createRole,
  identityRpcs,
  permissionKeys,
  splitPermission,
  type ApiKeyId,
  type Permission,
  type Permissions,
  type RoleId,
  type RpcContract,
  type StaffId,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { codeOf, IdentitySuite, nobody, password, type Org } from './identity-suite.js';

interface Things {
  staffId: StaffId;
  roleId: RoleId;
  apiKeyId: ApiKeyId;
  sessionId: `ses_${string}`;
  email: string;
}

let suite: IdentitySuite;
let own: Org;
let foreign: Org;
let mine: Things;
let theirs: Things;
beforeAll(async () => {
  suite = await IdentitySuite.start();
  [own, foreign] = [await suite.org(), await suite.org()];
  [mine, theirs] = [await thingsOf(own), await thingsOf(foreign)];
});

async function thingsOf(org: Org): Promise<Things> {
  const role = await suite.call(org.owner.actor, createRole, { name: 'A role', permissions: {} });
  const key = await suite.call(org.owner.actor, createApiKey, { name: 'A key', permissions: {} });
  const staff = await suite.joined(org, [role.id]);
  return { staffId: staff.staffId, roleId: role.id, apiKeyId: key.id, sessionId: staff.sessionId, email: staff.email };
}

/** One call of every RPC, about these things. A new RPC without a line here fails every test. */
const inputs: Record<string, (things: Things) => object> = {
  'identity.sign-in': ({ email }) => ({ email, password, address: '10.9.9.9', userAgent: '' }),
  'identity.refresh-session': () => ({ refreshToken: 'x', address: '', userAgent: '' }),
  'identity.resolve-session': ({ sessionId }) => ({ sessionId }),
  'identity.resolve-api-key': () => ({ key: 'x' }),
  'identity.request-password-reset': ({ email }) => ({ email, address: '', userAgent: '' }),
  'identity.show-link': () => ({ token: 'x'.repeat(43) }),
  'identity.accept-link': () => ({ token: 'x'.repeat(43), password }),
  'identity.snapshot': () => ({}),
  'identity.get-me': () => ({}),
  'identity.update-me': () => ({ name: 'Me' }),
  'identity.change-password': () => ({ current: password, password }),
  'identity.start-two-factor': () => ({ password }),
  'identity.confirm-two-factor': () => ({ code: '123456' }),
  'identity.disable-two-factor': () => ({ password, code: '123456' }),
  'identity.renew-recovery-codes': () => ({ password }),
  'identity.list-sessions': ({ staffId }) => ({ staffId }),
  'identity.end-session': ({ sessionId }) => ({ sessionId }),
  'identity.end-sessions': ({ staffId }) => ({ staffId }),
  'identity.list-staff': ({ roleId }) => ({ roleId }),
  'identity.get-staff': ({ staffId }) => ({ staffId }),
  'identity.invite-staff': ({ roleId }) => ({ email: `m-${newId('x').slice(-8)}@example.com`, name: 'M', roleIds: [roleId] }),
  'identity.renew-staff-link': ({ staffId }) => ({ staffId }),
  'identity.update-staff': ({ staffId }) => ({ staffId, name: 'Changed' }),
  'identity.archive-staff': ({ staffId }) => ({ staffId }),
  'identity.restore-staff': ({ staffId }) => ({ staffId }),
  'identity.reset-two-factor': ({ staffId }) => ({ staffId }),
  'identity.list-roles': () => ({}),
  'identity.get-role': ({ roleId }) => ({ roleId }),
  'identity.create-role': () => ({ name: newId('x'), permissions: {} }),
  'identity.update-role': ({ roleId }) => ({ roleId, name: newId('x') }),
  'identity.remove-role': ({ roleId }) => ({ roleId }),
  'identity.get-organization': () => ({}),
  'identity.update-organization': () => ({ name: 'Renamed' }),
  'identity.preview-close-organization': () => ({}),
  'identity.close-organization': () => ({ name: 'Not its name', residents: 'keep' }),
  'identity.keep-organization': () => ({}),
  'identity.list-api-keys': () => ({}),
  'identity.get-api-key': ({ apiKeyId }) => ({ apiKeyId }),
  'identity.create-api-key': () => ({ name: 'K', permissions: {} }),
  'identity.set-resident-password': ({ email }) => ({ personId: newId('per'), email, name: 'R', password }),
  'identity.open-resident-account': () => ({ personId: newId('per') }),
  'identity.sign-in-resident': ({ email }) => ({ email, password, address: '10.9.9.9', userAgent: '' }),
  'identity.choose-resident': () => ({ choice: 'x', personId: newId('per'), address: '', userAgent: '' }),
  'identity.enter-resident-session': () => ({ refreshToken: 'x', address: '', userAgent: '' }),
  'identity.request-resident-password-reset': ({ email }) => ({ email, address: '', userAgent: '' }),
  'identity.show-resident-link': () => ({ token: 'x'.repeat(43) }),
  'identity.accept-resident-reset': () => ({ token: 'x'.repeat(43), password }),
  'identity.confirm-resident-email': () => ({ token: 'x'.repeat(43), password }),
  'identity.change-resident-password': () => ({ current: password, password }),
  'identity.request-resident-email': () => ({ current: password, email: 'new@example.com' }),
  'identity.set-resident-language': () => ({ locale: 'es-US' }),
  'identity.close-resident-account': () => ({ current: password }),
  'identity.list-resident-sessions': () => ({}),
  'identity.end-resident-session': ({ sessionId }) => ({ sessionId }),
  'identity.list-sessions-of-resident': () => ({ residentId: newId('res') }),
  'identity.end-sessions-of-resident': ({ sessionId }) => ({ residentId: newId('res'), sessionId }),
  'identity.start-resident-view': () => ({ residentId: newId('res'), reason: 'They asked for help' }),
  'identity.enter-resident-view': () => ({ token: 'x' }),
  'identity.end-resident-view': () => ({ token: 'x' }),
  'identity.revoke-api-key': ({ apiKeyId }) => ({ apiKeyId }),
};
function inputOf({ name }: RpcContract, things: Things): object {
  const make = inputs[name];
  if (!make) throw new Error(`${name} has no input here: add a line to the table`);
  return make(things);
}
const call = (actor: Actor, contract: RpcContract, things: Things) => suite.call(actor, contract, inputOf(contract, things));
const codeFor = (actor: Actor, contract: RpcContract, things: Things) => codeOf(call(actor, contract, things));

const all: readonly RpcContract[] = identityRpcs;
const sample: Things = {
  staffId: newId('stf'),
  roleId: newId('rol'),
  apiKeyId: newId('key'),
  sessionId: newId('ses'),
  email: 'x@y.example',
};
const namesAThing = all.filter((rpc) => /Id"/.test(JSON.stringify(inputOf(rpc, sample))) && rpc.permission !== 'service');

describe('another organization', () => {
  const counted = async () => {
    const names = ['organizations', 'staff', 'roles', 'api_keys', 'sessions', 'links', 'credentials'];
    const rows = names.map((name) => suite.db.db.collection(name).find({ orgId: foreign.orgId }).sort({ _id: 1 }).toArray());
    return JSON.stringify(await Promise.all(rows));
  };

  it.each(namesAThing.map((rpc) => [rpc.name, rpc] as const))(
    '%s about its things finds nothing and changes nothing',
    async (name, rpc) => {
      const before = await counted();
      const outcome = await call(own.owner.actor, rpc, theirs).then(
        (answer) => JSON.stringify(answer),
        (error: { code: string }) => error.code,
      );
      if (name === 'identity.list-staff') expect(outcome).toBe('{"items":[],"nextCursor":null}');
      else if (name === 'identity.end-sessions') expect(outcome).toBe('not-found');
      else expect(outcome).toBe('not-found');
      expect(await counted()).toBe(before);
    },
  );

  it('does not show in any list', async () => {
    for (const rpc of all.filter(({ name }) => name.startsWith('identity.list-') && !name.includes('-sessions'))) {
      const text = JSON.stringify(await suite.call<RpcContract>(own.owner.actor, rpc, {}));
      for (const id of [foreign.orgId, theirs.staffId, theirs.roleId, theirs.apiKeyId]) expect(text).not.toContain(id);
    }
  });

  it('is not reached by an assertion of the right person for the wrong organization', async () => {
    const lost: Actor = { ...own.owner.actor, orgId: foreign.orgId };
    for (const rpc of all.filter(({ permission, does }) => permission !== 'service' && does === 'command'))
      expect([rpc.name, await codeFor(lost, rpc, theirs)]).toEqual([rpc.name, expect.not.stringMatching(/^ok$/)]);
  });
});

describe('without the permission', () => {
  const needing = all.filter((rpc) => rpc.permission !== 'service' && rpc.permission !== 'member');
  const everythingBut = (needed: Permission): Permissions => {
    const [key, level] = splitPermission(needed);
    return { ...Object.fromEntries(permissionKeys.map((one) => [one, 'full'])), [key]: level === 'full' ? 'view' : 'none' };
  };

  it.each(needing.map((rpc) => [rpc.name, rpc.permission as Permission, rpc] as const))(
    '%s is refused by the assertion (%s)',
    async (_name, needed, rpc) => {
      expect(await codeFor({ ...own.owner.actor, permissions: everythingBut(needed) }, rpc, mine)).toBe('forbidden');
    },
  );

  it('commands are refused by what identity knows, whatever the assertion says', async () => {
    const plain = await suite.joined(own, [mine.roleId]);
    for (const rpc of needing.filter(({ does }) => does === 'command'))
      expect([rpc.name, await codeFor({ ...plain.actor, permissions: 'all' }, rpc, mine)]).toEqual([rpc.name, 'forbidden']);
  });

  it.each(all.filter((rpc) => rpc.permission === 'service').map((rpc) => [rpc.name, rpc] as const))(
    '%s is for services only',
    async (_name, rpc) => {
      expect(await codeFor(own.owner.actor, rpc, mine)).toBe('forbidden');
    },
  );

  it.each(all.filter((rpc) => rpc.permission !== 'service').map((rpc) => [rpc.name, rpc] as const))(
    '%s is not for somebody without an organization',
    async (_name, rpc) => {
      expect(await codeFor(nobody, rpc, mine)).not.toBe('ok');
    },
  );
});

it('every RPC of the contract is answered', async () => {
  for (const rpc of all)
    expect([rpc.name, await codeFor(own.owner.actor, rpc, mine)]).toEqual([
      rpc.name,
      expect.not.stringMatching(/^(unavailable|timeout|internal)$/),
    ]);
});
