import { DomainError, resolveApiKey, resolveSession, SessionId, type Principal } from '@leasewire/contracts';
import type { Assertions, Clock, RpcCaller, TokenVerifier } from '@leasewire/messaging';
import { z } from 'zod';
import { Caller } from './caller.js';
import type { CallerCache } from './caller-cache.js';
import { notAccepted, type Credential } from './credentials.js';
import type { Freshness } from './freshness.js';

/** Of a token that identity signed, what is read here. */
const AccessClaims = z.looseObject({ sid: SessionId });
/** Less than the second within which a change must hold, also when it overtakes the answer. */
const askTimeoutMs = 950;

/**
 * Who is behind a token or key. Usually from memory, without waiting; identity is asked when nobody is remembered, or when
 * what is remembered may be out of date. When it cannot be asked either, nobody gets in.
 */
export class Authenticator {
  constructor(
    private readonly cache: CallerCache,
    private readonly freshness: Freshness,
    private readonly verifier: TokenVerifier,
    private readonly rpc: RpcCaller,
    private readonly assertions: Assertions,
    private readonly clock: Clock,
  ) {}

  /** From memory, if there and to be believed. */
  remembered(credential: Credential): Caller | undefined {
    const caller = this.cache.get(credential.hash);
    if (!caller || !this.freshness.holds(this.clock.monotonicMs())) return undefined;
    if (caller.expiresAt > this.clock.now().getTime()) return caller;
    this.cache.forget(credential.hash);
    return undefined;
  }

  async ask(credential: Credential, correlationId: string): Promise<Caller> {
    const caller = await this.cache.ask(credential.hash, () => this.#resolve(credential, correlationId));
    if (caller.expiresAt <= this.clock.now().getTime()) throw notAccepted();
    return caller;
  }

  async #resolve(credential: Credential, correlationId: string): Promise<Caller> {
    const options = { assertion: this.assertions.forService(null), correlationId, timeoutMs: askTimeoutMs };
    if (credential.kind === 'api-key')
      return new Caller(await this.#answer(this.rpc.call(resolveApiKey, { key: credential.text }, options)), Infinity);
    const { sessionId, expiresAt } = this.#open(credential.text);
    return new Caller(await this.#answer(this.rpc.call(resolveSession, { sessionId }, options)), expiresAt);
  }

  #open(token: string): { sessionId: SessionId; expiresAt: number } {
    const claims = verified(this.verifier, token);
    const parsed = AccessClaims.safeParse(claims);
    // Any service has a key that is trusted for something; only identity lets people in.
    if (claims.iss !== 'identity' || !parsed.success) throw notAccepted();
    return { sessionId: parsed.data.sid, expiresAt: claims.exp * 1000 };
  }

  async #answer(asked: Promise<Principal>): Promise<Principal> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof DomainError && (error.code === 'timeout' || error.code === 'unavailable'))
        throw new DomainError(
          'unavailable',
          'Nobody can be let in at the moment, because the identity service does not answer. Try again shortly.',
          {
            service: 'identity',
          },
          { cause: error },
        );
      throw error instanceof DomainError && (error.code === 'not-found' || error.code === 'unauthenticated')
        ? notAccepted()
        : error;
    }
  }
}

function verified(verifier: TokenVerifier, token: string) {
  try {
    return verifier.verify('access', token);
  } catch {
    throw notAccepted();
  }
}
