import { createServer } from 'node:net';
import { join } from 'node:path';
import { defineRpc } from '@leasewire/contracts';
import {
  connectAs,
  eventually,
  freePort,
  newDeployment,
  staffActor,
  startProcess,
  suiteDeployment,
  Child,
  type Peer,
} from '@leasewire/testing';
import { z } from 'zod';

const main = join(__dirname, 'fixture', 'process.mjs');
const act = defineRpc('identity.act', {
  does: 'command',
  input: z.object({ how: z.enum(['answer-late', 'reject', 'throw']) }),
  output: z.object({ done: z.boolean() }),
  permission: 'member',
  describe: 'Does something to the process.',
  timeoutMs: 5000,
});

describe('a service as a process', () => {
  let gateway: Peer;
  beforeAll(async () => {
    gateway = await connectAs('gateway');
  });
  const start = (env: Record<string, string> = {}) => startProcess('identity', env, { main });
  const ask = (how: 'answer-late' | 'reject' | 'throw') => gateway.call(staffActor(), act, { how });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves with 0 on %s, after the call it is at', async (signal) => {
    const service = await start();
    const inFlight = ask('answer-late');
    await eventually(() => service.logs.includes('working'));
    const exit = await service.kill(signal);
    expect(exit).toEqual({ code: 0, signal: null });
    expect(await inFlight).toEqual({ done: true });
    expect(service.logs).toMatch(/"msg":"shutting down".*"msg":"stopped"/s);
  });

  it('leaves at once when it is asked twice', async () => {
    const service = await start({ DEMO_LATE_MS: '20000' });
    const inFlight = ask('answer-late').catch((error: unknown) => error);
    await eventually(() => service.logs.includes('working'));
    process.kill(service.pid, 'SIGTERM');
    await eventually(() => service.logs.includes('shutting down'));
    expect(await service.kill('SIGTERM')).toEqual({ code: 1, signal: null });
    gateway.rpc.close();
    await inFlight;
    gateway = await connectAs('gateway');
  });

  it.each(['reject', 'throw'] as const)('ends with 1 after a fault nobody caught (%s), and says where', async (how) => {
    const service = await start();
    void ask(how).catch(() => undefined);
    expect(await service.exited()).toEqual({ code: 1, signal: null });
    expect(service.logs).toMatch(/"level":"fatal".*"stack":"Error: nobody .*process\.mjs/);
    expect(service.logs).not.toContain('hunter22');
  });

  it('leaves with 0 also when its servers are away', async () => {
    const deployment = await newDeployment();
    const service = await startProcess('identity', {}, { main, deployment });
    await deployment.nats.stop('SIGKILL');
    const startedAt = performance.now();
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(9_000);
  });

  it('says everything that is wrong with its environment and leaves with 78', async () => {
    const { environmentOf } = await suiteDeployment();
    const env = {
      PATH: process.env['PATH'],
      ...environmentOf('identity'),
      LEASEWIRE_LOG_LEVEL: 'loud',
      LEASEWIRE_SECRET_KEYS: '',
    };
    const child = new Child({ command: process.execPath, args: [main], env, ready: () => new Promise(() => undefined) });
    await expect(child.start()).rejects.toThrow(/ended \(78\)/);
    expect(child.output).toBe(
      'identity cannot start: 2 problems in its environment.\n' +
        '  - LEASEWIRE_LOG_LEVEL is "loud"; it must be one of trace, debug, info, warn, error, fatal.\n' +
        '  - LEASEWIRE_SECRET_KEYS is missing; it must be id:base64 of 32 bytes, several joined by commas.\n',
    );
  });

  it('says why it cannot start and where that was found, and no secret, and leaves with 1', async () => {
    const { environmentOf } = await suiteDeployment();
    const env = { PATH: process.env['PATH'], ...environmentOf('identity'), DEMO_FAILS: '1' };
    const child = new Child({ command: process.execPath, args: [main], env, ready: () => new Promise(() => undefined) });
    await expect(child.start()).rejects.toThrow(/ended \(1\)/);
    expect(child.output).toMatch(/^identity cannot start: Error: it cannot begin: password=.*\n +at .*process\.mjs/m);
    expect(child.output).not.toContain('hunter22');
  });

  it('names a server that it cannot work with in one sentence, and leaves with 78: another start would not help', async () => {
    const { environmentOf } = await suiteDeployment();
    const old = createServer((socket) => {
      socket.write(`INFO ${JSON.stringify({ server_id: 'x', version: '2.9.10', proto: 1, headers: true, jetstream: true })}\r\n`);
      socket.on('data', (bytes) => bytes.toString().includes('PING') && socket.write('PONG\r\n'));
      socket.on('error', () => undefined);
    });
    const port = await freePort();
    await new Promise<void>((resolve) => old.listen(port, '127.0.0.1', resolve));
    const env = {
      PATH: process.env['PATH'],
      ...environmentOf('identity'),
      LEASEWIRE_NATS_URL: `nats://127.0.0.1:${port}`,
      LEASEWIRE_LOG_LEVEL: 'fatal',
    };
    const child = new Child({ command: process.execPath, args: [main], env, ready: () => new Promise(() => undefined) });
    await expect(child.start()).rejects.toThrow(/ended \(78\)/);
    expect(child.output).toMatch(/^identity cannot start\. nats-server 2\.9\.10 is too old: .*\n$/);
    old.close();
  });

  it('is live and not ready while it waits for its servers, and stops when it is told to', async () => {
    const { environmentOf } = await suiteDeployment();
    const port = await freePort();
    const env = {
      PATH: process.env['PATH'],
      ...environmentOf('identity'),
      LEASEWIRE_HTTP_PORT: String(port),
      LEASEWIRE_NATS_URL: 'nats://127.0.0.1:1',
    };
    const ready = async () => {
      await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200));
    };
    const child = await new Child({ command: process.execPath, args: [main], env, ready }).start();
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      checks: { service: { ok: false, reason: 'is starting: waiting for NATS and the database' } },
    });
    await eventually(() => expect(child.output).toContain('NATS does not let us in yet'));
    expect(await child.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
