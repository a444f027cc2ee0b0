import type { Answered } from '../routing/answer.js';
import {
  currentPasswordField,
  emailField,
  formToken,
  newPasswordFields,
  summaryOf,
  usernameFor,
  type Problems,
} from './fields.js';
import type { OpenForm } from './form-guard.js';
import { framed, type Page } from './frame.js';
import { html } from './html.js';
import { languages, type Language, type Texts } from './texts/languages.js';

/** The language of a page, and what its forms need. */
export interface Setting {
  readonly language: Language;
  readonly form: OpenForm;
}

export const isWrong = (problems: Problems): boolean => Object.values(problems).some((problem) => problem !== undefined);
export const textsOf = ({ language }: Setting): Texts => languages[language];

export function page(setting: Setting, about: Omit<Page, 'language' | 'cookies'>): Answered {
  return framed({ ...about, language: setting.language, cookies: setting.form.cookies });
}

export function forgotPage(
  setting: Setting,
  { problems = {}, email = '' }: { problems?: Problems; email?: string } = {},
): Answered {
  const t = textsOf(setting);
  const wrong = isWrong(problems);
  return page(setting, {
    title: t.forgotTitle,
    status: wrong ? 422 : 200,
    wrong,
    body: html`<div class="card">
      <h1>${t.forgotTitle}</h1>
      <p class="soft">${t.forgotLead}</p>
      <form method="post" action="/password/forgot">
        ${formToken(setting.form.token)}
        ${emailField({ name: 'email', label: t.email, value: email, problem: problems['email'] })}
        <button type="submit">${t.forgotButton}</button>
      </form>
      <a class="button quiet" href="/sign-in">${t.signInTitle}</a>
    </div>`,
  });
}

/** The same for everybody, whether anything was sent or not. */
export function sentPage(setting: Setting, email: string): Answered {
  const t = textsOf(setting);
  return page(setting, {
    title: t.sentTitle,
    body: html`<div class="card">
      <h1>${t.sentTitle}</h1>
      <p>${t.sentLead(email)}</p>
      <p class="soft">${t.sentHint}</p>
      <a class="button quiet" href="/password/forgot">${t.tryAgain}</a>
    </div>`,
  });
}

export interface MailedLink {
  readonly name: string;
  readonly email: string;
  readonly organization: string;
}

export function resetPage(setting: Setting, link: MailedLink, problems: Problems = {}): Answered {
  const t = textsOf(setting);
  const wrong = isWrong(problems);
  return page(setting, {
    title: t.resetTitle,
    brand: link.organization,
    status: wrong ? 422 : 200,
    wrong,
    body: html`<div class="card">
      <h1>${t.resetTitle}</h1>
      <p class="soft">${t.resetLead(link.name)}</p>
      ${summaryOf(t, problems)}
      <form method="post" autocomplete="on">
        ${formToken(setting.form.token)}${usernameFor(link.email)} ${newPasswordFields(t, problems)}
        <button type="submit">${t.resetButton}</button>
      </form>
    </div>`,
  });
}

export function confirmEmailPage(setting: Setting, link: MailedLink, problems: Problems = {}): Answered {
  const t = textsOf(setting);
  const wrong = isWrong(problems);
  return page(setting, {
    title: t.emailTitle,
    brand: link.organization,
    status: wrong ? 422 : 200,
    wrong,
    body: html`<div class="card">
      <h1>${t.emailTitle}</h1>
      <p class="soft">${t.emailLead(link.email)}</p>
      ${summaryOf(t, problems)}
      <form method="post" autocomplete="on">
        ${formToken(setting.form.token)}${usernameFor(link.email)}
        ${currentPasswordField({ name: 'password', label: t.currentPassword, hint: t.emailHint, problem: problems['password'] })}
        <button type="submit">${t.emailButton}</button>
      </form>
    </div>`,
  });
}

export function emailDonePage(setting: Setting, email: string): Answered {
  const t = textsOf(setting);
  return page(setting, {
    title: t.emailDoneTitle,
    body: html`<div class="card">
      <h1>${t.emailDoneTitle}</h1>
      <p class="soft">${t.emailDoneLead(email)}</p>
      <a class="button" href="/my">${t.home}</a>
    </div>`,
  });
}

