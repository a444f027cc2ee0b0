import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { mailOf, type MailPlace } from '../../src/email/mail.js';
import { wholeMail } from '../../src/email/whole-mail.js';
import type { Outgoing } from '../../src/channel/channel.js';

const place: MailPlace = { domain: 'living.test', returnDomain: 'living.test', domains: [] };
const outgoing = (more: Partial<Outgoing['rendered']>, files: Outgoing['files'] = []): Outgoing => ({
  ...{ deliveryId: 'dlv_1', messageId: 'msg_1', orgId: 'org_1', propertyId: null, personId: null, category: 'operational' },
  ...{ address: 'ana@example.test', name: 'Ana Łucja', token: 'a'.repeat(30), tries: 0 },
  sender: {
    propertyId: null,
    name: 'Harbour',
    fromDomain: null,
    replyTo: null,
    dailyLimit: null,
    phone: null,
    quietHours: null,
    version: 0,
  },
  rendered: { subject: 'Water is off', html: '<p>Water is off.</p>', text: 'Water is off.', sms: '', ...more },
  unsubscribe: { page: 'https://living.test/u/1', oneClick: 'https://living.test/u/1' },
  files,
});
const date = new Date('2026-11-30T04:00:00Z');
const composed = (one: Outgoing) => {
  const { signal: _signal, ...mail } = { signal: undefined, ...mailOf(one, place) };
  return new MailComposer({ ...mail, date, boundaryPrefix: 'part' }).compile();
};
/** Boundaries are random, and a long line may be broken elsewhere: readers join it again. */
const plain = (text: string, boundary: unknown): string => text.replaceAll(String(boundary), 'BOUNDARY').replaceAll('=\r\n', '');
const streamed = async (one: Outgoing): Promise<string> => {
  const node = composed(one);
  const built = await node.build();
  return plain(built.toString('utf8'), node.boundary);
};
const inOneGo = (one: Outgoing): string => {
  const node = composed(one);
  const whole = wholeMail(node) ?? 'null';
  return plain(whole.endsWith('\r\n') ? whole : `${whole}\r\n`, node.boundary);
};

describe('a mail that is made in one go', () => {
  it('is what the library streams, whatever is in it', async () => {
    const piece = fc.constantFrom(
      'a word',
      ' ',
      '\n',
      '\r\n',
      '=',
      '.',
      '’',
      'é',
      '🙂',
      'Łódź',
      'вода',
      'x'.repeat(90),
      '\t',
      '<b>',
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 40 }).map((pieces) => `t${pieces.join('')}`);
    await fc.assert(
      fc.asyncProperty(text, text, async (html, said) => {
        const one = outgoing({ html, text: said });
        expect(inOneGo(one)).toBe(await streamed(one));
      }),
      { numRuns: 200 },
    );
  });

  it('with files too', async () => {
    const one = outgoing({}, [{ name: 'Plan Łódź.pdf', contentType: 'application/pdf', content: Buffer.alloc(20_000, 7) }]);
    const mixed = (mail: string): string => mail.replaceAll(/--part[^\s"-]*-?[^\s"-]*-Part_\d+/g, 'B');
    expect(mixed(inOneGo(one)).length).toBe(mixed(await streamed(one)).length);
    expect(inOneGo(one)).toContain(Buffer.alloc(57, 7).toString('base64'));
  });

  it('is streamed when it is large', () => {
    const file = { name: 'film.mp4', contentType: 'video/mp4', content: Buffer.alloc(300_000) };
    expect(wholeMail(composed(outgoing({}, [file])))).toBeNull();
  });
});
