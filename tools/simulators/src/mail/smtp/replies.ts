import type { Moment } from '../faults.js';

/** As the large providers put it, with the enhanced status code that belongs to it (RFC 3463). */
const texts: Readonly<Record<number, string>> = {
  421: '4.7.0 Service not available, closing transmission channel',
  450: '4.2.1 The mailbox is busy, try again later',
  451: '4.3.0 Local error in processing, try again later',
  452: "4.2.2 The recipient's inbox is out of storage space",
  454: '4.7.0 Temporary authentication failure',
  535: '5.7.8 Authentication credentials invalid',
  550: '5.1.1 The email account that you tried to reach does not exist',
  551: '5.1.6 The user has moved and has no forwarding address',
  552: "5.2.2 The recipient's inbox is full",
  553: '5.1.3 The recipient address is not a valid address',
  554: '5.7.1 Message rejected due to local policy',
};

export function usualText(code: number, at: Moment, address: string): string {
  if (code === 550 && at === 'end') return '5.7.1 Our system has detected that this message is likely unsolicited mail';
  const text = texts[code] ?? (code < 500 ? '4.0.0 Try again later' : '5.0.0 Rejected');
  return at === 'rcpt' ? `${text} <${address}>` : text;
}
