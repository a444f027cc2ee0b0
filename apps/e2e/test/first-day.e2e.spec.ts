import { eventually, inTime } from '@leasewire/testing';
import { Api, Platform } from '../src/index.js';

interface Named {
  readonly id: string;
  readonly name: string;
}
interface Entry {
  readonly type: string;
  readonly entity: string;
  readonly actor: string;
  readonly correlationId: string;
}
const password = 'correct horse battery 41';

describe.each([
  ['one of each service', 1],
  ['two of each service', 2],
])('an owner’s first day, with %s', (_what, replicas) => {
  let platform: Platform;
  let owner: Api;
  beforeAll(async () => {
    platform = await Platform.start({ replicas });
    owner = await platform.as('owner');
  }, 240_000);

  it('signs in and is told who they are', async () => {
    const me = await owner.get<{ staff: { email: string }; permissions: Record<string, string> }>('/v1/me');
    expect(me.staff.email).toBe(platform.signInOf('owner').email);
    expect(me.permissions['accounts.staff']).toBe('full');
  });

  it('opens the pages about the API, with all that they load', async () => {
    for (const { url } of platform.processes('gateway'))
      for (const page of ['/docs', '/docs/errors']) {
        const html = await (await fetch(url + page)).text();
        const loaded = [...html.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
        expect(loaded).not.toEqual([]);
        const statuses = await Promise.all(loaded.map(async (path) => [path, (await fetch(url + path)).status]));
        expect(statuses).toEqual(loaded.map((path) => [path, 200]));
      }
  });

  it('invites someone, who follows the link and can then do what their role permits, and no more', async () => {
    const roles = await owner.all<Named & { preset: string | null }>('/v1/roles');
    const employee = roles.find(({ preset }) => preset === 'employee');
    const invited = await owner.expect<{ id: string; link: { url: string } }>(201, 'POST', '/v1/staff', {
      body: { email: `kim.${replicas}@harbour.example`, name: 'Kim Park', roleIds: [employee?.id] },
    });
    const token = invited.body.link.url.split('/').at(-1) ?? '';

    const anonymous = new Api(platform.url);
    const shown = await anonymous.get<{ purpose: string }>(`/v1/links/${token}`);
    expect(shown.purpose).toBe('invitation');
    await anonymous.expect(200, 'POST', `/v1/links/${token}/accept`, { body: { password } });
    const again = await anonymous.patiently('POST', `/v1/links/${token}/accept`, { body: { password: `${password}, too` } });
    expect(again.status).toBe(410);

    const kim = await Api.signIn(platform.url, { email: `kim.${replicas}@harbour.example`, password });
    expect((await kim.patiently('GET', '/v1/me')).status).toBe(200);
    const refused = await kim.ask<{ code: string }>('POST', '/v1/roles', { body: { name: 'Mine', permissions: {} } });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  });

  it('changes a role, which holds on every gateway within a second', async () => {
    const created = await owner.expect<Named>(201, 'POST', '/v1/roles', {
      body: { name: `Front desk ${replicas}`, permissions: { 'accounts.staff': 'view' } },
    });
    const invited = await owner.expect<{ link: { url: string } }>(201, 'POST', '/v1/staff', {
      body: { email: `lee.${replicas}@harbour.example`, name: 'Lee Wong', roleIds: [created.body.id] },
    });
    await new Api(platform.url).expect(200, 'POST', `/v1/links/${invited.body.link.url.split('/').at(-1)}/accept`, {
      body: { password },
    });
    const lee = await Api.signIn(platform.url, { email: `lee.${replicas}@harbour.example`, password });
    const gateways = platform.processes('gateway').map(({ url }) => lee.at(url));
    const allAnswer = (status: number) => async () => {
      for (const gateway of gateways) expect((await gateway.ask('GET', '/v1/staff')).status).toBe(status);
    };
    await allAnswer(200)();

    const role = await owner.expect(200, 'GET', `/v1/roles/${created.body.id}`);
    const permit = (permissions: Readonly<Record<string, string>>, etag = '*') =>
      owner.expect(200, 'PATCH', `/v1/roles/${created.body.id}`, { body: { permissions }, headers: { 'if-match': etag } });
    await permit({}, role.headers.get('etag') ?? '');
    await eventually(allAnswer(403));
    await inTime(1000, async () => {
      await permit({ 'accounts.staff': 'view' });
      await eventually(allAnswer(200));
      await permit({});
      return allAnswer(403);
    });
    const stale = await owner.patiently('PATCH', `/v1/roles/${created.body.id}`, {
      body: { name: 'Too late' },
      headers: { 'if-match': role.headers.get('etag') ?? '' },
    });
    expect(stale.status).toBe(412);
  });

  it('finds all of it in the audit record, by whom, and the chain verifies', async () => {
    const me = await owner.get<{ staff: { id: string } }>('/v1/me');
    await eventually(async () => {
      const entries = await owner.all<Entry>('/v1/audit?sort=at');
      const types = entries.map(({ type }) => type.replace(/\.v\d+$/, ''));
      for (const type of ['identity.staff.invited', 'identity.staff.joined', 'identity.role.created', 'identity.role.changed'])
        expect(types).toContain(type);
      const changed = entries.filter(({ type }) => type.startsWith('identity.role.changed')).at(-1);
      expect(changed?.actor).toBe(`staff:${me.staff.id}`);
    });
    const verification = await owner.get<{ intact: boolean; entries: number }>('/v1/audit/verify');
    expect(verification).toMatchObject({ intact: true });
    expect(verification.entries).toBeGreaterThan(5);
  });

  it('shows none of it to another organization', async () => {
    const other = platform.signIns.find(({ organization }) => organization !== platform.signInOf('owner').organization);
    const stranger = await Api.signIn(platform.url, other ?? { email: '', password: '' });
    const ours = await owner.all<Named>('/v1/staff');
    const theirs = await stranger.all<Named>('/v1/staff');
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.filter(({ id }) => ours.some((one) => one.id === id))).toEqual([]);
    const entries = await stranger.all<Entry>('/v1/audit');
    const ourIds = new Set(ours.map(({ id }) => id));
    expect(entries.filter(({ entity, actor }) => ourIds.has(entity) || ourIds.has(actor.replace('staff:', '')))).toEqual([]);
    for (const { id } of ours.slice(0, 2)) expect((await stranger.patiently('GET', `/v1/staff/${id}`)).status).toBe(404);
  });

  it('ends a session, whose token holds nowhere a second later', async () => {
    await inTime(1000, async () => {
      const manager = await platform.as('manager');
      const gateways = platform.processes('gateway').map(({ url }) => manager.at(url));
      for (const gateway of gateways) await gateway.expect(200, 'GET', '/v1/me');
      await manager.expect(204, 'DELETE', '/v1/sessions/current');
      return async () => {
        for (const gateway of gateways) expect((await gateway.ask('GET', '/v1/me')).status).toBe(401);
      };
    });
  });
});
