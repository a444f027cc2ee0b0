import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import {
  deliveryChanged,
  getDelivery,
  listSuppressions,
  receiveMailReports,
  releaseSuppression,
  resolveDelivery,
  type Delivery,
  type MailReport,
} from '@leasewire/contracts';
import { Database } from '@leasewire/persistence';
import { signBody } from '@leasewire/service-kit';
import { eventually, serviceActor, suiteDeployment } from '@leasewire/testing';
import { ReturnDoor } from '../../src/bounce/return.door.js';
import { codeOf, NotificationsSuite, patience } from './notifications-suite.js';

const reportSecret = 'a secret that only the provider of mail knows';
let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start({ LEASEWIRE_MAIL_REPORT_SECRET: reportSecret });
  const port = suite.service.get(ReturnDoor).port;
  suite.post.courier.deliverTo({ host: '127.0.0.1', port: port ?? 0 });
});
afterEach(() => suite.post.clear());

/** One mail to one person, as far as it gets. */
async function one(until: Delivery['state'], minutes = 0) {
  const { staff, property } = await suite.org();
  const resident = suite.directory.add(property.id);
  const message = await suite.sent(staff, suite.draft(property));
  await suite.passes(16);
  const delivery = await eventually(async () => {
    if (minutes > 0) (await suiteDeployment()).clock.advance({ minutes });
    const [row] = await suite.deliveries(staff, message.id);
    expect(row?.state).toBe(until);
    return row!;
  }, patience);
  return { staff, property, resident, message, delivery };
}

/** What the door says to whoever brings this, without saying before how large it is. */
async function brought(to: string, content: string): Promise<string[]> {
  const socket = connect(suite.service.get(ReturnDoor).port ?? 0, '127.0.0.1');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const heard: string[] = [];
  const says = ['EHLO far.test', 'MAIL FROM:<>', `RCPT TO:<${to}>`, 'DATA', `${content}.`];
  for (const said of says) {
    do heard.push(String((await lines.next()).value));
    while (heard.at(-1)?.[3] === '-');
    socket.write(`${said}\r\n`);
  }
  heard.push(String((await lines.next()).value));
  socket.destroy();
  return heard;
}

