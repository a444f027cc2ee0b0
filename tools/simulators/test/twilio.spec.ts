import twilio from 'twilio';
import { startTwilioSimulator, type TwilioWish } from '../src/index.js';
import { hookListener, type HookListener } from './hook-listener.js';
import { posted, told } from './post.js';

type Running = Awaited<ReturnType<typeof startTwilioSimulator>>;
const resident = '+12025550123';

describe('the Twilio simulator, asked by Twilio’s own library', () => {
  let running: Running;
  let hooks: HookListener;

  const start = async (wish: TwilioWish = {}) => {
    hooks = await hookListener();
    running = await startTwilioSimulator({ paceMs: 0, inboundUrl: `${hooks.url}/inbound`, ...wish });
  };
  const client = (how: { token?: string; timeout?: number } = {}) => {
    const { accountSid, authToken } = running.access;
    const made = twilio(accountSid, how.token ?? authToken, { timeout: how.timeout ?? 5_000 });
    made.api.baseUrl = running.url;
    return made;
  };
  const send = (to = resident, body = 'The lift works again.', how: { timeout?: number } = {}) =>
    client(how).messages.create({
      to,
      body,
      messagingServiceSid: running.access.messagingServiceSid,
      statusCallback: `${hooks.url}/status?of=1`,
    });
  const control = (path: string, body: unknown) => posted(`${running.url}/_control/${path}`, body);
  const statuses = () => hooks.heard.map(({ params }) => params['MessageStatus']);

  beforeEach(() => start());
  afterEach(async () => {
    await running.close();
    await hooks.close();
  });

  it('takes a text, says its SID at once, and tells each status to the callback, signed as the library validates', async () => {
    const message = await send();
    expect(message).toMatchObject({
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/) as string,
      status: 'queued',
      numSegments: '1',
    });
    await hooks.wait(3);
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
    for (const { url, params, signature } of hooks.heard)
      expect(twilio.validateRequest(running.access.authToken, signature, url, params)).toBe(true);
    expect(await client().messages(message.sid).fetch()).toMatchObject({ status: 'delivered', to: resident });
  });

  it('lists by number and day, newest first, over pages', async () => {
    for (let at = 0; at < 7; at += 1) await send(resident, `Text ${at}`);
    await send('+12025550124');
    const listed = await client().messages.list({ to: resident, dateSentAfter: new Date(Date.now() - 60_000), pageSize: 3 });
    expect(listed.map(({ body }) => body)).toEqual([6, 5, 4, 3, 2, 1, 0].map((at) => `Text ${at}`));
    expect(await client().messages.list({ to: resident, dateSentAfter: new Date(Date.now() + 86_400_000) })).toEqual([]);
  });

  it.each([
    [
      'a wrong token',
      () => client({ token: 'wrong' }).messages.create({ to: resident, from: running.access.number, body: 'x' }),
      { status: 401, code: 20003 },
    ],
    ['a number that is none', () => send('12'), { status: 400, code: 21211 }],
    ['no body', () => send(resident, ''), { status: 400, code: 21602 }],
    ['a body that is too long', () => send(resident, 'x'.repeat(1_601)), { status: 400, code: 21617 }],
    ['a landline', () => send('+12025521614'), { status: 400, code: 21614 }],
    ['the test number of a region that is off', () => send('+15005550003'), { status: 400, code: 21408 }],
    [
      'a sender that is not the account’s',
      () => client().messages.create({ to: resident, from: '+12025550199', body: 'x' }),
      { status: 400, code: 21606 },
    ],
  ])('refuses %s', async (_name, act, error) => {
    await expect(act()).rejects.toMatchObject({ ...error, moreInfo: `https://www.twilio.com/docs/errors/${error.code}` });
    expect(running.twilio.texts.tally().accepted).toBe(0);
  });

  it.each([
    ['429', { kind: 'rate-limited' }, { status: 429, code: 20429 }, 0],
    ['500', { kind: 'broken' }, { status: 500, code: 20500 }, 0],
    ['500 although it was taken', { kind: 'broken', kept: true }, { status: 500 }, 1],
    ['a code', { kind: 'refuse', code: 21612 }, { status: 400, code: 21612 }, 0],
    ['a hang after it was taken', { kind: 'hang', ms: 400 }, { message: expect.stringMatching(/timeout/) as string }, 1],
    ['a hang before', { kind: 'hang', ms: 400, kept: false }, { message: expect.stringMatching(/timeout/) as string }, 0],
    ['a connection that is cut', { kind: 'cut' }, { message: expect.stringMatching(/hang up|ECONN/) as string }, 1],
  ])('meets %s once, then works', async (_name, fault, error, accepted) => {
    expect((await control('faults', { ...fault, times: 1 })).status).toBe(200);
    await expect(send(resident, 'x', { timeout: 150 })).rejects.toMatchObject(error);
    expect(running.twilio.texts.tally()).toMatchObject({ accepted, answered: 0 });
    await send();
    expect(running.twilio.texts.tally()).toMatchObject({ accepted: accepted + 1, answered: 1 });
  });

  it.each([30_001, 30_003, 30_004, 30_005, 30_006, 30_007, 30_008, 30_034])(
    'says %i in the callback, by number and by control',
    async (code) => {
      await send(`+120255${code}`);
      await control('faults', { kind: 'undelivered', code, times: 1 });
      await send();
      await hooks.wait(6);
      const codes = hooks.heard.flatMap(({ params }) => params['ErrorCode'] ?? []);
      expect(codes).toEqual([String(code), String(code)]);
      expect(statuses().some((status) => status === 'delivered')).toBe(false);
    },
  );

  it.each([
    ['twice', { kind: 'duplicate' }, ['queued', 'queued', 'sent', 'sent', 'delivered', 'delivered']],
    ['last one first', { kind: 'reorder' }, ['delivered', 'sent', 'queued']],
    ['not after sent', { kind: 'stay' }, ['queued', 'sent']],
  ])('tells callbacks %s', async (_name, fault, expected) => {
    await running.close();
    await hooks.close();
    await start({ paceMs: 40 });
    await control('faults', fault);
    await send();
    await hooks.wait(expected.length);
    expect(statuses()).toEqual(expected);
  });

  it('signs with another token when callbacks are forged', async () => {
    await control('faults', { kind: 'forge' });
    await send();
    const [first] = await hooks.wait(1);
    expect(twilio.validateRequest(running.access.authToken, first!.signature, first!.url, first!.params)).toBe(false);
  });

  it('acts on STOP and START at once: 21610 in between, one confirmation each, and the text goes to the webhook', async () => {
    await control('inbound', { from: resident, body: ' stop ' });
    await expect(send()).rejects.toMatchObject({ status: 400, code: 21610 });
    const [stop] = await hooks.wait(1);
    expect(stop!.params).toMatchObject({ From: resident, Body: ' stop ', SmsStatus: 'received' });
    expect(twilio.validateRequest(running.access.authToken, stop!.signature, stop!.url, stop!.params)).toBe(true);
    await control('inbound', { from: resident, body: 'STOP PLEASE' });
    await control('inbound', { from: resident, body: 'START' });
    await send();
    const { texts } = await told<{ texts: { body: string }[] }>(`${running.url}/_control/texts?direction=outbound-reply`);
    expect(texts.map(({ body }) => body.slice(0, 31))).toEqual(
      ['You have successfully been re-su', 'You have successfully been unsu'].map((text) => text.slice(0, 31)),
    );
  });

  it('is told by hand what became of a text', async () => {
    await control('faults', { kind: 'stay', at: 'queued' });
    const { sid } = await send();
    await control(`texts/${sid}/status`, { status: 'undelivered', errorCode: 30_003 });
    expect(await client().messages(sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 30_003 });
  });

  it('shows every text on a page, its link clickable and nothing in it run', async () => {
    await send(resident, 'Come: https://lw.example/a?x=1&y <script>alert(1)</script>');
    const page = await (await fetch(`${running.url}/`)).text();
    expect(page).toContain('<a href="https://lw.example/a?x=1&amp;y" rel="noopener noreferrer">');
    expect(page).not.toContain('<script>');
    for (const path of [`conversation/${encodeURIComponent(resident)}`, 'faults', 'webhooks'])
      expect((await fetch(`${running.url}/${path}`)).status).toBe(200);
    const form = new URLSearchParams({ from: resident, body: 'Thank you' });
    expect((await fetch(`${running.url}/reply`, { method: 'POST', body: form, redirect: 'manual' })).status).toBe(303);
    expect(running.twilio.texts.list({ direction: 'inbound' }).map(({ body }) => body)).toEqual(['Thank you']);
  });
});
