import {
  connectionRecovered,
  getMyAlerts,
  holdOpened,
  raiseAlert,
  roleCreated,
  setMyAlerts,
  staffJoined,
  type OrgId,
  type Permissions,
  type PropertyScope,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import { contentOf } from '@leasewire/simulators';
import { eventually, outgoing, serviceActor, staffActor } from '@leasewire/testing';
import { aKey, codeOf, NotificationsSuite, patience } from './notifications-suite.js';

let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start({ LEASEWIRE_CONSOLE_URL: 'https://console.example' });
});
afterEach(() => suite.post.clear());

const at = new Date().toISOString();
const known = (name: string, _id: string) => async () =>
  expect(await suite.service.get(Database).db.collection<{ _id: string }>(name).findOne({ _id })).not.toBeNull();

/** Somebody of the staff, as identity tells of them. */
async function staff(orgId: OrgId, permissions: Permissions, properties: PropertyScope = 'all', locale = 'en-AU') {
  const [id, roleId] = [newId('stf'), newId('rol')];
  const stamps = { version: 1, createdAt: at, updatedAt: at };
  const role = { id: roleId, name: roleId, preset: null, permissions, ...stamps };
  const email = `${id}@example.test`;
  const member = {
    id,
    email,
    name: 'Sam Staff',
    locale,
    state: 'active' as const,
    roleIds: [roleId],
    properties,
    twoFactor: false,
  };
  await suite.identity.bus.publish(outgoing(roleCreated, { orgId, subject: roleId, data: { role } }));
  const said = { ...member, inviteExpiresAt: null, lastSignInAt: null, ...stamps };
  await suite.identity.bus.publish(outgoing(staffJoined, { orgId, subject: id, data: { staff: said } }));
  await eventually(known('known_staff', id), patience);
  await eventually(known('known_roles', roleId), patience);
  const actor: Actor = staffActor({ orgId, staffId: id, permissions, properties });
  return { id, email, actor };
}

const mailsTo = (email: string) => suite.post.mails().filter(({ envelope }) => envelope.to.includes(email));
const mailTo = async (email: string) => {
  await eventually(() => expect(mailsTo(email)).toHaveLength(1), patience);
  return contentOf(mailsTo(email)[0]!);
};
const hold = (propertyId: `prop_${string}`) => ({
  ...holdOpened.example.hold,
  ...{ id: newId('hold'), propertyId, count: 38, state: 'open' as const },
});

describe('a hold that waits', () => {
  it('is told to those who may decide about it, with the way to its place', async () => {
    const { orgId, property } = await suite.org();
    const decides = await staff(orgId, { 'residence.residence': 'full' }, [property.id]);
    const looks = await staff(orgId, { 'residence.residence': 'view' });
    const elsewhere = await staff(orgId, { 'residence.residence': 'full' }, [newId('prop')]);
    const open = hold(property.id);
    const event = outgoing(holdOpened, { orgId, subject: open.id, data: { hold: open } });
    await suite.pms.bus.publish(event);
    const mail = await mailTo(decides.email);
    expect(mail.text).toContain(`https://console.example/holds/${open.id}`);
    expect(mail.text).toContain('https://console.example/me/alerts');
    expect(mail.html).toContain('38 move-outs of Harbour House wait for you');
    expect([mailsTo(looks.email), mailsTo(elsewhere.email)]).toEqual([[], []]);
  });

  it('is told in the morning to whoever wants it so, in their language, and not to whoever does not', async () => {
    const { orgId, property } = await suite.org();
    const later = await staff(orgId, { 'residence.residence': 'full' }, 'all', 'fr-FR');
    const never = await staff(orgId, { 'residence.residence': 'full' });
    expect(await suite.call(later.actor, getMyAlerts, {})).toMatchObject({ version: 0 });
    await suite.call(later.actor, setMyAlerts, { modes: { 'hold-waiting': 'digest' }, version: 0 });
    expect(await codeOf(suite.call(later.actor, setMyAlerts, { modes: {}, version: 0 }))).toBe('conflict.version');
    await suite.call(never.actor, setMyAlerts, { modes: { 'hold-waiting': 'off' } });
    const open = hold(property.id);
    await suite.pms.bus.publish(outgoing(holdOpened, { orgId, subject: open.id, data: { hold: open } }));
    const digests = suite.service.get(Database).db.collection<{ _id: string }>('alert_digests');
    await eventually(
      async () => expect(await digests.findOne({ _id: later.id })).toMatchObject({ lines: [{ kind: 'hold-waiting' }] }),
      patience,
    );
    expect(mailsTo(later.email)).toEqual([]);
    await digests.updateOne({ _id: later.id }, { $set: { 'due.at': new Date(0) } });
    const mail = await mailTo(later.email);
    expect(mail.text).toContain(`38 départs de Harbour House vous attendent (https://console.example/holds/${open.id})`);
    expect(mailsTo(never.email)).toEqual([]);
  });
});

it('what a service raises twice is told once', async () => {
  const { orgId } = await suite.org();
  const { email } = await staff(orgId, { 'network.controllers': 'view' });
  const raise = {
    kind: 'controller-down' as const,
    key: aKey(),
    place: '/controllers/ctl_1',
    data: { 'controller.name': 'Ruckus 1' },
  };
  expect(await suite.ask(orgId, raiseAlert, raise)).toEqual({ told: 1 });
  expect(await suite.ask(orgId, raiseAlert, raise)).toEqual({ told: 1 });
  expect((await mailTo(email)).text).toContain('https://console.example/controllers/ctl_1');
});

it('a connection that works again waits for the digest', async () => {
  const { orgId } = await suite.org();
  const { id } = await staff(orgId, { 'accounts.integrations': 'full' });
  const { connection } = connectionRecovered.example;
  const event = outgoing(connectionRecovered, { orgId, subject: connection.id, data: { connection } });
  await suite.pms.bus.publish(event);
  const digests = suite.service.get(Database).db.collection<{ _id: string }>('alert_digests');
  await eventually(
    async () => expect(await digests.findOne({ _id: id })).toMatchObject({ lines: [{ kind: 'connection-recovered' }] }),
    patience,
  );
});

it('alerts are chosen by people', async () => {
  const { orgId } = await suite.org();
  expect(await codeOf(suite.call(serviceActor('gateway', orgId), getMyAlerts, {}))).toBe('forbidden');
});
