import {
  connectionFailing,
  connectionRecovered,
  getMyAlerts,
  holdOpened,
  raiseAlert,
  roleCreated,
  sendTemplate,
  setMyAlerts,
  staffJoined,
  type OrgId,
  type Permissions,
  type PropertyScope,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import { contentOf } from '@leasewire/simulators';
import { runCommand } from '@leasewire/service-kit';
import { eventually, outgoing, serviceActor, staffActor, suiteDeployment } from '@leasewire/testing';
import { headers } from '@nats-io/transport-node';
import { notifications } from '../../src/notifications.service-definition.js';
import { DeadLetterWatch } from '../../src/alert/dead-letter-watch.js';
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

describe('mails of which nobody knows whether they went out', () => {
  it('and that are a message each, as welcome mails are, are told once a property and hour', async () => {
    const { orgId, property } = await suite.org();
    const { email: sam } = await staff(orgId, { 'communication.messages': 'full' });
    await suite.post.fault({ kind: 'drop', at: 'content', times: 3 });
    for (const n of [1, 2, 3])
      await suite.ask(orgId, sendTemplate, {
        ...{ key: aKey(), template: 'welcome', category: 'security', propertyId: property.id },
        recipients: [{ kind: 'address', email: `ana-${n}@example.com`, name: 'Ana' }],
        data: { 'property.name': 'Harbour House' },
        secrets: { 'activation.link': 'https://living.example/activate/tok123' },
      });
    const { db } = suite.service.get(Database);
    await eventually(async () => {
      const rows = await db.collection('deliveries').find({ orgId, template: 'welcome' }).toArray();
      expect(rows.map(({ state }): unknown => state)).toEqual(['unknown', 'unknown', 'unknown']);
      const told = await db.collection('effects').find({ orgId, kind: 'tell-of-unknown' }).toArray();
      expect(told.map(({ state }): unknown => state)).toEqual(['done']);
    }, patience);
    const { text } = await mailTo(sam);
    expect(text).toContain(`https://console.example/deliveries?state=unknown&propertyId=${property.id}`);
    expect(await db.collection('alerts').countDocuments({ orgId, kind: 'deliveries-unknown' })).toBe(1);
  });
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

it('a connection that fails is told at once', async () => {
  const { orgId } = await suite.org();
  const { email } = await staff(orgId, { 'accounts.integrations': 'full' });
  const { connection } = connectionFailing.example;
  await suite.pms.bus.publish(outgoing(connectionFailing, { orgId, subject: connection.id, data: { connection } }));
  const { text } = await mailTo(email);
  expect(text).toContain(connection.name);
  expect(text).toContain(`https://console.example/connections/${connection.id}`);
});

it('a rent block whose notice reached nobody is told to those who may block', async () => {
  const { orgId, property } = await suite.org();
  const { email } = await staff(orgId, { 'network.rent-blocks': 'full' });
  const raise = { kind: 'block-undeliverable' as const, key: aKey(), propertyId: property.id, place: '/rent-blocks/blk_1' };
  expect(await suite.ask(orgId, raiseAlert, raise)).toEqual({ told: 1 });
  expect((await mailTo(email)).text).toContain('https://console.example/rent-blocks/blk_1');
});

it('deliveries that nobody knows about are told once a message, and those of an alert never', async () => {
  const { orgId, staff: writer, property } = await suite.org();
  const { email } = await staff(orgId, { 'communication.messages': 'full' });
  const [ana, ben] = [suite.directory.add(property.id), suite.directory.add(property.id)];
  for (const { email: to } of [ana, ben]) await suite.post.fault({ kind: 'drop', at: 'end', to: to!, times: 1 });
  const message = await suite.sent(writer, suite.draft(property));
  await suite.passes(16);
  expect((await mailTo(email)).text).toContain(`https://console.example/messages/${message.id}`);
  await suite.becomes(writer, message.id, 'done');
  expect(mailsTo(email)).toHaveLength(1);
});

it('events that a handler set aside are told once a day, by their organization, with the service', async () => {
  const { orgId, property } = await suite.org();
  const { orgId: elsewhere } = await suite.org();
  const [here, there] = [
    await staff(orgId, { 'accounts.integrations': 'full' }),
    await staff(elsewhere, { 'accounts.integrations': 'full' }),
  ];
  const event = outgoing(holdOpened, { orgId, data: { hold: hold(property.id) } });
  await suite.pms.bus.publish({ ...event, envelope: { ...event.envelope, data: { hold: 'nothing that a hold could be' } } });
  const watch = suite.service.get(DeadLetterWatch);
  await eventually(async () => {
    await watch.look();
    expect(mailsTo(here.email)).toHaveLength(1);
  }, patience);
  const { text } = await mailTo(here.email);
  expect(text).toContain('docker compose exec notifications node dist/cli.js dead-letters list');
  expect(text).not.toContain('https://console.example/dead-letters');
  await watch.look();
  expect([mailsTo(here.email).length, mailsTo(there.email)]).toEqual([1, []]);
});

it('alerts are chosen by people', async () => {
  const { orgId } = await suite.org();
  expect(await codeOf(suite.call(serviceActor('gateway', orgId), getMyAlerts, {}))).toBe('forbidden');
});

it('who of the staff may be told is read anew from identity, as when events were lost', async () => {
  const { orgId } = await suite.org();
  const [id, roleId] = [newId('stf'), newId('rol')];
  const stamps = { version: 4, createdAt: at, updatedAt: at };
  const role = { id: roleId, name: 'Network', preset: null, permissions: { 'network.controllers': 'view' as const }, ...stamps };
  const member = {
    ...{ id, email: `${id}@example.test`, name: 'Sam Staff', locale: 'en-AU', state: 'active', roleIds: [roleId] },
    ...{ properties: 'all', twoFactor: false, inviteExpiresAt: null, lastSignInAt: null, ...stamps },
  };
  const item = (entity: string, of: string, data: object) => ({ entity, id: of, orgId, version: 4, epoch: 1, data });
  suite.identity.nats.subscribe('rpc.identity.snapshot', {
    queue: 'identity',
    callback: (_error, message) => {
      const reply = headers();
      reply.set('lw-ok', '1');
      const items = [item('role', roleId, { role }), item('staff', id, { staff: member })];
      message.respond(JSON.stringify({ items, nextCursor: null, position: 0 }), { headers: reply });
    },
  });
  await suite.identity.nats.flush();
  const { environmentOf } = await suiteDeployment();
  const said: string[] = [];
  await runCommand(notifications, ['rebuild'], {
    env: environmentOf('notifications'),
    process: false,
    logTo: { write: () => undefined },
    print: (line) => said.push(line),
  });
  expect(said.join()).toMatch(/^staff: 2 taken over/);
  const data = { 'controller.name': 'Ruckus 2' };
  const raise = { kind: 'controller-down' as const, key: aKey(), place: '/controllers/ctl_2', data };
  expect(await suite.ask(orgId, raiseAlert, raise)).toEqual({ told: 1 });
  await mailTo(member.email);
});
