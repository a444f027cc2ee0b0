import { createConnection } from 'node:net';
import {
  DomainError,
  endSession,
  getStaff,
  inviteStaff,
  listStaff,
  removeRole,
  staffInvited,
  updateMe,
  updateStaff,
} from '@leasewire/contracts';
import { eventually } from '@leasewire/testing';
import { ask, gatewayDeployment, startGateway, type Reply } from './support/gateway.js';
import { silence } from './support/stub-service.js';
import { StubIdentity, type SignedInStub } from './support/stub-identity.js';

let url: string;
let identity: StubIdentity;
let owner: SignedInStub;
const staff = { ...staffInvited.example.staff, roleIds: [...staffInvited.example.staff.roleIds] };
const role = 'rol_01jd3k8x9e7m2q4r5s6t7v8w9y';
const invitation = { email: 'ben@example.com', name: 'Ben Ito', roleIds: [role] };
const lastCall = () => identity.stub.calls.filter(({ method }) => !method.includes('resolve')).at(-1);
const problemOf = ({ status, body, headers }: Reply) => ({ status, code: body.code, type: headers.get('content-type') });

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  url = (await startGateway(deployment)).url;
  owner = identity.signIn({ 'accounts.staff': 'full', 'accounts.roles': 'view' });
  const { stub } = identity;
  stub.handle(getStaff, ({ staffId }) => {
    if (staffId.endsWith('0')) throw new DomainError('not-found', 'There is no such staff member.');
    return staff;
  });
  stub.handle(listStaff, () => ({ items: [staff], nextCursor: null }));
  stub.handle(updateStaff, ({ version }) => {
    if (version !== undefined && version !== 3) throw new DomainError('conflict.version', 'It was changed meanwhile.');
    return { ...staff, version: 4 };
  });
  stub.handle(inviteStaff, ({ email }) => {
    if (email === 'slow@example.com') return silence;
    if (email === 'taken@example.com') throw new DomainError('staff.email-taken', 'Taken.', { staffId: staff.id });
    if (email === 'new@example.com') throw new DomainError('staff.a-code-of-tomorrow', 'Not so.');
    return { ...staff, link: { url: 'https://x', expiresAt: staff.createdAt } };
  });
  stub.handle(removeRole, () => ({}));
  stub.handle(updateMe, () => staff);
  stub.handle(endSession, () => ({}));
});

describe('a read', () => {
  it('passes the owner’s reply on as it is, with its version as ETag', async () => {
    const reply = await ask(url, `/v1/staff/${staff.id}`, { token: owner.token });
    expect([reply.status, reply.body, reply.headers.get('etag')]).toEqual([200, staff, '"3"']);
    expect(reply.headers.get('cache-control')).toBe('private, no-cache');
  });

  it.each(['"3"', 'W/"3"', '"1", "3"', '*'])('of a version that is known (%s) is 304 without a body', async (known) => {
    const reply = await ask(url, `/v1/staff/${staff.id}`, { token: owner.token, headers: { 'if-none-match': known } });
    expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([304, '', '"3"']);
  });

  it('speaks for the caller, with the correlation id that was given', async () => {
    const reply = await ask(url, '/v1/staff?limit=20&sort=-name', {
      token: owner.token,
      headers: { 'x-correlation-id': 'order-66.abc' },
    });
    expect(reply.headers.get('x-correlation-id')).toBe('order-66.abc');
    expect(lastCall()).toMatchObject({
      method: 'identity.list-staff',
      input: { limit: '20', sort: '-name' },
      actor: { ref: `staff:${owner.staffId}`, orgId: owner.orgId, sessionId: owner.sessionId },
    });
  });

  it('gets a correlation id of its own where the given one is not well formed', async () => {
    const reply = await ask(url, '/v1/staff', { token: owner.token, headers: { 'x-correlation-id': 'no "quotes"' } });
    expect(reply.headers.get('x-correlation-id')).toMatch(/^req_[\w-]{12,}$/);
  });

  it('by HEAD has the headers and no body', async () => {
    const reply = await ask(url, `/v1/staff/${staff.id}`, { token: owner.token, method: 'HEAD' });
    expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([200, '', '"3"']);
  });

  it('is told what it may not see: 403 with the permission', async () => {
    const nobody = identity.signIn({});
    const reply = await ask(url, '/v1/staff', { token: nobody.token });
    expect(problemOf(reply)).toEqual({ status: 403, code: 'forbidden', type: 'application/problem+json' });
    expect(reply.body.details).toEqual({ permission: 'accounts.staff:view' });
  });

  it('passes on what the owner refuses', async () => {
    const reply = await ask(url, '/v1/staff/stf_01jd3k8x9e7m2q4r5s6t7v8w90', { token: owner.token });
    expect(problemOf(reply)).toEqual({ status: 404, code: 'not-found', type: 'application/problem+json' });
    expect(reply.body).toMatchObject({
      detail: 'There is no such staff member.',
      type: '/docs/errors#not-found',
      title: 'Not Found',
    });
  });
});