export type LinkOver = 'used' | 'replaced' | 'expired' | 'unknown';
export function linkOverPage(setting: Setting, why: LinkOver): Answered {
  const t = textsOf(setting);
  const lead = { used: t.linkOverUsed, replaced: t.linkOverReplaced, expired: t.linkOverExpired, unknown: t.linkOverUnknown }[
    why
  ];
  return page(setting, {
    title: t.linkOverTitle,
    status: why === 'unknown' ? 404 : 410,
    body: html`<div class="card">
      <h1>${t.linkOverTitle}</h1>
      <p class="soft">${lead}</p>
      <a class="button" href="/password/forgot">${t.forgotButton}</a><a class="button quiet" href="/sign-in">${t.signInTitle}</a>
    </div>`,
  });
}

export type SignInNote = 'signed-out' | 'session-over' | 'refused';
export function signInPage(
  setting: Setting,
  {
    problems = {},
    email = '',
    note,
    waitSeconds,
  }: { problems?: Problems; email?: string; note?: SignInNote; waitSeconds?: number } = {},
): Answered {
  const t = textsOf(setting);
  const wrong = isWrong(problems) || note === 'refused' || waitSeconds !== undefined;
  const said = { 'signed-out': t.signedOut, 'session-over': t.sessionOver, refused: t.refused };
  return page(setting, {
    title: t.signInTitle,
    status: waitSeconds !== undefined ? 429 : note === 'refused' ? 401 : wrong ? 422 : 200,
    wrong,
    body: html`<div class="card">
      <h1>${t.signInTitle}</h1>
      <p class="soft">${t.signInLead}</p>
      ${waitSeconds !== undefined && html`<p class="alert" role="alert">${t.throttled(waitSeconds)}</p>`}
      ${note !== undefined && html`<p class="${note === 'refused' ? 'alert' : 'done'}" role="${note === 'refused' ? 'alert' : 'status'}">${said[note]}</p>`}
      <form method="post" action="/sign-in" autocomplete="on">
        ${formToken(setting.form.token)}
        ${emailField({ name: 'email', label: t.email, value: email, problem: problems['email'] })}
        ${currentPasswordField({ name: 'password', label: t.password, problem: problems['password'] })}
        <button type="submit">${t.signInButton}</button>
      </form>
      <a class="more" href="/password/forgot">${t.forgotLink}</a>
    </div>`,
  });
}

interface Choice {
  readonly choice: string;
  readonly persons: readonly { readonly personId: string; readonly name: string; readonly organization: string }[];
}

export function choosePage(setting: Setting, { choice, persons }: Choice): Answered {
  const t = textsOf(setting);
  return page(setting, {
    title: t.chooseTitle,
    body: html`<div class="card">
      <h1>${t.chooseTitle}</h1>
      <p class="soft">${t.chooseLead}</p>
      <form method="post" action="/sign-in/choose">
        ${formToken(setting.form.token)}<input type="hidden" name="choice" value="${choice}" />
        ${persons.map(({ personId, name, organization }) => html`<button class="quiet" name="person" value="${personId}">${name}<br /><span class="small soft">${organization}</span></button>`)}
      </form>
    </div>`,
  });
}

export function closedPage(setting: Setting): Answered {
  const t = textsOf(setting);
  return page(setting, {
    title: t.closedTitle,
    body: html`<div class="card">
      <h1>${t.closedTitle}</h1>
      <p class="soft">${t.closedLead}</p>
    </div>`,
  });
}

/** What is said when something else went wrong. */
export function troublePage(
  language: Language,
  status: number,
  message: string,
  title = languages[language].errorTitle,
): Answered {
  const t = languages[language];
  return framed({
    language,
    title,
    status,
    body: html`<div class="card">
      <h1>${title}</h1>
      <p role="alert">${message}</p>
      <a class="button quiet" href="/sign-in">${t.toSignIn}</a>
    </div>`,
  });
}
