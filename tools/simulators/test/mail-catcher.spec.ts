import { contentOf } from '../src/index.js';
import { catching, closeAll, letter, told, transportTo, type Catching } from './post.js';

describe('the mail catcher', () => {
  afterEach(closeAll);

  interface Listed {
    total: number;
    mails: { id: string; subject: string; sender: string; answered: boolean }[];
  }
  interface Shown extends Record<string, unknown> {
    html: string;
    text: string;
    links: { href: string; text: string }[];
    attachments: { filename: string; size: number; path: string }[];
  }
  const listed = ({ url }: Catching, query = '') => told<Listed>(`${url}/mails${query}`);

  it('shows all that is in a mail', async () => {
    const post = await catching();
    await transportTo(post).sendMail(
      letter('Ann Müller <ann@example.test>', {
        subject: 'Schlüssel für Wohnung 4B ☕',
        text: 'Your key: https://harbor.test/k/1.',
        html: '<p>Your <a href="https://harbor.test/k/1?a=b&amp;c=d"><b>key</b></a> <img src="cid:plan@harbor"></p>',
        attachments: [
          { filename: 'Hausordnung ü.pdf', content: Buffer.from('%PDF-1.7') },
          { filename: 'plan.png', content: Buffer.from('89504e47', 'hex'), cid: 'plan@harbor' },
        ],
        list: { unsubscribe: [['https://harbor.test/u/1', 'mailto:u@harbor.test']] },
        headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
        envelope: { from: 'bounce+token@harbor.test', to: 'ann@example.test' },
        dsn: { id: 'delivery-1', return: 'headers', notify: ['failure', 'delay'], recipient: 'ann@example.test' },
      }),
    );
    const { mails } = await listed(post);
    expect(mails).toMatchObject([{ subject: 'Schlüssel für Wohnung 4B ☕', sender: 'no-reply@harbor.test', answered: true }]);
    const mail = await told<Shown>(`${post.url}/mails/${mails[0]!.id}`);
    expect(mail).toMatchObject({
      envelope: {
        ...{ from: 'bounce+token@harbor.test', to: ['ann@example.test'], envid: 'delivery-1' },
        notify: { 'ann@example.test': ['FAILURE', 'DELAY'] },
      },
      user: 'leasewire',
      unsubscribe: { url: 'https://harbor.test/u/1', mailto: 'mailto:u@harbor.test', oneClick: true },
      dkim: [],
    });
    expect(mail.text.trim()).toBe('Your key: https://harbor.test/k/1.');
    expect(mail.links).toEqual([
      { href: 'https://harbor.test/k/1?a=b&c=d', text: 'key', in: 'html' },
      { href: 'https://harbor.test/k/1', text: 'https://harbor.test/k/1', in: 'text' },
    ]);
    expect(mail.attachments).toMatchObject([
      { filename: 'plan.png', size: 4 },
      { filename: 'Hausordnung ü.pdf', size: 8 },
    ]);
    const file = await fetch(post.url + mail.attachments[1]!.path);
    expect([await file.text(), file.headers.get('content-disposition')]).toEqual([
      '%PDF-1.7',
      expect.stringMatching(/^attachment;/),
    ]);
    const source = await (await fetch(`${post.url}/mails/${mails[0]!.id}/source`)).text();
    expect(source).toContain('\r\n\r\n');
    expect(post.catcher.mails()[0]!.raw.toString()).toBe(source);
  });

  it('finds by recipient, sender and subject, waits for what is still to come, and forgets', async () => {
    const post = await catching();
    const transport = transportTo(post);
    const waiting = told<Listed>(`${post.url}/mails/wait?to=bob@example.test&count=2`);
    await transport.sendMail(letter('ann@example.test'));
    await transport.sendMail(letter('BOB@example.test', { subject: 'One' }));
    await transport.sendMail(letter('bob@example.test', { subject: 'Two', from: 'desk@pier.test' }));
    expect((await waiting).mails.map(({ subject }) => subject)).toEqual(['One', 'Two']);
    expect((await listed(post, '?to=*@example.test&order=oldest')).total).toBe(3);
    expect((await listed(post, '?to=ob@example.test')).total).toBe(0);
    expect((await listed(post, '?sender=desk@pier.test')).mails).toMatchObject([{ subject: 'Two' }]);
    expect((await listed(post, '?subject=Water*')).total).toBe(1);
    const [first] = (await listed(post, '?order=oldest')).mails;
    expect((await listed(post, `?after=${first!.id}`)).total).toBe(2);
    expect(await told(`${post.url}/senders`)).toEqual({ 'no-reply@harbor.test': 2, 'desk@pier.test': 1 });
    expect((await fetch(`${post.url}/mails/wait?to=nobody@example.test&timeoutMs=20`)).status).toBe(408);
    await expect(post.catcher.wait({ to: 'nobody@example.test' }, { timeoutMs: 20 })).rejects.toThrow('came 0 mails');
    expect(await told(`${post.url}/mails?to=ann@example.test`, { method: 'DELETE' })).toEqual({ deleted: 1 });
    expect(await told(`${post.url}/mails`, { method: 'DELETE' })).toEqual({ deleted: 2 });
    expect((await listed(post)).total).toBe(0);
  });

  it('counts every mail, also those there is no room for', async () => {
    const post = await catching({ keep: { mails: 50 } });
    const transport = transportTo(post, { pool: true, maxConnections: 10, maxMessages: Infinity });
    await Promise.all(
      Array.from({ length: 400 }, (_, at) =>
        transport.sendMail(letter(`resident-${at}@example.test`, { messageId: `<${at}@harbor.test>` })),
      ),
    );
    await transport.sendMail(letter('Resident-7@example.test', { messageId: '<7@harbor.test>' }));
    const counts = await told(`${post.url}/counts`);
    expect(counts).toEqual({
      ...{ accepted: 401, answered: 401, dropped: 351, messageIds: 400, recipients: 400 },
      repeated: { byMessageId: { '<7@harbor.test>': 2 }, byRecipient: { 'resident-7@example.test': 2 } },
    });
    expect(post.catcher.mails()).toHaveLength(50);
    expect(post.catcher.tally({ to: 'resident-7@example.test' }).accepted).toBe(1);
    expect(post.catcher.tally().byRecipient.get('resident-399@example.test')).toBe(1);
  });

  it('lets in whom it knows', async () => {
    const post = await catching({ authRequired: true });
    const wrong = { auth: { user: post.smtp.user, pass: 'no' } };
    await expect(transportTo(post, wrong).sendMail(letter('ann@example.test'))).rejects.toMatchObject({
      code: 'EAUTH',
      responseCode: 535,
    });
    await expect(transportTo(post, { auth: undefined }).sendMail(letter('ann@example.test'))).rejects.toMatchObject({
      responseCode: 530,
    });
    await transportTo(post).sendMail(letter('ann@example.test'));
    expect(post.catcher.tally().accepted).toBe(1);
  });

  it('speaks TLS when it is wanted', async () => {
    const post = await catching({ starttls: true });
    await transportTo(post, { requireTLS: true, tls: { rejectUnauthorized: false } }).sendMail(letter('ann@example.test'));
    expect(post.catcher.mails()).toMatchObject([{ tls: true, user: 'leasewire' }]);
    expect(
      (await transportTo(await catching(), { requireTLS: true })
        .sendMail(letter('a@b.test'))
        .catch(String)) as string,
    ).toContain('STARTTLS');
  });

  it('does not stumble over what is no proper mail', async () => {
    const post = await catching();
    const odd = [
      '',
      'no header at all',
      'Subject: only a header',
      'From: <\r\n\r\n\xff\xfe',
      'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x',
    ];
    const transport = transportTo(post);
    for (const raw of odd) await transport.sendMail({ envelope: { from: '', to: 'ann@example.test' }, raw });
    const read = await Promise.all(post.catcher.mails().map(async (mail) => (await contentOf(mail)).attachments));
    expect(read).toHaveLength(odd.length);
    for (const { id } of post.catcher.mails()) expect((await fetch(`${post.url}/view/${id}`)).status).toBe(200);
  });
});

