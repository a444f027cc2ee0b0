import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { organizationCreated, services, staffInvited, staffJoined } from '@leasewire/contracts';
import { connectNats, NatsEventBus, natsConfig, newNkey } from '@leasewire/messaging';
import { Child, eventually, freePort, newOrgId, onCleanUp, outgoing, temporaryFolder } from '@leasewire/testing';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = temporaryFolder('examples');

/** The programs that the event catalogue shows, as they are. */
function runExample(name: string, env: Record<string, string>): { lines(): string[] } {
  const file = join(__dirname, '../examples', name);
  const child: ChildProcess = spawn(process.execPath, [file], { env: { PATH: process.env['PATH'], ...env } });
  onCleanUp(() => Promise.resolve(child.kill()));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { lines: () => output.split('\n').filter(Boolean) };
}

describe('subscribe.mjs', () => {
  it('hears what happened and happens in its organization, each once, and nothing of another', async () => {
    const keys = Object.fromEntries(Object.keys(services).map((name) => [name, newNkey()]));
    const [billing, own, other, port] = [newNkey(), newOrgId(), newOrgId(), await freePort()];
    const publicKeys = Object.fromEntries(Object.entries(keys).map(([name, { publicKey }]) => [name, publicKey]));
    const subscribers = [{ name: 'billing', publicKey: billing.publicKey, orgId: own }];
    writeFileSync(
      join(folder, 'nats.conf'),
      natsConfig({ keys: publicKeys, port, storeDir: join(folder, 'store'), subscribers }),
    );
    writeFileSync(join(folder, 'billing.seed'), billing.seed);
    const url = `nats://127.0.0.1:${port}`;
    const settings = { url, service: 'identity', seed: keys['identity']?.seed ?? '' };
    let identity: Awaited<ReturnType<typeof connectNats>> | undefined;
    const server = new Child({
      command: natsServer(),
      args: ['-c', join(folder, 'nats.conf')],
      env: {},
      ready: async () => void (identity = await connectNats(settings, silent, { giveUpAfterMs: 10_000 })),
    });
    await server.start();
    onCleanUp(() => server.stop('SIGKILL'));
    if (!identity) throw new Error('not connected');
    const connection = identity;
    onCleanUp(() => connection.close());
    const bus = new NatsEventBus({ connection, service: 'identity', log: silent });
    await bus.ensureStream('identity');

    await bus.publish(outgoing(organizationCreated, { orgId: own, subject: 'org_1', version: 1 }));
    const subscriber = runExample('subscribe.mjs', {
      NATS_URL: url,
      NKEY_SEED_FILE: join(folder, 'billing.seed'),
      SUBSCRIBER: 'billing',
      ORGANIZATION: own,
    });
    await eventually(() => expect(subscriber.lines()).toHaveLength(1));
    await bus.publish(outgoing(staffInvited, { orgId: other, subject: 'stf_1', version: 1 }));
    await bus.publish(outgoing(staffInvited, { orgId: own, subject: 'stf_2', version: 2 }));
    await bus.publish(outgoing(staffInvited, { orgId: own, subject: 'stf_2', version: 1 })); // late and older
    await bus.publish(outgoing(staffJoined, { orgId: own, subject: 'stf_2', version: 2 })); // of the same change
    await bus.publish(outgoing(staffInvited, { orgId: own, subject: 'stf_3', version: 1 }));
    await eventually(() => expect(subscriber.lines()).toHaveLength(4));
    expect(subscriber.lines()).toEqual([
      expect.stringContaining('identity.organization.created.v1 org_1'),
      expect.stringContaining('identity.staff.invited.v1 stf_2'),
      expect.stringContaining('identity.staff.joined.v1 stf_2'),
      expect.stringContaining('identity.staff.invited.v1 stf_3'),
    ]);
  });
});

describe('read-feed.mjs', () => {
  it('reads page after page, waits when it is told to, and goes on', async () => {
    const page = (name: string, nextCursor: string) => ({
      items: [{ time: '2026-11-20T09:00:00.000Z', type: name, subject: 'x', data: {} }],
      nextCursor,
      more: false,
    });
    const script = [page('first.v1', 'c1'), undefined, page('second.v1', 'c2')];
    const asked: (string | undefined)[] = [];
    const gateway = createServer((request, response) => {
      asked.push(request.headers.authorization, new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? undefined);
      if (script.length === 0) return; // nothing more happens: it waits
      const next = script.shift();
      response.writeHead(next ? 200 : 503, { 'retry-after': '0' }).end(JSON.stringify(next ?? {}));
    });
    await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done));
    onCleanUp(() => {
      gateway.closeAllConnections();
      return new Promise((done) => gateway.close(done));
    });
    const { port } = gateway.address() as AddressInfo;
    const reader = runExample('read-feed.mjs', { LEASEWIRE_URL: `http://127.0.0.1:${port}`, LEASEWIRE_API_KEY: 'lw_test' });
    await eventually(() => expect(asked).toHaveLength(8));
    expect(reader.lines()).toEqual([expect.stringContaining('first.v1 x {}'), expect.stringContaining('second.v1 x {}')]);
    expect(asked).toEqual(['oldest', 'c1', 'c1', 'c2'].flatMap((cursor) => ['Bearer lw_test', cursor]));
  });
});

function natsServer(): string {
  return join(process.env['LEASEWIRE_TEST_BIN_DIR'] ?? join(homedir(), '.cache/leasewire/bin'), 'nats-server');
}
