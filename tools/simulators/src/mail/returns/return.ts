import { createHash } from 'node:crypto';
import type { Mail } from '../mail.js';

/** A mail that comes back because of another. */
export interface Return {
  /** The return path of the other. */
  readonly to: string;
  readonly raw: Buffer;
}

const boundary = '=_leasewire_simulated_report';

export function part(type: string, body: string): string {
  return `Content-Type: ${type}\r\n\r\n${body}`;
}

export function multipart(subtype: string, parts: readonly string[]): { type: string; body: string } {
  const body = `${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}--${boundary}--\r\n`;
  return { type: `multipart/${subtype};\r\n boundary="${boundary}"`, body };
}

/** What a mail system writes about a mail; it has the null sender, and goes where the mail said. */
export function reportFrom(
  { mail, recipient, at }: { readonly mail: Mail; readonly recipient: string; readonly at: Date },
  subject: string,
  headers: readonly string[],
  body: string,
): Buffer {
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  const lines = [
    `Received: from mx.${domain} by mx.${domain}; ${at.toUTCString()}`,
    `From: Mail Delivery System <MAILER-DAEMON@${domain}>`,
    `To: ${mail.envelope.from}`,
    `Date: ${at.toUTCString()}`,
    `Message-ID: <${messageIdOf(mail, subject, at)}@${domain}>`,
    'Auto-Submitted: auto-replied',
    `Subject: ${subject}`,
    ...headers,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

export function messageIdOf(mail: Mail, what: string, at: Date): string {
  return createHash('sha256').update(`${mail.id} ${what} ${at.toISOString()}`).digest('hex').slice(0, 32);
}
