import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startMailCatcher, type MailCatcher } from '@leasewire/simulators';
import { bundleOf, eventually, repositoryRoot } from '@leasewire/testing';
import { Api, PmsScene, type AdoptedProperty, mailTo } from '../src/index.js';

const run = promisify(execFile);
const patience = { timeoutMs: 40_000 };
const name = 'Harbour Living';
const week = 7 * 86_400_000;

interface Organization {
  readonly id: string;
  readonly closing: { readonly takesEffectAt: string } | null;
}

describe('an organization that its owner closes', () => {
  let scene: PmsScene;
  let post: MailCatcher;
  let closePost: () => Promise<void>;
  let connectionId: string;
  let property: AdoptedProperty;
  let messageId: string;
  let organization: Organization;

  beforeAll(async () => {
    const mail = await startMailCatcher();
    [post, closePost] = [mail.catcher, () => mail.close()];
    scene = await PmsScene.open({
      seed: 5,
      residents: 30,
      vendors: ['propertyiq'],
      movesTime: true,
      stack: {
        services: ['identity', 'gateway', 'directory', 'pms-sync', 'onboarding', 'notifications', 'audit'],
        envOf: {
          notifications: mailTo(mail.smtp),
        },
      },
    });
    connectionId = await scene.connect('propertyiq');
    const [first] = scene.simulators.world().propertiesOf('propertyiq');
    [property] = (await scene.adopt(connectionId, [first!.id])) as [AdoptedProperty];
    await scene.startService(property.propertyId);
  }, 180_000);
  afterAll(async () => {
    await scene.close();
    await closePost();
  });

  const passes = (ms: number) =>
    scene.time!.pass(
      ms,
      scene.platform.processes().map(({ pid }) => pid),
    );
  const signIn = () => Api.signIn(scene.platform.url, scene.platform.signInOf('owner'));

  it('says before what it means, for staff, people and connections', async () => {
    const people = await eventually(async () => {
      const active = await scene.residents(property.propertyId, 'active');
      expect(active.filter(({ access }) => access.open).length).toBeGreaterThan(5);
      return active;
    }, patience);
    const staff = await scene.owner.get<{ sentences: string[] }>('/v1/organization/close-preview');
    expect(staff.sentences[0]).toMatch(/^In 7 days .* signed out for good\.$/);
    const residents = await scene.owner.get<{ withAccess: number; sentences: string[] }>(
      '/v1/organization/close-preview/residents',
    );
    expect(residents.withAccess).toBeGreaterThanOrEqual(people.filter(({ access }) => access.open).length);
    expect(residents.sentences.length).toBeGreaterThan(0);
    const connections = await scene.owner.patiently('GET', '/v1/connections/disconnect-preview');
    expect(connections.status).toBe(200);
  });

  it('wants its name typed, and gives a week in which it can be kept', async () => {
    const anyVersion = { 'if-match': '*' };
    const close = (typed: string) =>
      scene.owner.patiently('POST', '/v1/organization/close', {
        body: { name: typed, residents: 'archive' },
        headers: anyVersion,
      });
    expect(await close('Harbor')).toMatchObject({ status: 409, body: { code: 'organization.name-differs' } });
    expect(await close(name)).toMatchObject({ status: 200 });
    await scene.owner.expect(200, 'POST', '/v1/organization/keep', { body: {}, headers: anyVersion });
    expect((await scene.owner.get<Organization>('/v1/organization')).closing).toBeNull();
    expect(await close(name)).toMatchObject({ status: 200 });
    organization = await scene.owner.get<Organization>('/v1/organization');
    expect(Date.parse(organization.closing!.takesEffectAt) - scene.now().getTime()).toBeGreaterThan(week - 120_000);
  });

  it('works on until then', async () => {
    const at = new Date(scene.now().getTime() + 2 * week).toISOString().slice(0, 10);
    const draft = {
      propertyId: property.propertyId,
      audience: { propertyIds: [property.propertyId], emails: [{ email: 'caretaker@example.test' }] },
      ...{ subject: 'Pool opens', body: '<p>On Saturday.</p>', when: { kind: 'at', local: `${at}T09:00` } },
    };
    const { body } = await scene.owner.expect<{ token: string }>(200, 'POST', '/v1/messages/preview', { body: { draft } });
    const { body: message } = await scene.owner.expect<{ id: string; state: string }>(201, 'POST', '/v1/messages', {
      body: { draft, token: body.token },
    });
    expect(message.state).toBe('scheduled');
    messageId = message.id;
    expect((await scene.sweep(property.propertyId)).state).toBe('done');
  });

  it('lets nobody in when the time has come, and ends what it had', async () => {
    const old = scene.owner;
    await passes(week + 60_000);
    await eventually(async () => {
      const { email, password } = scene.platform.signInOf('owner');
      const answer = await new Api(scene.platform.url).patiently('POST', '/v1/sessions', { body: { email, password } });
      expect(answer.status).toBe(401);
    }, patience);
    await expect(old.ask('GET', '/v1/residents')).rejects.toThrow(/401/);
  });

  it('is opened again by the operator, who finds people without access, no connection, and nothing planned', async () => {
    const cli = await bundleOf(join(repositoryRoot(), 'apps/identity/dist/cli.js'));
    const env = { ...process.env, ...scene.platform.stack.deployment.environmentOf('identity'), ...scene.time!.env };
    const { email } = scene.platform.signInOf('owner');
    const { stdout } = await run(
      process.execPath,
      [cli, 'reopen-organization', '--organization', organization.id, '--owner-email', email],
      { env },
    );
    expect(stdout).toContain(`${name} is open.`);
    scene.owner = await eventually(signIn, patience);
    await eventually(async () => {
      const people = await scene.residents(property.propertyId);
      expect(people.filter(({ state, access }) => state !== 'archived' || access.open)).toEqual([]);
      expect((await scene.owner.ask('GET', `/v1/connections/${connectionId}`)).body).toMatchObject({ state: 'disconnected' });
      expect((await scene.owner.ask('GET', `/v1/messages/${messageId}`)).body).toMatchObject({
        state: 'cancelled',
        reason: 'The organization closed.',
      });
    }, patience);
    await passes(2 * week);
    scene.owner = await eventually(signIn, patience);
    const recorded = await scene.owner.get<{ items: { type: string }[] }>('/v1/audit?type=identity.organization.closed');
    expect(recorded.items).toHaveLength(1);
    expect(post.mails().filter(({ head }) => head.subject === 'Pool opens')).toEqual([]);
  }, 90_000);
});
