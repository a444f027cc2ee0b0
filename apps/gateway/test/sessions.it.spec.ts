import {
  acceptLink,
  DomainError,
  endSession,
  refreshSession,
  requestPasswordReset,
  showLink,
  signIn,
  staffInvited,
  type SignedIn,
} from '@leasewire/contracts';
import { CapturedLogs } from '@leasewire/testing';
import { Browser } from './support/browser.js';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity, type SignedInStub } from './support/stub-identity.js';

let url: string;
let secureUrl: string;
let identity: StubIdentity;
let ana: SignedInStub;
const logs = new CapturedLogs();
const staff = { ...staffInvited.example.staff, roleIds: [] };
const at = staff.createdAt;
const credentials = { email: 'Ana@Harbour.example ', password: 'correct horse battery staple' };
const linkToken = 'a-link-token-that-is-long-enough';

function signedIn(refreshToken: string): SignedIn {
  const organization = { id: ana.orgId, name: 'Harbour', version: 1, createdAt: at, updatedAt: at };
  const session = {
    accessToken: ana.token,
    accessExpiresAt: at,
    refreshExpiresAt: '2026-12-20T09:00:00.000Z',
    sessionId: ana.sessionId,
  };
  return { ...session, refreshToken, staff, organization };
}

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  ana = identity.signIn({ 'accounts.staff': 'view' });
  const { stub } = identity;
  stub.handle(signIn, ({ password }) => {
    if (password !== credentials.password)
      throw new DomainError('sign-in.refused', 'E-mail and password do not belong together.');
    return signedIn('refresh-1');
  });
  stub.handle(refreshSession, ({ refreshToken }) => {
    if (refreshToken !== 'refresh-1') throw new DomainError('session.ended', 'It was used twice.');
    return signedIn('refresh-2');
  });
  stub.handle(endSession, () => ({}));
  stub.handle(requestPasswordReset, () => ({}));
  stub.handle(showLink, ({ token }) => {
    if (token !== linkToken) throw new DomainError('link.invalid', 'The link was used or has expired.');
    return {
      purpose: 'invitation' as const,
      email: 'ben@harbour.example',
      name: 'Ben <b>Ito</b>',
      organization: 'Harbour & Sons',
      expiresAt: at,
    };
  });
  stub.handle(acceptLink, ({ password }) => {
    if (password === 'password1234') throw new DomainError('password.too-weak', 'This password is too common.');
    return staff;
  });
  url = (await startGateway(deployment, {}, logs)).url;
  secureUrl = (
    await startGateway(deployment, {
      LEASEWIRE_PUBLIC_URL: 'https://leasewire.example.com',
      LEASEWIRE_CORS_ORIGINS: 'https://app.example.com',
      LEASEWIRE_TRUSTED_PROXIES: '127.0.0.0/8',
    })
  ).url;
});

const post = (path: string, init: Parameters<typeof ask>[2] = {}, base = url) => ask(base, path, { method: 'POST', ...init });
const callsOf = (method: string) => identity.stub.calls.filter((call) => call.method === method);

describe('signing in', () => {
  it('gives an access token, and keeps the refresh token in a cookie that no script can read', async () => {
    const reply = await post('/v1/sessions', { json: credentials });
    expect([reply.status, reply.body.accessToken]).toEqual([201, ana.token]);
    expect(reply.text).not.toContain('refresh-1');
    expect(reply.headers.get('set-cookie')).toBe(
      'leasewire-session=refresh-1; Path=/v1/sessions; HttpOnly; SameSite=Strict; Expires=Sun, 20 Dec 2026 09:00:00 GMT',
    );
    expect(callsOf('identity.sign-in').at(-1)?.input).toMatchObject({ email: 'ana@harbour.example', address: '127.0.0.1' });
    expect((await ask(url, '/v1/staff', { token: reply.body.accessToken })).status).not.toBe(401);
  });

  it('sets a cookie for https only, where people come by https', async () => {
    const reply = await post('/v1/sessions', { json: credentials }, secureUrl);
    expect(reply.headers.get('set-cookie')).toMatch(/^__Secure-leasewire-session=.*; Secure; /);
    expect(reply.headers.get('strict-transport-security')).toContain('max-age=31536000');
  });

  it('passes on why not', async () => {
    const reply = await post('/v1/sessions', { json: { ...credentials, password: 'wrong' } });
    expect([reply.status, reply.body.code, reply.headers.get('set-cookie')]).toEqual([401, 'sign-in.refused', null]);
  });

  it('tells identity the address that the trusted proxy saw, and not one that somebody claims', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.9' };
    await post('/v1/sessions', { json: credentials, headers }, secureUrl);
    expect(callsOf('identity.sign-in').at(-1)?.input).toMatchObject({ address: '198.51.100.9' });
    await post('/v1/sessions', { json: credentials, headers });
    expect(callsOf('identity.sign-in').at(-1)?.input).toMatchObject({ address: '127.0.0.1' });
  });

  it('may not be told its own address by the body', async () => {
    const reply = await post('/v1/sessions', { json: { ...credentials, address: '1.2.3.4' } });
    expect(reply.body.details.fields).toEqual([{ path: 'address', message: 'is not a field of this operation' }]);
  });
});

