import type { IncomingHttpHeaders } from 'node:http';
import type { Quirks } from '../faults/quirks.js';

/** A request as it came; `path` is without the vendor's prefix. */
export interface Asked {
  readonly verb: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Where we are reached, with the vendor's prefix: for links in replies. */
  readonly base: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
}

export const refusals = ['unauthorized', 'forbidden', 'rate-limited', 'broken'] as const;
export type Refusal = (typeof refusals)[number];

/** One vendor's API. */
export interface VendorView {
  /** What is asked, or at once the vendor's own way to say that this is nothing it knows or lets this caller do. */
  read(asked: Asked): Call | Reply;
  /** How this vendor says it. */
  refuse(how: Refusal, call: Call): Reply;
  /** Headers by which it tells what is left, if it tells. */
  budget(told: Budget): Record<string, string>;
}

export interface Call {
  /** As faults and limits name it, for example `getLeases` or `GET /v1/leases`. */
  readonly method: string;
  readonly propertyId: string | null;
  /** Calls of one lane share a rate limit. */
  readonly lane: string;
  /** What the vendor's replies repeat of the request. */
  readonly requestId?: string;
  answer(quirks: Quirks): Reply;
}

export interface Budget {
  readonly windows: readonly { unit: string; limit: number; remaining: number; resetSeconds: number }[];
  readonly exceeded: boolean;
  readonly retryAfterSeconds: number;
}

export function isReply(what: Call | Reply): what is Reply {
  return 'status' in what;
}

export function listIn(text: string | null | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
