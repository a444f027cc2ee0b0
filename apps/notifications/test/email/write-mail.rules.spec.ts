import { contentOf } from '@leasewire/simulators';
import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Outgoing } from '../../src/channel/channel.js';
import { mailOf, type Mail, type MailPlace } from '../../src/email/mail.js';
import { isPlain, quotedPrintable, wireLines } from '../../src/email/quoted-printable.rules.js';
import { writeMail } from '../../src/email/write-mail.rules.js';

const place: MailPlace = { domain: 'living.test', returnDomain: 'living.test', domains: [] };
const sender: Outgoing['sender'] = {
  ...{ propertyId: null, name: 'Harbour', fromDomain: null, replyTo: null, dailyLimit: null, phone: null },
  ...{ quietHours: null, version: 0 },
};
interface Said {
  readonly html: string;
  readonly text: string;
  readonly subject: string;
  readonly name: string;
  readonly from: string;
  readonly replyTo: string | null;
}
const outgoing = ({ html, text, subject, name, from, replyTo }: Said, files: Outgoing['files'] = []): Outgoing => ({
  ...{ deliveryId: 'dlv_1', messageId: 'msg_1', orgId: 'org_1', propertyId: null, personId: null, category: 'operational' },
  ...{ address: 'ana@example.test', name, token: 'a'.repeat(30), tries: 0 },
  sender: { ...sender, name: from, replyTo },
  rendered: { subject, html, text, sms: '' },
  unsubscribe: { page: 'https://living.test/u/1', oneClick: `https://living.test/u/${'1'.repeat(90)}` },
  files,
});
const date = new Date('2026-11-30T04:00:00Z');
const plain: Said = {
  ...{ html: '<p>Water is off.</p>', text: 'Water is off.', subject: 'Water' },
  name: 'Ana',
  from: 'Harbour',
  replyTo: null,
};
const piece = fc.constantFrom(
  ...[
    'a word',
    ' ',
    '\n',
    '\r\n',
    '=',
    '.',
    '\n.\n',
    '’',
    'é',
    '🙂',
    'Łódź',
    'вода',
    '水を止めます',
    '\t',
    '<b>',
    '=E2=80',
    '\u0001',
  ],
  ...['x'.repeat(75), 'x'.repeat(90), '--=_dlv_', 'From '],
);
const some = (most: number) => fc.array(piece, { minLength: 1, maxLength: most }).map((pieces) => pieces.join(''));
const line = fc
  .array(fc.constantFrom('Ana', ' ', 'O’Neil', "O'Neil", '"', ',', '(', '=?', 'é', 'Łucja', '李', '<', '\\', 'x'.repeat(40)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((pieces) => pieces.join('').trim() || 'Ana');

const byLibrary = ({ signing: _signing, ...mail }: Mail): Promise<Buffer> =>
  new MailComposer({
    ...mail,
    ...{ from: { ...mail.from }, to: { ...mail.to }, headers: { ...mail.headers }, attachments: [], date },
  })
    .compile()
    .build();
const envelope = { from: 'a@living.test', to: ['ana@example.test'], envid: null, notify: {} };
const head = { messageId: null, subject: '', sender: '', from: '', date: null };
async function read(raw: Buffer) {
  const { html, text, headers } = await contentOf({
    ...{ id: 'mail_1', at: date, envelope, raw, head },
    user: null,
    tls: false,
    answered: true,
  });
  const named = headers.filter(({ name }) => name !== 'Content-Type').map(({ name, value }) => `${name}: ${value}`);
  return { html: lines(html), text: lines(text), headers: named.sort() };
}
/** The library leaves the ends of lines in base64 as they came. */
const lines = (text: string | null): string[] | undefined => text?.trimEnd().split(/\r\n|\r|\n/);
const decoded = (encoded: string): string =>
  Buffer.from(
    encoded
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))),
    'latin1',
  ).toString();

describe('a mail that we write', () => {
  it('says what the library’s says, whatever is in it', async () => {
    const said = fc.record({
      ...{ html: some(40), text: some(40), subject: line, name: line, from: line },
      replyTo: fc.constantFrom(null, 'office@living.test', "o'neil+x@living.test"),
    });
    await fc.assert(
      fc.asyncProperty(said, async (one) => {
        const mail = mailOf(outgoing(one), place);
        const ours = writeMail(mail, date) ?? '';
        expect(ours).toMatch(/^[\t\r\n\x20-\x7e]*$/);
        expect(await read(Buffer.from(ours))).toEqual(await read(await byLibrary(mail)));
      }),
      { numRuns: 80 },
    );
  });

  it('has no line that a server on the way would break', () => {
    const ours = writeMail(
      mailOf(outgoing({ ...plain, html: `<p>${'water '.repeat(500)}</p>`, name: 'Łucja '.repeat(30) }), place),
      date,
    );
    expect(Math.max(...(ours ?? '').split('\r\n').map(({ length }) => length))).toBeLessThan(200);
  });

  it('with files is left to the library', () => {
    const file = { name: 'Plan.pdf', contentType: 'application/pdf', content: Buffer.alloc(20) };
    expect(writeMail(mailOf(outgoing(plain, [file]), place), date)).toBeNull();
  });
});

describe('quoted-printable', () => {
  it('comes back as it was, in short lines of ASCII without blanks at their ends', () => {
    fc.assert(
      fc.property(some(60), (text) => {
        const encoded = quotedPrintable(text);
        expect(decoded(encoded)).toBe(wireLines(text));
        for (const each of encoded.split('\r\n')) {
          expect(each).toMatch(/^[\t\x20-\x7e]{0,76}$/);
          expect(each).not.toMatch(/[\t ]$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the bytes of a letter on one line', () => {
    for (let before = 60; before < 80; before++)
      for (const each of quotedPrintable(`${'x'.repeat(before)}${'水'.repeat(30)}`).split('=\r\n'))
        expect(() => new TextDecoder('utf8', { fatal: true }).decode(Buffer.from(decoded(each)))).not.toThrow();
  });

  it('is not needed for short lines of ASCII', () => {
    expect(isPlain('Water is off.\r\nEquals = is fine.')).toBe(true);
    expect(isPlain('x'.repeat(77))).toBe(false);
    expect(isPlain('Caf\u00e9')).toBe(false);
  });
});
