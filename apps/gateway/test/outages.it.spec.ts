import { listUpstreamProperties, roleChanged, testConnection } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually, type Deployment } from '@leasewire/testing';
import { encodeCursor } from '../src/events/cursor.js';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';
import { silence, StubService } from './support/stub-service.js';

const promisedMs = 2500;
const patience = Number(process.env['LEASEWIRE_TEST_PATIENCE'] ?? 1); // see libs/testing/src/eventually.ts

let deployment: Deployment;
let url: string;
let token: string;

beforeAll(async () => {
  deployment = await gatewayDeployment();
  const identity = await StubIdentity.start(deployment);
  const pms = await StubService.start('pms-sync', deployment);
  pms.handle(testConnection, () => silence);
  await identity.stub.publish(roleChanged, roleChanged.example, newId('org')); // too early for the gateway's memory
  url = (await startGateway(deployment)).url;
  ({ token } = identity.signIn({ 'accounts.integrations': 'full' }));
});

const connection = `/v1/connections/${newId('con')}`;
const ofThePast = `/v1/events?after=${encodeCursor({ identity: 0 })}`;
const answers = () => eventually(async () => expect((await ask(url, connection, { token })).status).toBe(404));

it('what is asked for here may take half a minute', () => {
  for (const { timeoutMs } of [testConnection, listUpstreamProperties])
    expect(timeoutMs).toBeGreaterThan(promisedMs * patience * 2);
});

describe('within two and a half seconds a request is answered', () => {
  it.each([
    ['whose owner stands still', () => Promise.resolve(), ['POST', `${connection}/test`]],
    ['while the broker stands still', () => deployment.nats.pause(), ['GET', `${connection}/upstream-properties`]],
    ['for what the broker keeps while it stands still', () => deployment.nats.pause(), ['GET', ofThePast]],
    ['while the broker is away', () => deployment.nats.stop('SIGKILL'), ['GET', `${connection}/upstream-properties`]],
    ['for what the broker keeps while it is away', () => deployment.nats.stop('SIGKILL'), ['GET', ofThePast]],
  ])('%s', async (_name, breaks, [method = '', path = '']) => {
    if (!deployment.nats.running) await deployment.nats.start();
    await answers();
    await breaks();
    const startedAt = performance.now();
    const { status, body } = await ask(url, path, { token, method });
    const tookMs = performance.now() - startedAt;
    if (deployment.nats.running) deployment.nats.resume();
    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect(tookMs).toBeLessThan(promisedMs * patience);
  });
});
