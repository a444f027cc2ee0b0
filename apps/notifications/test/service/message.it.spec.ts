import {
  cancelMessage,
  createMessage,
  deliveryChanged,
  editMessage,
  messageFinished,
  pauseMessage,
  previewMessage,
  resumeMessage,
  copyMessage,
  getDelivery,
  getMessage,
  listMessages,
  listUnreached,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import { contentOf } from '@leasewire/simulators';
import { eventually, staffActor } from '@leasewire/testing';
import { codeOf, NotificationsSuite, patience } from './notifications-suite.js';

let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start();
});
afterEach(() => suite.post.clear());

describe('a message to a property', () => {
  it('reaches everybody once, says who does not get it and why, and nobody sees another’s address', async () => {
    const { staff, property } = await suite.org();
    const [ana, ben] = [suite.directory.add(property.id), suite.directory.add(property.id, { name: { first: '', last: '' } })];
    const twice = suite.directory.add(property.id, { personId: ana.personId });
    suite.directory.add(property.id, { state: 'archived' });
    suite.directory.add(property.id, { state: 'pending-import' });
    suite.directory.add(property.id, { email: null });
    const draft = suite.draft(property, {
      audience: { propertyIds: [property.id], emails: [{ email: ben.email! }, { email: 'owner@example.test', name: 'Olga' }] },
    });

    const preview = await suite.call(staff, previewMessage, { draft, sampleResidentId: ben.residentId });
    expect(preview.reach).toEqual({
      people: 7,
      reached: 3,
      channels: { email: { will: 3, not: { archived: 1, 'pending-import': 1, 'no-address': 1, duplicate: 1 } } },
    });
    expect(preview.problems).toEqual([]);
    expect(preview.sample).toMatchObject({ residentId: ben.residentId, subject: `Water is off for ${ben.unit}` });
    expect(preview.sample?.text).toContain('Dear resident');
    expect(preview.when.words).toContain('(Brisbane, GMT+10)');

    const message = await suite.call(staff, createMessage, { draft, token: preview.token });
    expect(message).toMatchObject({ state: 'scheduled', can: expect.arrayContaining(['cancel', 'edit']) as unknown });
    await suite.passes(16);
    const done = await suite.becomes(staff, message.id, 'done');
    expect(done.counts).toMatchObject({ sent: 3, skipped: 4, queued: 0, unknown: 0 });

    const mails = suite.post.mails();
    expect(
      mails
        .map(({ envelope }) => envelope.to)
        .flat()
        .sort(),
    ).toEqual([ana.email, ben.email, 'owner@example.test'].sort());
    for (const { envelope } of mails) expect(envelope.to).toHaveLength(1);
    const { text } = await contentOf(mails.find(({ envelope }) => envelope.to[0] === ana.email)!);
    expect(text).toContain(`Dear ${ana.name.first}, water is off on Tuesday.`);
    expect(text).not.toContain(ben.email);
    expect(twice.personId).toBe(ana.personId);

    const rows = await suite.deliveries(staff, message.id);
    expect(
      rows
        .filter(({ state }) => state === 'skipped')
        .map(({ skipReason }) => skipReason)
        .sort(),
    ).toEqual(['archived', 'duplicate', 'no-address', 'pending-import'].sort());
    await eventually(() => expect(suite.events(messageFinished, message.id)).toHaveLength(1), patience);
    const told = suite.heard.filter(({ type }) => type === deliveryChanged.type).map(({ data }) => JSON.stringify(data));
    expect(told.filter((one) => one.includes(message.id))).toHaveLength(7);
    expect(told.join()).not.toContain('example.test');
    const sent = rows.find(({ personId }) => personId === ana.personId)!;
    expect(sent.providerReference).toMatch(/^250 2\.0\.0 OK: queued as mail-/);
    const shown = await suite.call(staff, getDelivery, { deliveryId: sent.id });
    expect(shown.events.map(({ what }) => what)).toEqual(['Queued', 'Accepted by the provider']);
    expect(shown.rendered?.text).toContain(`Dear ${ana.name.first}`);
  });

  it('is confirmed again when the audience changed between the preview and the send', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const draft = suite.draft(property);
    const { token } = await suite.call(staff, previewMessage, { draft });
    suite.directory.add(property.id);
    const refused = await suite
      .call(staff, createMessage, { draft, token })
      .catch((error: { code: string; details: { token: string; reach: { reached: number } } }) => error);
    expect(refused).toMatchObject({ code: 'message.audience-changed', details: { reach: { reached: 2 } } });
    const again = (refused as { details: { token: string } }).details.token;
    expect(await codeOf(suite.call(staff, createMessage, { draft: { ...draft, subject: 'Other' }, token: again }))).toBe(
      'message.not-previewed',
    );
    expect(await codeOf(suite.call(staff, createMessage, { draft, token: again }))).toBe('ok');
  });

  it('can be taken back for fifteen seconds, and then nobody gets it', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const message = await suite.sent(staff, suite.draft(property, { subject: 'Taken back' }));
    await suite.passes(10);
    expect(await suite.call(staff, cancelMessage, { messageId: message.id })).toMatchObject({
      state: 'cancelled',
      can: ['copy'],
    });
    await suite.passes(30);
    const later = await suite.sent(staff, suite.draft(property, { subject: 'Later' }));
    await suite.passes(16);
    await suite.becomes(staff, later.id, 'done');
    expect(suite.post.mails({ subject: 'Taken back' })).toEqual([]);
    expect(suite.post.mails({ subject: 'Later' })).toHaveLength(1);
  });

  it('goes to whoever it is when it starts; or waits for a person, as was chosen', async () => {
    const { staff, property } = await suite.org();
    const gone = suite.directory.add(property.id);
    const stays = suite.directory.add(property.id);
    const plain = await suite.sent(staff, suite.draft(property, { subject: 'Send' }));
    const careful = await suite.sent(staff, suite.draft(property, { subject: 'Ask', ifAudienceChanges: 'ask' }));
    suite.directory.people.set(gone.residentId, { ...gone, state: 'archived' });
    await suite.passes(16);
    expect((await suite.becomes(staff, plain.id, 'done')).counts).toMatchObject({ sent: 1, skipped: 1 });
    const waiting = await suite.becomes(staff, careful.id, 'waiting');
    expect(waiting.reason).toContain('it is now 1 of 2 people');
    const draft = suite.draft(property, { subject: 'Ask', ifAudienceChanges: 'ask' });
    const { token } = await suite.call(staff, previewMessage, { draft });
    expect(await suite.call(staff, editMessage, { messageId: careful.id, draft, token })).toMatchObject({ state: 'scheduled' });
    await suite.passes(16);
    await suite.becomes(staff, careful.id, 'done');
    expect(suite.post.mails({ subject: 'Ask' }).map(({ envelope }) => envelope.to[0])).toEqual([stays.email]);
  });

  it('goes to who matches a filter when it starts, and not to whom staff took out of it', async () => {
    const { staff, property } = await suite.org();
    const [ana, ben] = [suite.directory.add(property.id), suite.directory.add(property.id)];
    const residents = { filter: { propertyId: property.id }, except: [ben.residentId] };
    const message = await suite.sent(staff, suite.draft(property, { audience: { residents } }));
    const cleo = suite.directory.add(property.id);
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const to = suite.post.mails().map(({ envelope }) => envelope.to[0]);
    expect(new Set(to)).toEqual(new Set([ana.email, cleo.email]));
  });

  it('is edited as long as it has not begun, and not any more afterwards', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const { id: messageId } = await suite.sent(staff, suite.draft(property, { subject: 'As it was first' }));
    const draft = suite.draft(property, { subject: 'As it was edited' });
    const { token } = await suite.call(staff, previewMessage, { draft });
    expect(await suite.call(staff, editMessage, { messageId, draft, token })).toMatchObject({ state: 'scheduled' });
    await suite.passes(16);
    await suite.becomes(staff, messageId, 'done');
    expect(suite.post.mails().map(({ head }) => head.subject)).toEqual(['As it was edited']);
    expect(await codeOf(suite.call(staff, editMessage, { messageId, draft, token }))).toBe('message.started');
  });

  it('says of all whom it would not reach why, page by page', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    for (let nth = 0; nth < 3; nth++) suite.directory.add(property.id, { email: null });
    const draft = suite.draft(property);
    const first = await suite.call(staff, listUnreached, { draft, limit: 2 });
    const second = await suite.call(staff, listUnreached, { draft, limit: 2, cursor: first.nextCursor! });
    expect([first.items.length, first.total, second.items.length, second.nextCursor]).toEqual([2, 3, 1, null]);
    const all = [...first.items, ...second.items];
    expect(new Set(all.map(({ residentId }) => residentId)).size).toBe(3);
    expect(all.map(({ reason }) => reason)).toEqual(['no-address', 'no-address', 'no-address']);
  });

  it('starts late rather than never while directory is away', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const message = await suite.sent(staff, suite.draft(property));
    suite.directory.away = true;
    await suite.passes(16);
    // as often as what is due may fail, and more
    for (let time = 0; time < 12; time++) {
      const before = suite.directory.turnedAway;
      await suite.passes(120);
      await eventually(() => expect(suite.directory.turnedAway).toBeGreaterThan(before), patience);
    }
    expect(await suite.call(staff, getMessage, { messageId: message.id })).toMatchObject({ state: 'scheduled' });
    suite.directory.away = false;
    await suite.passes(120);
    expect((await suite.becomes(staff, message.id, 'done')).counts).toMatchObject({ sent: 1 });
  });

  it('that was given up in the middle is not changed any more: it goes on where it stopped, or is cancelled', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const draft = suite.draft(property);
    const { id: messageId } = await suite.sent(staff, draft);
    const stuck = { $set: { state: 'waiting', startedAt: new Date(), reason: 'It could not be started.' }, $unset: { due: '' } };
    await suite.service
      .get(Database)
      .db.collection('messages')
      .updateOne({ _id: messageId as never }, stuck);
    const { token } = await suite.call(staff, previewMessage, { draft });
    expect(await codeOf(suite.call(staff, editMessage, { messageId, draft, token }))).toBe('message.started');
    expect((await suite.call(staff, getMessage, { messageId })).can).toEqual(['cancel', 'resume', 'copy']);
    await suite.call(staff, resumeMessage, { messageId });
    expect((await suite.becomes(staff, messageId, 'done')).counts).toMatchObject({ sent: 1 });
  });

  it('is paused and goes on', async () => {
    const { staff, property } = await suite.org();
    for (let n = 0; n < 80; n++) suite.directory.add(property.id);
    await suite.post.fault({ kind: 'slow', at: 'end', ms: 300 });
    const message = await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'sending');
    await suite.call(staff, pauseMessage, { messageId: message.id });
    await suite.post.clearFaults();
    await eventually(async () => {
      const rows = await suite.deliveries(staff, message.id);
      expect(rows.filter(({ state }) => state === 'sending')).toHaveLength(0);
    }, patience);
    const held = suite.post.tally().accepted;
    expect(held).toBeLessThan(80);
    await suite.call(staff, resumeMessage, { messageId: message.id });
    expect((await suite.becomes(staff, message.id, 'done')).counts).toMatchObject({ sent: 80 });
    expect(suite.post.tally().accepted).toBe(80);
  });

  it('is cancelled in the middle: what has gone out is sent, the rest says that it was not', async () => {
    const { staff, property } = await suite.org();
    for (let n = 0; n < 80; n++) suite.directory.add(property.id);
    await suite.post.fault({ kind: 'slow', at: 'end', ms: 300 });
    const message = await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'sending');
    await suite.call(staff, cancelMessage, { messageId: message.id });
    await suite.post.clearFaults();
    await eventually(async () => {
      const rows = await suite.deliveries(staff, message.id);
      const states = rows.map(({ state }) => state);
      expect(states.filter((state) => state === 'sent')).toHaveLength(suite.post.tally().accepted);
      expect(states.every((state) => state === 'sent' || state === 'cancelled')).toBe(true);
    }, patience);
    expect(suite.post.tally().accepted).toBeLessThan(80);
    const draft = await suite.call(staff, copyMessage, { messageId: message.id, to: ['cancelled'] });
    expect(draft.audience.residents).toMatchObject({ ids: expect.any(Array) as unknown });
  });

  it('is cancelled with all others when the organization closes, planned or in the middle', async () => {
    const { orgId, staff, property } = await suite.org();
    for (let n = 0; n < 80; n++) suite.directory.add(property.id);
    await suite.post.fault({ kind: 'slow', at: 'end', ms: 300 });
    const running = await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    await suite.becomes(staff, running.id, 'sending');
    const planned = await suite.sent(staff, suite.draft(property, { subject: 'Never' }));
    const elsewhere = await suite.org();
    suite.directory.add(elsewhere.property.id);
    const other = await suite.sent(elsewhere.staff, suite.draft(elsewhere.property, { subject: 'Of others' }));
    await suite.closes(orgId);
    for (const { id } of [running, planned])
      expect(await suite.becomes(staff, id, 'cancelled')).toMatchObject({ reason: 'The organization closed.' });
    await suite.post.clearFaults();
    await suite.passes(30);
    await suite.becomes(elsewhere.staff, other.id, 'done');
    expect(suite.post.mails({ subject: 'Of others' })).toHaveLength(1);
    expect(suite.post.mails({ subject: 'Never' })).toEqual([]);
  });
});

describe('a message is seen', () => {
  it('by who sees its property, and by nobody else', async () => {
    const { orgId, staff, property } = await suite.org();
    suite.directory.add(property.id);
    const message = await suite.sent(staff, suite.draft(property));
    const elsewhere = staffActor({ orgId, properties: [newId('prop')] });
    const there = staffActor({ orgId, properties: [property.id] });
    expect((await suite.call(elsewhere, listMessages, {})).items).toEqual([]);
    expect(await codeOf(suite.call(elsewhere, cancelMessage, { messageId: message.id }))).toBe('not-found');
    expect((await suite.call(there, listMessages, {})).items.map(({ id }) => id)).toEqual([message.id]);
    expect(await codeOf(suite.call(elsewhere, previewMessage, { draft: suite.draft(property) }))).toBe('not-found');
  });
});
