import { randomInt, randomUUID } from 'node:crypto';
import type { Clock, Log } from '@leasewire/messaging';
import type { VendorHttp, VendorReply, VendorRequest } from './connector.js';
import { afterReply } from './rate-limit/rate-limit.rules.js';
import type { RateLedger } from './rate-limit/rate-ledger.js';
import { checkVendorUrl, hostOf, type AddressPolicy } from './vendor-address.rules.js';
import { VendorError } from './vendor-error.js';
import { explainFailure, isWorthAnotherTry, pauseBefore } from './vendor-failure.rules.js';
import { nodeTransport, type Transport } from './vendor-transport.js';

export interface VendorHttpOptions {
  /** The credential that the vendor counts: one request at a time. A connection's id or a digest, never the credential. */
  readonly lane: string;
  readonly ledger: RateLedger;
  readonly policy: AddressPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly attempts?: number;
  readonly connectTimeoutMs?: number;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** How long one request may wait for its turn and for the vendor's limits; then it ends as `rate-limited`. */
  readonly patienceMs?: number;
  /** All requests through this door together, from its opening; then they end as `timeout`. */
  readonly withinMs?: number;
  /** Somebody waits for it: those for whom nobody does leave it the next turn. */
  readonly urgent?: boolean;
  /** Asked before each request and while one waits; when it throws, nothing is asked any more. */
  readonly beforeRequest?: () => Promise<void>;
  readonly afterReply?: () => void;
  readonly sleep?: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1 */
  readonly jitter?: () => number;
  readonly transport?: Transport;
}

const usual = { attempts: 4, connectTimeoutMs: 10_000, timeoutMs: 60_000, maxBytes: 64_000_000, patienceMs: 120_000 };
/** Whoever dies in mid-request keeps others from asking for so long; whoever lives holds its turn anew while the vendor thinks. */
const hold = { ms: 10_000, anewEveryMs: 3_000 };
/** Who has waited so long is not put off any more. */
const longWaitMs = 30_000;
const sleepReally = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const randomly = () => randomInt(1_000_000) / 1_000_000;

/**
 * The one door to vendors: whom it may ask, one at a time per credential and no faster than the vendor allows, not for ever, not
 * without end, and again when it is worth it (all we ask are reads). Neither the log nor an error holds a URL's query, a header or a body.
 */
export function createVendorHttp(options: VendorHttpOptions): VendorHttp {
  const { lane, ledger, policy, clock, log } = options;
  const { attempts, connectTimeoutMs, timeoutMs, maxBytes, patienceMs } = { ...usual, ...options };
  const sleep = options.sleep ?? sleepReally;
  const jitter = options.jitter ?? randomly;
  const transport = options.transport ?? nodeTransport(policy);
  const closesAt = options.withinMs === undefined ? Infinity : clock.monotonicMs() + options.withinMs;

  async function waitForTurn(request: VendorRequest, holder: string, until: number) {
    const budget = request.budget ?? 'all';
    const longAt = clock.monotonicMs() + longWaitMs;
    for (;;) {
      await options.beforeRequest?.();
      const urgent = options.urgent === true || clock.monotonicMs() > longAt;
      const turn = await ledger.take({ lane, budget, holder, now: clock.now(), holdMs: hold.ms, urgent });
      if (turn.granted) return turn.state;
      if (clock.monotonicMs() + turn.waitMs > until) {
        const message = `The PMS allows no more requests for now (${request.what}).`;
        throw new VendorError('rate-limited', message, { retryAfterMs: turn.waitMs });
      }
      await sleep(Math.max(5, turn.waitMs));
    }
  }

  /** One turn: taken, used, and ended whatever happens. */
  async function once(request: VendorRequest, url: URL, until: number): Promise<VendorReply> {
    const holder = randomUUID();
    const mostMs = request.timeoutMs ?? timeoutMs;
    const before = await waitForTurn(request, holder, until);
    const ownTimeoutMs = Math.min(mostMs, Math.max(1, closesAt - clock.monotonicMs()));
    const end = (state: typeof before) => ledger.end({ lane, budget: request.budget ?? 'all', holder, now: clock.now(), state });
    const { method, what, body, headers = {} } = request;
    const sending = { method, url, headers, body, what, connectTimeoutMs, timeoutMs: ownTimeoutMs, maxBytes };
    const holding = setInterval(() => {
      // when it cannot be held, somebody else may ask beside this: no harm
      ledger.keep({ lane, holder, now: clock.now(), holdMs: hold.ms }).catch(() => undefined);
    }, hold.anewEveryMs);
    let reply: VendorReply;
    try {
      reply = await transport(sending);
    } catch (error) {
      await end(before);
      throw explainFailure(error, hostOf(url), what);
    } finally {
      clearInterval(holding);
    }
    options.afterReply?.();
    const state = afterReply(before, reply, clock.now());
    await end(state);
    if (reply.status !== 429) return reply;
    const retryAfterMs = Math.max(0, (state.blockedUntil?.getTime() ?? 0) - clock.now().getTime());
    throw new VendorError('rate-limited', `The PMS allows no more requests for now (${what}).`, { retryAfterMs });
  }

  return {
    async request(request) {
      const url = checkVendorUrl(request.url, policy);
      const until = Math.min(clock.monotonicMs() + patienceMs, closesAt);
      const startedAt = clock.monotonicMs();
      const about = { vendor: hostOf(url), what: request.what };
      for (let attempt = 1; ; attempt++) {
        try {
          const reply = refuseUnusable(await once(request, url, until), hostOf(url), request.what);
          log.debug({ ...about, attempt, status: reply.status, ms: clock.monotonicMs() - startedAt }, 'the PMS answered');
          return reply;
        } catch (error) {
          if (!(error instanceof VendorError) || attempt >= attempts || !isWorthAnotherTry(error)) throw error;
          // after a 429 the ledger says how long; asking it again is the wait
          const pause = error.code === 'rate-limited' ? 0 : pauseBefore(attempt + 1, jitter());
          if (clock.monotonicMs() + Math.max(pause, error.retryAfterMs ?? 0) > until) throw error;
          log.warn({ ...about, attempt, code: error.code, pauseMs: pause }, 'the PMS did not answer; trying again');
          if (pause > 0) await sleep(pause);
        }
      }
    },
  };
}

/** What no connector can make anything of. */
function refuseUnusable(reply: VendorReply, host: string, what: string): VendorReply {
  if (reply.status >= 500) {
    throw new VendorError('unreachable', `${host} has a problem of its own (${reply.status}, ${what}).`, {
      vendorCode: String(reply.status),
    });
  }
  if (reply.status >= 300 && reply.status < 400) {
    throw new VendorError('refused', `${host} sends us elsewhere (${reply.status}, ${what}); redirects are not followed.`, {
      field: 'address',
      vendorCode: String(reply.status),
    });
  }
  return reply;
}
