import type { Exchange } from '../routing/exchange.js';

/** Told of every reply; makes metrics and the access log of it. On the hot path, so it must be quick and never throw. */
export interface RequestObserver {
  /** `code` of the problem, when it was one. */
  answered(exchange: Exchange, status: number, code: string | undefined): void;
  /** No route was reached: nothing like it exists, or the request was broken. */
  answeredEarly(method: string, status: number, code: string): void;
}