describe('who asks', () => {
  it.each([
    ['nobody', {}],
    ['a token nobody signed', { authorization: 'Bearer abc.def' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['an unknown key', { 'x-api-key': 'lw_unknown' }],
    ['an empty key', { 'x-api-key': '' }],
    ['both at once', { authorization: 'Bearer abc.def', 'x-api-key': 'lw_unknown' }],
    ['a token of a kilobyte times ten', { authorization: `Bearer ${'a'.repeat(10_000)}` }],
  ])('must be known: %s', async (_who, headers) => {
    const reply = await ask(url, '/v1/staff', { headers });
    expect(problemOf(reply)).toEqual({ status: 401, code: 'unauthenticated', type: 'application/problem+json' });
    expect(reply.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('may be an API key, in either header', async () => {
    const key = identity.apiKey({ 'accounts.staff': 'view' });
    const replies = [
      await ask(url, '/v1/staff', { headers: { 'x-api-key': key } }),
      await ask(url, '/v1/staff', { token: key }),
      await ask(url, '/v1/staff', { token: key, method: 'POST', json: invitation }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 403]);
  });

  it('is asked of identity once, not at each request', async () => {
    await eventually(async () => {
      const heard = identity.signIn({ 'accounts.staff': 'view' }).token;
      await ask(url, '/v1/staff', { token: heard });
      const asked = identity.resolved;
      await ask(url, '/v1/staff', { token: heard });
      return identity.resolved === asked; // it has heard identity, and may remember
    });
    const { token } = identity.signIn({ 'accounts.staff': 'view' });
    const before = identity.resolved;
    await Promise.all(Array.from({ length: 20 }, () => ask(url, '/v1/staff', { token })));
    await Promise.all(Array.from({ length: 20 }, () => ask(url, '/v1/staff', { token })));
    expect(identity.resolved - before).toBe(1);
  });

  it('is nobody any more when the token has expired', async () => {
    const { token } = identity.signIn({ 'accounts.staff': 'view' }, { ttlSeconds: -30 });
    expect((await ask(url, '/v1/staff', { token })).status).toBe(401);
  });
});

describe('a change', () => {
  it('is created at a Location', async () => {
    const reply = await ask(url, '/v1/staff', { token: owner.token, method: 'POST', json: invitation });
    expect([reply.status, reply.headers.get('location'), reply.body.email]).toEqual([201, `/v1/staff/${staff.id}`, staff.email]);
  });

  it('carries the Idempotency-Key on, and says when it was done before', async () => {
    const first = await ask(url, '/v1/staff', {
      token: owner.token,
      method: 'POST',
      json: invitation,
      headers: { 'idempotency-key': 'my-key' },
    });
    expect([lastCall()?.key, first.headers.get('idempotency-replayed')]).toEqual(['my-key', null]);
    const again = await ask(url, '/v1/staff', {
      token: owner.token,
      method: 'POST',
      json: invitation,
      headers: { 'idempotency-key': 'again' },
    });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each(['', 'two words', 'caf\u00e9', 'a'.repeat(129)])('refuses an Idempotency-Key like “%s”', async (key) => {
    const reply = await ask(url, '/v1/staff', {
      token: owner.token,
      method: 'POST',
      json: invitation,
      headers: { 'idempotency-key': key },
    });
    expect([reply.status, reply.body.details.fields[0]?.path]).toEqual([400, 'Idempotency-Key']);
  });

  it('without a body of its own may come without one', async () => {
    const reply = await ask(url, `/v1/roles/${role}`, {
      token: identity.signIn({ 'accounts.roles': 'full' }).token,
      method: 'DELETE',
    });
    expect([reply.status, reply.text]).toEqual([204, '']);
  });

  it.each([
    ['the newest', '"3"', 200],
    ['whatever is there', '*', 200],
    ['an older one', '"2"', 412],
    ['one we never gave', '"abc"', 412],
    ['a weak one', 'W/"3"', 412],
    ['several', '"2", "3"', 412],
  ])('of a version, when that is %s', async (_which, version, status) => {
    const reply = await ask(url, `/v1/staff/${staff.id}`, {
      token: owner.token,
      method: 'PATCH',
      json: { name: 'Ana R.' },
      headers: { 'if-match': version },
    });
    expect(reply.status).toBe(status);
    if (status === 200) expect(reply.headers.get('etag')).toBe('"4"');
  });

  it('must name the version, except of oneself', async () => {
    const edit = { token: owner.token, method: 'PATCH', json: { name: 'Ana R.' } };
    const reply = await ask(url, `/v1/staff/${staff.id}`, edit);
    expect(problemOf(reply)).toEqual({ status: 428, code: 'precondition-required', type: 'application/problem+json' });
    expect((await ask(url, '/v1/me', edit)).status).toBe(200);
  });

  it('may not smuggle the version in its body', async () => {
    const reply = await ask(url, `/v1/staff/${staff.id}`, {
      token: owner.token,
      method: 'PATCH',
      json: { name: 'Ana', version: 3, staffId: 'stf_01jd3k8x9e7m2q4r5s6t7v8w91' },
      headers: { 'if-match': '*' },
    });
    expect(reply.body.details.fields.map(({ path }: { path: string }) => path)).toEqual(['version', 'staffId']);
  });

  it('that the owner refuses keeps its code and details; a code of a newer owner is passed on', async () => {
    const taken = await ask(url, '/v1/staff', {
      token: owner.token,
      method: 'POST',
      json: { ...invitation, email: 'taken@example.com' },
    });
    expect([taken.status, taken.body.code, taken.body.details]).toEqual([409, 'staff.email-taken', { staffId: staff.id }]);
    const unheard = await ask(url, '/v1/staff', {
      token: owner.token,
      method: 'POST',
      json: { ...invitation, email: 'new@example.com' },
    });
    expect([unheard.status, unheard.body.code]).toEqual([400, 'staff.a-code-of-tomorrow']);
  });

  it('that nobody answers in time is 503 within two and a half seconds, and says that it is unsure', async () => {
    const startedAt = performance.now();
    const reply = await ask(url, '/v1/staff', {
      token: owner.token,
      method: 'POST',
      json: { ...invitation, email: 'slow@example.com' },
    });
    expect(problemOf(reply)).toEqual({ status: 503, code: 'timeout', type: 'application/problem+json' });
    expect(reply.headers.get('retry-after')).not.toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(2500);
  });
});

describe('input', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    ask(url, '/v1/staff', { token: owner.token, method: 'POST', body, headers: { 'content-type': type } });

  it('that does not fit names every field', async () => {
    const reply = await ask(url, '/v1/staff', { token: owner.token, method: 'POST', json: { email: 'nope', roleIds: [] } });
    expect(reply.status).toBe(400);
    expect(reply.body.details.fields).toEqual([
      { path: 'email', message: 'is not an e-mail address such as ana@example.com' },
      { path: 'name', message: 'is missing' },
      { path: 'roleIds', message: 'must not be empty' },
    ]);
  });

  it.each([
    ['an unknown field', JSON.stringify({ ...invitation, nmae: 'x' }), 'invalid-input', 400],
    [
      'an unknown field further down',
      JSON.stringify({ name: 'x', permissions: { 'accounts.stfaf': 'full' } }),
      'invalid-input',
      400,
    ],
    ['a list', '[]', 'invalid-input', 400],
    ['null', 'null', 'invalid-input', 400],
    ['nothing', '', 'invalid-input', 400],
    ['broken JSON', '{"email":', 'malformed-request', 400],
    ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'malformed-request', 400],
    ['__proto__', '{"__proto__":{"admin":true}}', 'invalid-input', 400],
    ['__proto__ written with escapes', '{"\\u005f_proto__":{"admin":true}}', 'invalid-input', 400],
    ['constructor.prototype', '{"constructor":{"prototype":{}}}', 'invalid-input', 400],
    ['NUL', JSON.stringify({ ...invitation, name: 'a\0b' }), 'invalid-input', 400],
    ['half a character', `{"email":"a@example.com","name":"\\ud800","roleIds":["${role}"]}`, 'invalid-input', 400],
    ['a hundred thousand brackets', '['.repeat(100_000), 'malformed-request', 400],
    ['a thousand levels', `{"name":${'['.repeat(1000)}${']'.repeat(1000)}}`, 'malformed-request', 400],
    ['more than a megabyte', JSON.stringify({ name: 'x'.repeat(1_100_000) }), 'payload-too-large', 413],
  ])('that is %s is refused', async (_what, body, code, status) => {
    expect(problemOf(await post(body))).toEqual({ status, code, type: 'application/problem+json' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'as %s is 415',
    async (type) => {
      expect(problemOf(await post('name=x', type))).toEqual({
        status: 415,
        code: 'unsupported-media-type',
        type: 'application/problem+json',
      });
    },
  );

  it.each([
    ['an unknown parameter', '?lmit=5', 'lmit'],
    ['a parameter given twice', '?limit=5&limit=6', 'limit'],
    ['a bad escape', '?search=%zz', 'search'],
    ['a bad escape of UTF-8', '?search=%c3%28', 'search'],
    ['NUL', '?search=a%00b', 'search'],
    ['what is no number', '?limit=five', 'limit'],
    ['too much', '?limit=1000', 'limit'],
    ['a path field as parameter', '?staffId=stf_x', 'staffId'],
    ['__proto__', '?__proto__=1', '__proto__'],
  ])('in the query that is %s is refused and named', async (_what, query, path) => {
    const reply = await ask(url, `/v1/staff${query}`, { token: owner.token });
    expect([reply.status, reply.body.code, reply.body.details.fields[0]?.path]).toEqual([400, 'invalid-input', path]);
  });

  it('is not taken from the query of a POST', async () => {
    const reply = await ask(url, '/v1/staff?name=x', { token: owner.token, method: 'POST', json: invitation });
    expect([reply.status, reply.body.details.fields]).toEqual([
      400,
      [{ path: 'name', message: 'is not a parameter of this operation' }],
    ]);
  });
});

describe('an address', () => {
  it.each([
    ['/v1/nowhere', 404, 'not-found'],
    ['/v1/staff/', 404, 'not-found'],
    ['/V1/staff', 404, 'not-found'],
    ['/v1/staff/%zz', 400, 'malformed-request'],
    ['/v1/staff/%00', 400, 'invalid-input'],
    ['/v1/staff/nobody', 400, 'invalid-input'],
    ['/v1/staff/..%2f..%2fetc', 400, 'invalid-input'],
  ])('%s is %i', async (path, status, code) => {
    expect(problemOf(await ask(url, path, { token: owner.token }))).toEqual({ status, code, type: 'application/problem+json' });
  });

  it.each([
    [`/v1/staff/${'a'.repeat(400)}`, [404, 414]],
    [`/v1/staff?search=${'a'.repeat(9000)}`, [414]],
  ])('that is too long is refused', async (path, statuses) => {
    const reply = await ask(url, path, { token: owner.token });
    expect(statuses).toContain(reply.status);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each(['PUT', 'PURGE', 'PROPFIND', 'QUERY', 'TRACK1'])('does not take %s, and says what it takes', async (method) => {
    const reply = await raw(`${method} /v1/staff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    if (method === 'TRACK1')
      expect(reply).toMatch(/^HTTP\/1\.1 400 /); // not a method at all
    else expect(reply).toMatch(/^HTTP\/1\.1 405 [^]*allow: GET, HEAD, OPTIONS, POST[^]*method-not-allowed/i);
  });

  it('tells by OPTIONS what it takes, and nothing to other origins', async () => {
    const reply = await ask(url, `/v1/staff/${staff.id}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'PATCH' },
    });
    expect([reply.status, reply.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, PATCH']);
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what is no proper HTTP', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['headers of 40 kB', `GET /v1/staff HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /v1/staff HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello', 400],
    [
      'a length and chunks',
      'POST /v1/staff HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nhello',
      400,
    ],
  ])('%s is refused with a problem', async (_what, text, status) => {
    const reply = await raw(text);
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json`));
  });
});

describe('every reply', () => {
  it('has the headers that keep browsers from guessing', async () => {
    for (const path of ['/v1/staff', '/v1/nowhere', '/v1/openapi.json']) {
      const { headers } = await ask(url, path, { token: owner.token });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('a service that is away', () => {
  it('is 503 at once, and back by itself', async () => {
    await ask(url, '/v1/staff', { token: owner.token });
    identity.stub.leave();
    await identity.stub.peer.nats.flush();
    const startedAt = performance.now();
    const away = await ask(url, '/v1/staff', { token: owner.token });
    expect([away.status, away.body.code, away.body.retryable]).toEqual([503, 'unavailable', true]);
    expect(performance.now() - startedAt).toBeLessThan(2500);
    identity.stub.listen();
    await identity.stub.peer.nats.flush();
    expect((await ask(url, '/v1/staff', { token: owner.token })).status).toBe(200);
  });
});

/** What fetch would not send. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(port), hostname, () => socket.write(text));
    let reply = '';
    socket.on('data', (chunk) => (reply += chunk.toString()));
    socket.on('end', () => {
      resolve(reply);
    });
    socket.on('error', reject);
  });
}
