export const statuses = ['queued', 'sent', 'delivered', 'undelivered', 'failed', 'received'] as const;
export type TextStatus = (typeof statuses)[number];

/** A text as the vendor keeps it; both ways. */
export interface Text {
  readonly sid: string;
  readonly direction: 'outbound-api' | 'outbound-reply' | 'inbound';
  readonly to: string;
  readonly from: string;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly segments: number;
  readonly createdAt: Date;
  readonly statusCallback: string | null;
  status: TextStatus;
  errorCode: number | null;
  updatedAt: Date;
  /** Whether the sender was told that it was taken. */
  answered: boolean;
}

/** The resource of API version 2010-04-01. */
export function resourceOf(text: Text, accountSid: string) {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text.body,
    date_created: rfc2822(text.createdAt),
    date_sent: text.status === 'queued' ? null : rfc2822(text.createdAt),
    date_updated: rfc2822(text.updatedAt),
    direction: text.direction,
    error_code: text.errorCode,
    error_message: null,
    from: text.from,
    messaging_service_sid: text.messagingServiceSid,
    num_media: '0',
    num_segments: String(text.segments),
    price: null,
    price_unit: 'USD',
    sid: text.sid,
    status: text.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: text.to,
    uri: `${uri}.json`,
  };
}

/** `Thu, 24 Aug 2023 05:01:45 +0000`: to the second, as the vendor writes it. */
const rfc2822 = (at: Date): string => at.toUTCString().replace('GMT', '+0000');

const gsm =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const twice = '\f^{}\\[~]|€';

export function segmentsIn(body: string): number {
  const chars = [...body];
  const plain = chars.every((char) => gsm.includes(char) || twice.includes(char));
  const used = plain ? chars.reduce((sum, char) => sum + (twice.includes(char) ? 2 : 1), 0) : body.length;
  const [alone, joined] = plain ? [160, 153] : [70, 67];
  return used <= alone ? 1 : Math.ceil(used / joined);
}
