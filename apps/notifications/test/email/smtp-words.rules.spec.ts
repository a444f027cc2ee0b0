import { contentWords, envelopeWords, extensionsOf, Replies } from '../../src/email/smtp-words.rules.js';

const none = new Set<string>();

describe('what is said of a mail', () => {
  it.each([
    ['ends with a dot of its own line', 'a\r\nb\r\n', 'a\r\nb\r\n.\r\n'],
    ['ends so also where its last line has no end', 'a', 'a\r\n.\r\n'],
    ['has dots that begin a line twice', '.\r\n..x\r\na.b\r\n', '..\r\n...x\r\na.b\r\n.\r\n'],
    ['has no half line end behind which its last line could hide', 'a\n.\nb\r.\rc', 'a\r\n..\r\nb\r\n..\r\nc\r\n.\r\n'],
    ['may be empty', '', '\r\n.\r\n'],
  ])('%s', (_name, content, words) => {
    expect(contentWords(content)).toBe(words);
  });

  it('names sender and recipient, and asks for other alphabets only where they are understood', () => {
    expect(envelopeWords({ from: '', to: 'a@x.test' }, none)).toEqual(['MAIL FROM:<>\r\n', 'RCPT TO:<a@x.test>\r\n', 'DATA\r\n']);
    const words = envelopeWords({ from: 'b@x.test', to: 'ä@x.test' }, new Set(['SMTPUTF8']));
    expect(words).toMatchObject(['MAIL FROM:<b@x.test> SMTPUTF8\r\n', 'RCPT TO:<ä@x.test>\r\n', 'DATA\r\n']);
  });

  it.each(['a@x.test\r\nRCPT TO:<b@x.test>', 'a@x.test> X', ''])('is nothing to “%s”', (to) => {
    expect(envelopeWords({ from: 'b@x.test', to }, none)).toHaveProperty('refused', expect.stringMatching(/^553 5\.1\.3/));
  });
});

describe('what a mail server says', () => {
  it.each([
    ['in one piece', ['250 a\r\n250-b\r\n250 c\r\n354 go\r\n']],
    ['sign by sign', '250 a\r\n250-b\r\n250 c\r\n354 go\r\n'.split('')],
    ['with half line ends and an empty line', ['250 a\n\n250-b\n25', '0 c\n354 go\n']],
  ])('is read %s', (_name, pieces) => {
    const replies = new Replies();
    expect(pieces.flatMap((piece) => replies.read(piece) ?? [])).toEqual([
      { code: 250, text: '250 a' },
      { code: 250, text: '250-b\n250 c' },
      { code: 354, text: '354 go' },
    ]);
  });

  it.each(['SSH-2.0-OpenSSH\r\n', 'x'.repeat(100_000), '250-more\r\n'.repeat(1000)])('is no reply', (piece) => {
    expect(new Replies().read(piece)).toBeNull();
  });

  it('tells what it can', () => {
    expect(extensionsOf('250-mail.test hello\n250-PIPELINING\n250-size 1000\n250 8BITMIME')).toEqual(
      new Set(['PIPELINING', 'SIZE', '8BITMIME']),
    );
  });
});
