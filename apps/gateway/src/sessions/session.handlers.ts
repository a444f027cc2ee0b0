import { DomainError, endSession, refreshSession, resolveSession, signIn, type SignedIn } from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Caller } from '../auth/caller.js';
import { empty, json, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { Authenticator } from '../auth/authenticator.js';
import { credentialOf, isNotAccepted } from '../auth/credentials.js';
import { SessionCookie } from './cookie.js';
import { OwnOrigins } from './origin.js';
import type { SignInInput } from './session.routes.js';

@Injectable()
export class SessionHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly cookie: SessionCookie,
    private readonly origins: OwnOrigins,
    private readonly auth: Authenticator,
  ) {}

  /** POST /v1/sessions */
  async signIn(exchange: Exchange, input: z.output<typeof SignInInput>): Promise<Answer> {
    this.#assertOwnOrigin(exchange);
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
   * DELETE /v1/sessions/current: with the access token, or with the cookie where there is none or it has expired meanwhile:
   * that is no reason to stay signed in.
   */
  async signOut(exchange: Exchange): Promise<Answer> {
    this.#assertOwnOrigin(exchange);
    const token = this.cookie.read(exchange.header('cookie'));
    try {
      await this.#end(exchange, await this.#callerOf(exchange));
    } catch (error) {
      if (token === undefined || !isNotAccepted(error)) throw error;
      await this.#endByCookie(exchange, token);
    }
    return empty(204, { 'set-cookie': this.cookie.clear() });
  }

  async #callerOf(exchange: Exchange): Promise<Caller> {
    const credential = credentialOf(exchange.request.raw.headers);
    if (!credential) throw new DomainError('unauthenticated', 'There is no session to end.');
    return this.auth.remembered(credential) ?? this.auth.ask(credential, exchange.correlationId);
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
