import {
  changeResidentPassword,
  closeResidentAccount,
  DomainError,
  endResidentSession,
  endResidentView,
  enterResidentView,
  getProperty,
  listResidentSessions,
  requestResidentEmail,
  resolveAudience,
  SessionId,
  setResidentLanguage,
} from '@leasewire/contracts';
import { RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { closedPage, troublePage, type Setting } from './entry-pages.js';
import type { Problems } from './fields.js';
import { FormGuard } from './form-guard.js';
import { goTo } from './frame.js';
import { accountPage, homePage, lookPage, type AccountNote, type AccountState, type Place, type Visitor } from './my-pages.js';
import { ResidentCookies } from './resident-cookies.js';
import { ResidentVisits, type ResidentVisit, type Visit } from './resident-visits.js';
import type { ClosingForm, EmailForm, LanguageForm, LookForm, PasswordForm, SessionForm, TextsForm } from './resident.routes.js';
import { endOf, TextConsents } from './text-consents.js';
import { languageIn, languages, type Texts } from './texts/languages.js';
import {
  any,
  asDomainError,
  codeOf,
  localeFor,
  newPasswordProblems,
  secondsOf,
  typedEmail,
  typedPassword,
  weaknessIn,
} from './typed.js';

/** Pages of who is signed in, and of staff who look at them. */
@Injectable()
export class MyHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly visits: ResidentVisits,
    private readonly forms: FormGuard,
    private readonly cookies: ResidentCookies,
    private readonly texts: TextConsents,
  ) {}

  async home(exchange: Exchange): Promise<Answered> {
    const visit = await this.visits.of(exchange);
    if (!visit) return this.#signIn();
    const places = await this.#places(exchange, visit);
    return homePage(this.#setting(exchange, visit), visitorOf(visit), places);
  }

  async account(exchange: Exchange, note: AccountNote | undefined): Promise<Answered> {
    const visit = await this.visits.of(exchange);
    return visit ? this.#account(exchange, visit, { note }) : this.#signIn();
  }

  async changeEmail(exchange: Exchange, input: z.output<typeof EmailForm>): Promise<Answered> {
    return this.#asResident(exchange, input.form, async (visit, t) => {
      const read = typedEmail(t, input.newEmail);
      const problems: Problems = {
        newEmail: 'problem' in read ? read.problem : undefined,
        emailPassword: typedPassword(t, input.emailPassword),
      };
      if ('problem' in read || any(problems)) return this.#account(exchange, visit, { problems, newEmail: input.newEmail });
      try {
        const wanted = { current: input.emailPassword, email: read.email };
        await this.rpc.call(requestResidentEmail, wanted, this.visits.asResident(exchange, visit));
        return await this.#account(exchange, visit, { note: 'email-sent', newEmail: read.email });
      } catch (error) {
        if (codeOf(error) === 'conflict.state')
          return this.#account(exchange, visit, { problems: { newEmail: t.sameEmail }, newEmail: input.newEmail });
        return this.#account(exchange, visit, { problems: { emailPassword: refusalIn(t, error) }, newEmail: input.newEmail });
      }
    });
  }

  async changePassword(exchange: Exchange, input: z.output<typeof PasswordForm>): Promise<Answered> {
    return this.#asResident(exchange, input.form, async (visit, t) => {
      const problems = { current: typedPassword(t, input.current), ...newPasswordProblems(t, input.password, input.repeated) };
      if (any(problems)) return this.#account(exchange, visit, { problems });
      try {
        const { current, password } = input;
        await this.rpc.call(changeResidentPassword, { current, password }, this.visits.asResident(exchange, visit));
        return goTo('/my/account?said=password-changed', visit.cookies);
      } catch (error) {
        if (codeOf(error) === 'password.too-weak')
          return this.#account(exchange, visit, { problems: { password: weaknessIn(t, asDomainError(error)) } });
        return this.#account(exchange, visit, { problems: { current: refusalIn(t, error) } });
      }
    });
  }

  /** What is agreed to is written down in the words that stood beside the box. */
  async changeTexts(exchange: Exchange, { form, texts }: z.output<typeof TextsForm>): Promise<Answered> {
    return this.#asResident(exchange, form, async (visit, t) => {
      const { personId } = visit.account;
      const options = this.visits.asGatewayFor(exchange, visit.organization);
      const consent = await this.texts.of(personId, options);
      if (!consent || consent.state === 'stopped') return this.#account(exchange, visit, {});
      const answer = texts === 'agree' ? 'granted' : texts === 'stop' && consent.state === 'granted' ? 'refused' : null;
      if (answer === null) return this.#account(exchange, visit, { problems: { texts: t.problem.texts } });
      const wording = answer === 'granted' ? t.textsWording(visit.organization.name, endOf(consent.phone)) : t.textsStop;
      await this.texts.record(personId, consent.phone, answer, wording, options);
      return goTo('/my/account?said=texts-saved', visit.cookies);
    });
  }

  /** No password: whoever sits at another’s phone would gain nothing by it. */
  async changeLanguage(exchange: Exchange, { form, language }: z.output<typeof LanguageForm>): Promise<Answered> {
    return this.#asResident(exchange, form, async (visit, t) => {
      const chosen = languageIn(language);
      if (chosen === undefined) return this.#account(exchange, visit, { problems: { language: t.problem.required } });
      if (chosen !== languageIn(visit.account.locale))
        await this.rpc.call(setResidentLanguage, { locale: localeFor(chosen) }, this.visits.asResident(exchange, visit));
      return goTo('/my/account?said=language-saved', visit.cookies);
    });
  }

  async endSession(exchange: Exchange, { form, session }: z.output<typeof SessionForm>): Promise<Answered> {
    return this.#asResident(exchange, form, async (visit) => {
      const sessionId = session === 'others' ? session : SessionId.safeParse(session).data;
      if (sessionId !== undefined) await this.#end(exchange, visit, sessionId);
      return goTo('/my/account?said=sessions-ended', visit.cookies);
    });
  }

  async signOut(exchange: Exchange, form: string): Promise<Answered> {
    return this.#asResident(exchange, form, async (visit) => {
      await this.#end(exchange, visit, 'current');
      return goTo('/sign-in?said=signed-out', [this.cookies.session.clear()]);
    });
  }

  async close(exchange: Exchange, { form, closePassword }: z.output<typeof ClosingForm>): Promise<Answered> {
    return this.#asResident(exchange, form, async (visit, t) => {
      const problem = typedPassword(t, closePassword);
      if (problem !== undefined) return this.#account(exchange, visit, { problems: { closePassword: problem } });
      try {
        await this.rpc.call(closeResidentAccount, { current: closePassword }, this.visits.asResident(exchange, visit));
        return closedPage(
          this.visits.setting(exchange, visit.account.locale, [this.cookies.session.clear(), this.cookies.device.clear()]),
        );
      } catch (error) {
        return this.#account(exchange, visit, { problems: { closePassword: refusalIn(t, error) } });
      }
    });
  }

  // — staff who look —

  async showLook(exchange: Exchange, token: string): Promise<Answered> {
    const look = await this.#look(exchange, token);
    return look ? lookPage(this.visits.setting(exchange), look) : this.#lookOver(exchange);
  }

  async beginLook(exchange: Exchange, { token, form }: z.output<typeof LookForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const look = await this.#look(exchange, token);
    return look ? goTo('/my', [this.cookies.look.set(token, look.expiresAt)]) : this.#lookOver(exchange);
  }

  async endLook(exchange: Exchange, form: string): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const token = this.cookies.look.read(exchange.header('cookie'));
    if (token !== undefined) await this.rpc.call(endResidentView, { token }, this.visits.asGateway(exchange));
    const ended = this.#lookOver(exchange);
    return { ...ended, status: 200, cookies: [...(ended.cookies ?? []), this.cookies.look.clear()] };
  }

  async #look(exchange: Exchange, token: string) {
    try {
      const { view, account, organization } = await this.rpc.call(enterResidentView, { token }, this.visits.asGateway(exchange));
      return {
        name: account?.name ?? view.personId,
        organization: organization.name,
        reason: view.reason,
        expiresAt: view.expiresAt,
      };
    } catch (error) {
      if (codeOf(error) === 'session.ended') return null;
      throw error;
    }
  }

  #lookOver(exchange: Exchange): Answered {
    const { language } = this.visits.setting(exchange);
    return troublePage(language, 410, languages[language].lookOverLead, languages[language].lookOverTitle);
  }

  // — common to all —

  async #asResident(
    exchange: Exchange,
    form: string,
    act: (visit: ResidentVisit, t: Texts) => Promise<Answered>,
  ): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const visit = await this.visits.of(exchange);
    if (!visit) return this.#signIn();
    const { language } = this.#setting(exchange, visit);
    if (visit.kind === 'look') return troublePage(language, 403, languages[language].lookReadOnly);
    return act(visit, languages[language]);
  }

  async #account(exchange: Exchange, visit: Visit, state: Omit<AccountState, 'sessions' | 'texts'>): Promise<Answered> {
    const personId = visit.kind === 'look' ? visit.view.personId : visit.account.personId;
    const [sessions, texts] = await Promise.all([
      this.#sessions(exchange, visit),
      this.texts.of(personId, this.visits.asGatewayFor(exchange, visit.organization)),
    ]);
    return accountPage(this.#setting(exchange, visit), visitorOf(visit), { ...state, sessions, texts });
  }

  /** Where they are signed in is the residents' own affair, not that of staff who look. */
  async #sessions(exchange: Exchange, visit: Visit): Promise<AccountState['sessions']> {
    if (visit.kind === 'look') return [];
    return (await this.rpc.call(listResidentSessions, {}, this.visits.asResident(exchange, visit))).items;
  }

  /** null: directory does not answer; the rest of the page is of use without it. */
  async #places(exchange: Exchange, visit: Visit): Promise<Place[] | null> {
    const personId = visit.kind === 'look' ? visit.view.personId : visit.account.personId;
    const options = this.visits.asGatewayFor(exchange, visit.organization);
    try {
      const { items } = await this.rpc.call(
        resolveAudience,
        { selection: { personIds: [personId] }, properties: 'all', limit: 50 },
        options,
      );
      const here = items.filter(({ state }) => state === 'active');
      const ids = [...new Set(here.map(({ propertyId }) => propertyId))];
      const properties = await Promise.all(ids.map((propertyId) => this.rpc.call(getProperty, { propertyId }, options)));
      const nameOf = new Map(properties.map(({ id, name }) => [id, name]));
      return here.map(({ propertyId, unit }) => ({ property: nameOf.get(propertyId) ?? '', unit }));
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  /** A session that is over meanwhile has ended, as was wanted. */
  async #end(exchange: Exchange, visit: ResidentVisit, sessionId: SessionId | 'current' | 'others'): Promise<void> {
    try {
      await this.rpc.call(endResidentSession, { sessionId }, this.visits.asResident(exchange, visit));
    } catch (error) {
      if (codeOf(error) !== 'not-found') throw error;
    }
  }

  #setting(exchange: Exchange, visit: Visit): Setting {
    return this.visits.setting(exchange, visit.account?.locale, visit.cookies);
  }

  #signIn(): Answered {
    return goTo('/sign-in?said=session-over', [this.cookies.session.clear()]);
  }
}

function visitorOf(visit: Visit): Visitor {
  const { account, organization } = visit;
  return {
    name: account?.name ?? '',
    email: account?.email ?? '',
    ownEmail: account?.emailSource === 'resident',
    organization: organization.name,
    locale: account?.locale ?? 'en-US',
    lookedAtBy: visit.kind === 'look' ? visit.view.byName : null,
  };
}

function refusalIn(t: Texts, error: unknown): string {
  if (codeOf(error) === 'password.wrong') return t.problem.wrongPassword;
  if (codeOf(error) === 'sign-in.throttled') return t.throttled(secondsOf(error));
  throw error;
}
