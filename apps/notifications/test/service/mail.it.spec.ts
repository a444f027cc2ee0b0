import { generateKeyPairSync } from 'node:crypto';
import {
  addAttachmentPart,
  beginAttachment,
  createMessage,
  deliveryChanged,
  endAttachment,
  getDelivery,
  getMessage,
  listSuppressions,
  personErased,
  previewMessage,
  residentDetailsChanged,
  setSender,
  staffJoined,
  testMessage,
  type OrgId,
  type Resident,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { Database, UnitOfWork } from '@leasewire/persistence';
import { contentOf } from '@leasewire/simulators';
import { eventually, newOrgId, outgoing, staffActor, systemCall } from '@leasewire/testing';
import { ErasureService } from '../../src/erasure/erasure.service.js';
import { InboundTextRepository } from '../../src/hooks/inbound-text.repository.js';
import { SuppressionService } from '../../src/suppression/suppression.service.js';
import { codeOf, NotificationsSuite, patience } from './notifications-suite.js';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
const domain = 'harbour.test';
const others = newOrgId();
let suite: NotificationsSuite;
beforeAll(async () => {
  const privateKey = key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  suite = await NotificationsSuite.start({
    LEASEWIRE_PUBLIC_URL: 'https://app.harbour.test',
    LEASEWIRE_MAIL_DOMAINS: JSON.stringify([
      { domain, selector: 's1', privateKey },
      { domain: 'others.test', selector: 's1', privateKey, organizations: [others] },
    ]),
  });
});
beforeEach(() => {
  suite.post.dkimKeys.add({
    domain,
    selector: 's1',
    publicKey: key.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  });
});
afterEach(() => suite.post.clear());

async function upload(staff: Actor, name: string, content: Buffer) {
  const { id } = await suite.call(staff, beginAttachment, { name });
  await suite.call(staff, addAttachmentPart, { attachmentId: id, part: 0, data: content.toString('base64') });
  return suite.call(staff, endAttachment, { attachmentId: id, parts: 1 });
}
/** What is known here of people who were written to, as text. */
async function kept(orgId: OrgId): Promise<string> {
  const { db } = suite.service.get(Database);
  const names = ['deliveries', 'delivery_events', 'messages', 'inbound_texts'];
  return JSON.stringify(await Promise.all(names.map((name) => db.collection(name).find({ orgId }).toArray())));
}

describe('a mail', () => {
  it('comes from the domain of its property, signed, with both headers of the one-click end under the signature', async () => {
    const { staff, property } = await suite.org();
    const ana = suite.directory.add(property.id);
    const sender = { propertyId: property.id, name: 'Harbour House', replyTo: null, dailyLimit: null };
    for (const fromDomain of ['other.test', 'others.test'])
      expect(await codeOf(suite.call(staff, setSender, { ...sender, fromDomain }))).toBe('sender.domain-not-ready');
    const ofOthers = { ...sender, propertyId: null, fromDomain: 'others.test' };
    expect(await codeOf(suite.call(staffActor({ orgId: others }), setSender, ofOthers))).toBe('ok');
    await suite.call(staff, setSender, { ...sender, fromDomain: domain });
    const message = await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const [mail] = suite.post.mails();
    expect(mail?.head.sender).toBe(`no-reply@${domain}`);
    expect(mail?.envelope.from).toMatch(/^bounce\+[0-9a-f]{30}@leasewire\.test$/);
    const [row] = await suite.deliveries(staff, message.id);
    expect(mail?.head.messageId).toBe(`<${row?.id ?? ''}@${domain}>`);
    const shown = (await (await fetch(`${suite.postUrl}/mails/${mail?.id ?? ''}`)).json()) as { dkim: { result: string }[] };
    expect(shown.dkim).toMatchObject([{ result: 'pass', domain }]);
    expect(mail?.raw.toString()).toMatch(/h=[^;]*List-Unsubscribe:List-Unsubscribe-Post/is);
    const { unsubscribe, text } = await contentOf(mail!);
    expect(unsubscribe).toMatchObject({ oneClick: true });
    expect(text).toContain('https://app.harbour.test/u/');
    expect(mail?.raw.toString()).not.toMatch(/^Reply-To:/im);
    expect(ana.email).toBe(mail?.envelope.to[0]);
    // what staff are shown of it ends as it did, but the link does not speak for whoever looks
    const { rendered } = await suite.call(staff, getDelivery, { deliveryId: row!.id });
    const sentText = text?.replace(/(app\.harbour\.test\/u\/)[\w-]+/, '$1••••••••').trim();
    expect(rendered?.text?.trim()).toBe(sentText);
  });

  it('takes files with it whose content is what their name says', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    await expect(upload(staff, 'plan.exe', Buffer.from('MZ'))).rejects.toMatchObject({ code: 'attachment.refused' });
    await expect(upload(staff, 'plan.pdf', Buffer.from('not a PDF'))).rejects.toMatchObject({ code: 'attachment.refused' });
    const file = await upload(staff, 'plan.pdf', Buffer.from('%PDF-1.7 the plan'));
    const message = await suite.sent(staff, suite.draft(property, { attachmentIds: [file.id] }));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const { attachments } = await contentOf(suite.post.mails()[0]!);
    expect(attachments).toMatchObject([{ filename: 'plan.pdf' }]);
  });

  it('is tried on oneself, as a resident would get it', async () => {
    const { orgId, staff, property } = await suite.org();
    const ana = suite.directory.add(property.id);
    const draft = suite.draft(property);
    expect(await codeOf(suite.call(staff, testMessage, { draft }))).toBe('message.no-own-address');
    const id = staff.ref.slice('staff:'.length);
    const kim = { ...staffJoined.example.staff, id, email: 'kim@harbour.test', name: 'Kim Lee' };
    await suite.identity.bus.publish(outgoing(staffJoined, { orgId, subject: id, data: { staff: kim } }));
    const { to } = await eventually(() => suite.call(staff, testMessage, { draft }), patience);
    expect(to).toBe('kim@harbour.test');
    const [mail] = await suite.post.wait({ to }, patience);
    expect(mail?.head.subject).toBe(`[Test] Water is off for ${ana.unit ?? ''}`);
    expect((await contentOf(mail!)).text).toContain(`Dear ${ana.name.first}`);
    expect(suite.post.tally().accepted).toBe(1);
    const texted: typeof draft = {
      ...draft,
      channels: ['sms'],
      subject: '',
      body: '',
      sms: 'Water is off, {{ resident.firstName }}.',
    };
    await suite.call(staff, testMessage, { draft: texted, sampleResidentId: ana.residentId });
    const [inMail] = await suite.post.wait({ to, subject: '[Test] Text message' }, patience);
    expect((await contentOf(inMail!)).text).toContain(`Water is off, ${ana.name.first}.`);
  });

  it('to very many is confirmed by their number, and a day has its limit', async () => {
    const { staff, property } = await suite.org();
    for (let n = 0; n < 260; n++) suite.directory.add(property.id);
    const draft = suite.draft(property, { when: { kind: 'at', local: '2027-06-01T09:00' } });
    const { token, confirmBy, reach } = await suite.call(staff, previewMessage, { draft });
    expect(confirmBy).toBe('number');
    expect(await codeOf(suite.call(staff, createMessage, { draft, token }))).toBe('message.confirm-number');
    expect(await codeOf(suite.call(staff, createMessage, { draft, token, typed: 259 }))).toBe('message.confirm-number');
    await suite.call(staff, createMessage, { draft, token, typed: reach.reached });
    const sender = { propertyId: property.id, name: 'Harbour House', replyTo: null, fromDomain: null };
    await suite.call(staff, setSender, { ...sender, dailyLimit: 500 });
    const { problems } = await suite.call(staff, previewMessage, { draft });
    expect(problems).toEqual([expect.stringContaining('520 messages would go out within a day; 500 may') as string]);
    expect(await codeOf(suite.call(staff, createMessage, { draft, token, typed: reach.reached }))).toBe('message.daily-limit');
  });
});

