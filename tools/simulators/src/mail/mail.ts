import { decodeWords } from 'postal-mime';

export interface Envelope {
  /** The empty string is the null sender of reports. */
  readonly from: string;
  readonly to: readonly string[];
  /** What the sender asked for (RFC 3461), if anything. */
  readonly envid: string | null;
  readonly notify: Readonly<Record<string, readonly string[]>>;
}

/** A mail as it came; what is inside is read when somebody looks. */
export interface Mail {
  readonly id: string;
  readonly at: Date;
  readonly envelope: Envelope;
  readonly raw: Buffer;
  readonly head: Head;
  readonly user: string | null;
  readonly tls: boolean;
  /** Whether the sender was told that it was accepted. */
  answered: boolean;
}

export interface Head {
  readonly messageId: string | null;
  readonly subject: string;
  /** The address in From, that is the sender a person sees. */
  readonly sender: string;
  readonly from: string;
  readonly date: string | null;
}

/** The few lines that lists, searches and counts need; the rest of the header is not looked at. */
export function headOf(raw: Buffer): Head {
  const wanted = new Map<string, string>();
  for (const { name, value } of headerFields(headerText(raw))) if (!wanted.has(name)) wanted.set(name, value);
  const from = decodeWords(wanted.get('from') ?? '');
  return {
    messageId: wanted.get('message-id') ?? null,
    subject: decodeWords(wanted.get('subject') ?? ''),
    sender: (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim().toLowerCase(),
    from,
    date: wanted.get('date') ?? null,
  };
}

/** With the line end of the last field; the whole, if there is no body. */
export function headerText(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n');
  return raw.toString('utf8', 0, end < 0 ? raw.length : end + 2);
}

/** In the order in which they stand; names in lower case, values unfolded. */
export function headerFields(text: string): { name: string; value: string; source: string }[] {
  return text
    .split(/\r\n(?![ \t])/)
    .filter((line) => line.includes(':'))
    .map((source) => {
      const at = source.indexOf(':');
      const value = source.slice(at + 1).replace(/\r\n(?=[ \t])/g, '');
      return { name: source.slice(0, at).trim().toLowerCase(), value: value.trim(), source };
    });
}
