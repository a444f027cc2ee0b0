import { listUpstreamProperties, testConnection } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually, type Deployment } from '@leasewire/testing';
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
  url = (await startGateway(deployment)).url;
  ({ token } = identity.signIn({ 'accounts.integrations': 'full' }));
});

const connection = `/v1/connections/${newId('con')}`;
const answers = () => eventually(async () => expect((await ask(url, connection, { token })).status).toBe(404));

describe('a request that may take half a minute is answered within two and a half seconds where', () => {
  it.each([
    ['its owner stands still', () => Promise.resolve(), testConnection, 'test', 'POST'],
    ['the broker stands still', () => deployment.nats.pause(), listUpstreamProperties, 'upstream-properties', 'GET'],
    ['the broker is away', () => deployment.nats.stop('SIGKILL'), listUpstreamProperties, 'upstream-properties', 'GET'],
  ])('%s', async (_name, breaks, { timeoutMs }, path, method) => {
    expect(timeoutMs).toBeGreaterThan(promisedMs * patience * 2);
    await answers();
    await breaks();
    const startedAt = performance.now();
    const { status, body } = await ask(url, `${connection}/${path}`, { token, method });
    const tookMs = performance.now() - startedAt;
    if (deployment.nats.running) deployment.nats.resume();
    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect(tookMs).toBeLessThan(promisedMs * patience);
  });
});
