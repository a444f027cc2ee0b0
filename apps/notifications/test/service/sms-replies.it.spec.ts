import {
  finishInboundText,
  getConsentStanding,
  listConsents,
  listInboundTexts,
  optOutByText,
  personErased,
  previewMessage,
  recordConsent,
} from '@leasewire/contracts';
import type { TwilioSimulator } from '@leasewire/simulators';
import { eventually, outgoing } from '@leasewire/testing';
import { codeOf, patience, type NotificationsSuite } from './notifications-suite.js';
import { startWithTwilio, type Someone, type TwilioWorld } from './twilio-world.js';

let world: TwilioWorld;
let suite: NotificationsSuite;
let twilio: TwilioSimulator;
beforeAll(async () => {
  world = await startWithTwilio();
  ({ suite, twilio } = world);
});
afterEach(() => {
  twilio.faults.clear();
});

describe('somebody who is forgotten', () => {
  it('leaves what they said without address and words; who has their number still is left alone', async () => {
    const who = await world.someone();
    await world.texted(who, 'delivered');
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

describe('whoever answers', () => {
  const standing = async ({ staff, phone }: Someone) =>
    (await suite.call(staff, getConsentStanding, { channel: 'sms', address: phone })).items[0];
  const will = async ({ staff, draft }: Someone) => (await suite.call(staff, previewMessage, { draft })).reach.channels.sms;
  const confirmed = (phone: string) =>
    world
      .textsTo(phone)
      .map(({ body }) => body)
      .filter((body) => body.includes('no more texts'));

  it('STOP gets no text until START, and staff cannot undo it; Twilio has confirmed it, so we do not', async () => {
    const who = await world.someone();
    await world.texted(who, 'delivered');
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
    const who = await world.someone();
    await world.texted(who, 'delivered');
    world.fault(who.phone, { kind: 'duplicate' });
    await twilio.inbound(who.phone, '¡No más!');
    await eventually(() => expect(confirmed(who.phone)).toHaveLength(1), patience);
    expect(await will(who)).toEqual({ will: 0, not: { 'opted-out': 1 } });
    expect((await suite.call(who.staff, listConsents, { address: who.phone })).items).toHaveLength(2);
    expect(confirmed(who.phone)).toHaveLength(1);
  });

  it('in free words is read by a person, who records it with one click', async () => {
    const who = await world.someone();
    await world.texted(who, 'delivered');
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
    const who = await world.someone();
    twilio.optOuts.add(who.phone, twilio.access.messagingServiceSid);
    await world.texted(who, 'failed');
    expect(await standing(who)).toMatchObject({ blocked: { how: 'provider' } });
  });

  it('is another organization’s resident too: both hear of it', async () => {
    const one = await world.someone();
    const other = await world.someone({ phone: one.phone });
    await twilio.inbound(one.phone, 'STOP');
    await eventually(async () => {
      expect(await will(one)).toEqual({ will: 0, not: { 'opted-out': 1 } });
      expect(await will(other)).toEqual({ will: 0, not: { 'opted-out': 1 } });
    }, patience);
  });
});
