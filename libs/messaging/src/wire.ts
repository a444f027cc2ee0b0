import { DomainError, type ErrorBody } from '@leasewire/contracts';
import { MsgHdrsImpl, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import { z } from 'zod';

/** What our headers are called. One place, because the gateway, every service and every other language read them. */
export const header = {
  assertion: 'lw-assertion',
  correlation: 'lw-correlation',
  traceparent: 'traceparent',
  idempotencyKey: 'lw-idempotency-key',
  /** The caller waits this long; sent when it differs from the contract. */
  timeoutMs: 'lw-timeout-ms',
  /** A person waits: the caller wants signs of life. */
  attended: 'lw-attended',
  /** No answer yet, but a sign of life. */
  working: 'lw-working',
  ok: 'lw-ok',
  version: 'lw-version',
  replayed: 'lw-replayed',
} as const;

/** Headers written at once: the client's own class validates, sorts and searches each name, at a third of a call's cost. */
export class ReadyHeaders extends MsgHdrsImpl {
  readonly #bytes: Uint8Array;

  constructor(entries: readonly (readonly [name: string, value: string | undefined])[]) {
    super();
    let text = 'NATS/1.0\r\n';
    for (const [name, value] of entries) if (value !== undefined) text += `${name}: ${oneLine(name, value)}\r\n`;
    this.#bytes = Buffer.from(`${text}\r\n`);
  }

  override encode(): Uint8Array {
    return this.#bytes;
  }
}

const lineBreak = /[\r\n]/;
/** A line break would end the header and begin one of the caller's making. */
function oneLine(name: string, value: string): string {
  if (lineBreak.test(value)) throw new DomainError('invalid-input', `The value of ${name} must not contain a line break.`);
  return value;
}

/** The first value of a header, or undefined; the client's own `get` answers '' and copies all names for it. */
export function headerOf(headers: MsgHdrs | undefined, name: string): string | undefined {
  if (!headers) return undefined;
  for (const [key, values] of headers) if (key === name) return values[0];
  return undefined;
}

/** The broker's own answer when nobody listens on a subject. */
export function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}

const utf8Decoder = new TextDecoder();
export const utf8 = (bytes: Uint8Array): string => utf8Decoder.decode(bytes);

/** A letter of JavaScript’s becomes at most three bytes. */
const mostBytesOfLetter = 3;
const scratch = Buffer.allocUnsafeSlow(256 * 1024);

/** As JSON. Written once and copied: `Buffer.from` measures a text before it writes it, which costs a page as much again. */
export function jsonBytes(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  if (text.length * mostBytesOfLetter > scratch.length) return Buffer.from(text);
  return Uint8Array.prototype.slice.call(scratch, 0, scratch.write(text));
}

const WireError = z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() });

export function encodeError(error: DomainError): Uint8Array {
  return jsonBytes(error.toBody() satisfies ErrorBody);
}

export function decodeError(body: Uint8Array): DomainError {
  const parsed = WireError.safeParse(parseJson(body));
  if (!parsed.success) return new DomainError('internal', 'The service answered with an error that cannot be read.');
  return new DomainError(parsed.data.code, parsed.data.message, parsed.data.details);
}

/** undefined for an empty body, as for one that is no JSON. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8(body));
  } catch {
    return undefined;
  }
}
