import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DomainError } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { Browser } from './support/browser.js';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { password, ResidentWorld, token } from './support/resident-world.js';

let url: string;
let world: ResidentWorld;
const logs: string[] = [];
beforeAll(async () => {
  const deployment = await gatewayDeployment();
  world = await ResidentWorld.start(deployment);
  url = (await startGateway(deployment, { LEASEWIRE_ACCESS_LOG: 'true' }, { write: (line) => logs.push(line) })).url;
});
afterEach(() => {
  world.refusals.clear();
  world.commands();
});

const activate = `/activate/${token}`;
const reset = `/password/${token}`;
const confirm = `/email/${token}`;
const typed = { password, repeated: password };

async function signedIn(refreshToken = 'refresh-1'): Promise<Browser> {
  const browser = new Browser(url);
  browser.cookies.set('leasewire-resident', refreshToken);
  await browser.open('/my');
  return browser;
}
const over = async <T>(state: 'used' | 'replaced' | 'expired' | 'withdrawn' | 'unknown', see: () => Promise<T>): Promise<T> => {
  const before = world.activation;
  world.activation =
    state === 'unknown' ? { state } : { state, propertyName: 'Harbour Court', at: '2026-11-24T09:00:00.000Z', canAskAgain: true };
  try {
    return await see();
  } finally {
    world.activation = before;
  }
};

describe('a mail scanner that looks, looks again and sends every form as it is', () => {
  const pages: [string, string, (() => Promise<Browser>)?][] = [
    [activate, activate],
    [reset, reset],
    [confirm, confirm],
    ['/password/forgot', '/password/forgot'],
    ['/sign-in', '/sign-in'],
    ['/my', '/my'],
    ['/my/account', '/my/account'],
    ['/my/look/look-1', '/my/look/look-1'],
  ];
  it.each(pages)('changes nothing at %s', async (path) => {
    world.linkPurpose = path === confirm ? 'email-change' : 'password-reset';
    expect((await ask(url, path, { method: 'HEAD' })).text).toBe('');
    const scanner = new Browser(url);
    await scanner.open(path);
    await scanner.open(path);
    await scanner.submit(path);
    await scanner.submit('/sign-in/choose');
    await scanner.open(path);
    await scanner.submit(`${activate}/no-reminders`);
    // also one that keeps neither cookies nor the page
    await ask(url, path, { method: 'POST', body: new URLSearchParams({ form: 'x' }) });
    expect(world.commands()).toEqual([]);
  });

  it.each(['used', 'replaced', 'expired', 'withdrawn', 'unknown'] as const)(
    'asks for no new link where one is %s',
    async (state) => {
      await over(state, async () => {
        const scanner = new Browser(url);
        await scanner.open(activate);
        await scanner.submit('/password/forgot');
        expect(world.commands()).toEqual([]);
      });
    },
  );

  it('ends nothing and starts nothing for who is signed in, but what its forms say', async () => {
    const browser = await signedIn();
    await browser.open('/my/account');
    for (const action of ['/my/email', '/my/password', '/my/texts', '/my/close']) {
      expect([action, (await browser.submit(action)).status]).toEqual([action, 422]);
      expect(world.commands()).toEqual([]);
    }
  });
});

