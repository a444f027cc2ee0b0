import {
  DomainError,
  enterResidentSession,
  enterResidentView,
  type Organization,
  type OutputOf,
  type PersonId,
  type SessionId,
} from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { Exchange } from '../routing/exchange.js';
import { clientOf } from '../sessions/session.handlers.js';
import type { Setting } from './entry-pages.js';
import { FormGuard } from './form-guard.js';
import { ResidentCookies } from './resident-cookies.js';
import { languageOf } from './texts/languages.js';

type Entered = OutputOf<typeof enterResidentSession>;
type Looked = OutputOf<typeof enterResidentView>;

/** Whose pages are shown, to whom. `cookies` are to be set with the answer, whatever it is. */
export type Visit =
  | (Pick<Entered, 'account' | 'organization' | 'sessionId'> & { readonly kind: 'resident'; readonly cookies: readonly string[] })
  | (Pick<Looked, 'account' | 'organization' | 'view'> & { readonly kind: 'look'; readonly cookies: readonly string[] });
export type ResidentVisit = Extract<Visit, { kind: 'resident' }>;

@Injectable()
export class ResidentVisits {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly cookies: ResidentCookies,
    private readonly forms: FormGuard,
  ) {}

  /** null: nobody is signed in here, or not any more. A look comes first: staff may have an account of their own too. */
  async of(exchange: Exchange): Promise<Visit | null> {
    const cookie = exchange.header('cookie');
    const look = this.cookies.look.read(cookie);
    if (look !== undefined) {
      const looked = await unlessOver(this.rpc.call(enterResidentView, { token: look }, this.asGateway(exchange)));
      if (looked) return { kind: 'look', ...looked, cookies: [] };
    }
    const refreshToken = this.cookies.session.read(cookie);
    if (refreshToken === undefined || refreshToken.length > 400) return null;
    const client = clientOf(exchange);
    const entered = await unlessOver(this.rpc.call(enterResidentSession, { refreshToken, ...client }, this.asGateway(exchange)));
    if (!entered) return null;
    const next = entered.refreshToken;
    return {
      kind: 'resident',
      ...entered,
      cookies: next === null ? [] : [this.cookies.session.set(next, entered.refreshExpiresAt)],
    };
  }

  setting(exchange: Exchange, ownLocale?: string | null, cookies: readonly string[] = []): Setting {
    const form = this.forms.open(exchange);
    return {
      language: languageOf(ownLocale, exchange.header('accept-language')),
      form: { ...form, cookies: [...form.cookies, ...cookies] },
    };
  }

  asGateway({ correlationId, traceparent }: Exchange): CallOptions {
    return { assertion: this.assertions.forService(null), correlationId, ...(traceparent !== undefined && { traceparent }) };
  }

  asGatewayFor(exchange: Exchange, { id }: Pick<Organization, 'id'>): CallOptions {
    return { ...this.asGateway(exchange), assertion: this.assertions.forService(id) };
  }

  asResident(exchange: Exchange, { account, organization, sessionId }: ResidentVisit): CallOptions {
    return { ...this.asGateway(exchange), assertion: this.#speakFor(account.personId, organization, sessionId, account.name) };
  }

  #speakFor(personId: PersonId, { id }: Pick<Organization, 'id'>, sessionId: SessionId, name: string): string {
    return this.assertions.forActor({ ref: `resident:${personId}`, orgId: id, permissions: {}, properties: [], sessionId, name });
  }
}

async function unlessOver<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DomainError && (error.code === 'session.ended' || error.code === 'invalid-input')) return null;
    throw error;
  }
}
