import { isWithin, permissionKeys, splitPermission, type Permission, type Permissions } from '@leasewire/contracts';
import { routeSamples } from '../src/routing/samples.js';
import { routes } from '../src/routes.js';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';
import { StubService } from './support/stub-service.js';

const samples = routeSamples(routes).filter(({ access }) => access !== 'public');
const protectedOnes = samples.filter((sample) => sample.access !== 'member');
let url: string;
let identity: StubIdentity;
let others: StubService[];

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  others = await StubService.all(deployment);
  url = (await startGateway(deployment)).url;
});

const request = (sample: (typeof samples)[number], token?: string) =>
  ask(url, sample.url(), {
    method: sample.method,
    headers: { ...sample.headers },
    ...(token !== undefined && { token }),
    ...(sample.body !== undefined && { body: JSON.stringify(sample.body) }),
  });
const callsOfOwners = () =>
  [identity.stub, ...others].flatMap(({ calls }) => calls).filter(({ method }) => !method.includes('resolve')).length;

/** Everything but what the route needs. */
function allBut(permission: Permission): Permissions {
  const [key, level] = splitPermission(permission);
  return Object.fromEntries(permissionKeys.map((one) => [one, one === key ? (level === 'full' ? 'view' : 'none') : 'full']));
}

describe('every route that is not for anyone', () => {
  it.each(samples.map((sample) => [`${sample.method} ${sample.route}`, sample] as const))(
    'refuses who is not known: %s',
    async (_name, sample) => {
      const before = callsOfOwners();
      const reply = await request(sample);
      expect([reply.status, reply.body.code, callsOfOwners() - before]).toEqual([401, 'unauthenticated', 0]);
    },
  );

  it.each(protectedOnes.map((sample) => [`${sample.method} ${sample.route}`, sample] as const))(
    'refuses who holds every permission but its own: %s',
    async (_name, sample) => {
      const before = callsOfOwners();
      const permissions = allBut(sample.access as Permission);
      const reply = await request(sample, identity.signIn(permissions).token);
      expect([reply.status, reply.body.code, callsOfOwners() - before]).toEqual([403, 'forbidden', 0]);
      expect(isWithin({}, permissions)).toBe(true);
    },
  );

  it.each(protectedOnes.map((sample) => [`${sample.method} ${sample.route}`, sample] as const))(
    'asks its owner for who holds nothing but its own, and says who asks: %s',
    async (_name, sample) => {
      const [key, level] = splitPermission(sample.access as Permission);
      const caller = identity.signIn({ [key]: level });
      const reply = await request(sample, caller.token);
      // The stubs know nothing of anybody: for somebody else's ids that is the answer of a real owner, too.
      expect([reply.status, reply.body.code]).toEqual([404, 'not-found']);
      const calls = [identity.stub, ...others]
        .flatMap(({ calls }) => calls)
        .filter(({ actor }) => actor.ref === `staff:${caller.staffId}`);
      expect(calls).toHaveLength(1);
      expect(calls[0]).toMatchObject({ actor: { orgId: caller.orgId, permissions: { [key]: level } } });
    },
  );
});
