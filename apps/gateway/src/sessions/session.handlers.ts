import { createHash } from 'node:crypto';
import { DomainError, endSession, refreshSession, resolveSession, signIn, type SignedIn } from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Caller } from '../auth/caller.js';
import { Limiter } from '../rate-limit/limiter.js';
import { empty, json, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { Authenticator } from '../auth/authenticator.js';
import { credentialOf } from '../auth/credentials.js';
import { SessionCookie } from './cookie.js';
import { OwnOrigins } from './origin.js';
import type { SignInInput } from './session.routes.js';

@Injectable()
export class SessionHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly limiter: Limiter,
    private readonly cookie: SessionCookie,
    private readonly origins: OwnOrigins,
    private readonly auth: Authenticator,
  ) {}

  /** POST /v1/sessions */
  async signIn(exchange: Exchange, input: z.output<typeof SignInInput>): Promise<Answer> {
    this.#assertOwnOrigin(exchange);
    const taken = this.limiter.take('account', createHash('sha256').update(input.email).digest('base64url'));
    if (taken?.refusal) throw taken.refusal;
    const signedIn = await this.rpc.call(signIn, { ...input, ...clientOf(exchange) }, this.#asGateway(exchange));
    return this.#welcome(201, signedIn);
  }

  /** POST /v1/sessions/refresh */
  async refresh(exchange: Exchange): Promise<Answer> {
    this.#assertOwnOrigin(exchange);
    const token = this.cookie.read(exchange.header('cookie'));
    if (token === undefined) throw new DomainError('unauthenticated', 'There is no session to go on with. Sign in.');
    return this.#welcome(200, await this.#refreshed(exchange, token));
  }

  /**
   * DELETE /v1/sessions/current: with the access token, or with the cookie alone, so that signing out also works after the
   * token has expired.
   */
  async signOut(exchange: Exchange): Promise<Answer> {
    this.#assertOwnOrigin(exchange);
    const gone = empty(204, { 'set-cookie': this.cookie.clear() });
    const token = this.cookie.read(exchange.header('cookie'));
    const credential = credentialOf(exchange.request.raw.headers);
    if (credential)
      await this.#end(exchange, this.auth.remembered(credential) ?? (await this.auth.ask(credential, exchange.correlationId)));
    else if (token === undefined) throw new DomainError('unauthenticated', 'There is no session to end.');
    else await this.#endByCookie(exchange, token);
    return gone;
  }

  async #endByCookie(exchange: Exchange, token: string): Promise<void> {
    try {
      const { sessionId } = await this.#refreshed(exchange, token);
      const principal = await this.rpc.call(resolveSession, { sessionId }, this.#asGateway(exchange));
      await this.#end(exchange, new Caller(principal, Infinity));
    } catch (error) {
      // It has ended already: that is what was asked for.
      if (!(error instanceof DomainError) || error.code !== 'session.ended') throw error;
    }
  }

  async #end(exchange: Exchange, caller: Caller): Promise<void> {
    const assertion = caller.assertion(this.assertions, exchange.startedAt);
    await this.rpc.call(endSession, { sessionId: 'current' }, { assertion, correlationId: exchange.correlationId });
  }

  #refreshed(exchange: Exchange, refreshToken: string): Promise<SignedIn> {
    return this.rpc.call(refreshSession, { refreshToken, ...clientOf(exchange) }, this.#asGateway(exchange));
  }

  /** The refresh token goes into the cookie and nowhere else. */
  #welcome(status: number, { refreshToken, ...shown }: SignedIn): Answer {
    return json(status, shown, {
      'set-cookie': this.cookie.set(refreshToken, shown.refreshExpiresAt),
      location: `/v1/sessions/${shown.sessionId}`,
    });
  }

  #asGateway({ correlationId, traceparent }: Exchange): CallOptions {
    return { assertion: this.assertions.forService(null), correlationId, ...(traceparent !== undefined && { traceparent }) };
  }

  #assertOwnOrigin(exchange: Exchange): void {
    this.origins.assertOwn({
      origin: exchange.header('origin'),
      host: exchange.header('host'),
      site: exchange.header('sec-fetch-site'),
    });
  }
}

export const clientOf = (exchange: Exchange) => ({ address: exchange.address.slice(0, 64), userAgent: exchange.userAgent });
