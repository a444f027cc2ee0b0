import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { devFolder } from './scene.js';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
}
type Reply = readonly [status: number, body: object];

const busy: Reply = [503, { code: 'timeout', retryable: true }];
const simulators = { url: 'http://sim', stratamax: { url: 'http://sim/stratamax', apiKey: 'key' } };

describe('the demo’s properties', () => {
  const asked: Asked[] = [];
  const replies = new Map<string, Reply[]>();
  let server: Server;

  beforeEach(async () => {
    asked.length = 0;
    replies.clear();
    reply('POST', '/v1/sessions', [201, { accessToken: 'token' }]);
    reply('GET', '/v1/connections?limit=200', [200, { items: [] }]);
    reply('POST', '/v1/connections', [201, { id: 'con_1' }]);
    reply('GET', '/v1/connections/con_1/upstream-properties', [200, { items: [{ id: '1006' }] }]);
    reply('POST', '/v1/connections/con_1/properties', [201, { items: [{}] }]);
    server = createServer(({ method = '', url = '', headers }, response) => {
      const key = headers['idempotency-key'];
      asked.push({ method, path: url, key: Array.isArray(key) ? key[0] : key });
      const known = replies.get(`${method} ${url}`) ?? [];
      const [status, body] = (known.length > 1 ? known.shift() : known[0]) ?? [404, {}];
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());

  /** Several: one after the other, the last for ever. */
  const reply = (method: string, path: string, ...all: Reply[]) => replies.set(`${method} ${path}`, all);
  const count = (method: string, path: string) => asked.filter((one) => one.method === method && one.path === path).length;

  async function connect(): Promise<number> {
    const { port } = server.address() as AddressInfo;
    const signIn = { role: 'owner', email: 'owner@demo.test', password: 'demo' };
    const options = JSON.stringify({ url: `http://127.0.0.1:${port}`, signIn, simulators });
    const code = `const { connectDemo } = await import(${JSON.stringify(join(devFolder, 'lib/demo-properties.mjs'))});
      console.log(await connectDemo(${options}));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
    return Number(stdout);
  }

  it('are asked for again, as the same request, by a machine that is slow to answer', async () => {
    reply('POST', '/v1/connections/con_1/properties', busy, busy, [201, { items: [{}] }]);
    expect(await connect()).toBe(1);
    const keys = asked.filter(({ path }) => path.endsWith('con_1/properties')).map(({ key }) => key);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[\w-]{36}$/);
  });

  it('are adopted by the next start where one broke off between connecting and adopting', async () => {
    const begun = { id: 'con_1', name: 'StrataMax (demo)', properties: 0, health: { lastSuccessAt: null } };
    reply('GET', '/v1/connections?limit=200', [200, { items: [begun] }]);
    expect(await connect()).toBe(1);
    expect(count('POST', '/v1/connections')).toBe(0);
  });

  it.each([
    ['has them', { properties: 1, health: { lastSuccessAt: null } }],
    ['had them, until somebody removed them', { properties: 0, health: { lastSuccessAt: '2026-11-30T00:00:00Z' } }],
  ])('stay as they are where the connection %s', async (_what, state) => {
    reply('GET', '/v1/connections?limit=200', [200, { items: [{ id: 'con_1', name: 'StrataMax (demo)', ...state }] }]);
    await connect();
    expect(count('POST', '/v1/connections/con_1/properties')).toBe(0);
  });

  it('are given up, with the reason, when that is no matter of waiting', async () => {
    reply('POST', '/v1/connections', [409, { code: 'connection.name-taken' }]);
    await expect(connect()).rejects.toThrow(/connection\.name-taken/);
    expect(count('POST', '/v1/connections')).toBe(1);
  });
});
