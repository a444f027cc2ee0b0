import { codeRow, isAnsweredByTwilio } from '../../src/sms/twilio-codes.rules.js';
import { TwilioPace } from '../../src/sms/twilio-pace.js';
import { failureOf } from '../../src/sms/twilio-refusal.rules.js';
import { meaningOf } from '../../src/sms/twilio-status.rules.js';
import { consequenceOf } from '../../src/hooks/twilio-inbound.rules.js';

describe('a code of Twilio', () => {
  it.each([
    [21_211, 'number'],
    [21_214, 'number'],
    [21_217, 'number'],
    [21_408, 'refused'],
    [21_606, 'account'],
    [21_601, 'account'],
    [21_608, 'refused'],
    [21_610, 'opted-out'],
    [21_612, 'refused'],
    [21_614, 'number'],
    [30_001, 'passing'],
    [30_002, 'account'],
    [30_003, 'passing'],
    [30_004, 'refused'],
    [30_005, 'number'],
    [30_006, 'number'],
    [30_007, 'filtered'],
    [30_008, 'passing'],
    [30_034, 'account'],
    [20_003, 'account'],
    [99_999, 'refused'],
  ])('%i is of the class %s, with words for staff', (code, is) => {
    expect(codeRow(code)).toMatchObject({
      is,
      reason: expect.stringMatching(/\.$/) as string,
      nextStep: expect.stringMatching(/\.$/) as string,
    });
  });
});

describe('a request that failed', () => {
  const error = (more: object) => Object.assign(new Error('it failed'), more);
  it.each([
    ['429', error({ status: 429, code: 20_429 }), { kind: 'busy' }],
    ['400 with a code', error({ status: 400, code: 21_211 }), { kind: 'refused', code: 21_211 }],
    ['401 without a code', error({ status: 401 }), { kind: 'refused', code: 401 }],
    ['500: nobody knows', error({ status: 500, code: 20_500 }), { kind: 'unclear' }],
    ['503: nobody knows', error({ status: 503 }), { kind: 'unclear' }],
    ['nobody listens: it was not sent', error({ code: 'ECONNREFUSED' }), { kind: 'nothing' }],
    ['no such host: it was not sent', error({ code: 'ENOTFOUND' }), { kind: 'nothing' }],
    ['a time-out: nobody knows', error({ code: 'ECONNABORTED' }), { kind: 'unclear' }],
    ['a connection that broke: nobody knows', error({ code: 'ECONNRESET' }), { kind: 'unclear' }],
    ['something else: nobody knows', 'what?', { kind: 'unclear' }],
  ])('%s', (_name, thrown, failure) => {
    expect(failureOf(thrown)).toMatchObject(failure);
  });
});

describe('a status of Twilio', () => {
  it.each([
    ['accepted', null, 'sent'],
    ['queued', null, 'sent'],
    ['sending', null, 'sent'],
    ['sent', null, 'sent'],
    ['delivered', null, 'delivered'],
    ['read', null, 'delivered'],
    ['undelivered', 30_003, 'failed'],
    ['failed', 30_001, 'failed'],
    ['canceled', null, 'failed'],
  ])('%s (%p) means %s', (status, code, state) => {
    expect(meaningOf(status, code)?.state).toBe(state);
  });
  it('that nobody has said before moves nothing', () => {
    expect(meaningOf('teleported', null)).toBeNull();
  });
});

describe('a text that came', () => {
  it.each([
    ['opt-out', 'STOP', { state: 'acted', says: 'refused', confirm: false }],
    ['opt-out', 'stop please', { state: 'acted', says: 'refused', confirm: true }],
    ['opt-out', 'baja', { state: 'acted', says: 'refused', confirm: true }],
    ['opt-in', 'START', { state: 'acted', says: 'granted', confirm: false }],
    ['help', 'HELP', { state: 'acted', says: null, confirm: false }],
    ['help', 'ayuda', { state: 'waiting', says: null, confirm: false }],
    ['maybe-opt-out', 'wrong number', { state: 'waiting', says: null, confirm: false }],
    ['other', 'Thank you', { state: 'waiting', says: null, confirm: false }],
  ] as const)('%s by “%s”', (reading, body, expected) => {
    expect(consequenceOf(reading, body)).toEqual(expected);
  });
  it.each([' Stop ', 'STOPALL', 'unstop'])('%p is answered by Twilio itself', (body) => {
    expect(isAnsweredByTwilio(body)).toBe(true);
  });
});

describe('how many requests are open at once', () => {
  let now = 0;
  const clock = { now: () => new Date(now), monotonicMs: () => now };
  const pace = () => new TwilioPace(8, clock, () => 1);

  it('is half after each refusal, with a pause that grows to a minute, and grows again with what goes well', () => {
    const of = pace();
    expect([of.refused().getTime(), of.most]).toEqual([500, 4]);
    expect(of.pausedUntil?.getTime()).toBe(500);
    expect([of.refused().getTime(), of.most]).toEqual([1000, 2]);
    for (let n = 0; n < 20; n += 1) of.refused();
    expect([of.pausedUntil?.getTime(), of.most]).toEqual([60_000, 1]);
    now = 60_001;
    expect(of.pausedUntil).toBeNull();
    for (let n = 0; n < 12 * 20; n += 1) of.went();
    expect(of.most).toBe(8);
  });

  it('is never more than that', async () => {
    const of = pace();
    let [open, most] = [0, 0];
    const ends: (() => void)[] = [];
    const all = Array.from({ length: 20 }, () =>
      of.run(async () => {
        most = Math.max(most, (open += 1));
        await new Promise<void>((resolve) => ends.push(resolve));
        open -= 1;
      }, new AbortController().signal),
    );
    const done = Promise.all(all);
    for (let n = 0; n < 20; n += 1) {
      while (ends.length === 0) await new Promise(setImmediate);
      ends.shift()?.();
    }
    await done;
    expect(most).toBe(8);
  });

  it('is nothing to whoever gave up waiting: it never asks, and the next one does', async () => {
    const of = new TwilioPace(1, clock, () => 1);
    const asked: string[] = [];
    const ends: (() => void)[] = [];
    const asks = (name: string, signal = new AbortController().signal) =>
      of.run(async () => {
        asked.push(name);
        await new Promise<void>((resolve) => ends.push(resolve));
        return name;
      }, signal);
    const tooLate = new AbortController();
    const all = [asks('first'), asks('gives up', tooLate.signal), asks('next')];
    tooLate.abort();
    expect([await all[1], await asks('comes too late', tooLate.signal)]).toEqual([null, null]);
    ends[0]?.();
    expect(await all[0]).toBe('first');
    await new Promise(setImmediate);
    ends[1]?.();
    expect(await all[2]).toBe('next');
    expect(asked).toEqual(['first', 'next']);
  });
});
