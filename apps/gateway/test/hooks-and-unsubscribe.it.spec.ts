import {
  DomainError,
  receiveMailReports,
  receiveSms,
  receiveSmsStatus,
  showUnsubscribe,
  unsubscribe,
  type OutputOf,
} from '@leasewire/contracts';
import { ask, gatewayDeployment, startGateway, type Asked } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';
import { StubService } from './support/stub-service.js';

let url: string;
let notifications: StubService;
let facts: OutputOf<typeof showUnsubscribe>;
const token = 'a-token-of-a-mail-that-is-long-enough';
const acts = () => notifications.calls.filter(({ method }) => method === unsubscribe.name).map(({ input }) => input);

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  await StubIdentity.start(deployment);
  notifications = await StubService.start('notifications', deployment);
  notifications.handle(showUnsubscribe, ({ token: given }) => {
    if (given !== token) throw new DomainError('unsubscribe.invalid', 'This link is not complete.');
    return facts;
  });
  notifications.handle(unsubscribe, ({ choice }) => {
    const answer = choice === 'receive' ? 'granted' : 'refused';
    facts = {
      ...facts,
      standing: { ...facts.standing, [facts.category]: answer, ...(choice === 'stop-all' && { operational: answer }) },
    };
    return facts;
  });
  notifications.handle(receiveSmsStatus, ({ signature }) => {
    if (signature !== 'right') throw new DomainError('webhook.forged', 'That is not Twilio.');
    return { accepted: true };
  });
  notifications.handle(receiveSms, () => ({ accepted: true }));
  notifications.handle(receiveMailReports, () => ({ taken: 1, unknown: 0 }));
  ({ url } = await startGateway(deployment));
});

beforeEach(() => {
  notifications.calls.length = 0;
  facts = { category: 'marketing', mail: 'a•••@<b>example.com', standing: { operational: null, marketing: 'granted' } };
});

describe('the link at the end of a mail', () => {
  const page = `/u/${token}`;
  const submit = (fields: Record<string, string>, init: Asked = {}) =>
    ask(url, page, { method: 'POST', body: new URLSearchParams(fields), ...init });

  it('shows a page without script that is safe to look at, in a narrow window and by a screen reader', async () => {
    const { status, headers, text } = await ask(url, page);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/<script|onclick|<b>example/);
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('width=device-width');
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).toMatch(/<fieldset *>\s*<legend>What would you like\?<\/legend>/);
    const radios = [...text.matchAll(/<label class="tick"\s*>\s*(<input[^>]+>)/g)];
    expect(radios).toHaveLength(2);
    for (const [, radio] of radios) expect(radio).toMatch(/type="radio"\s+name="choice"\s+value="[a-z-]+"\s+required/);
  });

  it.each<[string, () => Promise<{ status: number }>, number]>([
    ['GET', () => ask(url, page), 200],
    ['HEAD', () => ask(url, page, { method: 'HEAD' }), 200],
    ['the form as it is', () => submit({}), 422],
    ['the form with a choice that is not there', () => submit({ choice: 'receive' }), 422],
    ['a POST without anything', () => ask(url, page, { method: 'POST' }), 422],
    ['another button', () => submit({ 'List-Unsubscribe': 'Two-Clicks' }), 422],
  ])('is not acted on by %s', async (_name, act, status) => {
    expect((await act()).status).toBe(status);
    expect(acts()).toEqual([]);
  });

  it('has nothing chosen beforehand', async () => {
    expect((await ask(url, page)).text).not.toMatch(/checked|type="hidden"|autofocus/);
  });

  it.each<[string, Asked]>([
    ['as a form', { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }],
    [
      'as multipart',
      {
        body: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      },
    ],
  ])('acts on the button of the mailbox, %s, without cookies', async (_name, init) => {
    const { status, text } = await ask(url, page, { method: 'POST', ...init });
    expect(status).toBe(200);
    expect(text).toContain('You will not receive these mails any more');
    expect(acts()).toMatchObject([{ token, how: 'one-click', choice: 'stop' }]);
  });

  it('acts on a choice, keeps the words that stood beside it, and offers the way back', async () => {
    const { text } = await submit({ choice: 'stop' });
    expect(acts()).toMatchObject([{ how: 'unsubscribe-page', choice: 'stop', wording: 'No more mails about offers and events' }]);
    expect(text).toContain('value="receive"');
    expect((await submit({ choice: 'receive' })).text).toContain('You will receive these mails again');
    expect((await submit({ choice: 'stop-all' })).text).not.toContain('value="stop-all"');
    expect(acts()).toHaveLength(3);
  });

  it('speaks the language of whoever reads it, also into the ledger', async () => {
    const headers = { 'accept-language': 'es-MX,es;q=0.9' };
    const { text } = await ask(url, page, { headers });
    expect(text).toContain('<html lang="es">');
    expect(text).toContain('¿Qué correos quieres?');
    await submit({ choice: 'stop' }, { headers });
    expect(acts()).toMatchObject([{ choice: 'stop', wording: 'No quiero más correos sobre ofertas y eventos' }]);
    expect((await ask(url, '/u/short', { headers })).text).toContain('Este enlace no funciona');
  });

  it('says so when it is not whole', async () => {
    for (const wrong of ['short', `${token}-and-more`]) {
      const { status, text } = await ask(url, `/u/${wrong}`);
      expect(status).toBe(404);
      expect(text).toContain('This link does not work');
    }
  });
});

