import {
  getDelivery,
  getMessage,
  listSuppressions,
  previewMessage,
  receiveSmsStatus,
  recordConsent,
  resolveDelivery,
  resumeMessage,
  setSender,
  type Delivery,
  type InputOf,
} from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import type { TwilioSimulator } from '@leasewire/simulators';
import { eventually, serviceActor } from '@leasewire/testing';
import { codeOf, patience, type NotificationsSuite } from './notifications-suite.js';
import { startWithTwilio, type Fault, type Someone, type TwilioWorld } from './twilio-world.js';

let world: TwilioWorld;
let suite: NotificationsSuite;
let twilio: TwilioSimulator;
beforeAll(async () => {
  world = await startWithTwilio();
  ({ suite, twilio } = world);
});
afterEach(async () => {
  twilio.faults.clear();
  await world.line.up();
});

const decide = (staff: Actor, deliveryId: Delivery['id'], as: InputOf<typeof resolveDelivery>['as']) =>
  suite.call(staff, resolveDelivery, { deliveryId, as });
const effects = () => suite.service.get(Database).db.collection<{ state: string; dueAt: Date; group: string }>('effects');
const attemptsOf = async ({ id }: Delivery) =>
  (await effects().find({ 'payload.deliveryId': id }).toArray()).map(({ state }) => state);
/** When the first of those of a message is tried next. */
const triedFrom = async (group: string) => (await effects().find({ group }).sort({ dueAt: 1 }).toArray())[0]!.dueAt.getTime();
const byTwilio = (events: readonly { what: string }[]) =>
  events.map(({ what }) => what).filter((what) => what.startsWith('Twilio:'));