describe('the pages of the mail catcher', () => {
  afterEach(closeAll);

  const evil = '<script>alert(1)</script>';
  const pageOf = async (url: string) => {
    const reply = await fetch(url, { headers: { Accept: 'text/html' } });
    return { text: await reply.text(), policy: reply.headers.get('content-security-policy') ?? '' };
  };

  it('work without script and show nothing as markup that a mail says', async () => {
    const post = await catching();
    await transportTo(post).sendMail(
      letter('ann@example.test', {
        subject: evil,
        text: evil,
        html: `${evil}<a href="javascript:alert(1)">x</a>`,
        attachments: [{ filename: evil, content: evil }],
      }),
    );
    const [mail] = post.catcher.mails();
    post.catcher.react(mail!, 'ann@example.test', { kind: 'auto-reply', legacy: false });
    for (const path of ['/', `/view/${mail!.id}`, '/faults', '/returned']) {
      const { text, policy } = await pageOf(post.url + path);
      expect(text).not.toMatch(/<script|\son\w+=|href="javascript/i);
      expect(policy).toContain("default-src 'none'");
      expect(text).toContain('<html lang="en">');
      expect(text.match(/<h1>/g)).toHaveLength(1);
      for (const [field] of text.matchAll(/<(?:input|select|textarea)\b[^>]*>/g))
        expect(text).toMatch(new RegExp(`<label>[^<]*${field.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    }
  });

  it('show the HTML of a mail where it can only open links', async () => {
    const post = await catching();
    const image = { filename: 'plan.png', content: Buffer.from('89504e47', 'hex'), cid: 'plan@harbor' };
    await transportTo(post).sendMail(
      letter('ann@example.test', {
        html: '<a href="https://harbor.test/">x</a><img src="cid:plan@harbor">',
        attachments: [image],
      }),
    );
    const { id } = post.catcher.mails()[0]!;
    expect((await pageOf(`${post.url}/view/${id}`)).text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const { text, policy } = await pageOf(`${post.url}/view/${id}/html`);
    expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox;/);
    expect(text).toContain('<base target="_blank">');
    expect(text).toContain(`src="/mails/${id}/attachments/0"`);
    expect((await fetch(`${post.url}/mails/${id}/attachments/0`)).headers.get('content-type')).toBe('image/png');
  });

  it('search, filter, set faults, let a bounce come back and delete by plain forms', async () => {
    const post = await catching();
    await transportTo(post).sendMail(letter('ann@example.test'));
    await transportTo(post).sendMail(letter('bob@example.test', { from: 'desk@pier.test' }));
    const send = (path: string, fields: Record<string, string> = {}) =>
      fetch(post.url + path, { method: 'POST', body: new URLSearchParams(fields) }).then((reply) => reply.text());
    const found = (await pageOf(`${post.url}/?to=bob&sender=desk%40pier.test`)).text;
    expect(found).toContain('1 mails');
    expect(found).toContain('<option value="desk@pier.test" selected>');
    expect(await send('/fault', { kind: 'reject', at: 'rcpt', code: '452', to: '*@example.test', times: '2', ms: '' })).toContain(
      '452',
    );
    expect(post.catcher.faults.list()).toMatchObject([{ kind: 'reject', at: 'rcpt', code: 452, times: 2 }]);
    await send('/fix');
    expect(post.catcher.faults.list()).toEqual([]);
    const { id } = post.catcher.mails()[0]!;
    expect(
      await send(`/view/${id}`, { recipient: 'ann@example.test', kind: 'bounce', status: '5.2.2', format: 'qmail' }),
    ).toContain('Bounces');
    await send('/delete');
    expect(post.catcher.tally().accepted).toBe(0);
  });
});
