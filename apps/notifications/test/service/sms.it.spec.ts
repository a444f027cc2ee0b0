import {
  finishInboundText,
  getConsentStanding,
  getDelivery,
  listConsents,
  listInboundTexts,
  listSuppressions,
  optOutByText,
  personErased,
  previewMessage,
  receiveSmsStatus,
  recordConsent,
  type Delivery,
} from '@leasewire/contracts';
import { TwilioFaultWish, type TwilioSimulator } from '@leasewire/simulators';
import { eventually, outgoing, serviceActor, suiteDeployment } from '@leasewire/testing';
import { codeOf, patience, type NotificationsSuite } from './notifications-suite.js';
import { startWithTwilio } from './twilio-world.js';

let suite: NotificationsSuite;
let twilio: TwilioSimulator;
let nth = 100;
/** Of the kinds of the simulator; the rest by the kind. */
type Fault = Readonly<Record<string, unknown>>;
const nextNumber = () => `+1202555${String((nth += 1)).padStart(4, '0')}`;
const gateway = serviceActor('gateway', null);

beforeAll(async () => {
  ({ suite, twilio } = await startWithTwilio());
});
afterEach(() => {
  twilio.faults.clear();
});

/** Where it is that hour now. */
async function zoneWhereItIs(hour: number): Promise<string> {
  const offset = ((hour - (await suiteDeployment()).clock.now().getUTCHours() + 36) % 24) - 12;
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

/** Somebody in a property where it is noon, who agreed unless it is said otherwise. */
async function someone({ phone = nextNumber(), agreed = true, hour = 12 } = {}) {
  const { orgId, staff } = await suite.org();
  const property = await suite.directory.property(orgId, { country: 'US', timeZone: await zoneWhereItIs(hour) });
  const resident = suite.directory.add(property.id, { phone });
  const draft = suite.draft(property, { channels: ['sms'], sms: `Water is off on Tuesday, ${phone.slice(-4)}.` });
  await eventually(() => suite.call(staff, previewMessage, { draft }), patience);
  if (agreed)
    await suite.call(staff, recordConsent, {
      ...{ personId: resident.personId, phone, answer: 'granted', how: 'written' },
      wording: 'Yes, text me about my home.',
    });
  return { orgId, staff, property, resident, phone, draft };
}

async function texted(who: Awaited<ReturnType<typeof someone>>, until: Delivery['state'], seconds = 0) {
  const message = await suite.sent(who.staff, who.draft);
  await suite.passes(16);
  const delivery = await eventually(async () => {
    if (seconds > 0) await suite.passes(seconds);
    const [row] = await suite.deliveries(who.staff, message.id);
    expect(row?.state).toBe(until);
    return row!;
  }, patience);
  return { message, delivery };
}
const textsTo = (phone: string) => twilio.texts.list({ to: phone, direction: 'outbound-api' });
const byTwilio = (events: readonly { what: string }[]) =>
  events.map(({ what }) => what).filter((what) => what.startsWith('Twilio:'));
const fault = (of: string, wish: Fault) => twilio.faults.add(TwilioFaultWish.parse({ ...wish, to: of }));

describe('a text', () => {
  it('goes only to who agreed, is told delivered with Twilio’s reference, and every word of Twilio is kept', async () => {
    const who = await someone({ agreed: false });
    const before = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(before.reach.channels.sms).toEqual({ will: 0, not: { 'no-consent': 1 } });
    await suite.call(who.staff, recordConsent, {
      ...{ personId: who.resident.personId, phone: who.phone, answer: 'granted', how: 'spoken', wording: 'Yes.' },
    });
    expect((await suite.call(who.staff, previewMessage, { draft: who.draft })).sms).toMatchObject({ segments: 1, total: 1 });
    const { delivery } = await texted(who, 'delivered');
    const [text] = textsTo(who.phone);
    expect(delivery).toMatchObject({ providerReference: text!.sid, attempts: 1 });
    await eventually(async () => {
      const { events } = await suite.call(who.staff, getDelivery, { deliveryId: delivery.id });
      expect(byTwilio(events)).toEqual(['Twilio: queued', 'Twilio: sent', 'Twilio: delivered']);
    }, patience);
  });

  it('of two who share a number goes to the one who agreed', async () => {
    const who = await someone();
    suite.directory.add(who.property.id, { phone: who.phone });
    const { reach } = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(reach.channels.sms?.will).toBe(1);
  });

  it.each([
    ['another country', '+61412345678', /another country/],
    ['a toll-free number', '+18005550100', /special numbers/],
  ])('does not go to %s', async (_name, phone, why) => {
    const who = await someone({ phone });
    const { notReached } = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(notReached).toMatchObject([{ reason: 'unusable-address', message: expect.stringMatching(why) as string }]);
  });

  it('waits for the morning where they live, and a STOP meanwhile holds', async () => {
    const who = await someone({ hour: 23 });
    const { warnings } = await suite.call(who.staff, previewMessage, { draft: who.draft });
    expect(warnings).toEqual([expect.stringMatching(/^Nobody is texted between 21:00 and 08:00: texts go out at 08:00/)]);
    const message = await suite.sent(who.staff, who.draft);
    await suite.passes(16);
    await eventually(async () => {
      const [row] = await suite.deliveries(who.staff, message.id);
      expect([row?.state, row?.reason]).toEqual(['queued', expect.stringContaining('21:00')]);
    }, patience);
    expect(textsTo(who.phone)).toEqual([]);
    await suite.call(who.staff, recordConsent, {
      ...{ phone: who.phone, answer: 'refused', how: 'spoken', wording: 'Leave me alone.' },
    });
    await suite.passes(10 * 3600);
    await eventually(async () => {
      const [row] = await suite.deliveries(who.staff, message.id);
      expect([row?.state, row?.reason]).toEqual(['failed', 'They asked not to be texted.']);
    }, patience);
    expect(textsTo(who.phone)).toEqual([]);
  });
});

describe('somebody who is forgotten', () => {
  it('leaves what they said without address and words; who has their number still is left alone', async () => {
    const who = await someone();
    await texted(who, 'delivered');
    await twilio.inbound(who.phone, 'I moved out in May');
    await twilio.inbound(who.phone, 'STOP');
    const personId = who.resident.personId;
    await eventually(async () => {
      expect((await suite.call(who.staff, listInboundTexts, { personId })).items).toHaveLength(2);
    }, patience);
    const data = { personId, propertyIds: [who.property.id] };
    await suite.directory.peer.bus.publish(outgoing(personErased, { orgId: who.orgId, subject: personId, data }));
    await eventually(async () => {
      expect((await suite.call(who.staff, listInboundTexts, { personId })).items).toEqual([]);
      const { items } = await suite.call(who.staff, listConsents, { personId });
      expect(items).toMatchObject([{ answer: 'granted', address: null, wording: null }]);
    }, patience);
    const { items } = await suite.call(who.staff, getConsentStanding, { channel: 'sms', address: who.phone });
    expect(items).toMatchObject([{ blocked: { how: 'keyword' }, categories: [] }]);
  });
});

describe('Twilio', () => {
  it('says 429: it goes out later, once, and no attempt counts', async () => {
    const who = await someone();
    fault(who.phone, { kind: 'rate-limited', times: 2 });
    const { delivery } = await texted(who, 'delivered', 2);
    expect(delivery.attempts).toBe(1);
    expect(textsTo(who.phone)).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['says 500 but took it', { kind: 'broken', kept: true, times: 1 }],
    ['hangs after it took it', { kind: 'hang', ms: 20_000, kept: true, times: 1 }],
    ['cuts the connection after it took it', { kind: 'cut', kept: true, times: 1 }],
  ])('%s: its list tells, and nothing goes out twice', async (_name, wish) => {
    const who = await someone();
    fault(who.phone, wish);
    fault(who.phone, { kind: 'lose' });
    const { delivery } = await texted(who, 'sent', 5);
    expect(textsTo(who.phone).map(({ sid }) => sid)).toEqual([delivery.providerReference]);
  });

  it('hangs after it took it, and its callback tells before anybody asks', async () => {
    const who = await someone();
    fault(who.phone, { kind: 'hang', ms: 20_000, kept: true, times: 1 });
    const { delivery } = await texted(who, 'delivered');
    expect(textsTo(who.phone).map(({ sid }) => sid)).toEqual([delivery.providerReference]);
  });

  it.each<[string, Fault]>([
    ['says 500', { kind: 'broken', kept: false, times: 1 }],
    ['hangs', { kind: 'hang', ms: 20_000, kept: false, times: 1 }],
  ])('%s and did not take it: it is unknown until the list says so, then goes out once', async (_name, wish) => {
    const who = await someone();
    fault(who.phone, wish);
    const { delivery } = await texted(who, 'delivered', 20);
    expect(textsTo(who.phone)).toHaveLength(1);
    expect(delivery.attempts).toBe(2);
  });

  it('tells twice and in any order: rows go forward, and each word is kept once', async () => {
    const who = await someone();
    fault(who.phone, { kind: 'duplicate' });
    fault(who.phone, { kind: 'reorder' });
    const { delivery } = await texted(who, 'delivered');
    await eventually(() => {
      const answered = twilio.webhooks.list().filter(({ params, status }) => params['To'] === who.phone && status !== null);
      expect(answered).toHaveLength(6); // of a pair one may have been too slow to answer on a busy machine
    }, patience);
    const { events, state } = await suite.call(who.staff, getDelivery, { deliveryId: delivery.id });
    expect(state).toBe('delivered');
    expect(byTwilio(events).sort()).toEqual(['Twilio: delivered', 'Twilio: queued', 'Twilio: sent']);
  });

  it('is not who signs with another token: 403, and nothing is believed', async () => {
    const who = await someone();
    fault(who.phone, { kind: 'forge' });
    const { delivery } = await texted(who, 'sent');
    await eventually(() => {
      const answers = twilio.webhooks.list().filter(({ params }) => params['To'] === who.phone);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    }, patience);
    const { events } = await suite.call(who.staff, getDelivery, { deliveryId: delivery.id });
    expect(byTwilio(events)).toEqual([]);
    const form = { path: '/v1/hooks/twilio/status/x', params: { MessageSid: 'SM1' }, reference: 'x' };
    for (const signature of ['', 'forged'])
      expect(await codeOf(suite.gateway.call(gateway, receiveSmsStatus, { ...form, signature }))).toBe('webhook.forged');
  });

  it.each([
    [30_003, 'failed', /off or has no signal/, false],
    [30_006, 'failed', /landline/, true],
    [21_614, 'failed', /not a mobile number/, true],
    [30_007, 'failed', /spam/, false],
  ] as const)('says %i: %s with what to do next', async (code, state, why, suppressed) => {
    const who = await someone({ phone: `+120255${code}` });
    const { delivery } = await texted(who, state);
    expect(delivery).toMatchObject({ reason: expect.stringMatching(why) as string, nextStep: expect.any(String) as string });
    const { items } = await suite.call(who.staff, listSuppressions, { channel: 'sms' });
    expect(items.map(({ address }) => address)).toEqual(suppressed ? [who.phone] : []);
  });

  it('refuses the account: texts wait, visibly, and go when it is mended', async () => {
    const who = await someone();
    fault(who.phone, { kind: 'refuse', code: 21_606, times: 1 });
    const message = await suite.sent(who.staff, who.draft);
    await suite.passes(16);
    await eventually(async () => {
      const [row] = await suite.deliveries(who.staff, message.id);
      expect([row?.state, row?.reason]).toEqual(['queued', expect.stringContaining('cannot send texts')]);
    }, patience);
    await suite.passes(16 * 60);
    await eventually(async () => expect((await suite.deliveries(who.staff, message.id))[0]?.state).toBe('delivered'), patience);
  });
});

describe('whoever answers', () => {
  const standing = async ({ staff, phone }: Awaited<ReturnType<typeof someone>>) =>
    (await suite.call(staff, getConsentStanding, { channel: 'sms', address: phone })).items[0];
  const will = async ({ staff, draft }: Awaited<ReturnType<typeof someone>>) =>
    (await suite.call(staff, previewMessage, { draft })).reach.channels.sms;
  const confirmed = (phone: string) =>
    textsTo(phone)
      .map(({ body }) => body)
      .filter((body) => body.includes('no more texts'));

  it('STOP gets no text until START, and staff cannot undo it; Twilio has confirmed it, so we do not', async () => {
    const who = await someone();
    await texted(who, 'delivered');
    await twilio.inbound(who.phone, 'Stop');
    await eventually(async () => expect(await will(who)).toEqual({ will: 0, not: { 'opted-out': 1 } }), patience);
    const again = {
      personId: who.resident.personId,
      phone: who.phone,
      answer: 'granted',
      how: 'written',
      wording: 'Yes.',
    } as const;
    expect(await codeOf(suite.call(who.staff, recordConsent, again))).toBe('consent.stopped');
    await twilio.inbound(who.phone, 'START');
    await eventually(async () => expect(await will(who)).toEqual({ will: 1, not: {} }), patience);
    const { items } = await suite.call(who.staff, listConsents, { address: who.phone });
    expect(items.map(({ answer, how, wording }) => [answer, how, wording])).toEqual([
      ['granted', 'keyword', 'START'],
      ['refused', 'keyword', 'Stop'],
      ['granted', 'written', 'Yes, text me about my home.'],
    ]);
    expect(confirmed(who.phone)).toEqual([]);
  });

  it('“no más” is a stop that Twilio does not know: one confirmation, however often the webhook comes', async () => {
    const who = await someone();
    await texted(who, 'delivered');
    fault(who.phone, { kind: 'duplicate' });
    await twilio.inbound(who.phone, '¡No más!');
    await eventually(() => expect(confirmed(who.phone)).toHaveLength(1), patience);
    expect(await will(who)).toEqual({ will: 0, not: { 'opted-out': 1 } });
    expect((await suite.call(who.staff, listConsents, { address: who.phone })).items).toHaveLength(2);
    expect(confirmed(who.phone)).toHaveLength(1);
  });

  it('in free words is read by a person, who records it with one click', async () => {
    const who = await someone();
    await texted(who, 'delivered');
    await twilio.inbound(who.phone, 'please take me off this list');
    const [text] = await eventually(async () => {
      const { items } = await suite.call(who.staff, listInboundTexts, { state: 'waiting' });
      expect(items).toMatchObject([{ from: who.phone, reading: 'maybe-opt-out', personIds: [who.resident.personId] }]);
      return items;
    }, patience);
    expect(await will(who)).toEqual({ will: 1, not: {} });
    await suite.call(who.staff, optOutByText, { inboundTextId: text!.id });
    expect(await standing(who)).toMatchObject({ blocked: { how: 'reply' } });
    await eventually(() => expect(confirmed(who.phone)).toHaveLength(1), patience);
    expect(await codeOf(suite.call(who.staff, finishInboundText, { inboundTextId: text!.id }))).toBe('conflict.state');
  });

  it('STOP where we did not hear it: Twilio’s refusal is written down', async () => {
    const who = await someone();
    twilio.optOuts.add(who.phone, twilio.access.messagingServiceSid);
    await texted(who, 'failed');
    expect(await standing(who)).toMatchObject({ blocked: { how: 'provider' } });
  });

  it('is another organization’s resident too: both hear of it', async () => {
    const one = await someone();
    const other = await someone({ phone: one.phone });
    await twilio.inbound(one.phone, 'STOP');
    await eventually(async () => {
      expect(await will(one)).toEqual({ will: 0, not: { 'opted-out': 1 } });
      expect(await will(other)).toEqual({ will: 0, not: { 'opted-out': 1 } });
    }, patience);
  });
});
