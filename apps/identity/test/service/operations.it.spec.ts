import {
  acceptLink,
  confirmTwoFactor,
  Heartbeat,
  heartbeatSubject,
  identitySnapshot,
  organizationCreated,
  roleCreated,
  showLink,
  signIn,
  staffInvited,
  staffJoined,
  startTwoFactor,
  type SnapshotQuery,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { runCommand } from '@leasewire/service-kit';
import { eventually, suiteDeployment } from '@leasewire/testing';
import { identity } from '../../src/identity.service-definition.js';
import { BootstrapService } from '../../src/organization/bootstrap.service.js';
import { demo } from '../../src/organization/demo.js';
import { fromBase32, stepAt, totp } from '../../src/two-factor/totp.rules.js';
import { cheapHashes, client, codeOf, IdentitySuite, nobody, password, tokenOf } from './identity-suite.js';

let suite: IdentitySuite;
beforeAll(async () => {
  suite = await IdentitySuite.start();
});

async function run(line: string[], env: Record<string, string> = {}): Promise<string> {
  const lines: string[] = [];
  const { environmentOf } = await suiteDeployment();
  await runCommand(identity, line, {
    env: { ...environmentOf('identity'), ...cheapHashes, ...env },
    process: false,
    print: (text) => lines.push(text),
    logTo: { write: () => undefined },
  });
  return lines.join('\n');
}

describe('create-organization', () => {
  const line = (email: string, name = 'Harbour Living') => [
    'create-organization',
    '--name',
    name,
    '--owner-email',
    email,
    '--owner-name',
    'Olga Owner',
  ];

  it('begins an organization and prints the link of its first owner', async () => {
    const said = await run(line('first@owner.example'));
    const [, orgId = '', url = ''] = /Began the organization Harbour Living \((org_\w+)\)[\s\S]*(http\S+)/.exec(said) ?? [];
    await suite.hears(organizationCreated, orgId);
    expect(await suite.call(nobody, showLink, { token: tokenOf(url) })).toMatchObject({
      purpose: 'invitation',
      organization: 'Harbour Living',
    });
    await suite.call(nobody, acceptLink, { token: tokenOf(url), password });
    const owner = await suite.signIn('first@owner.example');
    const actor = await suite.actorOf(owner.sessionId);
    expect(actor).toMatchObject({ orgId, properties: 'all', permissions: { 'accounts.roles': 'full' } });
    await eventually(() => expect(suite.events(roleCreated).filter((fact) => fact.orgId === orgId)).toHaveLength(3));
  });

  it('typed again finds the same one; an owner who has not joined gets a new link', async () => {
    const first = await run(line('again@owner.example'));
    const second = await run(line('Again@Owner.example', 'harbour  living'));
    expect(second).toMatch(/^Found the organization/);
    expect(/\((org_\w+)\)/.exec(second)?.[1]).toBe(/\((org_\w+)\)/.exec(first)?.[1]);
    const url = /http\S+/.exec(second)?.[0] ?? '';
    await suite.call(nobody, acceptLink, { token: tokenOf(url), password });
    expect(await codeOf(suite.call(nobody, showLink, { token: tokenOf(/http\S+/.exec(first)?.[0] ?? '') }))).toBe('link.invalid');
    expect(await run(line('again@owner.example'))).toMatch(/signs in with their password/);
  });

  it('typed twice at the same moment begins one', async () => {
    const bootstrap = suite.service.get(BootstrapService);
    const begin = () => bootstrap.begin('Twice Homes', { email: 'twice@owner.example', name: 'T', locale: 'en-US', password });
    const begun = await Promise.all([begin(), begin(), begin()]);
    expect(new Set(begun.map((one) => one.organization._id)).size).toBe(1);
    expect(begun.filter((one) => one.created)).toHaveLength(1);
  });

  it.each([
    ['no address', ['create-organization', '--name', 'X', '--owner-name', 'Y']],
    ['a wrong address', line('not an address')],
  ])('says what is wrong: %s', async (_what, wrong) => {
    await expect(run(wrong)).rejects.toThrow(/--owner-email/);
  });
});

describe('recover-staff', () => {
  it('lets somebody in again whom nobody else can help', async () => {
    const org = await suite.org();
    const { secret } = await suite.call(org.owner.actor, startTwoFactor, { password });
    await suite.call(org.owner.actor, confirmTwoFactor, { code: totp(fromBase32(secret), stepAt(new Date())) });
    const line = ['recover-staff', '--email', org.owner.email, '--organization', org.orgId];
    const url = /http\S+/.exec(await run([...line, '--without-second-factor']))?.[0] ?? '';
    await suite.call(nobody, acceptLink, { token: tokenOf(url), password: 'violet cranes at noon' });
    expect(await codeOf(suite.signIn(org.owner.email, { password: 'violet cranes at noon' }))).toBe('ok');
    await expect(run([...line, '--without-second-factor'])).rejects.toThrow(/no second factor/);
    await expect(run(['recover-staff', '--email', 'nobody@example.com', '--organization', org.orgId])).rejects.toThrow(
      /nobody@example.com/,
    );
  });
});

describe('the demo', () => {
  it('is two organizations with sign-ins that work, however often it is made', async () => {
    const said = JSON.parse(await run(['seed-demo'])) as {
      organization: { name: string };
      signIns: { email: string; password: string; role: string }[];
    };
    expect(said.organization.name).toBe('Harbour Living');
    expect(said.signIns.map(({ role }) => role)).toEqual(['owner', 'manager', 'employee', 'owner']);
    expect(JSON.parse(await run(['seed-demo']))).toEqual(said);
    for (const one of said.signIns)
      expect(
        await suite.call(nobody, signIn, { email: one.email, password: one.password, address: suite.address(), ...client }),
      ).toMatchObject({ staff: { state: 'active' } });
    expect(suite.events(staffInvited).filter((fact) => JSON.stringify(fact.data).includes('@summit.example'))).toEqual([]);
    const joined = suite.events(staffJoined).filter((fact) => JSON.stringify(fact.data).includes('@harbour.example'));
    expect(joined).toHaveLength(demo[0].staff.length);
  });

  it('is refused in production', async () => {
    await expect(run(['seed-demo'], { NODE_ENV: 'production' })).rejects.toThrow(/not for NODE_ENV=production/);
  });
});

describe('the heartbeat', () => {
  it('says each second how far events have come', async () => {
    const beats: Heartbeat[] = [];
    const subscription = suite.gateway.nats.subscribe(heartbeatSubject, {
      callback: (_error, message) => {
        beats.push(Heartbeat.parse(message.json()));
      },
    });
    await suite.org();
    const said = await suite.gateway.bus.position('identity').catch(() => undefined);
    await eventually(() => expect(beats.at(-1)?.oldestUnpublishedMs).toBe(0), { timeoutMs: 20_000 });
    await eventually(() => expect(beats.length).toBeGreaterThanOrEqual(3), { timeoutMs: 20_000 });
    subscription.unsubscribe();
    expect(beats.at(-1)?.lastSeq).toBeGreaterThanOrEqual(said ?? 1);
  });
});

describe('the snapshot', () => {
  it('has everything once, page by page, as the events have it', async () => {
    const org = await suite.org();
    const staff = await suite.joined(org, [org.roles.employee], [newId('prop')]);
    const items = [];
    let query: Partial<SnapshotQuery> | null = { limit: 3 };
    while (query) {
      const page: Awaited<ReturnType<typeof read>> = await read(query);
      items.push(...page.items);
      query = page.nextCursor === null ? null : { limit: 3, cursor: page.nextCursor };
    }
    expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
    const ours = items.filter((item) => item.orgId === org.orgId);
    expect(ours.map((item) => item.entity).sort()).toEqual(['organization', 'role', 'role', 'role', 'staff', 'staff']);
    const joined = await suite.hears(staffJoined, staff.staffId);
    expect(ours.find((item) => item.id === staff.staffId)?.version).toBe(joined.version.version);
    expect(JSON.stringify(items)).not.toMatch(/argon2|sealed:/);
    expect(await codeOf(suite.call(nobody, identitySnapshot, { cursor: 'x' }))).toBe('cursor.invalid');
  });
  const read = (query: Partial<SnapshotQuery>) => suite.call(nobody, identitySnapshot, query);
});
