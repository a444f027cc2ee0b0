import PostalMime from 'postal-mime';
import { catching, closeAll, letter, posted, told, transportTo, type Catching } from './post.js';

/** A second catcher stands where the service receives its bounces. */
describe('what comes back', () => {
  afterEach(closeAll);

  const recipient = 'ann@example.test';
  const returnPath = 'bounce+k7Qz@mail.harbor.test';
  const write = (post: Catching) =>
    transportTo(post).sendMail(
      letter(recipient, {
        envelope: { from: returnPath, to: recipient },
        messageId: '<original@harbor.test>',
        dsn: { id: 'delivery-9' },
      }),
    );

  async function scene(fault: object): Promise<{ post: Catching; back: Catching }> {
    const back = await catching();
    const post = await catching({ returns: back.smtp });
    expect((await posted(`${post.url}/faults`, fault)).status).toBe(200);
    await write(post);
    return { post, back };
  }

  async function returned(fault: object) {
    const { back } = await scene(fault);
    const [mail] = await back.catcher.wait({ to: returnPath });
    return { mail: mail!, source: mail!.raw.toString(), parsed: await PostalMime.parse(mail!.raw) };
  }

  it('is a delivery status notification to the return path, from nobody', async () => {
    const { mail, source, parsed } = await returned({ kind: 'bounce', status: '5.1.1' });
    expect(mail.envelope.from).toBe('');
    expect(source).toMatch(/^Content-Type: multipart\/report; report-type=delivery-status;/m);
    expect(parsed.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-replied');
    const [status, original] = parsed.attachments;
    const fields = Buffer.from(status!.content as ArrayBuffer).toString();
    expect(status!.mimeType).toBe('message/delivery-status');
    expect(fields).toMatch(/^Original-Envelope-Id: delivery-9\r?$/m);
    expect(fields).toMatch(/\r?\n\r?\nFinal-Recipient: rfc822; ann@example\.test\r?\nAction: failed\r?\nStatus: 5\.1\.1\r?\n/);
    expect(fields).toMatch(/^Diagnostic-Code: smtp; 550 5\.1\.1 The email account/m);
    expect(Buffer.from(original!.content as ArrayBuffer).toString()).toContain('<original@harbor.test>');
  });

  it.each([
    ['a full mailbox', { status: '5.2.2' }, /^Status: 5\.2\.2\r\n(.*\r\n)?Diagnostic-Code: smtp; 552 5\.2\.2/m],
    [
      'a server that keeps trying',
      { action: 'delayed', status: '4.4.1' },
      /^Action: delayed\r\nStatus: 4\.4\.1[\s\S]*^Will-Retry-Until:/m,
    ],
    ['a delivery', { action: 'delivered', status: '2.0.0' }, /^Action: delivered\r\nStatus: 2\.0\.0/m],
    [
      'what a server said',
      { diagnostic: '550 5.4.1 Recipient address rejected: Access denied' },
      /^Diagnostic-Code: smtp; 550 5\.4\.1 /m,
    ],
    [
      'where it was forwarded to',
      { finalRecipient: 'old@else.test' },
      /^Original-Recipient: rfc822; ann@example\.test\r\nFinal-Recipient: rfc822; old@else\.test/m,
    ],
    ['no word of the original', { format: 'no-original' }, /^(?![\s\S]*original@harbor)[\s\S]*^Status: 5\.1\.1/m],
    [
      'an address beyond ASCII',
      { format: 'global' },
      /^Content-Type: message\/global-delivery-status[\s\S]*Final-Recipient: utf-8; ann@/m,
    ],
    [
      'Exchange, without a status',
      { format: 'exchange', status: '5.2.1' },
      /^(?![\s\S]*^Status:)[\s\S]*^Final-recipient: RFC822;ann@example\.test\r\nAction: failed\r\nDiagnostic-Code: smtp;550 5\.2\.1/m,
    ],
    [
      'exim, without a report',
      { format: 'exim' },
      /^(?![\s\S]*multipart\/report)[\s\S]*^X-Failed-Recipients: ann@example\.test/m,
    ],
    ['qmail', { format: 'qmail' }, /^Hi\. This is the qmail-send program[\s\S]*^<ann@example\.test>:\r\n/m],
    ['one sentence', { format: 'sentence' }, /could not be delivered: 550 5\.1\.1/],
  ])('can tell of %s', async (_name, wish, expected) => {
    expect((await returned({ kind: 'bounce', ...wish })).source).toMatch(expected);
  });

  it('can be a complaint, with or without the address', async () => {
    const { source, parsed } = await returned({ kind: 'complaint' });
    expect(source).toMatch(/^Content-Type: multipart\/report; report-type=feedback-report;/m);
    expect(source).toMatch(/^Feedback-Type: abuse\r\n[\s\S]*^Original-Rcpt-To: <ann@example\.test>\r\n/m);
    expect(parsed.attachments.map(({ mimeType }) => mimeType)).toContain('message/feedback-report');
    expect((await returned({ kind: 'complaint', redacted: true })).source).not.toContain(recipient);
  });

  it('can be an out-of-office note, with or without saying so', async () => {
    const { mail, source } = await returned({ kind: 'auto-reply' });
    expect([mail.head.sender, mail.head.subject]).toEqual([recipient, 'Automatic reply: Water off on Tuesday']);
    expect(source).toMatch(/^Auto-Submitted: auto-replied\r\n/m);
    expect(source).toMatch(/^In-Reply-To: <original@harbor\.test>\r\n/m);
    expect((await returned({ kind: 'auto-reply', legacy: true })).source).not.toMatch(/Auto-Submitted|Precedence/);
  });

  it('waits until somebody is there to take it', async () => {
    const post = await catching();
    await posted(`${post.url}/faults`, { kind: 'bounce' });
    await write(post);
    await post.catcher.wait({ to: recipient });
    const back = await catching();
    await back.catcher.fault({ kind: 'refuse', ms: 100 });
    await posted(`${post.url}/returns`, { host: back.smtp.host, port: back.smtp.port });
    await back.catcher.wait({ to: returnPath });
    const state = () => told<{ returns: { state: string; tries: number }[] }>(`${post.url}/returns`);
    while ((await state()).returns[0]!.state !== 'sent') await new Promise(setImmediate);
    expect((await state()).returns[0]!.tries).toBeGreaterThan(1);
  });

  it('gives up where it is refused, and never answers a report', async () => {
    const { post, back } = await scene({ kind: 'auto-reply', times: 1, ms: 20 });
    await back.catcher.fault({ kind: 'reject', at: 'rcpt', code: 550 });
    while (post.catcher.returns()[0]?.state !== 'refused') await new Promise(setImmediate);
    await post.catcher.fault({ kind: 'bounce' });
    await transportTo(post).sendMail({ envelope: { from: '', to: recipient }, raw: 'Subject: report\r\n\r\nx' });
    await write(post);
    while (post.catcher.returns().length < 2) await new Promise(setImmediate);
    expect(post.catcher.returns().map(({ to }) => to)).toEqual([returnPath, returnPath]);
  });

  it('can be asked for later, of a mail that arrived well', async () => {
    const back = await catching();
    const post = await catching({ returns: back.smtp });
    await write(post);
    const [mail] = post.catcher.mails();
    expect((await posted(`${post.url}/mails/${mail!.id}/reactions`, { kind: 'bounce', status: '5.7.1', ms: 10 })).status).toBe(
      202,
    );
    const [bounce] = await back.catcher.wait({ to: returnPath });
    expect(bounce!.raw.toString()).toContain('Status: 5.7.1');
  });
});