describe('a mail that names days, places and the office', () => {
  it('says them as they are known, skips who lacks one, and falls back where the text says so', async () => {
    const { staff, property } = await suite.org();
    const lease = { from: '2026-12-01', until: '2027-11-30', leaseEnd: '2027-11-30' };
    const ana = suite.directory.add(property.id, { bedroom: 'A', lease });
    const ben = suite.directory.add(property.id, { lease: { ...lease, leaseEnd: null } });
    const sender = { propertyId: property.id, name: 'Harbour House', replyTo: null, fromDomain: null, dailyLimit: null };
    const draft = suite.draft(property, {
      subject: 'Your lease',
      body: '<p>From {{ lease.moveIn }} to {{ lease.end }}, room {{ unit.bedroom | default: "of your own" }}. Call {{ property.phone }}.</p>',
    });
    const lacking = await suite.call(staff, previewMessage, { draft });
    expect(lacking.lacks.map(({ field, count }) => [field, count])).toEqual(
      expect.arrayContaining([
        ['property.phone', 2],
        ['lease.end', 1],
      ]),
    );
    expect(lacking.reach.reached).toBe(0);
    await suite.call(staff, setSender, { ...sender, phone: '+61 7 3000 0000' });
    const { reach, lacks } = await suite.call(staff, previewMessage, { draft });
    expect([reach.reached, lacks.map(({ field, examples }) => [field, examples])]).toEqual([
      1,
      [['lease.end', [ben.displayName]]],
    ]);
    const message = await suite.sent(staff, draft);
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const [mail] = suite.post.mails();
    expect(mail?.envelope.to).toEqual([ana.email]);
    expect((await contentOf(mail!)).text).toMatch(/From .*2026 to .*2027, room A\. Call \+61 7 3000 0000\./);
  });
});

