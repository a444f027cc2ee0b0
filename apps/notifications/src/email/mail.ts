import type { OrgId } from '@leasewire/contracts';
import { senderName } from '../compose/header.rules.js';
import type { Outgoing } from '../channel/channel.js';

export interface MailDomain {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
  /** Whose it is; undefined: anybody’s of the deployment. */
  readonly organizations?: readonly OrgId[] | undefined;
}
/** Another organization that wrote from it would be signed as its owner. */
export const mayWriteFrom = ({ organizations }: MailDomain, orgId: OrgId): boolean =>
  organizations === undefined || organizations.includes(orgId);

export interface MailPlace {
  /** The domain of senders that have none of their own. */
  readonly domain: string;
  /** Where bounces come back to. */
  readonly returnDomain: string;
  readonly domains: readonly MailDomain[];
}

/**
 * RFC 8058 wants both headers of the one-click unsubscription signed; the library’s own list has only one of them. It signs those that
 * a mail has, each once: one that is not there is not under the signature either.
 */
export const signedHeaders = [
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

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}
/** Whatever is written or signed of it is here; it also fits what the library takes. */
export interface Mail {
  readonly messageId: string;
  readonly from: MailAddress;
  readonly to: MailAddress;
  readonly replyTo?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly envelope: { readonly from: string; readonly to: string };
  readonly attachments: readonly { readonly filename: string; readonly contentType: string; readonly content: Buffer }[];
  readonly headers: Readonly<Record<string, PreparedHeader>>;
  readonly signing: MailDomain | null;
}
/** Not folded: relays that fold again would break the signature. */
interface PreparedHeader {
  readonly prepared: true;
  readonly value: string;
}
const prepared = (value: string): PreparedHeader => ({ prepared: true, value });

export function mailOf(outgoing: Outgoing, place: MailPlace): Mail {
  const { rendered, address, name, unsubscribe, files, deliveryId, token, sender, orgId } = outgoing;
  const own = place.domains.find((one) => one.domain === sender.fromDomain && mayWriteFrom(one, orgId));
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
    envelope: { from: returnPath(token, place.returnDomain), to: address },
    attachments: files.map(({ name: filename, contentType, content }) => ({ filename, contentType, content })),
    headers: {
      'Auto-Submitted': prepared('auto-generated'),
      'X-Auto-Response-Suppress': prepared('OOF, AutoReply'),
      ...(unsubscribe && {
        'List-Unsubscribe': prepared(`<${unsubscribe.oneClick}>`),
        'List-Unsubscribe-Post': prepared('List-Unsubscribe=One-Click'),
      }),
    },
    signing: signing ?? null,
  };
}
