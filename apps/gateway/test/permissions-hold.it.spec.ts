import { getStaff, roleChanged, staffInvited } from '@leasewire/contracts';
import { eventually, inTime } from '@leasewire/testing';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity, type SignedInStub } from './support/stub-identity.js';

let urls: string[];
let identity: StubIdentity;
const staff = { ...staffInvited.example.staff, roleIds: [] };
const read = (url: string, token: string) => ask(url, `/v1/staff/${staff.id}`, { token }).then(({ status }) => status);
const aSecond = 1000;
const allAnswer = (caller: SignedInStub, status: number) => async () => {
  for (const url of urls) expect(await read(url, caller.token)).toBe(status);
};

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  identity.stub.handle(getStaff, () => staff);
  urls = (await Promise.all([startGateway(deployment), startGateway(deployment)])).map(({ url }) => url);
  // Both have found the stream and heard a beat.
  for (const url of urls) await eventually(() => asksOnlyOnce(url));
});
afterEach(() => {
  identity.beat();
  identity.oldestUnpublishedMs = 0;
});

/** What is remembered is believed: the second request asks nobody. */
async function asksOnlyOnce(url: string): Promise<boolean> {
  const { token } = identity.signIn({ 'accounts.staff': 'view' });
  await read(url, token);
  const before = identity.resolved;
  await read(url, token);
  return identity.resolved === before;
}

describe('on every replica, within a second and without a call per request,', () => {
  it('a permission that was taken away is gone', async () => {
    let caller = identity.signIn({ 'accounts.staff': 'view' });
    await inTime(aSecond, async () => {
      caller = identity.signIn({ 'accounts.staff': 'view' });
      await allAnswer(caller, 200)();
      await identity.permit(caller, {});
      return allAnswer(caller, 403);
    });
    const before = identity.resolved;
    await allAnswer(caller, 403)();
    expect(identity.resolved).toBe(before);
  });

  it('a permission that was given holds', async () => {
    await inTime(aSecond, async () => {
      const caller = identity.signIn({});
      await allAnswer(caller, 403)();
      await identity.permit(caller, { 'accounts.staff': 'view' });
      return allAnswer(caller, 200);
    });
  });

  it('a session that was revoked is over', async () => {
    await inTime(aSecond, async () => {
      const caller = identity.signIn({ 'accounts.staff': 'view' });
      await allAnswer(caller, 200)();
      await identity.end(caller);
      return allAnswer(caller, 401);
    });
  });

  it('a role that changed makes everyone of the organization be asked for again, and nobody else', async () => {
    const one = identity.signIn({ 'accounts.staff': 'view' });
    const two = identity.signIn({ 'accounts.staff': 'view' });
    for (const url of urls) for (const { token } of [one, two]) await read(url, token);
    const before = identity.resolved;
    identity.lastSeq = await identity.stub.publish(roleChanged, roleChanged.example, one.orgId);
    await eventually(async () => {
      for (const url of urls) for (const { token } of [one, two]) await read(url, token);
      expect(identity.resolved - before).toBe(2); // one, on each replica
    });
  });
});

describe('what is remembered is not believed, and identity asked for each request,', () => {
  it('when an event it speaks of does not come', async () => {
    const caller = identity.signIn({ 'accounts.staff': 'view' });
    await read(urls[0]!, caller.token);
    identity.lastSeq += 1; // an event that this replica has not read
    await eventually(async () => expect(await asksOnlyOnce(urls[0]!)).toBe(false));
    identity.lastSeq -= 1;
    // The truth again: with the next event the position has caught up.
    identity.lastSeq = await identity.stub.publish(roleChanged, roleChanged.example, caller.orgId);
    await eventually(() => asksOnlyOnce(urls[0]!));
  });

  it('while changes wait to be published', async () => {
    identity.oldestUnpublishedMs = 900;
    await eventually(async () => expect(await asksOnlyOnce(urls[0]!)).toBe(false));
    identity.oldestUnpublishedMs = 0;
    await eventually(() => asksOnlyOnce(urls[0]!));
  });

  it('when it has not been heard for five seconds; and nobody gets in when it cannot be asked either', async () => {
    const { token } = identity.signIn({ 'accounts.staff': 'view' });
    expect(await read(urls[0]!, token)).toBe(200);
    identity.stopBeating();
    await eventually(async () => expect(await asksOnlyOnce(urls[0]!)).toBe(false), { timeoutMs: 8000 });
    expect(await read(urls[0]!, token)).toBe(200); // asked, and answered
    identity.stub.leave();
    const startedAt = performance.now();
    const reply = await ask(urls[0]!, '/v1/staff', { token });
    expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
    expect(performance.now() - startedAt).toBeLessThan(2500);
    identity.stub.listen();
    identity.beat();
    await eventually(() => asksOnlyOnce(urls[0]!));
  });
});
