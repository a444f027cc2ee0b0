/** Beyond it Gmail cuts a mail and hides the rest behind a link: the footer, and with it the way to unsubscribe. */
export const gmailClipsAt = 102 * 1024;
const warnFrom = 80 * 1024;

export type SizeVerdict = { readonly kind: 'fine' } | { readonly kind: 'warning' | 'too-large'; readonly message: string };

export function sizeOfMail(html: string): SizeVerdict {
  const bytes = Buffer.byteLength(html, 'utf8');
  const kilobytes = Math.ceil(bytes / 1024);
  if (bytes > gmailClipsAt)
    return {
      kind: 'too-large',
      message: `The mail is ${kilobytes} kB; Gmail cuts off what is beyond 102 kB. Shorten it, or attach the long part.`,
    };
  if (bytes > warnFrom) return { kind: 'warning', message: `The mail is ${kilobytes} kB; from 102 kB on, Gmail cuts it off.` };
  return { kind: 'fine' };
}
