import { getStaff, signIn, staffInvited } from '@leasewire/contracts';
import { eventually, type Deployment } from '@leasewire/testing';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';

let deployment: Deployment;
let urls: string[];
let identity: StubIdentity;
const staff = { ...staffInvited.example.staff, roleIds: [] };
const read = (url: string, token: string) => ask(url, `/v1/staff/${staff.id}`, { token });

beforeAll(async () => {
  deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  identity.stub.handle(getStaff, () => staff);
  const env = {
    LEASEWIRE_RATE_LIMIT_CREDENTIAL: '20',
    LEASEWIRE_RATE_LIMIT_REFUSED: '5',
    LEASEWIRE_RATE_LIMIT_ACCOUNT: '3',
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

  it('stop guesses at one account from many addresses', async () => {
    identity.stub.handle(signIn, () => Promise.reject(new Error('not reached')));
    const statuses = [];
    for (let n = 0; n < 5; n++) {
      const reply = await ask(urls[1]!, '/v1/sessions', {
        method: 'POST',
        json: { email: n % 2 ? 'ANA@x.example' : 'ana@x.example', password: `guess ${n}` },
        headers: { 'x-forwarded-for': `198.51.100.${n}` },
      });
      statuses.push(reply.status);
    }
    expect(statuses).toEqual([500, 500, 500, 429, 429]);
  });
});
