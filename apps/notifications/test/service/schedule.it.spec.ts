import { getMessage, previewMessage, type Property } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually, suiteDeployment } from '@leasewire/testing';
import { NotificationsSuite, patience } from './notifications-suite.js';

let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start();
});
afterEach(() => suite.post.clear());

const now = async (): Promise<Date> => (await suiteDeployment()).clock.now();
/** What a clock of UTC shows so many hours from now. */
const inHours = async (hours: number): Promise<string> =>
  new Date((await now()).getTime() + hours * 3_600_000).toISOString().slice(0, 16);

describe('a planned message', () => {
  it('starts at its local time and not before', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const when = { kind: 'at' as const, local: await inHours(30), timeZone: 'UTC' };
    const message = await suite.sent(staff, suite.draft(property, { when }));
    expect(message).toMatchObject({ local: when.local, timeZone: 'UTC', startsAt: `${when.local}:00.000Z` });
    await suite.passes(29 * 3600);
    expect((await suite.call(staff, getMessage, { messageId: message.id })).state).toBe('scheduled');
    await suite.passes(3600 + 60);
    await suite.becomes(staff, message.id, 'done');
    expect(suite.post.tally().accepted).toBe(1);
  });

  it('moves with the clocks when its property gets another time zone', async () => {
    const { orgId, staff, property } = await suite.org();
    suite.directory.add(property.id);
    const when = { kind: 'at' as const, local: await inHours(48) };
    const message = await suite.sent(staff, suite.draft(property, { when }));
    const moved: Partial<Property> = { ...property, timeZone: 'Australia/Perth', version: 2 };
    await suite.directory.property(orgId, moved, 2);
    await eventually(async () => {
      const after = await suite.call(staff, getMessage, { messageId: message.id });
      expect(after).toMatchObject({ local: when.local, timeZone: 'Australia/Perth', state: 'scheduled' });
      expect(new Date(after.startsAt).getTime() - new Date(message.startsAt).getTime()).toBe(2 * 3_600_000);
    }, patience);
  });

  it('waits for a person when its time has passed in the new zone', async () => {
    const { orgId, staff, property } = await suite.org();
    suite.directory.add(property.id);
    // two hours from now in Brisbane is yesterday evening of who is further east
    const when = { kind: 'at' as const, local: await inHours(10 + 2) };
    const message = await suite.sent(staff, suite.draft(property, { when }));
    await suite.directory.property(orgId, { ...property, timeZone: 'Pacific/Kiritimati', version: 2 }, 2);
    expect((await suite.becomes(staff, message.id, 'waiting')).reason).toContain('has passed. Send it now');
    await suite.passes(6 * 3600);
    expect(suite.post.tally().accepted).toBe(0);
  });

  it('in the past, or on a day that is not, is no message', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const draft = suite.draft(property, { when: { kind: 'at', local: await inHours(-48) } });
    expect((await suite.call(staff, previewMessage, { draft })).problems).toEqual([
      expect.stringContaining('has passed. Choose a later time') as string,
    ]);
  });
});

/** Sentence by sentence what property managers read today about messages ("Manage Residents", reference/000). */
describe('Send Personal Message', () => {
  const mailsTo = (to: string | null) => suite.post.mails().filter(({ envelope }) => envelope.to.includes(to ?? ''));

  it('“… write an email to a resident from Pavlov Media (no reply).”', async () => {
    const { staff, property } = await suite.org();
    const [resident, neighbour] = [suite.directory.add(property.id), suite.directory.add(property.id)];
    const audience = { residents: { ids: [resident.residentId] } };
    const message = await suite.sent(staff, suite.draft(property, { audience }));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const [mail] = mailsTo(resident.email);
    expect(mail?.raw.toString()).toMatch(/^From: Harbour House <no-reply@/m);
    expect(mail?.raw.toString()).not.toMatch(/^Reply-To:/m);
    expect(mailsTo(neighbour.email)).toEqual([]);
  });

  it('“Choose additional recipients if desired.” “Recipients cannot view each other’s email addresses.”', async () => {
    const { staff, property } = await suite.org();
    const resident = suite.directory.add(property.id);
    const emails = ['owner@example.test', 'plumber@example.test'];
    const audience = { residents: { ids: [resident.residentId] }, emails: emails.map((email) => ({ email })) };
    const message = await suite.sent(staff, suite.draft(property, { audience }));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const all = [resident.email ?? '', ...emails];
    for (const one of all) {
      const [mail, ...more] = mailsTo(one);
      expect([mail?.envelope.to, more]).toEqual([[one], []]);
      for (const other of all.filter((address) => address !== one)) expect(mail?.raw.toString()).not.toContain(other);
    }
  });

  it('“Give the email a subject and body and choose the date you wish it to be sent.”', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const nothing = await suite.call(staff, previewMessage, { draft: suite.draft(property, { subject: ' ', body: '<p></p>' }) });
    expect(nothing.problems).toEqual(['Write a subject.', 'Write a body.']);
    const local = await inHours(72);
    const { when } = await suite.call(staff, previewMessage, { draft: suite.draft(property, { when: { kind: 'at', local } }) });
    expect(when).toMatchObject({ timeZone: property.timeZone, words: expect.stringContaining('Brisbane') as string });
  });

  it.each([
    ['send', { kind: 'now' } as const],
    ['schedule', 'in an hour'],
  ] as const)('“Click Submit to send or schedule the email.” (%s)', async (_which, at) => {
    const { staff, property } = await suite.org();
    const resident = suite.directory.add(property.id);
    const when = at === 'in an hour' ? { kind: 'at' as const, local: await inHours(1), timeZone: 'UTC' } : at;
    const message = await suite.sent(staff, suite.draft(property, { when }));
    expect([message.state, mailsTo(resident.email)]).toEqual(['scheduled', []]);
    await suite.passes(at === 'in an hour' ? 3660 : 16);
    await suite.becomes(staff, message.id, 'done');
    expect(mailsTo(resident.email)).toHaveLength(1);
  });

  it('“Use this page to send messages to individuals or blast all residents in a property.”', async () => {
    const { staff, property } = await suite.org();
    const all = [1, 2, 3].map(() => suite.directory.add(property.id));
    const reach = async (audience: Parameters<typeof suite.draft>[1]) =>
      (await suite.call(staff, previewMessage, { draft: suite.draft(property, audience) })).reach.reached;
    expect(await reach({ audience: { residents: { ids: [all[0]!.residentId, all[1]!.residentId] } } })).toBe(2);
    expect(await reach({ audience: { propertyIds: [property.id] } })).toBe(3);
  });

  it('“… write an email to the residents in a unit …”, each of them one and nobody else', async () => {
    const { staff, property } = await suite.org();
    const [unit, other] = [newId('unit'), newId('unit')];
    const [ana, ben] = [1, 2].map(() => suite.directory.add(property.id, { unitIds: [unit] }));
    const elsewhere = suite.directory.add(property.id, { unitIds: [other] });
    const message = await suite.sent(staff, suite.draft(property, { audience: { unitIds: [unit] } }));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'done');
    const counts = [ana!, ben!, elsewhere].map(({ email }) => mailsTo(email).length);
    expect(counts).toEqual([1, 1, 0]);
  });
});