describe('a mail whose server', () => {
  it('says 450 is tried again, later', async () => {
    await suite.post.fault({ kind: 'reject', at: 'rcpt', code: 450, times: 1 });
    const { delivery } = await one('sent', 2);
    expect(delivery.attempts).toBe(2);
    expect(suite.post.tally().accepted).toBe(1);
  });

  it('says 421 at the door waits for it, and no attempt counts', async () => {
    await suite.post.fault({ kind: 'reject', at: 'connect', code: 421, times: 2 });
    const { delivery } = await one('sent', 1);
    expect(delivery.attempts).toBe(1);
  });

  it('says 550 is bounced, once and for all, and its address is written to no more', async () => {
    await suite.post.fault({ kind: 'reject', at: 'rcpt', code: 550, text: '5.1.1 User unknown' });
    const { staff, resident, delivery } = await one('bounced');
    expect(delivery).toMatchObject({ reason: expect.stringContaining('does not exist') as string, attempts: 1 });
    const { items } = await suite.call(staff, listSuppressions, {});
    expect(items).toMatchObject([{ address: resident.email, reason: 'hard-bounce', personIds: [resident.personId] }]);
    await suite.call(staff, releaseSuppression, { suppressionId: items[0]!.id, because: 'They called.' });
    expect((await suite.call(staff, listSuppressions, {})).items).toEqual([]);
  });

  it('says five times that the mailbox is full is written to no more, until one gets through', async () => {
    await suite.post.fault({ kind: 'reject', at: 'rcpt', code: 552, text: '5.2.2 Mailbox full' });
    const { staff, resident, property } = await one('bounced');
    for (let time = 2; time <= 5; time++) {
      expect((await suite.call(staff, listSuppressions, {})).items).toEqual([]);
      const { id } = await suite.sent(staff, suite.draft(property, { subject: `Time ${time}` }));
      await suite.passes(16);
      await suite.becomes(staff, id, 'done');
    }
    const { items } = await suite.call(staff, listSuppressions, {});
    expect(items).toMatchObject([{ address: resident.email, reason: 'soft-bounces' }]);
  });

  it('says 450 eight times is given up, and says so', async () => {
    await suite.post.fault({ kind: 'reject', at: 'rcpt', code: 450, text: '4.2.0 Greylisted' });
    const { delivery } = await one('failed', 60 * 5);
    expect(delivery).toMatchObject({ attempts: 8, reason: expect.stringContaining('4.2.0 Greylisted') as string });
    expect(suite.post.tally().accepted).toBe(0);
  });

  it.each(['sent', 'failed'] as const)('cuts the connection is %s when staff have found out', async (as) => {
    await suite.post.fault({ kind: 'drop', at: 'content', times: 1 });
    const { staff, message, delivery } = await one('unknown');
    expect(await suite.call(staff, resolveDelivery, { deliveryId: delivery.id, as })).toMatchObject({ state: as });
    await suite.becomes(staff, message.id, 'done');
    await suite.passes(3600);
    expect(await codeOf(suite.call(staff, resolveDelivery, { deliveryId: delivery.id, as: 'send-again' }))).toBe(
      'delivery.not-unknown',
    );
    expect((await suite.deliveries(staff, message.id))[0]?.state).toBe(as);
    expect(suite.post.tally().accepted).toBe(0);
  });

  it('refuses the content has failed, and the address is none the worse', async () => {
    await suite.post.fault({ kind: 'reject', at: 'end', code: 554, text: '5.7.1 Looks like spam' });
    const { staff } = await one('failed');
    expect((await suite.call(staff, listSuppressions, {})).items).toEqual([]);
  });

  it.each(['content', 'end'] as const)('cuts the connection at “%s” is unknown, and is not sent again', async (at) => {
    await suite.post.fault({ kind: 'drop', at, times: 1 });
    const { staff, message, delivery } = await one('unknown');
    expect(delivery.nextStep).toContain('Ask them');
    await suite.passes(3600);
    expect(suite.post.tally().accepted).toBe(at === 'end' ? 1 : 0);
    await suite.becomes(staff, message.id, 'done');
    expect(await suite.call(staff, resolveDelivery, { deliveryId: delivery.id, as: 'send-again' })).toMatchObject({
      state: 'queued',
    });
    await eventually(async () => expect((await suite.deliveries(staff, message.id))[0]?.state).toBe('sent'), patience);
    const ids = suite.post.mails().map(({ head }) => head.messageId);
    expect(new Set(ids).size).toBe(1);
  });

  it.each(['connect', 'mail', 'rcpt', 'data'] as const)('cuts the connection at “%s” did not get it: it goes out', async (at) => {
    await suite.post.fault({ kind: 'drop', at, times: 1 });
    await one('sent', 1);
    expect(suite.post.tally().accepted).toBe(1);
  });

  it('greets after ten seconds, when nobody waits any more, gets it when it is awake: once, and no attempt counts', async () => {
    // whoever was connected is not any more, so that a new connection is made and has to wait
    await suite.post.fault({ kind: 'refuse' });
    await suite.post.clearFaults();
    await suite.post.fault({ kind: 'slow', at: 'connect', ms: 11_000, times: 1 });
    const started = performance.now();
    const { delivery } = await one('sent', 1);
    expect(performance.now() - started).toBeGreaterThan(9_000);
    expect(delivery.attempts).toBe(1);
    expect(suite.post.tally().accepted).toBe(1);
  });

  it('is away for a while loses nothing and fails nothing', async () => {
    const { staff, property } = await suite.org();
    for (let n = 0; n < 30; n++) suite.directory.add(property.id);
    await suite.post.fault({ kind: 'refuse' });
    const message = await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    await suite.becomes(staff, message.id, 'sending');
    await eventually(async () => {
      const [row] = await suite.deliveries(staff, message.id);
      expect(row?.reason).toMatch(/ECONNREFUSED|closed|connect/i);
    }, patience);
    await suite.post.clearFaults();
    await suite.passes(120);
    expect((await suite.becomes(staff, message.id, 'done')).counts).toMatchObject({ sent: 30, failed: 0, unknown: 0 });
  });
});

