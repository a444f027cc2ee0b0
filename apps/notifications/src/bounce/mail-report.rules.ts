import type { MailReport } from '@leasewire/contracts';
import { deliveryIdOf, tokenOf } from '../email/mail.js';
import type { Return } from './return.rules.js';

/** What our own mails carry that tells them apart. */
export type Named = { readonly token: string } | { readonly deliveryId: string };

/** The return path first: some providers write a Message-ID of their own. Null: it is about no mail of ours. */
export function namedBy({ returnPath = '', messageId = '' }: MailReport): Named | null {
  const token = tokenOf(returnPath.replaceAll(/[<>\s]/g, ''));
  if (token !== null) return { token };
  const deliveryId = deliveryIdOf(messageId);
  return deliveryId === null ? null : { deliveryId };
}

/** The same that a mail server would have reported to the return path. */
export function returnOf({ type, code, reason = '' }: MailReport): Return {
  switch (type) {
    case 'complained':
      return { kind: 'complaint', feedback: 'abuse' };
    case 'delivered':
      return { kind: 'report', action: 'delivered', code: code ?? '2.0.0', diagnostic: reason };
    case 'delayed':
      return { kind: 'report', action: 'delayed', code: code ?? '4.0.0', diagnostic: reason };
    case 'bounced':
      return { kind: 'report', action: 'failed', code: code ?? '5.0.0', diagnostic: reason };
  }
}

/** In words for whoever connects a provider; null: nothing is missing. */
export function missingIn({ id, type, code, messageId, returnPath }: MailReport): string | null {
  if (messageId === undefined && returnPath === undefined)
    return `Event ${id} names no mail: give its messageId, or its returnPath.`;
  if (type === 'bounced' && code === undefined)
    return `Event ${id} does not say why it bounced: give a code, such as 5.1.1 for an address that does not exist.`;
  return null;
}
