import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Mail, MailAddress } from './mail.js';
import { isPlain, quotedPrintable, wireLines } from './quoted-printable.rules.js';

/**
 * A mail of a text and its HTML as it goes over the wire, ASCII throughout; null: it has files, and the library writes it. The tree,
 * the tables of headers and the streams that the library makes for each mail cost a blast more than handing the mail over.
 */
export function writeMail(mail: Mail, date: Date): string | null {
  if (mail.attachments.length > 0) return null;
  // nobody who writes a text knows it
  const boundary = `=_${mail.messageId.slice(1, mail.messageId.indexOf('@'))}`;
  const head = [
    ...Object.entries(mail.headers).map(([name, { value }]) => `${name}: ${value}`),
    folded(`From: ${addressed(mail.from)}`),
    folded(`To: ${addressed(mail.to)}`),
    ...(mail.replyTo === undefined ? [] : [folded(`Reply-To: ${addressed({ name: '', address: mail.replyTo })}`)]),
    folded(`Subject: ${subjectOf(mail.subject)}`),
    `Message-ID: ${mail.messageId}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
  ].join('\r\n');
  const [text, html] = [partOf('plain', mail.text), partOf('html', mail.html)];
  return `${head}\r\n\r\n--${boundary}\r\n${text}\r\n--${boundary}\r\n${html}\r\n--${boundary}--\r\n`;
}

const folded = (header: string): string => (header.length < 76 ? header : foldLines(header, 76));

/** Words of letters and digits before an ordinary address need nothing; the library knows the rest. */
function addressed(one: MailAddress): string {
  const { name, address } = one;
  if (!/^[\w ]*$/.test(name) || !/^[\w.+-]+@[a-z\d.-]+$/i.test(address)) return MimeNode.encodeHeaderValue('To', { ...one });
  return name === '' ? address : `${name} <${address}>`;
}

const subjectOf = (subject: string): string =>
  /^[ !#-<>-~]*$/.test(subject) ? subject : MimeNode.encodeHeaderValue('Subject', subject);

function partOf(kind: 'plain' | 'html', content: string): string {
  const [encoding, encoded] = encodedPart(content);
  return `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoded}`;
}

function encodedPart(content: string): [encoding: string, encoded: string] {
  if (isPlain(content)) return ['7bit', wireLines(content)];
  // each byte of another alphabet is three signs of one and four thirds of the other
  const isOtherAlphabet = Buffer.byteLength(content) - content.length > content.length / 4;
  if (!isOtherAlphabet) return ['quoted-printable', quotedPrintable(content)];
  return [
    'base64',
    Buffer.from(wireLines(content))
      .toString('base64')
      .replaceAll(/.{76}(?!$)/g, '$&\r\n'),
  ];
}