describe('what comes back to the return path', () => {
  it.each([
    ['as a report', { format: 'rfc3464', status: '5.1.1' }, 'bounced'],
    ['as Exchange writes it', { format: 'exchange', status: '5.1.1' }, 'bounced'],
    ['as exim writes it', { format: 'exim', status: '5.1.1' }, 'bounced'],
    ['as qmail writes it', { format: 'qmail', status: '5.1.1' }, 'bounced'],
    ['as a sentence', { format: 'sentence', status: '5.1.1' }, 'bounced'],
    ['that it is delayed', { action: 'delayed', status: '4.4.1' }, 'delayed'],
    ['that it was delivered', { action: 'delivered', status: '2.0.0' }, 'delivered'],
  ] as const)('%s moves the delivery on', async (_name, bounce, state) => {
    await suite.post.fault({ kind: 'bounce', ...bounce });
    const { staff } = await one(state);
    const { items } = await suite.call(staff, listSuppressions, {});
    expect(items).toHaveLength(state === 'bounced' ? 1 : 0);
    await eventually(() => {
      const states = suite.events(deliveryChanged).map(({ data }) => (data as { delivery: Delivery }).delivery.state);
      expect(states).toContain(state);
    }, patience);
  });

  it('because a mailbox is full is bounced, and the address is kept', async () => {
    await suite.post.fault({ kind: 'bounce', status: '5.2.2' });
    const { staff } = await one('bounced');
    expect((await suite.call(staff, listSuppressions, {})).items).toEqual([]);
  });

  it('larger than a megabyte is refused for good, and not kept meanwhile', async () => {
    const { delivery } = await one('sent');
    const returnPath = suite.post.mails()[0]!.envelope.from;
    const lines = await brought(returnPath, 'x'.repeat(998).concat('\r\n').repeat(1_200));
    expect(lines.at(-1)).toMatch(/^552 5\.3\.4/);
    const events = suite.service.get(Database).db.collection('delivery_events');
    expect(await events.countDocuments({ deliveryId: delivery.id })).toBe(0);
  });

  it('resolves an unknown', async () => {
    await suite.post.fault({ kind: 'drop', at: 'end', times: 1 });
    const { staff, message } = await one('unknown');
    const [mail] = suite.post.mails();
    suite.post.react(mail!, mail!.envelope.to[0]!, { kind: 'bounce', action: 'delivered', status: '2.0.0', format: 'rfc3464' });
    await eventually(async () => expect((await suite.deliveries(staff, message.id))[0]?.state).toBe('delivered'), patience);
  });

  it('as a complaint stops mail to the address, and cannot be released by staff', async () => {
    await suite.post.fault({ kind: 'complaint' });
    const { staff, delivery } = await one('sent');
    const items = await eventually(async () => {
      const found = (await suite.call(staff, listSuppressions, {})).items;
      expect(found).toMatchObject([{ reason: 'complaint', address: delivery.address }]);
      return found;
    }, patience);
    await expect(suite.call(staff, releaseSuppression, { suppressionId: items[0]!.id, because: 'x' })).rejects.toMatchObject({
      code: 'suppression.complaint',
    });
  });

  it('as an automatic answer changes nothing', async () => {
    await suite.post.fault({ kind: 'auto-reply' });
    const { staff, message } = await one('sent');
    await eventually(() => expect(suite.post.returns().some(({ state }) => state === 'sent')).toBe(true), patience);
    expect((await suite.deliveries(staff, message.id))[0]?.state).toBe('sent');
  });
});

