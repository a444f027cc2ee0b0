import type { Readable } from 'node:stream';

/** What a handler gives back. `taken`: it has taken over the connection and answers by itself. */
export type Answer = Answered | typeof taken;

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Each becomes a Set-Cookie of its own. */
  readonly cookies?: readonly string[];
  readonly body?: string | Uint8Array | Readable;
}

export const taken = Symbol('the handler answers by itself');

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answered {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function empty(status = 204, headers: Readonly<Record<string, string>> = {}): Answered {
  return { status, headers };
}