describe('a text', () => {
  it('goes only to who agreed, is told delivered with Twilio’s reference, and every word of Twilio is kept', async () => {
    const who = await world.someone({ agreed: false });
    const before = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(before.reach.channels.sms).toEqual({ will: 0, not: { 'no-consent': 1 } });
    await suite.call(who.staff, recordConsent, {
      ...{ personId: who.resident.personId, phone: who.phone, answer: 'granted', how: 'spoken', wording: 'Yes.' },
    });
    expect((await suite.call(who.staff, previewMessage, { draft: who.draft })).sms).toMatchObject({ segments: 1, total: 1 });
    const { delivery } = await world.texted(who, 'delivered');
    const [text] = world.textsTo(who.phone);
    expect(delivery).toMatchObject({ providerReference: text!.sid, attempts: 1 });
    await eventually(async () => {
      const { events } = await suite.call(who.staff, getDelivery, { deliveryId: delivery.id });
      expect(byTwilio(events)).toEqual(['Twilio: queued', 'Twilio: sent', 'Twilio: delivered']);
    }, patience);
  });

  it('of two who share a number goes to the one who agreed', async () => {
    const who = await world.someone();
    suite.directory.add(who.property.id, { phone: who.phone });
    const { reach } = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(reach.channels.sms?.will).toBe(1);
  });

  it.each([
    ['another country', '+61412345678', /another country/],
    ['a toll-free number', '+18005550100', /special numbers/],
  ])('does not go to %s', async (_name, phone, why) => {
    const who = await world.someone({ phone });
    const { notReached } = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(notReached).toMatchObject([{ reason: 'unusable-address', message: expect.stringMatching(why) as string }]);
  });

  it('waits for the morning where they live, and a STOP meanwhile holds', async () => {
    const who = await world.someone({ hour: 23 });
    const { warnings } = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(warnings).toEqual([expect.stringMatching(/^Nobody is texted between 21:00 and 08:00: texts go out at 08:00/)]);
    const message = await suite.sent(who.staff, who.draft);
    await suite.passes(16);
    await eventually(async () => {
      const [row] = await suite.deliveries(who.staff, message.id);
      expect([row?.state, row?.reason]).toEqual(['queued', expect.stringContaining('21:00')]);
    }, patience);
    expect(world.textsTo(who.phone)).toEqual([]);
    await suite.call(who.staff, recordConsent, {
      ...{ phone: who.phone, answer: 'refused', how: 'spoken', wording: 'Leave me alone.' },
    });
    await suite.passes(10 * 3600);
    await eventually(async () => {
      const [row] = await suite.deliveries(who.staff, message.id);
      expect([row?.state, row?.skipReason]).toEqual(['skipped', 'opted-out']);
    }, patience);
    expect(world.textsTo(who.phone)).toEqual([]);
  });

  it('waits as long as the property wants it, on its own clocks', async () => {
    const who = await world.someone({ hour: 12 });
    const sender = { propertyId: who.property.id, name: 'Harbour House', replyTo: null, fromDomain: null, dailyLimit: null };
    await suite.call(who.staff, setSender, { ...sender, quietHours: { from: '11:00', until: '15:00' } });
    const { warnings } = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(warnings).toEqual([expect.stringMatching(/between 11:00 and 15:00: texts go out at 15:00/)]);
    const message = await suite.sent(who.staff, who.draft);
    await suite.passes(16);
    await eventually(async () => {
      const [row] = await suite.deliveries(who.staff, message.id);
      expect([row?.state, row?.reason]).toEqual(['queued', expect.stringContaining('11:00 and 15:00')]);
    }, patience);
    await suite.call(who.staff, setSender, { ...sender, quietHours: { from: '00:00', until: '00:00' } });
    expect((await suite.call(who.staff, previewMessage, { draft: who.draft })).warnings).toEqual([]);
    await suite.passes(4 * 3600);
    await eventually(async () => expect((await suite.deliveries(who.staff, message.id))[0]?.state).toBe('delivered'), patience);
  });

  it('is counted by the text that each gets, and the preview shows it as they get it', async () => {
    const who = await world.someone();
    const phone = world.nextNumber();
    const name = { first: 'Bartholomew-Maximilian', last: 'Featherstonehaugh' };
    const other = suite.directory.add(who.property.id, { phone, name, displayName: `${name.first} ${name.last}` });
    await who.agree(other.personId, phone);
    const draft = { ...who.draft, channels: ['email', 'sms'] as ('email' | 'sms')[] };
    draft.sms = `Dear {{ resident.name }}, ${'water is off. '.repeat(9)}`;
    const { sms, sample } = await suite.call(who.staff, previewMessage, { draft, sampleResidentId: who.resident.residentId });
    expect(sms).toMatchObject({ segments: 1, total: 3, most: 2, ucs2: 0, spread: [{ segments: 1 }, { segments: 2, people: 1 }] });
    expect(sms?.advice).toBe('The longest, for Bartholomew-Maximilian Featherstonehaugh, has 2.');
    expect(sample?.sms).toContain(who.resident.displayName);
  });

  it('is not sent when a carrier would not take it', async () => {
    const who = await world.someone();
    const { problems } = await suite.call(who.staff, previewMessage, { draft: { ...who.draft, sms: 'x'.repeat(1601) } });
    expect(problems).toEqual([expect.stringMatching(/is longer than 1600 characters.*Shorten it/)]);
  });

  it('counts for a day’s limit as many as it has segments', async () => {
    const who = await world.someone();
    const sender = { propertyId: who.property.id, name: 'Harbour House', replyTo: null, fromDomain: null };
    await suite.call(who.staff, setSender, { ...sender, dailyLimit: 4 });
    const draft = { ...who.draft, sms: 'Water is off on Tuesday. '.repeat(13) };
    const { sms, problems } = await suite.call(who.staff, previewMessage, { draft });
    expect([sms?.segments, problems]).toEqual([3, []]);
    await suite.sent(who.staff, draft);
    expect((await suite.call(who.staff, previewMessage, { draft: who.draft })).problems).toEqual([]);
    expect((await suite.call(who.staff, previewMessage, { draft })).problems).toEqual([
      expect.stringContaining('With this, 6 messages would go out within a day; 4 may') as string,
    ]);
  });
});

