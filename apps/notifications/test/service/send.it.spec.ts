import {
  deliveryChanged,
  estimateMessage,
  getDelivery,
  listMessages,
  messageFinished,
  sendTemplate,
  withdrawMessage,
  type Delivery,
  type Fact,
  type InputOf,
} from '@leasewire/contracts';
import { Database } from '@leasewire/persistence';
import { contentOf } from '@leasewire/simulators';
import { eventually } from '@leasewire/testing';
import { Global, Module } from '@nestjs/common';
import { Consents, NoConsents } from '../../src/audience/consents.js';
import { Channels } from '../../src/channel/channel.js';
import { EngineModule } from '../../src/engine.module.js';
import { notifications } from '../../src/notifications.service-definition.js';
import { PlainTexts } from './plain-texts.js';
import { Texts, type Place, type Writing } from '../../src/text/texts.js';
import { codeOf, NotificationsSuite, patience } from './notifications-suite.js';

class OneTemplate extends PlainTexts {
  override async template({ name, ...place }: Place & { readonly name: string }): Promise<Writing | null> {
    if (name !== 'wifi-password') return null;
    const body = '<p>Dear {{ recipient.name | default: "you" }}, your password is {{ wifi.password }}</p>';
    const texts = [{ language: 'en', subject: 'Your Wi-Fi', body, sms: '' }];
    return (await this.composed({ ...place, category: 'operational', texts })).writing;
  }
}
@Global()
@Module({
  providers: [Channels, { provide: Texts, useClass: OneTemplate }, { provide: Consents, useClass: NoConsents }],
  exports: [Channels, Texts, Consents],
})
class Ports {}
@Module({ imports: [Ports, EngineModule] })
class WithOneTemplate {}

const secret = 'plum-otter-4827';
let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start({}, { ...notifications, module: WithOneTemplate });
});
afterEach(() => suite.post.clear());

type Input = InputOf<typeof sendTemplate>;
const wifi = (more: Partial<Input> & Pick<Input, 'recipients' | 'key'>): Input => ({
  template: 'wifi-password',
  category: 'security',
  secrets: { 'wifi.password': secret },
  ...more,
});

/** Everything that the database of the service holds, as text. */
async function stored(): Promise<string> {
  const { db } = suite.service.get(Database);
  const all = await db.listCollections().toArray();
  const rows = await Promise.all(all.map(({ name }) => db.collection(name).find().toArray()));
  return JSON.stringify(rows);
}

