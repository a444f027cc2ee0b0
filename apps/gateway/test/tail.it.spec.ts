import { setTimeout as sleep } from 'node:timers/promises';
import { staffInvited, type OrgId } from '@leasewire/contracts';
import { ConnectionState, connectNats, newId, silentLog } from '@leasewire/messaging';
import { eventually, onCleanUp, TcpProxy } from '@leasewire/testing';
import { StreamReader } from '../src/events/stream-reader.js';
import { StreamTail } from '../src/events/tail.js';
import { gatewayDeployment } from './support/gateway.js';
import { StubService } from './support/stub-service.js';

/** Longer than any test: what is seen was told of, not found by looking. */
const neverMs = 2 ** 31 - 1;

let identity: StubService;
let proxy: TcpProxy;
let nats: Awaited<ReturnType<typeof connectNats>>;
let seen: number[];
const orgId: OrgId = newId('org');
const publish = () => identity.publish(staffInvited, staffInvited.example, orgId);

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  identity = await StubService.start('identity', deployment);
  proxy = await TcpProxy.open(deployment.nats.port);
  nats = await connectNats(
    {
      url: `nats://127.0.0.1:${proxy.port}`,
      service: 'gateway',
      seed: deployment.environmentOf('gateway')['LEASEWIRE_NKEY_SEED'] ?? '',
    },
    silentLog,
  );
  onCleanUp(() => nats.close());
  seen = [];
  await follow('identity', neverMs).begun;
});
const follow = (service: string, pollMs?: number): StreamTail => {
  const tail = new StreamTail(nats, new StreamReader(nats), service, silentLog, pollMs);
  tail.listen({ event: ({ seq }) => seen.push(seq) });
  tail.start();
  onCleanUp(() => {
    tail.stop();
    return Promise.resolve();
  });
  return tail;
};

describe('the end of a stream is followed without looking', () => {
  it('each event is told of', async () => {
    for (let n = 0; n < 3; n++) {
      const seq = await publish();
      await eventually(() => expect(seen.at(-1)).toBe(seq));
    }
  });

  it('what came while the broker was out of reach is read as soon as it is back', async () => {
    proxy.refuse();
    const seq = await publish();
    expect(seen).not.toContain(seq);
    proxy.restore();
    await eventually(() => expect(seen.at(-1)).toBe(seq));
  });
});

it('a stream that nobody has made yet holds nothing up when the broker is back', async () => {
  follow('audit');
  await nats.flush();
  const back = new Promise<void>((resolve) => {
    ConnectionState.of(nats).onChange((change) => change === 'connected' && resolve());
  });
  proxy.cut();
  await back;
  const startedAt = performance.now();
  for (let turn = 0; turn < 15; turn++) await sleep(20);
  expect(performance.now() - startedAt).toBeLessThan(4000); // each took a second
});