describe('what a provider of mail tells by webhook', () => {
  async function post(events: readonly MailReport[] | string, signedWith = reportSecret, seconds = 0) {
    const body = typeof events === 'string' ? events : JSON.stringify({ events });
    const at = (await suiteDeployment()).clock.now().getTime() / 1000 + seconds;
    const timestamp = String(Math.floor(at));
    const input = { timestamp, signature: signBody(signedWith, timestamp, body), body };
    return suite.gateway.call(serviceActor('gateway', null), receiveMailReports, input, patience);
  }
  const lists = async (staff: Parameters<typeof suite.call>[0]) => (await suite.call(staff, listSuppressions, {})).items;

  it('moves a delivery on in any order, and told twice it counts once', async () => {
    const { staff, resident, message, delivery } = await one('sent');
    const messageId = suite.post.mails()[0]!.head.messageId!;
    const bounced: MailReport = { id: 'e3', type: 'bounced', messageId, code: '5.1.1', reason: '550 No such user' };
    const events: MailReport[] = [bounced, { id: 'e2', type: 'delivered', messageId }, { id: 'e1', type: 'delayed', messageId }];
    expect(await post(events)).toEqual({ taken: 3, unknown: 0 });
    expect(await post([...events].reverse())).toEqual({ taken: 3, unknown: 0 });
    const { state, reason, events: told } = await suite.call(staff, getDelivery, { deliveryId: delivery.id });
    expect([state, reason]).toEqual(['bounced', 'The address does not exist: 550 No such user']);
    expect(told.filter(({ what }) => what.startsWith('A mail server reported'))).toHaveLength(3);
    expect(await lists(staff)).toMatchObject([{ address: resident.email, reason: 'hard-bounce' }]);
    // the message was over with the first answer; its counts follow what came later
    await eventually(async () => expect((await suite.becomes(staff, message.id, 'done')).counts.bounced).toBe(1), patience);
  });

  it('resolves an unknown that it names by the return path', async () => {
    await suite.post.fault({ kind: 'drop', at: 'end', times: 1 });
    const { staff, message } = await one('unknown');
    const returnPath = suite.post.mails()[0]!.envelope.from;
    expect(await post([{ id: 'e4', type: 'delivered', returnPath, messageId: '<0101@provider.test>' }])).toMatchObject({
      taken: 1,
    });
    expect((await suite.deliveries(staff, message.id))[0]?.state).toBe('delivered');
  });

  it('as a complaint stops mail to the address', async () => {
    const { staff, delivery } = await one('sent');
    const messageId = suite.post.mails()[0]!.head.messageId!;
    await post([{ id: 'e5', type: 'complained', messageId }]);
    expect(await lists(staff)).toMatchObject([{ reason: 'complaint', address: delivery.address }]);
  });

  it('about mails of others is said to be unknown, so that it need not be told again', async () => {
    const others: MailReport[] = [
      { id: 'e6', type: 'delivered', messageId: '<dlv_01jd3k8x9e7m2q4r5s6t7v8w9y@leasewire.test>' },
      { id: 'e7', type: 'delivered', messageId: '<anything@else.test>' },
    ];
    expect(await post(others)).toEqual({ taken: 0, unknown: 2 });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['signed with another secret', () => post('{}', 'another secret, as long as the one that is right'), 'webhook.signature'],
    ['signed six minutes ago', () => post('{}', reportSecret, -360), 'webhook.signature'],
    ['that is no JSON', () => post('{'), 'invalid-input'],
    ['that names no mail', () => post([{ id: 'e8', type: 'delivered' }]), 'invalid-input'],
    ['of a bounce without a code', () => post([{ id: 'e9', type: 'bounced', messageId: '<a@b>' }]), 'invalid-input'],
  ])('%s is refused', async (_name, act, code) => {
    expect(await codeOf(act())).toBe(code);
  });
});
