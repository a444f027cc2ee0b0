import { DomainError, explainMissing, listLeftOut } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';
import { StubService } from './support/stub-service.js';

let url: string;
let identity: StubIdentity;
let directory: StubService;
let pmsSync: StubService;
const propertyId = newId('prop');
const guarantor = {
  ...{ upstreamId: 'g', name: 'Ana Silva', unit: '1' },
  reason: { code: 'sync.guarantor', message: 'Guarantors are left out by the policy of the property.' },
};

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  const owners = await StubService.all(deployment);
  [directory, pmsSync] = ['directory', 'pms-sync'].map((name) => owners.find((one) => one.name === name)!) as [
    StubService,
    StubService,
  ];
  url = (await startGateway(deployment)).url;
  directory.handle(explainMissing, () => ({ found: [], sentences: ['Nobody like “ana” was ever known in Court.'] }));
  pmsSync.handle(listLeftOut, () => ({ items: [guarantor] }));
});

describe('why somebody is missing', () => {
  const asked = (query: string, token = identity.signIn({ 'residence.residence': 'view' }).token) =>
    ask(url, `/v1/residents/missing?${query}`, { token });

  it('is said by directory, which knows who was ever here, and by pms-sync, which knows whom it left out', async () => {
    const { status, body } = await asked(`search=ana&propertyId=${propertyId}`);
    expect([status, body]).toEqual([
      200,
      { found: [], sentences: ['Nobody like “ana” was ever known in Court.'], leftOut: [guarantor] },
    ]);
    expect((await asked('search=ana')).body).toMatchObject({ leftOut: [] });
  });

  it('is not said of a property that is not there, nor to whom may not look', async () => {
    pmsSync.handle(listLeftOut, () => {
      throw new DomainError('not-found', 'There is no such property.');
    });
    expect((await asked(`search=ana&propertyId=${propertyId}`)).status).toBe(404);
    expect((await asked('search=ana', identity.signIn({}).token)).status).toBe(403);
    expect((await asked('search=a')).status).toBe(400);
  });
});
