import {
  acceptResidentReset,
  confirmResidentEmail,
  requestNewLink,
  requestResidentPasswordReset,
  showResidentLink,
  type DomainError,
  type OutputOf,
} from '@leasewire/contracts';
import { RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { clientOf } from '../sessions/session.handlers.js';
import {
  confirmEmailPage,
  emailDonePage,
  forgotPage,
  linkOverPage,
  resetPage,
  sentPage,
  type LinkOver,
  type Setting,
} from './entry-pages.js';
import { Entrance } from './entrance.js';
import { FormGuard } from './form-guard.js';
import { ResidentVisits } from './resident-visits.js';
import type { ConfirmForm, ForgotForm, ResetForm } from './resident.routes.js';
import { languages } from './texts/languages.js';
import { any, asDomainError, codeOf, newPasswordProblems, secondsOf, typedEmail, typedPassword, weaknessIn } from './typed.js';

type Link = OutputOf<typeof showResidentLink>;

/** Links that residents ask for: a forgotten password (or a new activation link: one question, one answer), another address. */
@Injectable()
export class MailedLinkHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly visits: ResidentVisits,
    private readonly forms: FormGuard,
    private readonly entrance: Entrance,
  ) {}

  showForgot(exchange: Exchange): Answered {
    return forgotPage(this.visits.setting(exchange));
  }

  async forgot(exchange: Exchange, { form, email: typed }: z.output<typeof ForgotForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const setting = this.visits.setting(exchange);
    const read = typedEmail(languages[setting.language], typed);
    if ('problem' in read) return forgotPage(setting, { problems: { email: read.problem }, email: typed });
    const { email } = read;
    const options = this.visits.asGateway(exchange);
    // Who has an account gets a link for a new password, who has none yet an activation link; each service knows its own.
    await Promise.all([
      this.rpc.call(requestResidentPasswordReset, { email, ...clientOf(exchange) }, options),
      this.rpc.call(requestNewLink, { email }, options),
    ]);
    return sentPage(setting, email);
  }

  async showReset(exchange: Exchange, token: string): Promise<Answered> {
    return this.#withLink(exchange, token, 'password-reset', (link, setting) => Promise.resolve(resetPage(setting, link)));
  }

  async reset(exchange: Exchange, { token, form, password, repeated }: z.output<typeof ResetForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    return this.#withLink(exchange, token, 'password-reset', async (link, setting) => {
      const t = languages[setting.language];
      const problems = newPasswordProblems(t, password, repeated);
      if (any(problems)) return resetPage(setting, link, problems);
      try {
        const account = await this.rpc.call(acceptResidentReset, { token, password }, this.visits.asGateway(exchange));
        return await this.entrance.withNewPassword(exchange, account, password);
      } catch (error) {
        if (codeOf(error) !== 'password.too-weak') throw error;
        return resetPage(setting, link, { password: weaknessIn(t, asDomainError(error)) });
      }
    });
  }

  // — another e-mail address —

  async showConfirm(exchange: Exchange, token: string): Promise<Answered> {
    return this.#withLink(exchange, token, 'email-change', (link, setting) => Promise.resolve(confirmEmailPage(setting, link)));
  }

  async confirm(exchange: Exchange, { token, form, password }: z.output<typeof ConfirmForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    return this.#withLink(exchange, token, 'email-change', async (link, setting) => {
      const t = languages[setting.language];
      const problem = typedPassword(t, password);
      if (problem !== undefined) return confirmEmailPage(setting, link, { password: problem });
      try {
        const { email } = await this.rpc.call(confirmResidentEmail, { token, password }, this.visits.asGateway(exchange));
        return emailDonePage(setting, email);
      } catch (error) {
        if (codeOf(error) === 'password.wrong') return confirmEmailPage(setting, link, { password: t.problem.wrongPassword });
        if (codeOf(error) === 'sign-in.throttled')
          return confirmEmailPage(setting, link, { password: t.throttled(secondsOf(error)) });
        throw error;
      }
    });
  }

  async #withLink(
    exchange: Exchange,
    token: string,
    purpose: Link['purpose'],
    show: (link: Link, setting: Setting) => Promise<Answered>,
  ): Promise<Answered> {
    try {
      if (!showResidentLink.input.shape.token.safeParse(token).success)
        return linkOverPage(this.visits.setting(exchange), 'unknown');
      const link = await this.rpc.call(showResidentLink, { token }, this.visits.asGateway(exchange));
      if (link.purpose !== purpose) return linkOverPage(this.visits.setting(exchange), 'unknown');
      return await show(link, this.visits.setting(exchange, link.locale));
    } catch (error) {
      if (codeOf(error) !== 'link.invalid') throw error;
      return linkOverPage(this.visits.setting(exchange), whyOver(asDomainError(error)));
    }
  }
}

function whyOver({ details }: DomainError): LinkOver {
  const { why } = details;
  return why === 'used' || why === 'replaced' || why === 'expired' ? why : 'unknown';
}
