/** What is said of one mail before its content, or why it cannot be said. */
export function envelopeWords(
  { from, to }: { readonly from: string; readonly to: string },
  extensions: ReadonlySet<string>,
): readonly [mail: string, rcpt: string, data: string] | { readonly refused: string } {
  const wrong = [from, to].find((address) => /[\r\n<> ]/.test(address)) ?? (to === '' ? to : undefined);
  if (wrong !== undefined) return { refused: `553 5.1.3 ${JSON.stringify(wrong)} is no address` };
  const isAscii = /^[\x20-\x7e]*$/.test(from + to);
  const utf8 = !isAscii && extensions.has('SMTPUTF8') ? ' SMTPUTF8' : '';
  return [`MAIL FROM:<${from}>${utf8}\r\n`, `RCPT TO:<${to}>\r\n`, 'DATA\r\n'];
}

/** Of the reply to EHLO, behind its first line; a server that only knows HELO names none. */
export const extensionsOf = (reply: string): ReadonlySet<string> =>
  new Set(
    reply
      .split('\n')
      .slice(1)
      .flatMap((line) => /^250[ -]([A-Z\d-]+)/i.exec(line)?.[1]?.toUpperCase() ?? []),
  );

/**
 * A mail as it goes over the wire: a dot that begins a line is doubled, and the last line is one dot (RFC 5321 4.5.2). A line end that
 * is not both signs becomes so: servers that take one of them for a line end would else see a last line where there is none.
 */
export function contentWords(content: string): string {
  const proper = hasHalfEnds(content) ? content.replaceAll(/\r\n|\r|\n/g, '\r\n') : content;
  const dotted = (proper.startsWith('.') ? `.${proper}` : proper).replaceAll('\r\n.', '\r\n..');
  return dotted.endsWith('\r\n') ? `${dotted}.\r\n` : `${dotted}\r\n.\r\n`;
}

/** Hardly any has; an expression that looks for them takes longer than writing the mail. */
function hasHalfEnds(content: string): boolean {
  for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) if (content[at - 1] !== '\r') return true;
  for (let at = content.indexOf('\r'); at >= 0; at = content.indexOf('\r', at + 1)) if (content[at + 1] !== '\n') return true;
  return false;
}

export interface Reply {
  readonly code: number;
  /** All its lines. */
  readonly text: string;
}

/** Puts replies together from what comes in pieces. */
export class Replies {
  #rest = '';
  #lines: string[] = [];

  /** Null: this is no mail server, or it talks without end. */
  read(piece: string): Reply[] | null {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    const replies: Reply[] = [];
    for (const line of lines) {
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (text === '' && this.#lines.length === 0) continue;
      if (!/^\d{3}(?:[ -]|$)/.test(text)) return null;
      this.#lines.push(text);
      if (text[3] === '-') continue;
      replies.push({ code: Number(text.slice(0, 3)), text: this.#lines.join('\n') });
      this.#lines = [];
    }
    return this.#rest.length > longest || this.#lines.length > longest / 100 ? null : replies;
  }
}
const longest = 64 * 1024;
