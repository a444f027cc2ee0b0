import type { AutoReply, Complaint } from '../faults.js';
import { headerText, type Mail } from '../mail.js';
import { messageIdOf, multipart, part, reportFrom, type Return } from './return.js';

/** The recipient pressed “this is spam”: an abuse report (RFC 5965). */
export function complaintOf(mail: Mail, recipient: string, { feedback, redacted }: Complaint, at: Date): Return {
  const source = headerText(mail.raw);
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  const about = [
    `Feedback-Type: ${feedback}`,
    `User-Agent: ${domain}-Feedback/1.0`,
    'Version: 1',
    `Original-Mail-From: <${mail.envelope.from}>`,
    ...(redacted ? [] : [`Original-Rcpt-To: <${recipient}>`]),
    `Arrival-Date: ${mail.at.toUTCString()}`,
    'Source-IP: 192.0.2.10',
    `Reported-Domain: ${mail.head.sender.slice(mail.head.sender.lastIndexOf('@') + 1)}`,
    '',
  ].join('\r\n');
  const { type, body } = multipart('report; report-type=feedback-report', [
    part('text/plain; charset=us-ascii', 'This is an email abuse report for a message that a user called spam.\r\n'),
    part('message/feedback-report', about),
    part('message/rfc822', `${redacted ? source.replaceAll(recipient, 'redacted') : source}\r\n`),
  ]);
  const headers = ['MIME-Version: 1.0', `Content-Type: ${type}`];
  return { to: mail.envelope.from, raw: reportFrom({ mail, recipient, at }, `FW: ${mail.head.subject}`, headers, body) };
}

/** Out of office, from the recipient themselves (RFC 3834). */
export function autoReplyOf(mail: Mail, recipient: string, { legacy }: AutoReply, at: Date): Return {
  const marks = ['Auto-Submitted: auto-replied', 'Precedence: bulk', 'X-Auto-Response-Suppress: All'];
  const lines = [
    `From: <${recipient}>`,
    `To: ${mail.envelope.from}`,
    `Date: ${at.toUTCString()}`,
    `Message-ID: <${messageIdOf(mail, `auto-reply ${recipient}`, at)}@${recipient.slice(recipient.lastIndexOf('@') + 1)}>`,
    ...(mail.head.messageId === null ? [] : [`In-Reply-To: ${mail.head.messageId}`]),
    ...(legacy ? [] : marks),
    `Subject: ${legacy ? 'Out of office' : 'Automatic reply'}: ${mail.head.subject}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ];
  const words = 'I am away until Monday and read my mail then.\r\n';
  return { to: mail.envelope.from, raw: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${words}`) };
}