describe('the cookie', () => {
  const cookie = 'other=1; leasewire-session=refresh-1';
  it('gives the next access token and is replaced', async () => {
    const reply = await post('/v1/sessions/refresh', { headers: { cookie } });
    expect([reply.status, reply.body.accessToken]).toEqual([200, ana.token]);
    expect(reply.headers.get('set-cookie')).toContain('leasewire-session=refresh-2;');
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page of nowhere', { origin: 'null' }],
    ['another site that hides its origin', { 'sec-fetch-site': 'cross-site' }],
  ])('is of no use to %s', async (_who, headers) => {
    for (const path of ['/v1/sessions/refresh', '/v1/sessions']) {
      const reply = await post(path, { headers: { cookie, ...headers }, json: path.endsWith('refresh') ? {} : credentials });
      expect([reply.status, reply.body.code]).toEqual([403, 'origin.refused']);
    }
    const reply = await ask(url, '/v1/sessions/current', { method: 'DELETE', headers: { cookie, ...headers } });
    expect(reply.status).toBe(403);
  });

  it.each([
    ['our own page', { origin: 'http://127.0.0.1:3000' }, 200],
    ['a page of the host that was asked', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('may be used by %s', async (_who, headers, status) => {
    expect((await post('/v1/sessions/refresh', { headers: { cookie, ...headers } })).status).toBe(status);
  });

  it('is needed to refresh, and refused when it was used before', async () => {
    expect((await post('/v1/sessions/refresh')).status).toBe(401);
    const reply = await post('/v1/sessions/refresh', { headers: { cookie: 'leasewire-session=refresh-0' } });
    expect([reply.status, reply.body.code]).toEqual([401, 'session.ended']);
  });

  it('does not sign anybody in elsewhere', async () => {
    expect((await ask(url, '/v1/staff', { headers: { cookie } })).status).toBe(401);
  });
});

describe('signing out', () => {
  const expired = () => identity.signIn({}, { ttlSeconds: -60 }).token;
  const ended = () => {
    const { token, sessionId } = identity.signIn({});
    identity.sessions.delete(sessionId);
    return token;
  };
  const signOut = (init: Parameters<typeof ask>[2]) => ask(url, '/v1/sessions/current', { method: 'DELETE', ...init });
  it.each([
    ['with the token', () => ({ token: ana.token }), 1],
    ['with the cookie alone', () => ({ headers: { cookie: 'leasewire-session=refresh-1' } }), 1],
    ['when it is over already', () => ({ headers: { cookie: 'leasewire-session=refresh-0' } }), 0],
    [
      'with the cookie, the token having expired',
      () => ({ token: expired(), headers: { cookie: 'leasewire-session=refresh-1' } }),
      1,
    ],
    [
      'with the cookie, the token’s session having ended',
      () => ({ token: ended(), headers: { cookie: 'leasewire-session=refresh-1' } }),
      1,
    ],
  ])('%s ends the session and clears the cookie', async (_how, init, ended) => {
    const before = callsOf('identity.end-session').length;
    const reply = await signOut(init());
    expect([reply.status, reply.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect(callsOf('identity.end-session').length - before).toBe(ended);
    if (ended)
      expect(callsOf('identity.end-session').at(-1)?.actor).toMatchObject({
        ref: `staff:${ana.staffId}`,
        sessionId: ana.sessionId,
      });
  });

  it('needs one of them', async () => {
    expect((await signOut({})).status).toBe(401);
    expect((await signOut({ token: expired() })).status).toBe(401);
  });
});

describe('other origins', () => {
  it('are let in where the deployment names them, and told what they may send', async () => {
    const origin = 'https://app.example.com';
    const preflight = await ask(secureUrl, '/v1/staff', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    for (const path of ['/v1/staff', '/v1/nowhere']) {
      const reply = await ask(secureUrl, path, { token: ana.token, headers: { origin } });
      expect([reply.headers.get('access-control-allow-origin'), reply.headers.get('vary')]).toEqual([origin, 'Origin']);
    }
    const stranger = await ask(secureUrl, '/v1/staff', { token: ana.token, headers: { origin: 'https://evil.example' } });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a link', () => {
  const page = `/staff-link/${linkToken}`;
  const submit = (form: Record<string, string>) => post(page, { body: new URLSearchParams(form) });

  it('can be looked at and accepted over the API', async () => {
    expect((await ask(url, `/v1/links/${linkToken}`)).body).toMatchObject({
      purpose: 'invitation' as const,
      email: 'ben@harbour.example',
    });
    expect((await post(`/v1/links/${linkToken}/accept`, { json: { password: 'four words in a row' } })).status).toBe(200);
    expect((await ask(url, '/v1/links/another-token-that-is-long-enough')).status).toBe(410);
    expect((await post('/v1/password-resets', { json: { email: 'ana@harbour.example' } })).status).toBe(204);
  });

  it('opens a page that changes nothing, needs no script, and leaks its address nowhere', async () => {
    const before = callsOf('identity.accept-link').length;
    const reply = await ask(url, page);
    expect(reply.status).toBe(200);
    expect(callsOf('identity.accept-link').length).toBe(before);
    expect(reply.text).not.toMatch(/<script|onclick|http-equiv/i);
    expect(reply.text).toContain('Ben &lt;b&gt;Ito&lt;/b&gt;');
    expect(reply.text).toContain('Harbour &amp; Sons');
    for (const label of reply.text.matchAll(/<label for="(\w+)"/g)) expect(reply.text).toContain(`id="${label[1]}"`);
    expect(reply.headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/);
    expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('is not used by a mail scanner that looks, looks again and sends the form as it is', async () => {
    const before = callsOf('identity.accept-link').length;
    expect((await ask(url, page, { method: 'HEAD' })).text).toBe('');
    const scanner = new Browser(url);
    await scanner.open(page);
    await scanner.open(page);
    expect((await scanner.submit(page)).status).toBe(422);
    // also one that keeps neither cookies nor the page
    await submit({ form: 'x' });
    expect(callsOf('identity.accept-link').length).toBe(before);
  });

  it.each([
    [
      'two passwords',
      { password: 'four words in a row', repeated: 'four words in a raw', name: 'Ben' },
      'repeated',
      'not the same',
    ],
    ['a short one', { password: 'short', repeated: 'short', name: 'Ben' }, 'password', 'at least 12'],
    ['a common one', { password: 'password1234', repeated: 'password1234', name: 'Ben' }, 'password', 'too common'],
    ['no name', { password: 'four words in a row', repeated: 'four words in a row', name: ' ' }, 'name', 'your name'],
  ])('with %s shows the form again, the problem beside its field', async (_what, form, field, words) => {
    const reply = await submit(form);
    expect(reply.status).toBe(422);
    expect(reply.text).toMatch(new RegExp(`id="${field}"[^>]*aria-describedby="[^"]*${field}-problem[^>]*aria-invalid="true"`));
    expect(reply.text).toMatch(new RegExp(`id="${field}-problem">[^<]*${words}`));
    expect(reply.text).not.toContain(form.password);
  });

  it('is accepted by the page’s form', async () => {
    const reply = await submit({
      password: 'four words in a row',
      repeated: 'four words in a row',
      name: 'Ben Ito',
      username: 'x',
    });
    expect([reply.status, reply.text.includes('Your password is set')]).toEqual([200, true]);
    expect(callsOf('identity.accept-link').at(-1)?.input).toEqual({
      token: linkToken,
      password: 'four words in a row',
      name: 'Ben Ito',
    });
  });

  it('that no longer works says so on its page, and what to do', async () => {
    for (const token of ['x', 'another-token-that-is-long-enough', '%3Cscript%3E']) {
      const reply = await ask(url, `/staff-link/${token}`);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([410, 'text/html; charset=utf-8']);
      expect(reply.text).toContain('no longer works');
    }
  });

  it('takes a form and no JSON on its page', async () => {
    expect((await post(page, { json: { password: 'x' } })).status).toBe(415);
  });
});

describe('the pages about the API', () => {
  it('come from here, under a policy that lets no other script run', async () => {
    const docs = await ask(url, '/docs');
    expect(docs.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    for (const [, asset] of docs.text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
      const reply = await ask(url, asset!);
      expect([asset, reply.status]).toEqual([asset, 200]);
    }
    expect(docs.text).not.toMatch(/<script>|https?:\/\//);
    expect((await ask(url, '/docs/assets/..%2fpackage.json')).status).toBe(404);
    const errors = await ask(url, '/docs/errors');
    for (const code of ['not-found', 'cursor.expired', 'sign-in.refused']) expect(errors.text).toContain(`id="${code}"`);
    expect((await ask(url, '/')).headers.get('location')).toBe('/docs');
    const icon = await ask(url, '/favicon.ico');
    expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect((await ask(url, '/v1/openapi.json')).body.openapi).toBe('3.1.0');
  });

  it('tell a load balancer that it is ready', async () => {
    expect([(await ask(url, '/health/live')).status, (await ask(url, '/health/ready')).body]).toEqual([200, { ready: true }]);
  });
});

describe('what is logged of all this', () => {
  it('is one line for each request, and no secret', async () => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const requests = logs.saying('request').filter(({ route }) => route !== undefined);
    expect(requests.filter(({ route, method }) => route === '/v1/sessions' && method === 'POST').length).toBeGreaterThan(2);
    expect(requests.some(({ route }) => route === '/staff-link/:token')).toBe(true);
    for (const secret of [linkToken, ana.token, 'refresh-1', 'refresh-2', credentials.password, 'four words in a row'])
      expect(logs.text).not.toContain(secret);
  });
});
