import type { SendMailOptions } from 'nodemailer';
import { senderName } from '../compose/header.rules.js';
import type { Outgoing } from '../channel/channel.js';

export interface MailDomain {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
}
export interface MailPlace {
  /** The domain of senders that have none of their own. */
  readonly domain: string;
  /** Where bounces come back to. */
  readonly returnDomain: string;
  readonly domains: readonly MailDomain[];
}

/**
 * RFC 8058 wants both headers of the one-click unsubscription signed; the library’s own list has only one of them. Headers that are
 * named and not there cannot be added by others either.
 */
const signedHeaders = [
  ...['From', 'Sender', 'Reply-To', 'To', 'Cc', 'Subject', 'Date', 'Message-ID', 'MIME-Version'],
  ...['Content-Type', 'Content-Transfer-Encoding', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Auto-Submitted'],
].join(':');

const tokenPrefix = 'bounce+';
export const returnPath = (token: string, domain: string): string => `${tokenPrefix}${token}@${domain}`;
export const tokenOf = (address: string): string | null => /^bounce\+([0-9a-f]{30})@/i.exec(address)?.[1]?.toLowerCase() ?? null;

/** The same for every try of one delivery: whoever receives it twice can tell. */
export const messageIdOf = (deliveryId: string, domain: string): string => `<${deliveryId}@${domain}>`;

/** Null: not one of ours. Only its form is looked at; its domain may have been another one then. */
export const deliveryIdOf = (messageId: string): string | null => /^\s*<?(dlv_[0-9a-z]+)@/.exec(messageId)?.[1] ?? null;

export function mailOf(outgoing: Outgoing, place: MailPlace): SendMailOptions & { messageId: string } {
  const { rendered, address, name, unsubscribe, files, deliveryId, token, sender } = outgoing;
  const own = place.domains.find(({ domain }) => domain === sender.fromDomain);
  const domain = own?.domain ?? place.domain;
  const signing = own ?? place.domains.find((one) => one.domain === place.domain);
  return {
    messageId: messageIdOf(deliveryId, domain),
    from: { name: sender.name, address: `no-reply@${domain}` },
    to: { name: senderName(name), address },
    ...(sender.replyTo !== null && { replyTo: sender.replyTo }),
    subject: rendered.subject,
    text: rendered.text,
    html: rendered.html,
    envelope: { from: returnPath(token, place.returnDomain), to: [address] },
    attachments: files.map(({ name: filename, contentType, content }) => ({ filename, contentType, content })),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
      // not folded: relays that fold again would break the signature
      ...(unsubscribe && {
        'List-Unsubscribe': { prepared: true, value: `<${unsubscribe.oneClick}>` },
        'List-Unsubscribe-Post': { prepared: true, value: 'List-Unsubscribe=One-Click' },
      }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(signing && {
      dkim: {
        domainName: signing.domain,
        keySelector: signing.selector,
        privateKey: signing.privateKey,
        headerFieldNames: signedHeaders,
      },
    }),
  };
}