describe('every page', () => {
  it.each([activate, '/password/forgot', '/sign-in', '/my', '/activate/x'])(
    '%s is not stored, framed, referred from or scripted',
    async (path) => {
      const { headers, text } = await (await signedIn()).open(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(text).not.toMatch(/<script|\son\w+=|style=|src=|http:\/\/|https:\/\//);
    },
  );

  it('says on a page what went wrong', async () => {
    const longest = await ask(url, `/activate/${'x'.repeat(9000)}`);
    expect(longest.status).toBeGreaterThanOrEqual(400);
    const unknownField = await ask(url, '/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ nmae: 'x' }),
      headers: { 'accept-language': 'es' },
    });
    expect([unknownField.status, unknownField.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(unknownField.text).toContain('lang="es"');
    // a link that lost its end on the way; a program is told as a program
    for (const [accept, type] of [
      ['text/html,application/xhtml+xml,*/*;q=0.8', 'text/html; charset=utf-8'],
      ['*/*', 'application/problem+json'],
    ] as const) {
      const cut = await ask(url, '/activate', { headers: { accept, 'accept-language': 'fr' } });
      expect([cut.status, cut.headers.get('content-type')]).toEqual([404, type]);
      expect(cut.headers.getSetCookie()).toEqual([]);
      if (type.startsWith('text/html')) expect(cut.text).toContain('lang="fr"');
    }
    const api = await ask(url, '/v1/nothing', { headers: { accept: 'text/html' } });
    expect([api.status, api.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    world.refusals.set('sign-in', new DomainError('unavailable', 'Secret inner words'));
    const browser = new Browser(url);
    await browser.open('/sign-in');
    const { status, text } = await browser.submit('/sign-in', { email: 'a@example.com', password });
    expect([status, text.includes('Secret inner words')]).toEqual([503, false]);
  });

  it('speaks the language of the resident, else of their browser', async () => {
    const spanish = new Browser(url, { 'accept-language': 'es-MX,es;q=0.9' });
    expect((await spanish.open(activate)).text).toContain('Te damos la bienvenida a Harbour Court');
    const french = new Browser(url, { 'accept-language': 'fr' });
    expect((await french.open('/sign-in')).text).toMatch(/<html lang="fr">[\s\S]*Se connecter/);
    expect((await french.open(reset)).text).toContain('<html lang="en">'); // whose account it is reads English
  });

  it('opens in the language that the resident is known to read, or the one that they pick there, and keeps to it', async () => {
    const before = world.activation;
    if (before.state !== 'open') throw new Error('the link is over');
    const localeSent = async (browser: Browser, path = activate): Promise<unknown> => {
      await browser.open(path);
      await browser.submit(activate, { ...typed, terms: 'organization:3' });
      return world.onboarding.calls.findLast(({ method }) => method.endsWith('complete-activation'))?.input;
    };
    try {
      world.activation = { ...before, locale: 'es' };
      const french = new Browser(url, { 'accept-language': 'fr' });
      const { text } = await french.open(activate);
      expect(text).toMatch(/<html lang="es">[\s\S]*hreflang="es"\s+aria-current="page"\s*>Español<[\s\S]*>Français</);
      expect(await localeSent(french)).toMatchObject({ locale: 'es' });
      expect(await localeSent(french, `${activate}?language=es`)).toMatchObject({ locale: 'es' });
      expect((await french.open(`${activate}?language=en`)).text).toContain('Welcome to Harbour Court');
      expect((await french.submit(activate, typed)).text).toContain('Please agree to the terms');
      expect(await localeSent(french, `${activate}?language=en`)).toMatchObject({ locale: 'en-US' });
      expect((await french.open(`${activate}?language=tlh`)).text).toContain('<html lang="es">');
      // a language that the pages do not speak stays the one they read, unless they pick another
      world.activation = { ...before, locale: 'de' };
      expect(await localeSent(french)).toMatchObject({ locale: 'de' });
      expect(await localeSent(french, `${activate}?language=fr`)).toMatchObject({ locale: 'fr-CA' });
      world.activation = {
        state: 'expired',
        propertyName: 'Harbour Court',
        locale: 'es',
        at: before.expiresAt,
        canAskAgain: true,
      };
      expect((await french.open(activate)).text).toContain('<html lang="es">');
    } finally {
      world.activation = before;
    }
  });
});

describe('activation', () => {
  it('sets the password that is typed, agrees to the terms that are shown, and signs in', async () => {
    const browser = new Browser(url);
    const { text } = await browser.open(activate);
    expect(text).toContain('Welcome to Harbour Court');
    expect(text).toContain('A resident account with Harbour Living.');
    expect(text).toContain('House rules &amp; terms (version 3)');
    expect(text).toContain('No &lt;script&gt;barbecue()&lt;/script&gt; on the balcony.');
    expect(text).toMatch(/autocomplete="new-password"/);
    const done = await browser.submit(activate, { ...typed, terms: 'organization:3' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/my']);
    const [completed, entered] = [
      world.onboarding.calls.find(({ method }) => method.endsWith('complete-activation')),
      world.identity.calls.find(({ method }) => method.endsWith('sign-in-resident')),
    ];
    expect(completed?.input).toMatchObject({
      token,
      password,
      acceptedTermsVersion: 3,
      acceptedTermsPropertyId: null,
      locale: 'en-US',
      address: '127.0.0.1',
    });
    expect(entered?.input).toMatchObject({ email: 'noor@example.com', password, personId: world.account.personId });
    expect(done.headers.getSetCookie()[0]).toMatch(/^leasewire-resident=refresh-1; Path=\/; HttpOnly; SameSite=Lax; Expires=/);
    expect((await browser.follow()).text).toContain('Hello Noor Haddad');
  });

  it.each([
    ['nothing', {}, 'Please fill this in.'],
    ['a short password', { password: 'short', repeated: 'short', terms: 'organization:3' }, 'It needs at least 12 characters.'],
    [
      'two different passwords',
      { password, repeated: 'another one here', terms: 'organization:3' },
      'The two passwords are not the same.',
    ],
    ['no agreement', typed, 'Please agree to the terms to go on.'],
    ['agreement to older terms', { ...typed, terms: 'organization:2' }, 'The terms changed while this page was open'],
    ['agreement to terms of another', { ...typed, terms: 'prop_1:3' }, 'The terms changed while this page was open'],
  ])('with %s changes nothing and says what to do', async (_name, fields, message) => {
    const browser = new Browser(url);
    await browser.open(activate);
    const { status, text } = await browser.submit(activate, fields);
    expect(status).toBe(422);
    expect(text).toContain(message);
    expect(text).toMatch(/<title>Please correct: /);
    expect(text).not.toContain(password);
    expect(world.commands()).toEqual([]);
  });

  it.each([
    [new DomainError('password.too-weak', 'weak', { reason: 'holds-own-name' }), 'It holds your name'],
    [new DomainError('activation.terms-changed', 'changed'), 'The terms changed while this page was open'],
  ])('tells in the words of the page what the services refuse: %s', async (refusal, message) => {
    const browser = new Browser(url);
    await browser.open(activate);
    world.refusals.set('complete', refusal);
    expect((await browser.submit(activate, { ...typed, terms: 'organization:3' })).text).toContain(message);
  });

  it('that is sent twice lets in by the password of the account both times, and by no other', async () => {
    const account = { personId: world.account.personId, email: 'noor@example.com' };
    const before = world.activation;
    const [browser, stranger] = [new Browser(url), new Browser(url)];
    for (const one of [browser, stranger]) await one.open(activate);
    try {
      world.activation = {
        state: 'used',
        propertyName: 'Harbour Court',
        at: '2026-11-24T09:00:00.000Z',
        account,
        canAskAgain: false,
      };
      const again = await browser.submit(activate, { ...typed, terms: 'organization:3' });
      expect([again.status, again.headers.get('location')]).toEqual([303, '/my']);
      expect(world.identity.calls.find(({ method }) => method.endsWith('sign-in-resident'))?.input).toMatchObject({
        ...account,
        password,
      });
      expect(world.commands()).toEqual(['identity.sign-in-resident']);
      world.refusals.set('sign-in', new DomainError('sign-in.refused', 'no'));
      const { status, text } = await stranger.submit(activate, { ...typed, terms: 'organization:3' });
      expect([status, text.includes('Your account is set up already')]).toEqual([410, true]);
    } finally {
      world.activation = before;
    }
  });

  it.each(['timeout', 'unavailable'] as const)(
    'without an answer (%s) says that nobody knows yet, and may be sent again',
    async (code) => {
      const browser = new Browser(url);
      await browser.open(activate);
      world.refusals.set('complete', new DomainError(code, 'Secret inner words'));
      const { status, text } = await browser.submit(activate, { ...typed, terms: 'organization:3' });
      expect(status).toBe(503);
      expect(text).toContain('we cannot say yet whether it worked');
      expect(text).toContain('name="repeated"');
      expect(text).not.toContain('Nothing has changed');
    },
  );

  it('by a link that is over offers no new one to whoever would get none', async () => {
    const before = world.activation;
    try {
      for (const state of ['withdrawn', 'replaced', 'expired'] as const) {
        world.activation = { state, propertyName: 'Harbour Court', at: '2026-11-24T09:00:00.000Z', canAskAgain: false };
        const { text } = await new Browser(url).open(activate);
        expect(text).toContain('ask the office for a link');
        expect(text).not.toContain('action="/password/forgot"');
      }
    } finally {
      world.activation = before;
    }
  });

  it('of a link, also of an expired one, lets somebody say that they want no more reminders', async () => {
    const asked = async (): Promise<void> => {
      const browser = new Browser(url);
      await browser.open(activate);
      const { status, text } = await browser.submit(`${activate}/no-reminders`, { stop: 'yes' });
      expect([status, text.includes('We will not remind you again')]).toEqual([200, true]);
      expect(world.commands()).toEqual(['onboarding.stop-reminders']);
    };
    await asked();
    await over('expired', asked);
  });

  it.each([
    ['used', 410, 'Your account is set up already'],
    ['replaced', 410, 'There is a newer link'],
    ['expired', 410, 'This link has expired'],
    ['withdrawn', 410, 'Your e-mail address was changed, or you no longer live here'],
    ['unknown', 404, 'We do not know this link'],
  ] as const)('by a link that is %s says so, and what to do now', async (state, status, message) => {
    await over(state, async () => {
      const browser = new Browser(url);
      const page = await browser.open(activate);
      expect([page.status, page.text.includes(message)]).toEqual([status, true]);
      if (state === 'used') return;
      const sent = await browser.submit('/password/forgot', { email: 'Noor@Example.com ' });
      expect(sent.text).toContain('If noor@example.com belongs to somebody who lives here');
      expect(world.commands().sort()).toEqual(['identity.request-resident-password-reset', 'onboarding.request-new-link']);
    });
  });
});

describe('a form', () => {
  it.each([
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['that another site has sent without saying which', { 'sec-fetch-site': 'cross-site' }],
  ])('%s is refused', async (_name, headers) => {
    const browser = new Browser(url);
    await browser.open(activate);
    expect((await browser.submit(activate, { ...typed, terms: 'organization:3' }, headers)).status).toBe(403);
    expect(world.commands()).toEqual([]);
  });

  it('without its token, with that of another browser, or without the cookie is refused', async () => {
    const [one, other] = [new Browser(url), new Browser(url)];
    await one.open('/sign-in');
    await other.open('/sign-in');
    const foreign = other.fieldsOf('/sign-in')['form']!;
    const fields = { email: 'noor@example.com', password };
    expect((await one.submit('/sign-in', { ...fields, form: '' })).status).toBe(403);
    await one.open('/sign-in');
    expect((await one.submit('/sign-in', { ...fields, form: foreign })).status).toBe(403);
    other.cookies.clear();
    expect((await other.submit('/sign-in', { ...fields, form: foreign })).status).toBe(403);
    expect(world.commands()).toEqual([]);
  });
});

describe('signing in', () => {
  it('answers alike whatever does not fit, and keeps the address that was typed', async () => {
    const browser = new Browser(url);
    await browser.open('/sign-in');
    world.refusals.set('sign-in', new DomainError('sign-in.refused', 'no'));
    const { status, text } = await browser.submit('/sign-in', { email: 'noor@example.com', password });
    expect(status).toBe(401);
    expect(text).toContain('value="noor@example.com"');
    expect(text).toContain('E-mail address and password do not belong together');
    expect(text).not.toContain(password);
    world.refusals.set('sign-in', new DomainError('sign-in.throttled', 'wait', { retryAfterSeconds: 300 }));
    const slowed = await browser.submit('/sign-in', { email: 'noor@example.com', password });
    expect([slowed.status, slowed.text.includes('Please wait 5 minutes')]).toEqual([429, true]);
  });

  it('lets people who share an address and a password choose', async () => {
    const browser = new Browser(url);
    await browser.open('/sign-in');
    const persons = ['Noor Haddad', 'Sam Haddad'].map((name) => ({
      personId: newId('per'),
      name,
      organization: 'Harbour Living',
    }));
    world.refusals.set('sign-in', new DomainError('resident.choose-person', 'choose', { choice: 'signed', persons }));
    const { text } = await browser.submit('/sign-in', { email: 'noor@example.com', password });
    expect(text).toMatch(/Sam Haddad<br[^>]*>\s*<span[^>]*>Harbour Living/);
    await browser.submit('/sign-in/choose', { person: persons[1]!.personId });
    expect(world.identity.calls.at(-1)?.input).toMatchObject({ choice: 'signed', personId: persons[1]!.personId });
    expect(browser.page.headers.get('location')).toBe('/my');
  });
});

describe('a forgotten password', () => {
  it('is answered alike for anybody, and both services are asked', async () => {
    const answers = new Set<string>();
    for (const email of ['noor@example.com', 'nobody@example.com']) {
      const browser = new Browser(url);
      await browser.open('/password/forgot');
      const { status, text } = await browser.submit('/password/forgot', { email });
      answers.add(`${status} ${text.replaceAll(email, '').replaceAll(/value="[^"]*"/g, '')}`);
      expect(world.commands().sort()).toEqual(['identity.request-resident-password-reset', 'onboarding.request-new-link']);
    }
    expect(answers.size).toBe(1);
  });

  it('is set anew and signs in; a link that is over says why', async () => {
    world.linkPurpose = 'password-reset';
    const browser = new Browser(url);
    await browser.open(reset);
    await browser.submit(reset, typed);
    expect(browser.page.headers.get('location')).toBe('/my');
    world.refusals.set('link', new DomainError('link.invalid', 'x', { why: 'expired' }));
    const { status, text } = await browser.open(reset);
    expect([status, text.includes('it worked only for a short time')]).toEqual([410, true]);
  });
});

describe('the own pages', () => {
  it('show where one lives, and say honestly that there is no Wi-Fi key yet', async () => {
    const { page } = await signedIn();
    for (const text of ['Harbour Court', 'Unit B-204', 'Your Wi-Fi key is not ready yet.']) expect(page.text).toContain(text);
  });

  it('replace the token of the cookie when it is time, and send strangers to sign in', async () => {
    const browser = await signedIn('refresh-old');
    expect(browser.cookies.get('leasewire-resident')).toBe('refresh-2');
    const stranger = await signedIn('stolen');
    expect([stranger.page.status, stranger.page.headers.get('location')]).toEqual([303, '/sign-in?said=session-over']);
    expect((await stranger.follow()).text).toContain('Your session has ended');
  });

  it('speak for the resident, and for nobody else', async () => {
    const browser = await signedIn();
    await browser.open('/my/account');
    await browser.submit('/my/email', { newEmail: 'new@example.com', emailPassword: password });
    expect(browser.page.text).toContain('A mail is on its way to new@example.com');
    const call = world.identity.calls.find(({ method }) => method.endsWith('request-resident-email'));
    expect(call?.actor).toMatchObject({ ref: `resident:${world.account.personId}`, sessionId: world.session, permissions: {} });
    await browser.open('/my/account');
    await browser.submit('/my/password', {
      current: password,
      password: 'velvet otter parade nine',
      repeated: 'velvet otter parade nine',
    });
    expect((await browser.follow()).text).toContain('Your password is changed');
    world.refusals.set('password', new DomainError('password.wrong', 'no'));
    await browser.submit('/my/password', {
      current: 'wrong',
      password: 'velvet otter parade nine',
      repeated: 'velvet otter parade nine',
    });
    expect(browser.page.text).toMatch(/id="current-problem">Your current password is not right/);
    await browser.submit('/my/sessions', { session: 'others' });
    await browser.open('/my');
    await browser.submit('/my/sign-out');
    expect(browser.cookies.has('leasewire-resident')).toBe(false);
    expect((await browser.follow()).text).toContain('You are signed out.');
  });

  it('write down what is agreed to about text messages, word for word', async () => {
    const said = () =>
      world.notifications.calls.filter(({ method }) => method.endsWith('record-consent')).map(({ input }) => input);
    const activating = new Browser(url);
    await activating.open(activate);
    expect(activating.page.text).not.toMatch(/name="texts"[^>]*checked/);
    await activating.submit(activate, { ...typed, terms: 'organization:3', texts: 'agree' });
    const phone = { personId: world.account.personId, phone: '+61412345678', categories: ['operational'], how: 'online' };
    expect(said()).toMatchObject([
      { ...phone, answer: 'granted', wording: expect.stringContaining('Harbour Living sends text messages') as string },
    ]);
    world.commands();
    const browser = await signedIn();
    await browser.open('/my/account');
    expect((await browser.submit('/my/texts')).status).toBe(422);
    expect(said()).toEqual([]);
    world.texts = {
      channel: 'sms',
      address: '+61412345678',
      blocked: null,
      categories: [
        {
          category: 'operational',
          answer: 'granted',
          personId: world.account.personId,
          since: '2026-11-24T09:00:00.000Z',
          how: 'online',
        },
      ],
    };
    expect((await browser.open('/my/account')).text).toContain('You receive text messages at your number ending in 678.');
    await browser.submit('/my/texts', { texts: 'stop' });
    expect(said()).toMatchObject([{ ...phone, answer: 'refused' }]);
    world.texts = { ...world.texts, blocked: { since: '2026-11-24T09:00:00.000Z', how: 'keyword' } };
    expect((await browser.open('/my/account')).text).toContain('You texted STOP');
    world.texts = null;
  });

  it('have a plain switch of the language, which is remembered', async () => {
    const before = world.account;
    const browser = await signedIn();
    const { text } = await browser.open('/my/account');
    expect(text).toMatch(/<option value="en" lang="en" selected>\s*English\s*<\/option>/);
    await browser.submit('/my/language', { language: 'en' });
    expect((await browser.follow()).text).toContain('These pages and your mails are in English from now on.');
    expect(world.commands()).toEqual([]);
    await browser.submit('/my/language', { language: 'fr' });
    expect((await browser.follow()).text).toMatch(/<html lang="fr">[\s\S]*Désormais, ces pages et vos e-mails sont en français/);
    expect(world.account.locale).toBe('fr-CA');
    expect((await browser.submit('/my/language', { language: 'tlh' })).status).toBe(422);
    expect(world.commands()).toEqual(['identity.set-resident-language']);
    world.account = before;
  });

  it('close the account with the password', async () => {
    const browser = await signedIn();
    await browser.open('/my/account');
    await browser.submit('/my/close', { closePassword: password });
    expect(browser.page.text).toContain('Your account is closed');
    expect(browser.cookies.has('leasewire-resident')).toBe(false);
  });
});

describe('staff who look', () => {
  it('see what the resident sees under a banner, and can change nothing', async () => {
    const browser = new Browser(url);
    await browser.open('/my/look/look-1');
    expect(browser.page.text).toContain('Noor cannot find the Wi-Fi key');
    await browser.submit('/my/look/look-1');
    const { text } = await browser.follow();
    expect(text).toContain('Ana Reyes is looking at what Noor Haddad sees');
    expect(text).toContain('Unit B-204');
    await browser.open('/my/account');
    for (const [action, fields] of [
      ['/my/email', { newEmail: 'new@example.com', emailPassword: password }],
      ['/my/close', { closePassword: password }],
    ] as const)
      expect([action, (await browser.submit(action, fields)).status]).toEqual([action, 403]);
    expect(world.commands()).toEqual([]);
    await browser.open('/my');
    await browser.submit('/my/look-end');
    expect(world.commands()).toEqual(['identity.end-resident-view']);
    expect(browser.cookies.has('leasewire-look')).toBe(false);
    expect((await browser.open('/my/look/look-2')).status).toBe(410);
  });
});

it('tokens and what was typed are in no log', () => {
  const all = logs.join('\n');
  expect(all).toContain('/activate/:token');
  for (const secret of [token, password, 'refresh-1', 'look-1', 'noor@example.com']) expect(all).not.toContain(secret);
});

it('axe-core finds nothing on any page', async () => {
  const pages: Record<string, string> = {};
  const take = async (name: string, page: Promise<{ text: string }>) => (pages[name] = (await page).text);
  for (const language of ['es', 'fr'])
    await take(`${language} activate`, new Browser(url, { 'accept-language': language }).open(activate));
  const stranger = new Browser(url);
  await take('activate', stranger.open(activate));
  await take('activate, wrong', stranger.submit(activate));
  await take('forgot', stranger.open('/password/forgot'));
  await take('forgot, wrong', stranger.submit('/password/forgot', { email: 'x' }));
  await take('sent', stranger.submit('/password/forgot', { email: 'noor@example.com' }));
  await take('sign-in', stranger.open('/sign-in'));
  await take('sign-in, wrong', stranger.submit('/sign-in'));
  for (const state of ['used', 'replaced', 'expired', 'withdrawn', 'unknown'] as const)
    await over(state, () => take(`link ${state}`, stranger.open(activate)));
  const browser = await signedIn();
  pages['my'] = browser.page.text;
  await take('account', browser.open('/my/account'));
  await take('account, wrong', browser.submit('/my/password'));
  world.linkPurpose = 'password-reset';
  await take('reset', browser.open(reset));
  await take('reset, wrong', browser.submit(reset));
  world.linkPurpose = 'email-change';
  await take('confirm', browser.open(confirm));
  await take('confirmed', browser.submit(confirm, { password }));
  world.refusals.set('link', new DomainError('link.invalid', 'x', { why: 'used' }));
  await take('link over', browser.open(reset));
  await take('look', browser.open('/my/look/look-1'));
  browser.cookies.set('leasewire-look', 'look-1');
  await take('looking', browser.open('/my'));
  await take('looking at the account', browser.open('/my/account'));
  await take('look over', browser.open('/my/look/nothing'));
  const persons = ['Noor Haddad', 'Sam Haddad'].map((name) => ({ personId: newId('per'), name, organization: 'Harbour Living' }));
  world.refusals.set('sign-in', new DomainError('resident.choose-person', 'choose', { choice: 'signed', persons }));
  const couple = new Browser(url);
  await couple.open('/sign-in');
  await take('choose', couple.submit('/sign-in', { email: 'noor@example.com', password }));
  await take('trouble', ask(url, '/sign-in', { method: 'POST', body: new URLSearchParams({ x: '1' }) }));
  const script = join(__dirname, 'support/axe.mjs');
  const found = JSON.parse(
    execFileSync(process.execPath, [script], { input: JSON.stringify(pages), encoding: 'utf8' }),
  ) as Record<string, string[]>;
  expect(Object.keys(found)).toHaveLength(Object.keys(pages).length);
  expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([]);
}, 60_000);
