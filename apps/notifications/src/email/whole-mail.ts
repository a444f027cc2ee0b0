import { encode as base64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import type MimeNode from 'nodemailer/lib/mime-node';
import { encode as quoted, wrap as wrapQuoted } from 'nodemailer/lib/qp';

/** Beyond it, a mail is better streamed: encoding it in one go would keep everything else waiting. */
const mostInOneGo = 256 * 1024;
const newline = '\r\n';

/**
 * The whole mail as the library would stream it, made in one go; null: it is large, or its content is not all here. A stream for
 * each part and a write to the socket for each line of headers cost more than everything else about a mail of ten thousand.
 */
export function wholeMail(node: MimeNode): string | null {
  return sizeOf(node) > mostInOneGo ? null : partOf(node);
}

function sizeOf({ content = '', childNodes }: MimeNode): number {
  const own = typeof content === 'string' || Buffer.isBuffer(content) ? content.length : Infinity;
  return childNodes.reduce((sum, child) => sum + sizeOf(child), own);
}

/** Headers first: the boundary and the encoding are chosen while they are built. */
function partOf(node: MimeNode): string {
  const head = `${node.buildHeaders()}${newline}${newline}`;
  const { boundary, childNodes, multipart } = node;
  if (!multipart) return head + encoded(node);
  const children = childNodes.map((child, at) => `${at === 0 ? '' : newline}--${String(boundary)}${newline}${partOf(child)}`);
  return `${head}${children.join('')}${newline}--${String(boundary)}--${newline}`;
}

function encoded(node: MimeNode): string {
  const { content } = node;
  if (typeof content !== 'string' && !Buffer.isBuffer(content)) return '';
  switch (node.getTransferEncoding()) {
    case 'base64':
      return wrapBase64(base64(content));
    case 'quoted-printable':
      return wrapQuoted(quoted(content));
    default:
      return content.toString();
  }
}
