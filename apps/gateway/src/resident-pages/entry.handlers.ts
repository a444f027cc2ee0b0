import {
  acceptResidentReset,
  chooseResident,
  completeActivation,
  confirmResidentEmail,
  DomainError,
  PersonId,
  requestNewLink,
  requestResidentPasswordReset,
  ResidentChoice,
  showActivation,
  showResidentLink,
  signInResident,
  type OutputOf,
  type ResidentSignedIn,
} from '@leasewire/contracts';
import { RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { clientOf } from '../sessions/session.handlers.js';
import {
  activationOverPage,
  activationPage,
  choosePage,
  confirmEmailPage,
  emailDonePage,
  forgotPage,
  linkOverPage,
  resetPage,
  sentPage,
  signInPage,
  type LinkOver,
  type Setting,
} from './entry-pages.js';
import { FormGuard } from './form-guard.js';
import { goTo } from './frame.js';
import { ResidentCookies } from './resident-cookies.js';
import { ResidentVisits } from './resident-visits.js';
import type { ActivationForm, ChooseForm, ConfirmForm, ForgotForm, ResetForm, SignInForm } from './resident.routes.js';
import { endOf, TextConsents } from './text-consents.js';
import { languages, type Texts } from './texts/languages.js';
import { any, codeOf, localeFor, newPasswordProblems, secondsOf, typedEmail, typedPassword, weaknessIn } from './typed.js';

type Activation = OutputOf<typeof showActivation>;
type OpenActivation = Extract<Activation, { state: 'open' }>;
/** With what may be agreed to about text messages, and for which number. */
type Shown = OpenActivation & { readonly textsWording: string | null; readonly phone: string | null };
type Link = OutputOf<typeof showResidentLink>;

/** Pages for who is not signed in yet: a link, a sign-in, a forgotten password. Looking at any of them changes nothing. */
@Injectable()
export class EntryHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly visits: ResidentVisits,
    private readonly forms: FormGuard,
    private readonly cookies: ResidentCookies,
    private readonly texts: TextConsents,
  ) {}

  // — activation —

  async showActivation(exchange: Exchange, token: string): Promise<Answered> {
    return this.#shown(exchange, await this.#activation(exchange, token));
  }

  async activate(
    exchange: Exchange,
    { token, form, password, repeated, terms, texts }: z.output<typeof ActivationForm>,
  ): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const activation = await this.#activation(exchange, token);
    if (activation.state !== 'open') return this.#shown(exchange, activation);
    const setting = this.visits.setting(exchange, activation.locale);
    const t = languages[setting.language];
    const shown = await this.#withTexts(exchange, activation, t);
    const agreed = terms === String(activation.terms.version);
    const problems = { ...newPasswordProblems(t, password, repeated), ...(!agreed && { terms: t.problem.agree }) };
    if (any(problems)) return activationPage(setting, shown, { problems });
    const input = {
      token,
      password,
      acceptedTermsVersion: activation.terms.version,
      locale: activation.locale ?? localeFor(setting.language),
      address: exchange.address.slice(0, 64),
    };
    try {
      const done = await this.rpc.call(completeActivation, input, this.visits.asGateway(exchange));
      if (texts === 'agree') await this.#recordTexts(exchange, shown);
      return await this.#signIn(exchange, done, password);
    } catch (error) {
      return this.#notActivated(exchange, token, setting, shown, error);
    }
  }

  async #notActivated(exchange: Exchange, token: string, setting: Setting, shown: Shown, error: unknown): Promise<Answered> {
    const t = languages[setting.language];
    switch (codeOf(error)) {
      case 'password.too-weak':
        return activationPage(setting, shown, { problems: { password: weaknessIn(t, asDomainError(error)) } });
      case 'activation.terms-needed':
        return activationPage(setting, shown, { problems: { terms: t.problem.agree } });
      case 'activation.terms-changed': {
        const now = await this.#activation(exchange, token);
        return now.state === 'open'
          ? activationPage(setting, { ...shown, ...now }, { note: t.termsChanged })
          : this.#shown(exchange, now);
      }
      case 'activation.link-over':
        return this.#shown(exchange, await this.#activation(exchange, token));
      default:
        throw error;
    }
  }

  async #shown(exchange: Exchange, activation: Activation): Promise<Answered> {
    if (activation.state === 'open') {
      const setting = this.visits.setting(exchange, activation.locale);
      return activationPage(setting, await this.#withTexts(exchange, activation, languages[setting.language]));
    }
    const brand = activation.state === 'unknown' ? undefined : activation.propertyName;
    return activationOverPage(this.visits.setting(exchange), activation.state, brand);
  }

  /** Text messages are an extra: where it cannot be said whether they may be offered, they are not. */
  async #withTexts(exchange: Exchange, activation: OpenActivation, t: Texts): Promise<Shown> {
    const consent = await this.texts.of(activation.personId, this.visits.asGatewayFor(exchange, { id: activation.orgId }));
    const phone = consent?.state === 'open' ? consent.phone : null;
    const sender = activation.organizationName ?? activation.propertyName;
    return { ...activation, phone, textsWording: phone === null ? null : t.textsWording(sender, endOf(phone)) };
  }

  /** The account is live whatever comes of this; on their own page they see what counts, and may say it again. */
  async #recordTexts(exchange: Exchange, { personId, orgId, phone, textsWording }: Shown): Promise<void> {
    if (phone === null || textsWording === null) return;
    try {
      await this.texts.record(personId, phone, 'granted', textsWording, this.visits.asGatewayFor(exchange, { id: orgId }));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }

  async #activation(exchange: Exchange, token: string): Promise<Activation> {
    if (token.length > 400) return { state: 'unknown' };
    return this.rpc.call(showActivation, { token }, this.visits.asGateway(exchange));
  }

  // — a forgotten password, and a new link: one question, one answer —

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
        return await this.#signIn(exchange, account, password);
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

  // — signing in —

  async showSignIn(exchange: Exchange, note: 'signed-out' | 'session-over' | undefined): Promise<Answered> {
    if (note === undefined && (await this.visits.of(exchange)) !== null) return goTo('/my');
    return signInPage(this.visits.setting(exchange), note === undefined ? {} : { note });
  }

  async signIn(exchange: Exchange, { form, email: typed, password }: z.output<typeof SignInForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const setting = this.visits.setting(exchange);
    const t: Texts = languages[setting.language];
    const read = typedEmail(t, typed);
    const problems = { email: 'problem' in read ? read.problem : undefined, password: typedPassword(t, password) };
    if ('problem' in read || any(problems)) return signInPage(setting, { problems, email: typed });
    try {
      return this.#welcome(
        await this.rpc.call(signInResident, this.#proof(exchange, read.email, password), this.visits.asGateway(exchange)),
      );
    } catch (error) {
      if (codeOf(error) === 'sign-in.refused') return signInPage(setting, { email: typed, note: 'refused' });
      if (codeOf(error) === 'sign-in.throttled') return signInPage(setting, { email: typed, waitSeconds: secondsOf(error) });
      const choice = codeOf(error) === 'resident.choose-person' && ResidentChoice.safeParse(asDomainError(error).details);
      if (choice && choice.success) return choosePage(setting, choice.data);
      throw error;
    }
  }

  async choose(exchange: Exchange, { form, choice, person }: z.output<typeof ChooseForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const personId = PersonId.safeParse(person).data;
    const setting = this.visits.setting(exchange);
    if (personId === undefined || choice === '') return signInPage(setting);
    try {
      const input = { choice, personId, ...clientOf(exchange), ...this.#device(exchange) };
      return this.#welcome(await this.rpc.call(chooseResident, input, this.visits.asGateway(exchange)));
    } catch (error) {
      if (codeOf(error) === 'sign-in.refused') return signInPage(setting, { note: 'session-over' });
      throw error;
    }
  }

  /** Who has just set a password is in; where that fails, they sign in by hand. */
  async #signIn(
    exchange: Exchange,
    { email, personId }: { email: string; personId: PersonId },
    password: string,
  ): Promise<Answered> {
    try {
      const proof = { ...this.#proof(exchange, email, password), personId };
      return this.#welcome(await this.rpc.call(signInResident, proof, this.visits.asGateway(exchange)));
    } catch {
      return goTo('/sign-in');
    }
  }

  #proof(exchange: Exchange, email: string, password: string) {
    return { email, password, ...clientOf(exchange), ...this.#device(exchange) };
  }

  #device(exchange: Exchange): { deviceToken?: string } {
    const deviceToken = this.cookies.device.read(exchange.header('cookie'));
    return deviceToken === undefined || deviceToken.length > 1000 ? {} : { deviceToken };
  }

  #welcome({ refreshToken, refreshExpiresAt, deviceToken }: ResidentSignedIn): Answered {
    const halfAYear = new Date(Date.parse(refreshExpiresAt) + 170 * 86_400_000).toISOString();
    return goTo('/my', [
      this.cookies.session.set(refreshToken, refreshExpiresAt),
      this.cookies.device.set(deviceToken, halfAYear),
      this.cookies.look.clear(),
    ]);
  }
}

function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

function whyOver({ details }: DomainError): LinkOver {
  const { why } = details;
  return why === 'used' || why === 'replaced' || why === 'expired' ? why : 'unknown';
}
