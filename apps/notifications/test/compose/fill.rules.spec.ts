import fc from 'fast-check';
import { samples, type FieldValues } from '../../src/compose/field-registry.js';
import { fill, fillPlain, lacking, Lacks, type Filling } from '../../src/compose/fill.rules.js';
import { headerText, senderName } from '../../src/compose/header.rules.js';
import { parseFields } from '../../src/compose/merge-field.rules.js';
import { readHtml } from '../../src/compose/read-html.rules.js';
import { placeholdersOf } from '../../src/compose/rich-text.rules.js';
import { canonicalHtml } from '../../src/compose/write-html.rules.js';
import { writeText } from '../../src/compose/write-text.rules.js';

const filling = (values: FieldValues, more: Partial<Filling> = {}): Filling => ({
  values,
  locale: 'en-AU',
  timeZone: 'Australia/Brisbane',
  secrets: 'shown',
  ...more,
});
const html = (text: string, values: FieldValues, more?: Partial<Filling>): string =>
  canonicalHtml(fill(readHtml(text).text, filling(values, more)));
const plain = (text: string, values: FieldValues): string => writeText(fill(readHtml(text).text, filling(values)));
const subject = (text: string, values: FieldValues, more?: Partial<Filling>): string =>
  headerText(fillPlain(parseFields(text).pieces, filling(values, more)));

describe('a field is put in', () => {
  it.each([
    ['as text', '{{ resident.firstName }}', { 'resident.firstName': 'Ana' }, 'Ana'],
    ['with its default where it is missing', 'Hi {{ resident.firstName | default: "there" }}', {}, 'Hi there'],
    [
      'with its default where it is empty',
      'Hi {{ resident.firstName | default: "there" }}',
      { 'resident.firstName': '  ' },
      'Hi there',
    ],
    ['as a day', '{{ lease.end }}', { 'lease.end': '2028-02-29' }, 'Tuesday 29 February 2028'],
    [
      'as a moment of the property’s clocks',
      '{{ event.at }}',
      { 'event.at': '2026-11-24T06:45:00Z' },
      'Tuesday 24 November 2026, 4:45 pm (Brisbane, GMT+10)',
    ],
    ['as money', '{{ rent.balance }}', { 'rent.balance': { amount: 125_000, currency: 'AUD' } }, 'AUD 1,250.00'],
    ['as money without cents', '{{ rent.balance }}', { 'rent.balance': { amount: 1250, currency: 'JPY' } }, 'JPY 1,250'],
  ])('%s', (_name, text, values, said) => {
    expect(plain(text, values as FieldValues)).toBe(said);
    expect(subject(text, values as FieldValues)).toBe(said);
  });

  it('once: a value that looks like a field or a tag stays what it is', () => {
    const values = { 'resident.firstName': '{{ wifi.password }}<img src=x onerror=alert(1)>&amp;', 'wifi.password': 'secret' };
    expect(html('<p>{{ resident.firstName }}</p>', values)).toBe(
      '<p>{{ wifi.password }}&lt;img src=x onerror=alert(1)&gt;&amp;amp;</p>',
    );
    expect(plain('{{ resident.firstName }}', values)).toBe(values['resident.firstName']);
  });

  it('in a link, when it leads to a page', () => {
    const link = '<a href="{{ activation.link }}">Go</a>';
    expect(html(link, { 'activation.link': 'https://a.example/x?y="z' })).toBe(
      '<p><a href="https://a.example/x?y=%22z">Go</a></p>',
    );
    expect(html(link, { 'activation.link': 'javascript:alert(1)' })).toBe('<p>Go</p>');
  });

  it('or its paragraph, item or row is left out where it is optional', () => {
    const text =
      '<p>Unit {{ unit.name | optional }}</p><ul><li>Bed {{ unit.bedroom | optional }}</li></ul><table><tr><td>{{ lease.end | optional }}</td></tr></table><p>Bye</p>';
    expect(html(text, {})).toBe('<p>Bye</p>');
    expect(html(text, { 'unit.bedroom': 'A' })).toBe('<ul><li>Bed A</li></ul><p>Bye</p>');
  });

  it('as a list, for a digest', () => {
    const values = { 'alert.lines': [{ text: 'A <b>', link: 'https://a.example/1' }, { text: 'B' }] };
    expect(html('<p>{{ alert.lines }}</p>', values)).toBe(
      '<ul><li><a href="https://a.example/1">A &lt;b&gt;</a></li><li>B</li></ul>',
    );
    expect(plain('<p>{{ alert.lines }}</p>', values)).toBe('- A <b> (https://a.example/1)\n- B');
    expect(subject('{{ alert.lines }}', values)).toBe('A <b>; B');
  });

  it('masked in history, with no link that still works', () => {
    const text = '<p>{{ wifi.name }}: {{ wifi.password }} <a href="{{ activation.link }}">Go</a></p>';
    const masked = html(text, samples(), { secrets: 'masked' });
    expect(masked).toBe('<p>Harbour House: •••••••• Go</p>');
  });
});

describe('who lacks what', () => {
  const text = readHtml(
    '<p>{{ resident.firstName }} {{ unit.name | default: "your home" }} {{ lease.end }} {{ unit.bedroom | optional }}</p>',
  ).text;

  it('is known for one', () => {
    expect(lacking(placeholdersOf(text), { 'resident.firstName': 'Ana' })).toEqual(['lease.end']);
    expect(lacking(placeholdersOf(text), { 'resident.firstName': '', 'lease.end': '2027-11-30' })).toEqual([
      'resident.firstName',
    ]);
  });

  it('is counted over all, subject included', () => {
    const lacks = new Lacks(text, parseFields('{{ sender.name }}').pieces);
    const ok: FieldValues = { 'resident.firstName': 'Ana', 'lease.end': '2027-11-30', 'sender.name': 'Kim' };
    expect(lacks.check('res_1', ok)).toBe(true);
    for (let nth = 0; nth < 30; nth++) expect(lacks.check(`res_x${nth}`, { ...ok, 'lease.end': undefined })).toBe(false);
    expect(lacks.check('res_2', { ...ok, 'sender.name': undefined })).toBe(false);
    const report = lacks.report();
    expect(report).toMatchObject([
      { field: 'lease.end', describe: 'Last day of the lease', count: 30 },
      { field: 'sender.name', count: 1, examples: ['res_2'] },
    ]);
    expect(report[0]?.examples).toHaveLength(20);
  });
});

describe('a header', () => {
  it('is one line, whatever is put into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (value) => {
        const header = subject('Hello {{ resident.firstName | default: "x" }}', { 'resident.firstName': value });
        expect(header).toMatch(/^[^\p{Cc}\u2028\u2029\u202a-\u202e]*$/u);
        expect(header.length).toBeLessThanOrEqual(400);
        expect(header).not.toMatch(/\p{Cs}/u);
        expect(senderName(value)).not.toMatch(/["<>@,;:\\\p{Cc}]/u);
      }),
    );
  });

  it('says nothing of a second one', () => {
    expect(subject('Hi {{ resident.firstName }}', { 'resident.firstName': 'Ana\r\nBcc: all@example.com' })).toBe(
      'Hi Ana Bcc: all@example.com',
    );
    expect(senderName('Bank <it@bank.example>')).toBe('Bank it bank.example');
    expect(senderName('Harbour House: Office, Level 2')).toBe('Harbour House Office Level 2');
  });

  it('is cut where nobody reads on', () => expect(headerText('a'.repeat(300))).toBe(`${'a'.repeat(199)}…`));
});
