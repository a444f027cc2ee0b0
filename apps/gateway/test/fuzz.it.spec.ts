import { createConnection } from 'node:net';
import fc from 'fast-check';
import { routeSamples } from '../src/routing/samples.js';
import { routes } from '../src/routes.js';
import { ask, type Asked, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';
import { StubService } from './support/stub-service.js';
import { permissionKeys, type Permissions } from '@leasewire/contracts';

const samples = routeSamples(routes).filter(({ isStream }) => !isStream);
const runs = Number(process.env['LEASEWIRE_FUZZ_RUNS'] ?? 100);
let url: string;
let token: string;
let key: string;

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  const identity = await StubIdentity.start(deployment);
  await StubService.all(deployment);
  url = (await startGateway(deployment)).url;
  const everything = Object.fromEntries(permissionKeys.map((one) => [one, 'full'])) as Permissions;
  token = identity.signIn(everything).token;
  key = identity.apiKey(everything);
});

/** Strings that break things elsewhere. */
const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '%00',
    '%zz',
    '%',
    '*',
    '$ne',
    '\r\nset-cookie: a=b',
    '𝕏',
    '\u202e',
    'NaN',
    '-0',
    '1e999',
    '9'.repeat(400),
    "' OR 1=1 --",
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 200 }),
);
const anything = fc.anything({ key: nasty, values: [nasty, fc.double(), fc.boolean(), fc.constant(null)], maxDepth: 4 });
const target = fc.constantFrom(...samples);

/** A reply that is no fault of ours: any status below 500, or a service that is said to be away. */
async function isHonest(path: string, init: Asked): Promise<void> {
  const reply = await ask(url, path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  const told = `${init.method} ${path} ${String(init.body).slice(0, 200)} → ${reply.status} ${reply.text.slice(0, 200)}`;
  if (reply.status >= 500) throw new Error(told);
  if (
    reply.status >= 400 &&
    !path.startsWith('/staff-link') &&
    reply.headers.get('content-type') !== 'application/problem+json' &&
    init.method !== 'HEAD'
  )
    throw new Error(`no problem document: ${told}`);
}

describe('whatever is sent, nothing is answered with a fault of ours:', () => {
  it('bodies', async () => {
    await fc.assert(
      fc.asyncProperty(target, anything, fc.boolean(), async (sample, value, mixed) => {
        const base =
          mixed && typeof sample.body === 'object' && typeof value === 'object'
            ? { ...(sample.body as object), ...(value as object) }
            : value;
        const body = sample.method === 'GET' ? undefined : JSON.stringify([base]).slice(1, -1);
        await isHonest(sample.url(), {
          method: sample.method,
          headers: { ...sample.headers, 'content-type': 'application/json' },
          ...(body !== undefined && { body }),
        });
      }),
      { numRuns: runs },
    );
  });

  it('one field of a body that would fit', async () => {
    const withBody = samples.filter(({ body }) => typeof body === 'object' && body !== null);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...withBody), fc.nat(20), anything, async (sample, at, value) => {
        const entries = Object.entries(sample.body as object);
        const [name] = entries[at % entries.length]!;
        await isHonest(sample.url(), {
          method: sample.method,
          headers: sample.headers,
          body: JSON.stringify({ ...(sample.body as object), [name]: value }),
        });
      }),
      { numRuns: runs },
    );
  });

  it('bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        target,
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(
          'application/json',
          'application/json; charset=utf-16',
          'application/x-www-form-urlencoded',
          'text/plain',
          'x',
        ),
        async (sample, bytes, type) => {
          if (sample.method !== 'GET')
            await isHonest(sample.url(), {
              method: sample.method,
              headers: { ...sample.headers, 'content-type': type },
              body: new Uint8Array(bytes),
            });
        },
      ),
      { numRuns: runs },
    );
  });

  it('paths and queries', async () => {
    await fc.assert(
      fc.asyncProperty(
        target,
        fc.array(fc.tuple(nasty, nasty), { maxLength: 4 }),
        nasty,
        fc.boolean(),
        async (sample, pairs, id, escaped) => {
          const text = (part: string): string =>
            escaped ? encodeURIComponent(wellFormed(part)) : part.replaceAll(/[^\x21-\x7e]|#/g, '');
          const ids = Object.fromEntries(sample.params.map((name) => [name, wellFormed(id)]));
          const query = pairs.map(([name, value]) => `${text(name)}=${text(value)}`).join('&');
          await isHonest(`${sample.url(ids).split('?')[0]}?${query}`, {
            method: sample.method,
            headers: sample.headers,
            ...(sample.method !== 'GET' && sample.body !== undefined && { body: JSON.stringify(sample.body) }),
          });
        },
      ),
      { numRuns: runs },
    );
  });

  it('headers', async () => {
    const value = nasty.map((text) =>
      text
        .replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '')
        .slice(0, 500)
        .trim(),
    );
    const names = [
      'authorization',
      'x-api-key',
      'if-match',
      'if-none-match',
      'idempotency-key',
      'x-correlation-id',
      'traceparent',
      'x-forwarded-for',
      'last-event-id',
      'cookie',
      'origin',
      'accept',
      'content-encoding',
      'host',
      'user-agent',
      'expect',
    ];
    await fc.assert(
      fc.asyncProperty(target, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 }), async (sample, headers) => {
        const body = sample.body === undefined || sample.method === 'GET' ? '' : JSON.stringify(sample.body);
        const head = {
          authorization: `Bearer ${key}`,
          ...sample.headers,
          host: 'x',
          connection: 'close',
          ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
          ...headers,
        };
        const lines = Object.entries(head).map(([name, text]) => `${name}: ${text}`);
        const reply = await raw(`${sample.method} ${sample.url()} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
        if (!/^HTTP\/1\.1 [1234]/.test(reply))
          throw new Error(`${sample.method} ${sample.url()} ${JSON.stringify(headers)} → ${reply.slice(0, 300)}`);
      }),
      { numRuns: runs },
    );
  });
});

/** fetch and URLs take no half characters; bodies are where they are tried. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '?');

function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(port), hostname, () => socket.write(text, 'latin1'));
    let reply = '';
    socket.on('data', (chunk) => (reply += chunk.toString('latin1')));
    socket.on('end', () => {
      socket.destroy();
      resolve(reply);
    });
    socket.on('error', reject);
  });
}
