import fc from 'fast-check';
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { readHtml } from '../../src/compose/read-html.rules.js';
import { placeholdersOf } from '../../src/compose/rich-text.rules.js';
import { canonicalHtml } from '../../src/compose/write-html.rules.js';
import { writeText } from '../../src/compose/write-text.rules.js';

const kept = (html: string): string => canonicalHtml(readHtml(html).text);
const asText = (html: string): string => writeText(readHtml(html).text);
const problems = (html: string): string => readHtml(html).problems.join(' ');

describe('what an editor writes is read as', () => {
  it.each([
    ['a paragraph', '<p>Hello</p>', '<p>Hello</p>'],
    ['bare text', 'Hello <b>you</b>', '<p>Hello <strong>you</strong></p>'],
    ['boxes of old editors', '<div>One</div><div>Two<br>Three</div>', '<p>One</p><p>Two<br>Three</p>'],
    ['empty lines, which paragraphs already have', '<p>One</p><p><br></p><p>&nbsp;</p><p>Two</p>', '<p>One</p><p>Two</p>'],
    ['white space of the source', '<p>\n  One   two\n</p>\n\n', '<p>One two</p>'],
    ['headings', '<h1>A</h1><h2>B</h2><h4>C</h4>', '<h2>A</h2><h2>B</h2><h3>C</h3>'],
    ['lists in lists', '<ul><li>A<ol><li>B</li></ol></li></ul>', '<ul><li>A<ol><li>B</li></ol></li></ul>'],
    ['a quote', '<blockquote><p>A</p>B</blockquote>', '<blockquote><p>A</p><p>B</p></blockquote>'],
    ['a box', '<pre>Network\nPassword</pre>', '<pre>Network<br>Password</pre>'],
    [
      'a table',
      '<table width=500><thead><tr><th>Day</th><th>Bin</th></tr></thead><tbody><tr><td bgcolor=red><p>Mon</p></td><td>Red</td></tr></tbody></table>',
      '<table><tr><th>Day</th><th>Bin</th></tr><tr><td>Mon</td><td>Red</td></tr></table>',
    ],
    [
      'marks inside marks',
      '<b><i>a</i></b><u>b</u><s>c</s><code>d</code>',
      '<p><strong><em>a</em></strong><u>b</u><s>c</s><code>d</code></p>',
    ],
    ['a mark around paragraphs', '<b><p>a</p><p>b</p></b>', '<p><strong>a</strong></p><p><strong>b</strong></p>'],
    [
      'a link',
      '<a href=" https://a.example/x?y=1&z=2 " target=_blank onclick=x()>a</a>',
      '<p><a href="https://a.example/x?y=1&amp;z=2">a</a></p>',
    ],
    [
      'addresses and phones',
      '<a href="mailto:ana@a.example?subject=Hi&bcc=all@a.example">m</a> <a href="tel:+61 7 3000-0000">t</a>',
      '<p><a href="mailto:ana@a.example?subject=Hi">m</a> <a href="tel:+61730000000">t</a></p>',
    ],
    ['signs that mean something', '<p>1 &lt; 2 &amp; "x"</p>', '<p>1 &lt; 2 &amp; &quot;x&quot;</p>'],
  ])('%s', (_name, html, result) => expect(kept(html)).toBe(result));

  it.each([
    ['scripts', '<p>a<script>alert(1)</script>b</p>', '<p>ab</p>', 'Scripts were removed.'],
    ['style sheets', '<style>p{}</style>a', '<p>a</p>', 'Style sheets were removed.'],
    [
      'images, and with them pixels that track',
      '<p>a<img src="https://t.example/p.gif"></p>',
      '<p>a</p>',
      'Images (attach them instead) were removed.',
    ],
    ['forms', '<form action="https://a.example"><input name=p>Sign in</form>', '<p>Sign in</p>', 'Forms were removed.'],
    [
      'embedded pages',
      '<iframe src="https://a.example"></iframe>a',
      '<p>a</p>',
      'Embedded pages (link to them instead) were removed.',
    ],
    [
      'colours',
      '<p style="color:#fff;position:fixed">a</p>',
      '<p>a</p>',
      'Fonts, colours and sizes were removed; the layout has its own.',
    ],
  ])('%s are left out, and staff are told', (_name, html, result, told) => {
    expect(kept(html)).toBe(result);
    expect(readHtml(html).removed).toEqual([told]);
  });

  it('signs that hide or turn around what is read are left out', () => {
    expect(kept('<p>in\u200bvoice\u202efdp.exe</p>')).toBe('<p>invoicefdp.exe</p>');
    expect(kept('<p>👨‍👩‍👧 é</p>')).toBe('<p>👨‍👩‍👧 é</p>');
  });

  it.each([
    ['javascript:alert(1)', 'Links lead to https pages'],
    ['JaVaScRiPt:alert(1)', 'Links lead to https pages'],
    ['java\nscript:alert(1)', 'spaces or control signs'],
    ['\u0001javascript:alert(1)', 'spaces or control signs'],
    ['data:text/html,<script>1</script>', 'Links lead to https pages'],
    ['vbscript:x', 'Links lead to https pages'],
    ['file:///etc/passwd', 'Links lead to https pages'],
    ['http://a.example', 'is not encrypted'],
    ['//a.example', 'not complete'],
    ['/residents', 'not complete'],
    ['https://bank.example@evil.example/', 'user name'],
    ['https://localhost/', 'no public site'],
    ['mailto:a@b.example,c@d.example', 'not one e-mail address'],
    ['tel:12', 'not a phone number'],
    ['https://a.example/?who={{ resident.name }}', 'would give data of residents'],
    ['{{ resident.name }}', 'is not a link'],
    ['{{ activation.link | default: "x" }}', 'has no default'],
  ])('a link to %s is refused', (href, why) => {
    const html = `<a href="${href.replaceAll('"', '&quot;')}">here</a>`;
    expect(problems(html)).toContain(why);
    expect(kept(html)).toBe('<p>here</p>');
  });

  it('a link that shows another address than it leads to is refused', () => {
    expect(problems('<a href="https://evil.example/">www.bank.example</a>')).toContain(
      'shows www.bank.example but leads to evil.example',
    );
    expect(problems('<a href="https://www.bank.example/login">bank.example</a>')).toBe('');
    expect(problems('<a href="https://evil.example/"><b>https://bank</b>.example/x</a>')).toContain('shows bank.example');
  });

  const attacks = [
    '<svg onload=alert(1)>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<a href="https://a.example/&quot;onmouseover=alert(1) x=&quot;">x</a>',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<!--[if mso]><script>alert(1)</script><![endif]-->',
    '<<script>script>alert(1)<</script>/script>',
    '<textarea><script>alert(1)</script></textarea>',
    '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>',
    '<plaintext><b>x',
    '<template><script>alert(1)</script></template>',
    '<object data="data:text/html,x"></object>',
    '<base href="https://evil.example/"><a href="https://a.example">x</a>',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    `${'<div>'.repeat(5000)}deep`,
    `${'<ul><li>'.repeat(500)}deep`,
    `${'<blockquote>'.repeat(500)}deep`,
    `${'<table><tr><td>'.repeat(300)}deep`,
  ];
  it.each(attacks)('nothing gets through: %s', (html) => expectSafe(kept(html)));
  it('nothing gets through, whatever is put together', () => {
    const part = fc.constantFrom(
      '<p>',
      '</p>',
      '<a href="https://a.example">',
      '</a>',
      '<a href=javascript:x>',
      '<b>',
      '{{',
      '}}',
      '<svg>',
      '<style>',
      '</style>',
      '<!--',
      '-->',
      '<table>',
      '<tr>',
      '<td>',
      ' onerror=x ',
      '"',
      '>',
      '<',
      '<li>',
      '<ul>',
      '<pre>',
      '<math>',
      '<mtext>',
      '<img src=x onerror=y>',
      'text',
      '&lt;',
      '&#0;',
      '\u0000',
      '{{ resident.name }}',
      '<br>',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 25 }), (parts) => {
        const once = kept(parts.join(''));
        expectSafe(once);
        expect(kept(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});

describe('fields', () => {
  const found = (html: string) => placeholdersOf(readHtml(html).text);

  it.each([
    ['plain', '{{ resident.firstName }}', { field: 'resident.firstName' }],
    ['without spaces', '{{resident.firstName}}', { field: 'resident.firstName' }],
    ['with a default', '{{ resident.firstName | default: "there" }}', { field: 'resident.firstName', fallback: 'there' }],
    [
      'with the quotes of a word processor',
      '{{ resident.firstName | default: “there” }}',
      { field: 'resident.firstName', fallback: 'there' },
    ],
    [
      'with spaces that do not break',
      '{{&nbsp;resident.firstName&nbsp;|&nbsp;default:&nbsp;"there"&nbsp;}}',
      { field: 'resident.firstName', fallback: 'there' },
    ],
    ['optional', '{{ unit.bedroom | optional }}', { field: 'unit.bedroom', optional: true }],
    ['torn apart by the editor', '{{ resident.<b>first</b><span>Name }</span>}', { field: 'resident.firstName' }],
    ['over a line break', '{{ resident.firstName<br>}}', { field: 'resident.firstName' }],
    ['as a link', '<a href="{{ activation.link }}">x</a>', { field: 'activation.link' }],
    ['as a link, as editors write it', '<a href="http://%7B%7B%20activation.link%20%7D%7D">x</a>', { field: 'activation.link' }],
  ])('%s', (_name, html, placeholder) => {
    expect(problems(html)).toBe('');
    expect(found(html)).toEqual([placeholder]);
  });

  it.each([
    ['{{ First Name }}', 'There is no field “First Name”. Did you mean {{ resident.firstName }}?'],
    ['{{ resident.frstName }}', 'There is no field “resident.frstName”. Did you mean {{ resident.firstName }}?'],
    ['{{ spouse.birthday }}', 'There is no field “spouse.birthday”. Choose one from the list.'],
    ['{{ }}', 'A merge field is empty. Write the name of a field between {{ and }}.'],
    ['Hello {{ resident.firstName', 'A merge field is not closed: “{{ resident.firstName”. Write }} after it.'],
    [
      '{{ resident.firstName | upcase }}',
      'What follows “resident.firstName” is not understood. Write {{ resident.firstName | default: "there" }} or {{ resident.firstName | optional }}.',
    ],
    ['{{ resident.firstName | default: "a" | optional }}', '“resident.firstName” has two words after its bar; one is allowed.'],
    ['{{ __proto__ }}', 'There is no field “__proto__”. Choose one from the list.'],
  ])('%s is not understood, and staff read why', (html, why) => expect(readHtml(html).problems).toEqual([why]));

  it('keep the marks of where they begin', () => {
    expect(kept('Hi <b>{{ resident.firstName }}</b>, {{ unit.name|default:"you" }}')).toBe(
      '<p>Hi <strong>{{ resident.firstName }}</strong>, {{ unit.name | default: &quot;you&quot; }}</p>',
    );
  });
});

describe('the text part says all that the HTML says', () => {
  it('paragraphs, lists, links and tables', () => {
    expect(
      asText(`<h2>Water</h2><p>Off on <b>Tuesday</b>.<br>Ask <a href="mailto:kim@a.example">kim@a.example</a> or
        <a href="https://a.example/faq">read on</a>, <a href="https://a.example/">a.example</a>.</p>
        <p><a href="https://a.example/plan">See the plan</a></p><p><a href="https://a.example/x">https://a.example/x</a></p>
        <ol><li>Fill a jug</li><li>Close taps<ul><li>all</li></ul></li></ol><blockquote>One<p>Two</p></blockquote>
        <table><tr><th>Day</th><th>Time</th></tr><tr><td>Tue</td><td>9</td></tr></table><hr><pre>a\nb</pre>`),
    ).toBe(
      [
        ...['Water', '', 'Off on Tuesday.', 'Ask kim@a.example or read on (https://a.example/faq), a.example.', ''],
        ...['See the plan:', 'https://a.example/plan', '', 'https://a.example/x', ''],
        ...['1. Fill a jug', '2. Close taps', '   - all', '', '> One', '>', '> Two', ''],
        ...['Day | Time', 'Tue | 9', '', '---', '', 'a', 'b'],
      ].join('\n'),
    );
  });
});

/** Reads it back as a browser would. */
function expectSafe(html: string): void {
  const allowed = new Set('p br strong em u s code a h2 h3 pre ul ol li blockquote table tbody tr th td hr'.split(' '));
  const check = (node: DefaultTreeAdapterTypes.ChildNode): void => {
    if (node.nodeName === '#text') return;
    expect(allowed).toContain(node.nodeName);
    const element = node as DefaultTreeAdapterTypes.Element;
    for (const { name, value } of element.attrs) {
      expect([element.tagName, name]).toEqual(['a', 'href']);
      expect(value).toMatch(/^(https:\/\/|mailto:|tel:|\{\{ [a-zA-Z.]+ \}\}$)/);
    }
    element.childNodes.forEach(check);
  };
  parseFragment(html).childNodes.forEach(check);
}
