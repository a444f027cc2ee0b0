import { acceptLink, DomainError, requestPasswordReset, showLink } from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { empty, json, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { clientOf } from '../sessions/session.handlers.js';
import type { AcceptForm, AcceptInput, ResetInput, TokenInput } from './link.routes.js';
import { PasswordPage } from './password-page.js';

@Injectable()
export class LinkHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly page: PasswordPage,
  ) {}

  /** GET /v1/links/:token */
  async show(exchange: Exchange, { token }: z.output<typeof TokenInput>): Promise<Answer> {
    return json(200, await this.rpc.call(showLink, { token }, this.#asGateway(exchange)));
  }

  /** POST /v1/links/:token/accept */
  async accept(exchange: Exchange, input: z.output<typeof AcceptInput>): Promise<Answer> {
    return json(200, await this.rpc.call(acceptLink, input, this.#asGateway(exchange)));
  }

  /** POST /v1/password-resets */
  async requestReset(exchange: Exchange, { email }: z.output<typeof ResetInput>): Promise<Answer> {
    await this.rpc.call(requestPasswordReset, { email, ...clientOf(exchange) }, this.#asGateway(exchange));
    return empty(204);
  }

  /** GET /staff-link/:token: what a copied or mailed link opens. It changes nothing: mail scanners open everything. */
  async showPage(exchange: Exchange, { token }: { token: string }): Promise<Answer> {
    try {
      return this.page.form(await this.#linkOf(exchange, token));
    } catch (error) {
      return this.page.failed(asDomainError(error));
    }
  }

  /** POST /staff-link/:token: the page's own form. */
  async submitPage(exchange: Exchange, { token, password, repeated, name }: z.output<typeof AcceptForm>): Promise<Answer> {
    try {
      const link = await this.#linkOf(exchange, token);
      const given = { name: name ?? link.name };
      if (password !== repeated) return this.page.form(link, { ...given, repeated: 'The two passwords are not the same.' });
      const parsed = acceptLink.input.safeParse({ token, password, ...(name !== undefined && { name }) });
      if (!parsed.success) return this.page.form(link, { ...given, ...problemsOf(parsed.error) });
      try {
        await this.rpc.call(acceptLink, parsed.data, this.#asGateway(exchange));
        return this.page.done(link);
      } catch (error) {
        const known = asDomainError(error);
        if (known.code !== 'password.too-weak') throw error;
        return this.page.form(link, { ...given, password: known.message });
      }
    } catch (error) {
      return this.page.failed(asDomainError(error));
    }
  }

  #linkOf(exchange: Exchange, token: string) {
    const known = showLink.input.shape.token.safeParse(token);
    if (!known.success) throw new DomainError('link.invalid', 'This link is not complete. Copy all of it, or ask for a new one.');
    return this.rpc.call(showLink, { token }, this.#asGateway(exchange));
  }

  #asGateway({ correlationId, traceparent }: Exchange): CallOptions {
    return { assertion: this.assertions.forService(null), correlationId, ...(traceparent !== undefined && { traceparent }) };
  }
}

function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

function problemsOf(error: z.core.$ZodError): { password?: string; nameProblem?: string } {
  const of = (field: string): string | undefined => error.issues.find((issue) => issue.path[0] === field)?.message;
  const [password, name] = [of('password'), of('name')];
  return {
    ...(password !== undefined && { password: `The password ${password}.` }),
    ...(name !== undefined && { nameProblem: 'Please give your name.' }),
  };
}
