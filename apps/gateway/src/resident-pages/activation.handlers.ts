import { completeActivation, DomainError, showActivation, stopReminders, type Locale, type OutputOf } from '@leasewire/contracts';
import { RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { addressKey } from '../http/addresses.js';
import { Limiter } from '../rate-limit/limiter.js';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { activationOverPage, activationPage, markOf, remindersStoppedPage } from './activation-pages.js';
import type { Setting } from './entry-pages.js';
import { Entrance } from './entrance.js';
import { FormGuard } from './form-guard.js';
import { goTo } from './frame.js';
import { ResidentVisits } from './resident-visits.js';
import type { ActivationForm, ActivationQuery, StopForm } from './resident.routes.js';
import { endOf, TextConsents } from './text-consents.js';
import { languageIn, languages, type Language, type Texts } from './texts/languages.js';
import type { Problems } from './fields.js';
import { any, asDomainError, codeOf, localeFor, newPasswordProblems, weaknessIn } from './typed.js';

type Activation = OutputOf<typeof showActivation>;
type OpenActivation = Extract<Activation, { state: 'open' }>;
/** By which link, and in which language they want the page where they said so. */
interface Asked {
  readonly token: string;
  readonly picked: Language | undefined;
}
type Opened = OpenActivation & Asked;
/** With what may be agreed to about text messages, and for which number. */
type Shown = Opened & { readonly textsWording: string | null; readonly phone: string | null };

/** The page behind the link of a welcome mail. Looking at it changes nothing. */
@Injectable()
export class ActivationHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly visits: ResidentVisits,
    private readonly forms: FormGuard,
    private readonly entrance: Entrance,
    private readonly texts: TextConsents,
    private readonly limiter: Limiter,
  ) {}

  async show(exchange: Exchange, { token, language }: z.output<typeof ActivationQuery>): Promise<Answered> {
    const activation = await this.#activation(exchange, token);
    if (activation.state === 'unknown') this.#countGuess(exchange);
    return this.#shown(exchange, { token, picked: languageIn(language) }, activation);
  }

  async activate(
    exchange: Exchange,
    { token, form, language, password, repeated, terms, texts }: z.output<typeof ActivationForm>,
  ): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const asked = { token, picked: languageIn(language) };
    const activation = await this.#activation(exchange, token);
    if (activation.state !== 'open') return this.#again(exchange, asked, activation, password);
    const setting = this.#setting(exchange, asked, activation);
    const t = languages[setting.language];
    const shown = await this.#withTexts(exchange, { ...activation, ...asked }, t);
    const problems = { ...newPasswordProblems(t, password, repeated), ...termsProblem(t, terms, activation) };
    if (any(problems)) return activationPage(setting, shown, { problems });
    const input = {
      token,
      password,
      acceptedTermsVersion: activation.terms.version,
      acceptedTermsPropertyId: activation.terms.propertyId,
      locale: localeOf(asked, activation, setting),
      address: exchange.address.slice(0, 64),
    };
    try {
      const done = await this.rpc.call(completeActivation, input, this.visits.asGateway(exchange));
      if (texts === 'agree') await this.#recordTexts(exchange, shown);
      return await this.entrance.withNewPassword(exchange, done, password);
    } catch (error) {
      return this.#notActivated(exchange, setting, { ...shown, password }, error);
    }
  }

  async stopReminders(exchange: Exchange, { token, form, stop, language }: z.output<typeof StopForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    if (stop !== 'yes' || token.length > 400) return goTo(`/activate/${encodeURIComponent(token)}`);
    await this.rpc.call(stopReminders, { token }, this.visits.asGateway(exchange));
    const asked = { token, picked: languageIn(language) };
    return remindersStoppedPage(this.#setting(exchange, asked, await this.#activation(exchange, token)));
  }

  async #notActivated(
    exchange: Exchange,
    setting: Setting,
    { password, ...shown }: Shown & { readonly password: string },
    error: unknown,
  ): Promise<Answered> {
    const t = languages[setting.language];
    switch (codeOf(error)) {
      case 'password.too-weak':
        return activationPage(setting, shown, { problems: { password: weaknessIn(t, asDomainError(error)) } });
      case 'activation.terms-needed':
        return activationPage(setting, shown, { problems: { terms: t.problem.agree } });
      case 'activation.terms-changed': {
        const now = await this.#activation(exchange, shown.token);
        return now.state === 'open'
          ? activationPage(setting, { ...shown, ...now }, { note: t.termsChanged })
          : this.#shown(exchange, shown, now);
      }
      case 'activation.link-over':
        return this.#again(exchange, shown, await this.#activation(exchange, shown.token), password);
      case 'timeout':
      case 'unavailable':
        return activationPage(setting, shown, { note: t.notAnswered, status: 503 });
      default:
        throw error;
    }
  }

  /** A second click, or the form once more because no answer came: whoever types the password of the account is let in. */
  async #again(exchange: Exchange, asked: Asked, activation: Activation, password: string): Promise<Answered> {
    const account = activation.state === 'used' && password !== '' ? activation.account : undefined;
    const letIn = account && (await this.entrance.ifItFits(exchange, account, password));
    return letIn ?? this.#shown(exchange, asked, activation);
  }

  async #shown(exchange: Exchange, { token, picked }: Asked, activation: Activation): Promise<Answered> {
    const asked = { token, picked };
    const setting = this.#setting(exchange, asked, activation);
    if (activation.state === 'open')
      return activationPage(setting, await this.#withTexts(exchange, { ...activation, ...asked }, languages[setting.language]));
    const brand = activation.state === 'unknown' ? undefined : activation.propertyName;
    const canAskAgain = activation.state === 'unknown' || activation.canAskAgain;
    return activationOverPage(setting, { state: activation.state, brand, canAskAgain, ...asked });
  }

  #setting(exchange: Exchange, { picked }: Asked, activation: Activation): Setting {
    return this.visits.setting(exchange, picked ?? (activation.state === 'unknown' ? null : activation.locale));
  }

  /** Text messages are an extra: where it cannot be said whether they may be offered, they are not. */
  async #withTexts(exchange: Exchange, activation: Opened, t: Texts): Promise<Shown> {
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

  /** All of a building may sit behind one address and open its mail at once. Whoever tries tokens is slowed down as at sign-in. */
  #countGuess(exchange: Exchange): void {
    const taken = this.limiter.take('sign-in', addressKey(exchange.address));
    if (!taken) return;
    exchange.rateLimit = taken.headers;
    if (taken.refusal) throw taken.refusal;
  }

  async #activation(exchange: Exchange, token: string): Promise<Activation> {
    if (token.length > 400) return { state: 'unknown' };
    return this.rpc.call(showActivation, { token }, this.visits.asGateway(exchange));
  }
}

function termsProblem(t: Texts, ticked: string, { terms }: OpenActivation): Problems {
  if (ticked === markOf(terms)) return {};
  return { terms: ticked === '' ? t.problem.agree : t.termsChanged };
}

/** What is remembered as their choice. A language that the pages do not speak is not denied by having read another one here. */
function localeOf({ picked }: Asked, { locale }: OpenActivation, { language }: Setting): z.output<typeof Locale> {
  if (picked === undefined || picked === languageIn(locale)) return locale ?? localeFor(language);
  return localeFor(picked);
}
