import { acceptAttachments, cleanName, tooMuchFor, type Attachment } from '../../src/compose/attachment.rules.js';
import { categories, consents } from '../../src/compose/category.rules.js';
import { languageFor } from '../../src/compose/language.rules.js';
import { sizeOfMail } from '../../src/compose/size.rules.js';

const file = (name: string, head: string | Buffer = '%PDF-1.7', size = 1000): Attachment => ({
  name,
  size,
  head: Buffer.from(head as string),
});
const zip = Buffer.from('PK\u0003\u0004rest');

describe('an attachment', () => {
  it.each([
    ['a PDF', file('Plan.pdf'), { name: 'Plan.pdf', contentType: 'application/pdf' }],
    ['a picture', file('a.JPG', Buffer.from([0xff, 0xd8, 0xff, 0xe0])), { name: 'a.JPG', contentType: 'image/jpeg' }],
    ['a picture of the web', file('a.webp', 'RIFF1234WEBP'), { contentType: 'image/webp' }],
    ['a document', file('Rules.docx', zip), { name: 'Rules.docx' }],
    ['a calendar entry', file('Meeting.ics', 'BEGIN:VCALENDAR\r\n'), { contentType: 'text/calendar; charset=utf-8' }],
    ['text', file('notes.txt', 'Grüße'), { contentType: 'text/plain; charset=utf-8' }],
    ['one with its folders', file('C:\\Users\\kim\\Plan.pdf'), { name: 'Plan.pdf' }],
    ['one that climbs', file('../../etc/Plan.pdf'), { name: 'Plan.pdf' }],
  ])('may be %s', (_name, given, accepted) => expect(acceptAttachments([given])).toMatchObject({ accepted: [accepted] }));

  it.each([
    ['a program', file('setup.exe', 'MZ'), 'of a kind that is not sent'],
    ['a program that pretends', file('invoice.pdf.exe', '%PDF-'), 'of a kind that is not sent'],
    ['a program under another name', file('invoice.pdf', 'MZ'), 'is not what its name says'],
    ['a document with macros', file('a.docm', zip), 'of a kind that is not sent'],
    ['a page', file('a.html', '<html>'), 'of a kind that is not sent'],
    ['an archive', file('a.zip', zip), 'of a kind that is not sent'],
    ['a file without an ending', file('pdf', '%PDF-'), 'of a kind that is not sent'],
    ['nothing', file('a.pdf', '', 0), 'is empty'],
    ['too much', file('a.pdf', '%PDF-', 11 * 1024 * 1024), 'is 11.0 MB; a file may have 10 MB'],
    ['an ending turned around', file('report\u202efdp.exe', 'MZ'), '“reportfdp.exe” is of a kind'],
    ['a name of the language', file('a.constructor', 'x'), 'of a kind that is not sent'],
  ])('may not be %s', (_name, given, why) => {
    expect(acceptAttachments([given])).toMatchObject({ problems: [expect.stringContaining(why) as string] });
  });

  it('is one of five, of fifteen megabytes together, each under a name of its own', () => {
    const many = acceptAttachments(Array.from({ length: 6 }, () => file('a.pdf', '%PDF-', 3 * 1024 * 1024)));
    expect(many).toEqual({
      problems: ['At most 5 files go with a message.', 'Together the files are 18.0 MB; a mail takes 15 MB.'],
    });
    expect(acceptAttachments([file('a.pdf'), file('A.pdf'), file('a.pdf')])).toMatchObject({
      accepted: [{ name: 'a.pdf' }, { name: 'A (2).pdf' }, { name: 'a (3).pdf' }],
    });
  });

  it('goes to many only when it is small', () => {
    const files = [{ size: 400_000 }, { size: 200_000 }];
    expect([tooMuchFor(1, files), tooMuchFor(49, files), tooMuchFor(50, files)]).toEqual([false, false, true]);
    expect(tooMuchFor(5000, [{ size: 100 }])).toBe(false);
  });

  it('keeps its ending whatever its length', () => {
    expect(cleanName(`${'x'.repeat(300)}.pdf`)).toBe(`${'x'.repeat(80)}.pdf`);
    expect(cleanName('..\r\n"a":b*.pdf ')).toBe('_a__b_.pdf');
    expect(cleanName('...')).toBe('file');
  });
});

describe('the size of a mail', () => {
  it.each([
    [1000, 'fine'],
    [90_000, 'warning'],
    [104_449, 'too-large'],
  ])('of %i bytes is %s', (bytes, kind) => expect(sizeOfMail('x'.repeat(bytes)).kind).toBe(kind));
  it('counts bytes, not characters', () => expect(sizeOfMail('é'.repeat(60_000)).kind).toBe('too-large'));
});

describe('the language of a text', () => {
  const has = ['en', 'es', 'fr-CA'];
  it.each([
    ['the one they chose', ['es'], 'es'],
    ['of the same family', ['es-MX'], 'es'],
    ['the only one near it', ['fr-FR'], 'fr-CA'],
    ['the property’s', ['de', 'es-US'], 'es'],
    ['English', ['de', null, undefined], 'en'],
    ['spelled otherwise', ['FR-ca'], 'fr-CA'],
  ])('is %s', (_name, wanted, chosen) => expect(languageFor(has, ...wanted)).toBe(chosen));
  it('is whichever there is, in the end', () => expect(languageFor(['es'], 'de')).toBe('es'));
});

describe('consent', () => {
  it.each([
    ['operational', 'email', [true, true, false]],
    ['operational', 'sms', [true, false, false]],
    ['emergency', 'email', [true, true, true]],
    ['emergency', 'sms', [true, true, false]],
    ['marketing', 'email', [true, false, false]],
    ['marketing', 'sms', [true, false, false]],
    ['security', 'email', [true, true, true]],
    ['security', 'sms', [true, false, false]],
  ] as const)('of %s by %s: who agreed, who never said, who refused', (category, channel, reached) => {
    const reach = categories[category].reach[channel];
    expect((['granted', null, 'refused'] as const).map((consent) => consents(reach, { consent }))).toEqual(reached);
  });
});
