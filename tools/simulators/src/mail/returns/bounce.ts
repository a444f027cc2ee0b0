import type { Bounce } from '../faults.js';
import { headerText, type Mail } from '../mail.js';
import { part, reportFrom, multipart, type Return } from './return.js';

/** RFC 3464 and what else comes: of old and careless servers, of Exchange, of those for addresses beyond ASCII (RFC 6533). */
export const bounceFormats = ['rfc3464', 'no-original', 'global', 'exchange', 'exim', 'qmail', 'sentence'] as const;
export type BounceFormat = (typeof bounceFormats)[number];

/** What came to the return path of `mail` because of `recipient`. */
export function bounceOf(mail: Mail, recipient: string, wish: Bounce, at: Date): Return {
  const told = { mail, recipient, wish, at, diagnostic: wish.diagnostic ?? usualDiagnostic(wish) };
  return { to: mail.envelope.from, raw: writers[wish.format](told) };
}

interface Told {
  readonly mail: Mail;
  readonly recipient: string;
  readonly wish: Bounce;
  readonly at: Date;
  readonly diagnostic: string;
}

const subjects: Readonly<Record<Bounce['action'], string>> = {
  failed: 'Undelivered Mail Returned to Sender',
  delayed: 'Delayed Mail (still being retried)',
  delivered: 'Successful Mail Delivery Report',
  relayed: 'Mail Delivery Status Report: relayed',
  expanded: 'Mail Delivery Status Report: expanded',
};

const writers: Readonly<Record<BounceFormat, (told: Told) => Buffer>> = {
  rfc3464: (told) => report(told, [words(told), status(told), original(told)]),
  'no-original': (told) => report(told, [words(told), status(told)]),
  global: (told) =>
    report(told, [
      words(told),
      part('message/global-delivery-status', fields(told, 'utf-8')),
      part('message/global-headers', headerText(told.mail.raw)),
    ]),
  exchange: (told) => report(told, [words(told), part('message/delivery-status', exchangeFields(told))], 'Undeliverable: '),
  exim: (told) =>
    reportFrom(
      told,
      'Mail delivery failed: returning message to sender',
      [`X-Failed-Recipients: ${told.recipient}`],
      eximText(told),
    ),
  qmail: (told) => reportFrom(told, 'failure notice', [], qmailText(told)),
  sentence: (told) =>
    reportFrom(told, 'Returned mail', [], `Your message to ${told.recipient} could not be delivered: ${told.diagnostic}\r\n`),
};

function report(told: Told, parts: readonly string[], subjectPrefix?: string): Buffer {
  const subject = subjectPrefix === undefined ? subjects[told.wish.action] : subjectPrefix + told.mail.head.subject;
  const { type, body } = multipart('report; report-type=delivery-status', parts);
  return reportFrom(told, subject, ['MIME-Version: 1.0', `Content-Type: ${type}`], body);
}

function words({ recipient, diagnostic, wish }: Told): string {
  const what = { failed: 'could not be delivered', delayed: 'was not delivered yet; it is tried again' };
  const said = wish.action === 'failed' || wish.action === 'delayed' ? what[wish.action] : `was ${wish.action}`;
  return part('text/plain; charset=us-ascii', `Your message ${said}.\r\n\r\n<${recipient}>: ${diagnostic}\r\n`);
}

function status(told: Told): string {
  return part('message/delivery-status', fields(told, 'rfc822'));
}

function fields({ mail, recipient, wish, at, diagnostic }: Told, addressType: string): string {
  const domain = domainOf(recipient);
  return [
    `Reporting-MTA: dns; mx.${domain}`,
    ...(mail.envelope.envid === null ? [] : [`Original-Envelope-Id: ${mail.envelope.envid}`]),
    `Arrival-Date: ${mail.at.toUTCString()}`,
    '',
    ...(wish.finalRecipient === undefined ? [] : [`Original-Recipient: ${addressType}; ${recipient}`]),
    `Final-Recipient: ${addressType}; ${wish.finalRecipient ?? recipient}`,
    `Action: ${wish.action}`,
    `Status: ${wish.status}`,
    `Remote-MTA: dns; mx.${domain}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    `Last-Attempt-Date: ${at.toUTCString()}`,
    ...(wish.action === 'delayed' ? [`Will-Retry-Until: ${new Date(at.getTime() + 4 * 86_400_000).toUTCString()}`] : []),
    '',
  ].join('\r\n');
}

/** No Status of its own: the code is only in the diagnosis, in brackets. */
function exchangeFields({ recipient, wish, diagnostic }: Told): string {
  return [
    `Reporting-MTA: dns;EX01.${domainOf(recipient)}`,
    '',
    `Final-recipient: RFC822;${recipient}`,
    `Action: ${wish.action}`,
    `Diagnostic-Code: smtp;${diagnostic} [EX01.${domainOf(recipient)}]`,
    `X-Display-Name: ${recipient}`,
    '',
  ].join('\r\n');
}

function original({ mail }: Told): string {
  return part('text/rfc822-headers', headerText(mail.raw));
}

function eximText({ mail, recipient, diagnostic }: Told): string {
  return [
    'This message was created automatically by mail delivery software.',
    '',
    'A message that you sent could not be delivered to one or more of its',
    'recipients. This is a permanent error. The following address(es) failed:',
    '',
    `  ${recipient}`,
    `    host mx.${domainOf(recipient)} [192.0.2.25]`,
    `    SMTP error from remote mail server after RCPT TO:<${recipient}>:`,
    `    ${diagnostic}`,
    '',
    '------ This is a copy of the message, including all the headers. ------',
    '',
    headerText(mail.raw),
  ].join('\r\n');
}

function qmailText({ mail, recipient, diagnostic }: Told): string {
  return [
    `Hi. This is the qmail-send program at ${domainOf(recipient)}.`,
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up. Sorry it didn't work out.",
    '',
    `<${recipient}>:`,
    '192.0.2.25 failed after I sent the message.',
    `Remote host said: ${diagnostic}`,
    '',
    '--- Below this line is a copy of the message.',
    '',
    `Return-Path: <${mail.envelope.from}>`,
    headerText(mail.raw),
  ].join('\r\n');
}

const diagnostics: Readonly<Record<string, string>> = {
  '4.2.2': "452 4.2.2 The recipient's inbox is out of storage space",
  '4.4.1': '451 4.4.1 Connection timed out',
  '5.1.1': '550 5.1.1 The email account that you tried to reach does not exist',
  '5.1.2': '550 5.1.2 Bad destination system: host unknown',
  '5.2.1': '550 5.2.1 The email account that you tried to reach is disabled',
  '5.2.2': "552 5.2.2 The recipient's inbox is out of storage space",
  '5.4.4': '550 5.4.4 Unable to route: no MX record',
  '5.7.1': '550 5.7.1 Message rejected due to content restrictions',
};

function usualDiagnostic({ status: code }: Bounce): string {
  const usual: Readonly<Record<string, string>> = {
    '2': `250 ${code} OK`,
    '4': `451 ${code} Try again later`,
    '5': `550 ${code} Rejected`,
  };
  return diagnostics[code] ?? usual[code.charAt(0)] ?? code;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
