import PostalMime, { type Email } from 'postal-mime';
import type { Mail } from './mail.js';

export interface Content {
  readonly html: string | null;
  readonly text: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly Attached[];
  readonly links: readonly Link[];
  readonly unsubscribe: Unsubscribe | null;
}

export interface Attached {
  readonly filename: string | null;
  readonly mimeType: string;
  readonly contentId: string | null;
  readonly bytes: Buffer;
}

export interface Link {
  readonly href: string;
  /** What a person reads; of a link in the plain text the address itself. */
  readonly text: string;
  readonly in: 'html' | 'text';
}

/** What a mailbox provider makes of the List- headers. */
export interface Unsubscribe {
  readonly url: string | null;
  readonly mailto: string | null;
  /** RFC 8058: the provider may POST. */
  readonly oneClick: boolean;
}

const read = new WeakMap<Mail, Promise<Content>>();

export function contentOf(mail: Mail): Promise<Content> {
  const known = read.get(mail);
  if (known !== undefined) return known;
  const content = parse(mail);
  read.set(mail, content);
  return content;
}

async function parse(mail: Mail): Promise<Content> {
  // a report is shown with its parts as they are, not with the mail it quotes as if that had come
  const parsed = await PostalMime.parse(mail.raw, { forceRfc822Attachments: true });
  const html = parsed.html ?? null;
  const text = parsed.text ?? null;
  return {
    html,
    text,
    headers: parsed.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    attachments: parsed.attachments.map(({ filename, mimeType, contentId, content }) => ({
      filename,
      mimeType,
      contentId: contentId?.replace(/^<|>$/g, '') ?? null,
      bytes: typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
    })),
    links: linksOf(html ?? '', text ?? ''),
    unsubscribe: unsubscribeOf(parsed),
  };
}

function linksOf(html: string, text: string): Link[] {
  const anchors = /<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))[^>]*>(.*?)<\/a>/gis;
  const inHtml = [...html.matchAll(anchors)].map(([, double, single, bare, inner = '']): Link => {
    const words = plain(inner.replace(/<[^>]*>/g, ' '));
    return { href: plain(double ?? single ?? bare ?? ''), text: words.replace(/\s+/g, ' ').trim(), in: 'html' };
  });
  const inText = [...text.matchAll(/\bhttps?:\/\/[^\s<>"]+/g)].map(([found]): Link => {
    const href = found.replace(/[.,;:!?)\]]+$/, '');
    return { href, text: href, in: 'text' };
  });
  return [...inHtml, ...inText];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function plain(html: string): string {
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole: string, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

function unsubscribeOf({ headers }: Email): Unsubscribe | null {
  const valueOf = (key: string) => headers.find((header) => header.key === key)?.value;
  const list = valueOf('list-unsubscribe');
  if (list === undefined) return null;
  const uris = [...list.matchAll(/<([^<>]+)>/g)].flatMap(([, uri]) => (uri === undefined ? [] : [uri.replace(/\s/g, '')]));
  const post = valueOf('list-unsubscribe-post');
  return {
    url: uris.find((uri) => /^https?:/i.test(uri)) ?? null,
    mailto: uris.find((uri) => /^mailto:/i.test(uri)) ?? null,
    oneClick: post?.trim().toLowerCase() === 'list-unsubscribe=one-click',
  };
}
