import {
  completeActivation,
  DomainError,
  getAccount,
  openResidentAccount,
  type Account,
  type InputOf,
  type OrgId,
  type OutputOf,
  type Resident,
  type RpcContract,
} from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import { connectAs, eventually, newOrgId, serviceActor, staffActor, startService, type Peer } from '@leasewire/testing';
import { onboarding } from '../../src/onboarding.service-definition.js';
import { World } from './world.js';

jest.setTimeout(60_000);

let world: World;
let gateway: Peer;
let orgId: OrgId;
let resident: Resident;
let token: string;

const call = <C extends RpcContract>(as: Actor, contract: C, input: InputOf<C>): Promise<OutputOf<C>> =>
  gateway.call(as, contract, input, { timeoutMs: 15_000 });
const account = (): Promise<Account> => call(staffActor({ orgId }), getAccount, { personId: resident.personId });
const complete = () =>
  call(serviceActor('gateway', null), completeActivation, {
    token,
    password: 'seven herons at dawn',
    acceptedTermsVersion: 0,
    address: '203.0.113.7',
  });

beforeAll(async () => {
  world = await World.start();
  await startService(onboarding);
  gateway = await connectAs('gateway');
});
beforeEach(async () => {
  orgId = newOrgId();
  const property = await world.property(orgId);
  resident = await world.resident(orgId, property.id);
  await world.importOne(resident.id);
  token = world.tokenIn(await eventually(() => world.mailsTo(resident.email!)[0] ?? Promise.reject(new Error('no mail yet'))));
  await eventually(async () => expect((await account()).status).toBe('pending-activation'));
});
afterEach(() => {
  world.beforePasswordIsSet = () => Promise.resolve();
  world.lost.clear();
});

describe('the password of an activation', () => {
  it('opens the account when it is live', async () => {
    await complete();
    expect(world.opened).toContain(resident.personId);
    expect((await account()).status).toBe('live');
  });

  it('opens nothing when the link was withdrawn while it was being set', async () => {
    world.beforePasswordIsSet = async () => {
      const { invitationId } = await account();
      await world.change(resident.id, { email: `moved-${resident.id}@example.com` });
      await eventually(async () => {
        const now = await account();
        expect(now.status === 'pending-activation' && now.invitationId === invitationId).toBe(false);
      });
    };
    await expect(complete()).rejects.toMatchObject({ code: 'activation.link-over' });
    expect(world.passwords.has(resident.personId)).toBe(true);
    expect(world.opened).not.toContain(resident.personId);
  });

  it('is not taken from whom identity knows to have left', async () => {
    world.beforePasswordIsSet = () => Promise.reject(new DomainError('conflict.state', 'They live nowhere here any more.'));
    await expect(complete()).rejects.toMatchObject({ code: 'activation.link-over', details: { state: 'withdrawn' } });
    expect((await account()).status).toBe('pending-activation');
  });

  it('keeps nobody from being live where identity does not answer: it hears of the activation itself', async () => {
    world.lost.set(openResidentAccount.name, 100);
    await complete();
    expect((await account()).status).toBe('live');
  });
});
