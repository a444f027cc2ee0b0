import { DomainError, getStaff, signIn, staffInvited, type SignedIn } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually, type Deployment } from '@leasewire/testing';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity, type SignedInStub } from './support/stub-identity.js';

let deployment: Deployment;
let urls: string[];
let identity: StubIdentity;
const staff = { ...staffInvited.example.staff, roleIds: [] };
const read = (url: string, token: string) => ask(url, `/v1/staff/${staff.id}`, { token });

function signedIn({ orgId, sessionId, token }: SignedInStub): SignedIn {
  const at = staff.createdAt;
  return {
    accessToken: token,
    accessExpiresAt: at,
    refreshToken: 'refresh-1',
    refreshExpiresAt: at,
    sessionId,
    staff,
    organization: { id: orgId, name: 'Harbour', version: 1, createdAt: at, updatedAt: at },
  };
}

beforeAll(async () => {
  deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  identity.stub.handle(getStaff, () => staff);
  const env = {
    LEASEWIRE_RATE_LIMIT_CREDENTIAL: '20',
    LEASEWIRE_RATE_LIMIT_REFUSED: '5',
    LEASEWIRE_TRUSTED_PROXIES: '127.0.0.0/8',
  };
  urls = (await Promise.all([startGateway(deployment, env), startGateway(deployment, env)])).map(({ url }) => url);
});

describe('limits', () => {
  it('are told in standard headers, refuse with Retry-After, and are nobody else’s', async () => {
    const [ana, ben] = [identity.signIn({ 'accounts.staff': 'view' }), identity.signIn({ 'accounts.staff': 'view' })];
    const first = await read(urls[0]!, ana.token);
    expect(first.headers.get('ratelimit-policy')).toBe('"credential";q=20;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"credential";r=19;t=\d+$/);
    for (let n = 1; n < 20; n++) await read(urls[0]!, ana.token);
    const refused = await read(urls[0]!, ana.token);
    expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([429, 'rate-limited', true]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toMatch(/;r=0;/);
    expect((await read(urls[0]!, ben.token)).status).toBe(200);
  });

  it('hold across replicas, and for one that has just begun', async () => {
    const ana = identity.signIn({ 'accounts.staff': 'view' });
    for (let n = 0; n < 10; n++) for (const url of urls) await read(url, ana.token);
    for (const url of urls)
      await eventually(async () => expect((await read(url, ana.token)).status).toBe(429), { timeoutMs: 2000 });
    const young = await startGateway(deployment, { LEASEWIRE_RATE_LIMIT_CREDENTIAL: '20' });
    await eventually(async () => expect((await read(young.url, ana.token)).status).toBe(429), { timeoutMs: 2000 });
  });

  it('stop whoever tries tokens, before identity is asked', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.77' };
    const statuses = [];
    const before = identity.resolved;
    for (let n = 0; n < 8; n++)
      statuses.push((await ask(urls[0]!, '/v1/staff', { headers: { ...headers, 'x-api-key': `lw_guess${n}` } })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(identity.resolved - before).toBe(5);
    const { token } = identity.signIn({ 'accounts.staff': 'view' });
    expect(
      (await ask(urls[0]!, `/v1/staff/${staff.id}`, { token, headers: { 'x-forwarded-for': '198.51.100.78' } })).status,
    ).toBe(200);
  });

  it('stop whoever goes on with a session that has ended, too', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.79' };
    const ended = identity.signIn({ 'accounts.staff': 'view' });
    identity.sessions.delete(ended.sessionId);
    const statuses = [];
    const before = identity.resolved;
    for (let n = 0; n < 8; n++)
      statuses.push((await ask(urls[0]!, `/v1/staff/${staff.id}`, { token: ended.token, headers })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(identity.resolved - before).toBe(5);
  });

  it('of one key leave the rest of its organization what it does not use', async () => {
    const env = { LEASEWIRE_RATE_LIMIT_CREDENTIAL: '5', LEASEWIRE_RATE_LIMIT_ORGANIZATION: '12' };
    const { url } = await startGateway(deployment, env);
    const orgId = newId('org');
    const [busy, quiet, third] = Array.from({ length: 3 }, () => identity.apiKey({ 'accounts.staff': 'view' }, orgId));
    const seen = [];
    for (let n = 0; n < 30; n++) seen.push((await read(url, busy!)).status);
    expect(seen).toEqual([...Array<number>(5).fill(200), ...Array<number>(25).fill(429)]);
    const reply = await read(url, quiet!);
    expect([reply.status, reply.headers.get('ratelimit-policy')]).toEqual([200, '"credential";q=5;w=60']);
    for (let n = 1; n < 5; n++) await read(url, quiet!);
    for (let n = 0; n < 2; n++) await read(url, third!);
    const refused = await read(url, third!);
    expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"organization";q=12;w=60']);
  });

  it('are no way to keep somebody out: guesses at their account from everywhere leave the door to identity open', async () => {
    const deviceToken = 'what an earlier sign-in gave';
    identity.stub.handle(signIn, (input) => {
      if (input.deviceToken !== deviceToken) throw new DomainError('sign-in.throttled', 'Too many attempts. Wait.', {});
      return signedIn(identity.signIn({}));
    });
    const signingIn = (json: object, n: number) =>
      ask(urls[1]!, '/v1/sessions', { method: 'POST', json, headers: { 'x-forwarded-for': `198.51.100.${n}` } });
    for (let n = 0; n < 30; n++)
      expect((await signingIn({ email: 'ana@x.example', password: `guess ${n}` }, n)).body.code).toBe('sign-in.throttled');
    expect((await signingIn({ email: 'ana@x.example', password: 'the right one', deviceToken }, 99)).status).toBe(201);
  });
});