describe('what is known of somebody', () => {
  it('goes when they are erased, and a new address ends what was held against the old one', async () => {
    const { orgId, staff, property } = await suite.org();
    const [ana, ben] = [suite.directory.add(property.id), suite.directory.add(property.id)];
    const text = `5.1.1 <${ana.email ?? ''}> Recipient address rejected: User unknown`;
    await suite.post.fault({ kind: 'reject', at: 'rcpt', code: 550, text });
    const message = await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    expect((await suite.deliveries(staff, message.id))[0]?.reason).toContain('<•••> Recipient address rejected');
    const told = suite.events(deliveryChanged).filter(({ data }) => JSON.stringify(data).includes(message.id));
    expect(JSON.stringify(told)).not.toContain(ana.email);
    await suite.post.clearFaults();
    const audience = { emails: [{ email: ana.email! }, { email: 'olga@example.test' }] };
    const additional = await suite.sent(staff, suite.draft(property, { audience, category: 'emergency' }));
    await suite.passes(16);
    await suite.becomes(staff, additional.id, 'done');
    expect(await kept(orgId)).toContain(ana.email);
    expect((await suite.call(staff, listSuppressions, {})).items).toHaveLength(2);
    const resident: Resident = {
      ...(residentDetailsChanged.example.resident as Resident),
      ...{ id: ben.residentId, personId: ben.personId, propertyId: property.id, email: 'ben@new.test', phones: [] },
    };
    const cleo = suite.directory.add(property.id);
    const shared = { channel: 'email', address: ben.email!, reason: 'hard-bounce', detail: null, propertyIds: [] } as const;
    const { suppressions, work } = { suppressions: suite.service.get(SuppressionService), work: suite.service.get(UnitOfWork) };
    await work.run(systemCall('notifications', orgId), (tx) => suppressions.suppress(tx, { ...shared, personId: cleo.personId }));
    const { bus } = suite.directory.peer;
    const about = { orgId, subject: ben.residentId, version: 2 };
    await bus.publish(outgoing(residentDetailsChanged, { ...about, data: { resident, changed: ['email'] } }));
    await eventually(async () => {
      const { items } = await suite.call(staff, listSuppressions, { address: ben.email! });
      expect(items.map(({ personIds }) => personIds)).toEqual([[cleo.personId]]);
    }, patience);
    await work.run(systemCall('notifications', orgId), (tx) => suppressions.follow(tx, cleo.personId, []));
    expect((await suite.call(staff, listSuppressions, {})).items.map(({ address }) => address)).toEqual([ana.email]);
    const erased = { personId: ana.personId, propertyIds: [property.id] };
    await bus.publish(outgoing(personErased, { orgId, subject: ana.personId, data: erased }));
    await eventually(async () => {
      const rows = await suite.deliveries(staff, message.id);
      expect(rows.find(({ personId }) => personId === ana.personId)).toMatchObject({
        name: '(erased)',
        address: null,
        state: 'bounced',
      });
      expect(rows.find(({ personId }) => personId === ben.personId)).toMatchObject({ name: ben.displayName });
    }, patience);
    await eventually(async () => expect((await suite.call(staff, listSuppressions, {})).items).toEqual([]), patience);
    const left = await kept(orgId);
    expect(left).not.toContain(ana.email);
    expect(left).toContain('olga@example.test');
  });

  it('goes with the content when its time is over; that it was sent stays', async () => {
    const { orgId, staff, property } = await suite.org();
    const ana = suite.directory.add(property.id);
    const { id: attachmentId } = await upload(staff, 'plan.pdf', Buffer.from('%PDF-1.7 the plan'));
    const audience = { propertyIds: [property.id], emails: [{ email: 'olga@example.test' }] };
    const message = await suite.sent(staff, suite.draft(property, { audience, attachmentIds: [attachmentId] }));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const texts = suite.service.get(InboundTextRepository);
    await suite.service.get(UnitOfWork).run(systemCall('notifications', orgId), (tx) =>
      texts.insert(tx, {
        ...{ _id: newId('txt'), orgId, sid: 'SM1', from: '+12025550101', to: '+12025550100', body: 'It is me, Ana' },
        ...{ reading: 'other', state: 'waiting', personIds: [], propertyIds: [], receivedAt: tx.now, doneBy: null, note: null },
      }),
    );
    const { db } = suite.service.get(Database);
    expect(await db.collection('attachment_parts').countDocuments({ attachmentId })).toBe(1);
    await suite.passes(370 * 86_400);
    expect(await suite.service.get(ErasureService).expire()).toBeGreaterThan(0);
    expect(await suite.call(staff, getMessage, { messageId: message.id })).toMatchObject({
      body: null,
      subject: '',
      state: 'done',
    });
    const rows = await suite.deliveries(staff, message.id);
    expect(rows).toMatchObject(rows.map(() => ({ state: 'sent', address: null })));
    const left = await kept(orgId);
    for (const what of [ana.email, 'olga@example.test', 'It is me, Ana']) expect(left).not.toContain(what);
    expect(await db.collection('attachment_parts').countDocuments({ attachmentId })).toBe(0);
    expect(await db.collection('attachments').countDocuments({ orgId })).toBe(0);
  });
});