describe('a webhook of Twilio', () => {
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(url, path, { method: 'POST', body: new URLSearchParams(form), headers });

  it('is passed on with its signature, path and query and everything in it, whatever the Host says', async () => {
    const form = { MessageSid: 'SM1', MessageStatus: 'sent', NewSinceToday: '1' };
    const { status } = await post('/v1/hooks/twilio/status/ref-1?a=1', form, {
      'x-twilio-signature': 'right',
      'x-forwarded-host': 'evil.example',
    });
    expect(status).toBe(400);
    expect((await post('/v1/hooks/twilio/status/ref-1', form, { 'x-twilio-signature': 'right' })).status).toBe(204);
    expect(notifications.calls.at(-1)?.input).toEqual({
      ...{ signature: 'right', path: '/v1/hooks/twilio/status/ref-1', params: form, reference: 'ref-1' },
    });
  });

  it('is 403 when its signature is wrong or missing', async () => {
    const { status, body } = await post('/v1/hooks/twilio/status/ref-1', { MessageSid: 'SM1' });
    expect([status, body.code]).toEqual([403, 'webhook.forged']);
  });

  it('is answered in Twilio’s language when it is a text', async () => {
    const { status, text, headers } = await post('/v1/hooks/twilio/inbound', { Body: 'STOP', From: '+12025550123' });
    expect([status, text, headers.get('content-type')]).toEqual([200, '<Response/>', 'text/xml; charset=utf-8']);
  });
});

describe('a report of a mail provider', () => {
  const body = '{ "events": [ { "id": "e1", "type": "delivered", "messageId": "<a@b>" } ] }';
  const signed = { 'leasewire-timestamp': '1790000000', 'leasewire-signature': 'c2lnbmVk' };
  const send = (headers: Record<string, string>, text: string = body) =>
    ask(url, '/v1/hooks/mail', { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });

  it('reaches notifications as it was signed, in the name of the gateway and of nobody else', async () => {
    const reply = await send(signed);
    expect([reply.status, reply.body]).toEqual([200, { taken: 1, unknown: 0 }]);
    const [call] = notifications.calls;
    expect(call?.input).toEqual({ timestamp: '1790000000', signature: 'c2lnbmVk', body });
    expect(call?.actor).toMatchObject({ ref: 'service:gateway', orgId: null });
  });

  it.each([
    ['without a signature', { 'leasewire-timestamp': '1790000000' }, body, 401],
    ['without a body', signed, '', 401],
    ['that is too long', signed, `{"a":"${'x'.repeat(300_001)}"}`, 413],
    ['that is no JSON by its type', { ...signed, 'content-type': 'text/csv' }, body, 415],
  ])('%s is refused', async (_name, headers, text, status) => {
    expect([(await send(headers, text)).status, notifications.calls]).toEqual([status, []]);
  });
});