describe('Twilio', () => {
  it('says 429: it goes out later, once, and no attempt counts', async () => {
    const who = await world.someone();
    world.fault(who.phone, { kind: 'rate-limited', times: 2 });
    const { delivery } = await world.texted(who, 'delivered', 2);
    expect(delivery.attempts).toBe(1);
    expect(world.textsTo(who.phone)).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['says 500 but took it', { kind: 'broken', kept: true, times: 1 }],
    ['hangs after it took it', { kind: 'hang', ms: 20_000, kept: true, times: 1 }],
    ['cuts the connection after it took it', { kind: 'cut', kept: true, times: 1 }],
  ])('%s: its list tells, and nothing goes out twice', async (_name, wish) => {
    const who = await world.someone();
    world.fault(who.phone, wish);
    world.fault(who.phone, { kind: 'lose' });
    const { delivery } = await world.texted(who, 'sent', 5);
    expect(world.textsTo(who.phone).map(({ sid }) => sid)).toEqual([delivery.providerReference]);
  });

  it.each<[string, boolean, (who: Someone, delivery: Delivery) => Promise<unknown>, string, number]>([
    ['staff send it again', false, ({ staff }, { id }) => decide(staff, id, 'send-again'), 'sent', 1],
    ['staff know that it arrived', false, ({ staff }, { id }) => decide(staff, id, 'sent'), 'sent', 0],
    ['a callback comes late', true, ({ phone }) => twilio.tell(world.textsTo(phone)[0]!, 'sent'), 'sent', 1],
  ])('does not list it: it is to go out again, and meanwhile %s', async (_name, kept, meanwhile, state, texts) => {
    const who = await world.someone();
    world.fault(who.phone, { kind: 'broken', kept, times: 1 });
    world.fault(who.phone, { kind: 'lose' });
    world.fault(who.phone, { kind: 'unlisted', ms: 86_400_000 });
    const { delivery } = await world.texted(who, 'unknown');
    await suite.passes(180);
    await eventually(async () => expect(await attemptsOf(delivery)).toEqual(['intended']), patience);
    await meanwhile(who, delivery);
    await suite.passes(180);
    await eventually(async () => {
      const open = (await attemptsOf(delivery)).filter((one) => one !== 'done' && one !== 'failed');
      expect(open).toEqual([]);
    }, patience);
    expect((await suite.deliveries(who.staff, delivery.messageId))[0]?.state).toBe(state);
    expect(world.textsTo(who.phone)).toHaveLength(texts);
  });

  it('is not to be reached for hours: texts wait, no attempt counts, and all go out when it is', async () => {
    const who = await world.someone();
    const ben = suite.directory.add(who.property.id, { phone: world.nextNumber() });
    await who.agree(ben.personId, ben.phone!);
    await world.line.down();
    const message = await suite.sent(who.staff, who.draft);
    await suite.passes(16);
    await suite.becomes(who.staff, message.id, 'sending');
    for (let time = 0; time < 4; time++) {
      const tried = await triedFrom(message.id);
      await suite.passes(3600);
      await eventually(async () => expect(await triedFrom(message.id)).toBeGreaterThan(tried), patience);
    }
    const rows = await suite.deliveries(who.staff, message.id);
    expect(rows).toMatchObject(rows.map(() => ({ state: 'queued', reason: expect.stringContaining('ECONNREFUSED') as string })));
    await world.line.up();
    await suite.passes(600);
    await eventually(async () => {
      const all = await suite.deliveries(who.staff, message.id);
      expect(all.map(({ state, attempts }) => [state, attempts])).toEqual([
        ['delivered', 1],
        ['delivered', 1],
      ]);
    }, patience);
  });

  it('hangs after it took it, and its callback tells before anybody asks', async () => {
    const who = await world.someone();
    world.fault(who.phone, { kind: 'hang', ms: 20_000, kept: true, times: 1 });
    const { delivery } = await world.texted(who, 'delivered');
    expect(world.textsTo(who.phone).map(({ sid }) => sid)).toEqual([delivery.providerReference]);
  });

  it.each<[string, Fault]>([
    ['says 500', { kind: 'broken', kept: false, times: 1 }],
    ['hangs', { kind: 'hang', ms: 20_000, kept: false, times: 1 }],
  ])('%s and did not take it: it is unknown until the list says so, then goes out once', async (_name, wish) => {
    const who = await world.someone();
    world.fault(who.phone, wish);
    const { delivery } = await world.texted(who, 'delivered', 20);
    expect(world.textsTo(who.phone)).toHaveLength(1);
    expect(delivery.attempts).toBe(2);
  });

  it('tells twice and in any order: rows go forward, and each word is kept once', async () => {
    const who = await world.someone();
    world.fault(who.phone, { kind: 'duplicate' });
    world.fault(who.phone, { kind: 'reorder' });
    const { delivery } = await world.texted(who, 'delivered');
    await eventually(() => {
      const answered = twilio.webhooks.list().filter(({ params, status }) => params['To'] === who.phone && status !== null);
      expect(answered).toHaveLength(6); // of a pair one may have been too slow to answer on a busy machine
    }, patience);
    const { events, state } = await suite.call(who.staff, getDelivery, { deliveryId: delivery.id });
    expect(state).toBe('delivered');
    expect(byTwilio(events).sort()).toEqual(['Twilio: delivered', 'Twilio: queued', 'Twilio: sent']);
  });

  it('is not who signs with another token: 403, and nothing is believed', async () => {
    const who = await world.someone();
    world.fault(who.phone, { kind: 'forge' });
    const { delivery } = await world.texted(who, 'sent');
    await eventually(() => {
      const answers = twilio.webhooks.list().filter(({ params }) => params['To'] === who.phone);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    }, patience);
    const { events } = await suite.call(who.staff, getDelivery, { deliveryId: delivery.id });
    expect(byTwilio(events)).toEqual([]);
    const form = { path: '/v1/hooks/twilio/status/x', params: { MessageSid: 'SM1' }, reference: 'x' };
    for (const signature of ['', 'forged'])
      expect(await codeOf(suite.gateway.call(serviceActor('gateway', null), receiveSmsStatus, { ...form, signature }))).toBe(
        'webhook.forged',
      );
  });

  it.each([
    [30_003, 'failed', /off or has no signal/, false],
    [30_006, 'failed', /landline/, true],
    [21_614, 'failed', /not a mobile number/, true],
    [30_007, 'failed', /spam/, false],
  ] as const)('says %i: %s with what to do next', async (code, state, why, suppressed) => {
    const who = await world.someone({ phone: `+120255${code}` });
    const { delivery } = await world.texted(who, state);
    expect(delivery).toMatchObject({ reason: expect.stringMatching(why) as string, nextStep: expect.any(String) as string });
    const { items } = await suite.call(who.staff, listSuppressions, { channel: 'sms' });
    expect(items.map(({ address }) => address)).toEqual(suppressed ? [who.phone] : []);
  });

  it('refuses the account: texts wait, visibly, and go when it is mended', async () => {
    const who = await world.someone();
    world.fault(who.phone, { kind: 'refuse', code: 21_606, times: 1 });
    const message = await suite.sent(who.staff, who.draft);
    await suite.passes(16);
    await eventually(async () => {
      const [row] = await suite.deliveries(who.staff, message.id);
      expect([row?.state, row?.reason]).toEqual(['queued', expect.stringContaining('cannot send texts')]);
    }, patience);
    await suite.passes(16 * 60);
    await eventually(async () => expect((await suite.deliveries(who.staff, message.id))[0]?.state).toBe('delivered'), patience);
  });

  it('says in a callback that the account is suspended: all others wait', async () => {
    const [one, other] = [await world.someone(), await world.someone()];
    world.fault(one.phone, { kind: 'undelivered', code: 30_002, times: 1 });
    await world.texted(one, 'failed');
    const message = await suite.sent(other.staff, other.draft);
    await suite.passes(16);
    await eventually(async () => {
      const [row] = await suite.deliveries(other.staff, message.id);
      expect([row?.state, row?.reason]).toEqual(['queued', 'Twilio has suspended the account.']);
    }, patience);
    await suite.passes(16 * 60);
    await eventually(async () => expect((await suite.deliveries(other.staff, message.id))[0]?.state).toBe('delivered'), patience);
  });

  it('says that a carrier took it for spam: the rest of the message waits until somebody has read it', async () => {
    const who = await world.someone();
    const ben = suite.directory.add(who.property.id, { phone: world.nextNumber() });
    await who.agree(ben.personId, ben.phone!);
    world.fault(who.phone, { kind: 'undelivered', code: 30_007, times: 1 });
    const busy = world.fault(ben.phone!, { kind: 'rate-limited' });
    const { id: messageId } = await suite.sent(who.staff, who.draft);
    await suite.passes(16);
    await eventually(async () => {
      await suite.passes(2);
      const { state, reason } = await suite.call(who.staff, getMessage, { messageId });
      expect([state, reason]).toEqual(['paused', expect.stringContaining('took the texts for spam')]);
    }, patience);
    twilio.faults.clear(busy.id);
    await suite.passes(120);
    expect(world.textsTo(ben.phone!)).toEqual([]);
    world.fault(ben.phone!, { kind: 'undelivered', code: 30_007, times: 1 });
    await suite.call(who.staff, resumeMessage, { messageId });
    // read once is read: it does not stop a second time
    await eventually(async () => {
      await suite.passes(2);
      const { state, counts } = await suite.call(who.staff, getMessage, { messageId });
      expect([state, counts]).toMatchObject(['done', { failed: 2, queued: 0 }]);
    }, patience);
  });
});