describe('what a service sends', () => {
  it('goes out once under its key, however often it asks, and comes back in events under that key', async () => {
    const { orgId, staff, property } = await suite.org();
    const ana = suite.directory.add(property.id);
    const gone = suite.directory.add(property.id, { state: 'archived' });
    const input = wifi({
      key: 'wifi:1',
      propertyId: property.id,
      recipients: [ana, gone].map(({ residentId }) => ({ kind: 'resident' as const, residentId })),
    });
    const first = await suite.ask(orgId, sendTemplate, input);
    expect(await suite.ask(orgId, sendTemplate, input)).toEqual(first);
    const told = await eventually(() => {
      const facts = suite.events(deliveryChanged).map(({ data }) => (data as { delivery: Delivery }).delivery);
      const mine = facts.filter(({ key }) => key === 'wifi:1');
      expect(mine).toHaveLength(2);
      return mine;
    }, patience);
    expect(told.map(({ state, skipReason, service }) => [state, skipReason, service]).sort()).toEqual([
      ['sent', null, 'identity'],
      ['skipped', 'archived', 'identity'],
    ]);
    expect(suite.post.tally().accepted).toBe(1);
    const { text } = await contentOf(suite.post.mails()[0]!);
    expect(text).toContain(`Dear ${ana.name.first}, your password is ${secret}`);
    expect((await suite.call(staff, listMessages, {})).items).toEqual([]);
    expect((await suite.call(staff, listMessages, { kind: 'template' })).items).toMatchObject([
      { id: first.messageId, key: 'wifi:1' },
    ]);
  });

  it('keeps its secrets sealed, masked in history, out of events, and gone once it is sent', async () => {
    const { orgId, staff, property } = await suite.org();
    const ana = suite.directory.add(property.id);
    await suite.post.fault({ kind: 'refuse' });
    const { messageId } = await suite.ask(
      orgId,
      sendTemplate,
      wifi({ key: 'wifi:2', propertyId: property.id, recipients: [{ kind: 'person', personId: ana.personId }] }),
    );
    await eventually(async () => expect(await suite.deliveries(staff, messageId)).toHaveLength(1), patience);
    const waiting = await stored();
    expect(waiting).not.toContain(secret);
    expect(waiting).toContain('sealed:');
    await suite.post.clearFaults();
    await suite.passes(120);
    const sent = await eventually(async () => {
      const [row] = await suite.deliveries(staff, messageId);
      expect(row?.state).toBe('sent');
      return row!;
    }, patience);
    expect((await contentOf(suite.post.mails()[0]!)).text).toContain(secret);
    const shown = await suite.call(staff, getDelivery, { deliveryId: sent.id });
    expect(shown.rendered?.text).toContain('your password is ••••••••');
    const { db } = suite.service.get(Database);
    expect(await db.collection('deliveries').countDocuments({ messageId, secrets: null })).toBe(1);
    expect(await db.collection('messages').countDocuments({ _id: messageId as never, secrets: null, recipients: [] })).toBe(1);
    expect(JSON.stringify(suite.heard)).not.toContain(secret);
    expect(await stored()).not.toContain(secret);
  });

  it('whose sealed secret cannot be read fails alone, and holds up none that goes out with it', async () => {
    const { orgId, staff } = await suite.org();
    await suite.post.fault({ kind: 'refuse' });
    const recipients = ['a@x.test', 'b@x.test'].map((email) => ({ kind: 'address' as const, email, name: email }));
    const { messageId } = await suite.ask(orgId, sendTemplate, wifi({ key: 'wifi:8', recipients }));
    await suite.becomes(staff, messageId, 'sending');
    const { db } = suite.service.get(Database);
    const spoilt = { $set: { secrets: 'sealed:1:spoilt' } };
    await db.collection('deliveries').updateOne({ messageId, address: 'a@x.test' }, spoilt);
    await eventually(async () => {
      await suite.passes(60);
      expect((await suite.deliveries(staff, messageId)).map(({ state }) => state)).toContain('failed');
    }, patience);
    await suite.post.clearFaults();
    await suite.passes(120);
    await suite.becomes(staff, messageId, 'done');
    const rows = await suite.deliveries(staff, messageId);
    expect(new Set(rows.map(({ address, state }) => `${address ?? ''} ${state}`))).toEqual(
      new Set(['a@x.test failed', 'b@x.test sent']),
    );
  });

  it('is taken back as far as it has not begun', async () => {
    const { orgId, staff } = await suite.org();
    await suite.post.fault({ kind: 'refuse' });
    const recipients = ['a@x.test', 'b@x.test'].map((email) => ({ kind: 'address' as const, email, name: email }));
    const { messageId } = await suite.ask(orgId, sendTemplate, wifi({ key: 'wifi:3', recipients }));
    await suite.becomes(staff, messageId, 'sending');
    await eventually(async () => {
      const rows = await suite.deliveries(staff, messageId);
      expect(rows.filter(({ state }) => state === 'sending')).toEqual([]);
    }, patience);
    await suite.ask(orgId, withdrawMessage, { key: 'wifi:3', reason: 'The link was replaced.' });
    await suite.post.clearFaults();
    await suite.passes(120);
    await eventually(async () => {
      const rows = await suite.deliveries(staff, messageId);
      expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
        ['cancelled', 'The link was replaced.'],
        ['cancelled', 'The link was replaced.'],
      ]);
    }, patience);
    expect(suite.post.tally().accepted).toBe(0);
  });

  it('to one address is over as soon as that is tried, and told once, though it was asked for by two at the same moment', async () => {
    const { orgId, staff } = await suite.org();
    const ask = (email: string, key: string) =>
      suite.ask(orgId, sendTemplate, wifi({ key, recipients: [{ kind: 'address', email, name: 'Ana' }] }));
    const [one, other] = await Promise.all([ask('ana@example.com', 'wifi:6'), ask('ana@example.com', 'wifi:6')]);
    expect(other).toEqual(one);
    const finished = await eventually(() => {
      const facts = suite.events(messageFinished, one.messageId);
      expect(facts).toHaveLength(1);
      return facts;
    }, patience);
    const { data } = finished[0]! as Fact<typeof messageFinished>;
    expect(data.message).toMatchObject({ state: 'done', reach: { people: 1, reached: 1 }, counts: { queued: 0, sent: 1 } });
    expect(suite.post.tally().accepted).toBe(1);
    const { items } = await suite.call(staff, listMessages, { kind: 'template' });
    expect(items).toMatchObject([{ id: one.messageId, state: 'done', counts: { sent: 1 } }]);
  });

  it('to one address that is refused is over with that', async () => {
    const { orgId, staff } = await suite.org();
    await suite.post.fault({ kind: 'reject', at: 'rcpt', code: 550 });
    const { messageId } = await suite.ask(
      orgId,
      sendTemplate,
      wifi({ key: 'wifi:7', recipients: [{ kind: 'address', email: 'gone@example.com', name: 'Ana' }] }),
    );
    const { counts } = await suite.becomes(staff, messageId, 'done');
    expect(counts.sent).toBe(0);
    expect(counts.bounced + counts.failed).toBe(1);
    await eventually(() => expect(suite.events(messageFinished, messageId)).toHaveLength(1), patience);
  });

  it('is estimated by the code that sends it', async () => {
    const { orgId, property } = await suite.org();
    suite.directory.add(property.id);
    suite.directory.add(property.id, { email: null });
    const about = { template: 'wifi-password', category: 'security' as const, propertyId: property.id };
    const reach = await suite.ask(orgId, estimateMessage, { ...about, residents: { filter: { propertyId: property.id } } });
    expect(reach).toEqual({ people: 2, reached: 1, channels: { email: { will: 1, not: { 'no-address': 1 } } } });
    const recipients = [{ kind: 'address' as const, email: 'a@x.test', name: 'A' }];
    expect(await codeOf(suite.ask(orgId, sendTemplate, { ...wifi({ key: 'x', recipients }), template: 'nothing' }))).toBe(
      'template.unknown',
    );
  });

  it('skips who lacks the secret that another has of their own', async () => {
    const { orgId, staff } = await suite.org();
    const address = (email: string, secrets: Record<string, string>) => ({ kind: 'address' as const, email, name: 'A', secrets });
    const recipients = [
      address('a@x.test', { 'wifi.password': secret }),
      address('b@x.test', { 'password.link': 'https://x.test' }),
    ];
    const { messageId } = await suite.ask(orgId, sendTemplate, { ...wifi({ key: 'wifi:9', recipients }), secrets: {} });
    await suite.becomes(staff, messageId, 'done');
    const rows = await suite.deliveries(staff, messageId);
    expect(new Set(rows.map(({ address: to, state, skipReason }) => `${to ?? ''} ${state} ${skipReason ?? ''}`))).toEqual(
      new Set(['a@x.test sent ', 'b@x.test skipped missing-field']),
    );
  });

  it.each<[string, Partial<Input>]>([
    ['as another category than the registry says, which could be unsubscribed', { category: 'operational' }],
    ['with a secret among the data', { data: { 'wifi.password': secret } }],
    [
      'with a secret among the data of one',
      { recipients: [{ kind: 'address', email: 'a@x.test', name: 'A', data: { 'wifi.password': secret } }] },
    ],
  ])('is refused %s', async (name, more) => {
    const { orgId } = await suite.org();
    const recipients = [{ kind: 'address' as const, email: 'a@x.test', name: 'A' }];
    const asked = { ...wifi({ key: `wifi:${name}`, recipients }), secrets: {}, ...more };
    expect(await codeOf(suite.ask(orgId, sendTemplate, asked))).toBe('message.invalid');
    expect(await stored()).not.toContain(secret);
  });

  it('skips who lacks what the text needs', async () => {
    const { orgId, staff } = await suite.org();
    const recipients = [{ kind: 'address' as const, email: 'a@x.test', name: 'A' }];
    const { messageId } = await suite.ask(orgId, sendTemplate, { ...wifi({ key: 'wifi:5', recipients }), secrets: {} });
    await eventually(async () => {
      expect(await suite.deliveries(staff, messageId)).toMatchObject([{ state: 'skipped', skipReason: 'missing-field' }]);
    }, patience);
  });
});
