import { createServer, type AddressInfo, type Server } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConnectionState, connectNats, RpcClient, silentLog } from '../src/index.js';
import { recordingLog } from './fixtures.js';
import { NatsServer } from './nats-server.js';
import { until } from './until.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const keep = <T extends { close(): unknown }>(one: T): T => (open.push(one), one);

/** As much of a NATS server as a client needs to connect. */
async function pretend(info: object): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.write(`INFO ${JSON.stringify({ server_id: 'x', proto: 1, headers: true, max_payload: 1_048_576, ...info })}\r\n`);
    socket.on('data', (bytes) => {
      if (bytes.toString().includes('PING')) socket.write('PONG\r\n');
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return `nats://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('connecting to NATS', () => {
  it.each(['2.9.10', '2.10.27', '1.4.1'])('refuses a server of version %s with the reason', async (version) => {
    const url = await pretend({ version, jetstream: true });
    await expect(connectNats({ url, service: 'identity' }, silentLog)).rejects.toMatchObject({
      code: 'nats.too-old',
      message: expect.stringContaining(`nats-server ${version} is too old`) as string,
    });
  });

  it('refuses a server without JetStream with the reason', async () => {
    const server = await NatsServer.start(({ port }) => `listen: "127.0.0.1:${port}"\n`);
    open.push({ close: () => server.stop() });
    await expect(connectNats({ url: server.url, service: 'identity' }, silentLog)).rejects.toMatchObject({
      code: 'nats.no-jetstream',
      message: expect.stringContaining('--jetstream') as string,
    });
  });

  it('refuses an account without JetStream with the reason', async () => {
    const server = await NatsServer.start(
      ({ port, storeDir }) =>
        `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${storeDir}" }\naccounts { A: { users: [{user: a, password: a}] }, SYS: { users: [{user: s, password: s}] } }\nsystem_account: SYS\n`,
    );
    open.push({ close: () => server.stop() });
    const url = server.url.replace('//', '//a:a@');
    await expect(connectNats({ url, service: 'identity' }, silentLog)).rejects.toMatchObject({ code: 'nats.no-jetstream' });
  });

  it('waits for a server that is not there yet, and says so without the password in the URL', async () => {
    const server = await NatsServer.start();
    open.push({ close: () => server.stop() });
    await server.down();
    const log = recordingLog();
    const connecting = connectNats({ url: server.url.replace('//', '//me:secret@'), service: 'identity' }, log);
    await until(() => log.has('NATS does not let us in yet'));
    await server.up();
    keep(await connecting);
    expect(JSON.stringify(log.lines)).not.toContain('secret');
  });

  it('gives up when told so, and a later try is not spoilt by it (failed connection promises)', async () => {
    const server = await NatsServer.start();
    open.push({ close: () => server.stop() });
    await server.down();
    const settings = { url: server.url, service: 'identity' };
    await expect(connectNats(settings, silentLog, { giveUpAfterMs: 0 })).rejects.toMatchObject({ code: 'nats.unreachable' });
    await server.up();
    keep(await connectNats(settings, silentLog, { giveUpAfterMs: 2000 }));
  });
});

describe('the state of the connection', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  beforeEach(async () => {
    server = await NatsServer.start();
    open.push({ close: () => server.stop() });
    connection = keep(await connectNats({ url: server.url, service: 'identity' }, silentLog));
  });

  it('tells when it is lost and when it is back, for health', async () => {
    const state = ConnectionState.of(connection);
    const changes: string[] = [];
    state.onChange((change) => changes.push(change));
    expect(state.connected).toBe(true);
    await server.down();
    await until(() => !state.connected);
    expect(await state.whenConnected(20)).toBe(false);
    await expect(state.whileConnected(() => Promise.resolve())).rejects.toThrow('lost');
    const back = state.whenConnected(8000);
    await server.up();
    expect(await back).toBe(true);
    await connection.close();
    await until(() => state.closed);
    expect(changes).toEqual(['disconnected', 'connected', 'closed']);
    expect(state.connected).toBe(false);
  });

  it('is back within half a second of the broker', async () => {
    const state = ConnectionState.of(connection);
    await server.down();
    await until(() => !state.connected);
    await new Promise((resolve) => setTimeout(resolve, 600)); // several tries have failed by now
    await server.up();
    const since = performance.now();
    await until(() => state.connected);
    expect(performance.now() - since).toBeLessThan(1000);
  });

  it('is asked before a call is made on it', async () => {
    const client = keep(new RpcClient(connection));
    await connection.close();
    await until(() => ConnectionState.of(connection).closed);
    const contract = { kind: 'rpc', name: 'x.y', service: 'x', does: 'query', timeoutMs: 50 } as never;
    await expect(client.callRaw(contract, {}, { assertion: 'a', correlationId: 'c' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
