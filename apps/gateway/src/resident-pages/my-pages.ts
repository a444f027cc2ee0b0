import type { Answered } from '../routing/answer.js';
import { deviceOf } from './device.js';
import type { Setting } from './entry-pages.js';
import {
  currentPasswordField,
  emailField,
  formToken,
  languageField,
  newPasswordFields,
  summaryOf,
  textsTick,
  usernameFor,
  type Problems,
} from './fields.js';
import { framed, type Page } from './frame.js';
import { html, type Html, type Part } from './html.js';
import { endOf, type TextConsent } from './text-consents.js';
import { languages, type Texts } from './texts/languages.js';

/** Whose pages these are, and who looks at them. */
export interface Visitor {
  readonly name: string;
  readonly email: string;
  readonly ownEmail: boolean;
  readonly organization: string;
  readonly locale: string;
  /** Name of the staff member who looks; null: the residents themselves. */
  readonly lookedAtBy: string | null;
}
export interface Place {
  readonly property: string;
  readonly unit: string | null;
}
export interface ShownSession {
  readonly id: string;
  readonly userAgent: string;
  readonly lastUsedAt: string;
  readonly current: boolean;
}

function framedFor(setting: Setting, visitor: Visitor, about: Omit<Page, 'language' | 'cookies' | 'banner'>): Answered {
  const t = languages[setting.language];
  const { lookedAtBy, name } = visitor;
  return framed({
    brand: visitor.organization,
    ...about,
    language: setting.language,
    cookies: setting.form.cookies,
    banner:
      lookedAtBy !== null &&
      html`<section class="look" aria-label="${t.lookTitle(name)}">
        ${t.lookBanner(lookedAtBy, name)}
        <form method="post" action="/my/look-end">
          ${formToken(setting.form.token)}<button type="submit">${t.lookStop}</button>
        </form>
      </section>`,
  });
}

export function homePage(setting: Setting, visitor: Visitor, places: readonly Place[] | null): Answered {
  const t = languages[setting.language];
  return framedFor(setting, visitor, {
    title: t.home,
    at: 'home',
    ...(places?.length === 1 && { brand: places[0]?.property ?? visitor.organization }),
    body: html`<h1 class="page">${t.hello(visitor.name)}</h1>
      <section class="card" aria-labelledby="place">
        <h2 class="eyebrow" id="place">${t.placeTitle}</h2>
        ${placesOf(t, places)}
      </section>
      <section class="card" aria-labelledby="wifi">
        <h2 class="eyebrow" id="wifi">${t.wifiTitle}</h2>
        <div class="wifi">
          <div class="qr" aria-hidden="true">QR</div>
          <p class="big">${t.wifiNotReady}</p>
        </div>
        <p class="soft">${t.wifiLater}</p>
      </section>
      <section class="card" aria-labelledby="account">
        <h2 class="eyebrow" id="account">${t.accountTitle}</h2>
        <p class="soft">${t.accountLead}</p>
        <a class="button quiet" href="/my/account">${t.accountLink}</a>
        ${visitor.lookedAtBy === null && html`<form method="post" action="/my/sign-out">${formToken(setting.form.token)}<button class="quiet" type="submit">${t.signOut}</button></form>`}
      </section>`,
  });
}

function placesOf(t: Texts, places: readonly Place[] | null): Part {
  if (places === null) return html`<p class="soft">${t.placeUnavailable}</p>`;
  if (places.length === 0) return html`<p class="soft">${t.noPlace}</p>`;
  return places.map(
    ({ property, unit }) =>
      html`<p class="big">${property}</p>
        ${unit !== null ? html`<p>${t.place(unit)}</p>` : html`<p class="soft">${t.noPlace}</p>`}`,
  );
}

export type AccountNote = 'email-sent' | 'password-changed' | 'sessions-ended' | 'texts-saved' | 'language-saved';
export interface AccountState {
  readonly sessions: readonly ShownSession[];
  readonly texts: TextConsent | null | undefined;
  readonly problems?: Problems;
  readonly note?: AccountNote | undefined;
  readonly newEmail?: string;
}

/** Each form has fields of its own, so that what is wrong is told at the one that was sent. */
export function accountPage(
  setting: Setting,
  visitor: Visitor,
  { sessions, texts, problems = {}, note, newEmail = '' }: AccountState,
): Answered {
  const t = languages[setting.language];
  const wrong = Object.values(problems).some((problem) => problem !== undefined);
  const said =
    note &&
    {
      'email-sent': t.changeEmailSent(newEmail),
      'password-changed': t.passwordChanged,
      'sessions-ended': t.sessionsEnded,
      'texts-saved': t.textsSaved,
      'language-saved': t.languageSaved,
    }[note];
  const form = (action: string, content: Part): Html =>
    html`<form method="post" action="${action}" autocomplete="on">${formToken(setting.form.token)}${content}</form>`;
  return framedFor(setting, visitor, {
    title: t.account,
    at: 'account',
    wrong,
    status: wrong ? 422 : 200,
    body: html`<h1 class="page">${t.account}</h1>
      ${said !== undefined && html`<p class="done" role="status">${said}</p>`}${summaryOf(t, problems)}
      <section class="card" aria-labelledby="email">
        <h2 id="email">${t.changeEmailTitle}</h2>
        <dl>
          <dt>${t.emailNow}</dt>
          <dd>${visitor.email}</dd>
        </dl>
        ${visitor.ownEmail && html`<p class="soft small">${t.emailOwn}</p>`}
        ${form(
          '/my/email',
          html`${emailField({ name: 'newEmail', label: t.newEmail, hint: t.changeEmailHint, value: problems['newEmail'] === undefined ? '' : newEmail, autocomplete: 'email', problem: problems['newEmail'] })}
            ${currentPasswordField({ name: 'emailPassword', label: t.currentPassword, problem: problems['emailPassword'] })}
            <button type="submit">${t.changeEmailButton}</button>`,
        )}
      </section>
      <section class="card" aria-labelledby="password-title">
        <h2 id="password-title">${t.changePasswordTitle}</h2>
        ${form(
          '/my/password',
          html`${usernameFor(visitor.email)}${currentPasswordField({ name: 'current', label: t.currentPassword, problem: problems['current'] })}
            ${newPasswordFields(t, problems)}<button type="submit">${t.changePasswordButton}</button>`,
        )}
      </section>
      ${
        texts !== undefined &&
        html`<section class="card" aria-labelledby="texts-title">
          <h2 id="texts-title">${t.textsTitle}</h2>
          ${textsOf(t, visitor, texts, problems, form)}
        </section>`
      }
      <section class="card">
        ${form(
          '/my/language',
          html`${languageField(t, setting.language, problems['language'])}<button class="quiet" type="submit">
              ${t.languageButton}
            </button>`,
        )}
      </section>
      <section class="card" aria-labelledby="sessions">
        <h2 id="sessions">${t.sessionsTitle}</h2>
        ${sessionsOf(setting, visitor, sessions)}
      </section>
      <section class="card" aria-labelledby="close">
        <h2 id="close">${t.closeTitle}</h2>
        <p class="soft">${t.closeLead}</p>
        ${form(
          '/my/close',
          html`${currentPasswordField({ name: 'closePassword', label: t.currentPassword, problem: problems['closePassword'] })}
            <button class="danger" type="submit">${t.closeButton}</button>`,
        )}
      </section>
      <a class="more" href="/my">${t.backHome}</a>`,
  });
}

function textsOf(
  t: Texts,
  { organization }: Visitor,
  texts: TextConsent | null,
  problems: Problems,
  form: (action: string, content: Part) => Html,
): Html {
  if (texts === null) return html`<p class="soft">${t.textsNoPhone}</p>`;
  const phone = endOf(texts.phone);
  if (texts.state === 'stopped') return html`<p class="soft">${t.textsStopped(phone)}</p>`;
  if (texts.state === 'granted')
    return html`<p>${t.textsNow(phone)}</p>
      ${form('/my/texts', html`<button class="quiet" name="texts" value="stop">${t.textsStop}</button>`)}`;
  return form(
    '/my/texts',
    html`${textsTick(t.textsWording(organization, phone), problems['texts'])}<button type="submit">${t.textsButton}</button>`,
  );
}

function sessionsOf(setting: Setting, { locale }: Visitor, sessions: readonly ShownSession[]): Html {
  const t = languages[setting.language];
  const when = new Intl.DateTimeFormat([locale, setting.language], { dateStyle: 'medium' });
  const nameOf = ({ userAgent }: ShownSession): string => {
    const device = deviceOf(userAgent);
    return device ? t.device(device.browser, device.system) : t.unknownDevice;
  };
  const end = (sessionId: string, label: string): Html =>
    html`<form method="post" action="/my/sessions">
      ${formToken(setting.form.token)}<input type="hidden" name="session" value="${sessionId}" />
      <button class="quiet" type="submit">${label}</button>
    </form>`;
  return html`<ul class="list">
      ${sessions.map(
        (session) =>
          html`<li>
            <p><strong>${nameOf(session)}</strong>${session.current && html`<span class="badge">${t.thisDevice}</span>`}</p>
            <p class="soft small">${t.sessionUsed(when.format(new Date(session.lastUsedAt)))}</p>
            ${!session.current && end(session.id, t.endSession(nameOf(session)))}
          </li>`,
      )}
    </ul>
    ${sessions.length > 2 && end('others', t.endOthers)}`;
}

interface Look {
  readonly name: string;
  readonly organization: string;
  readonly reason: string;
}

/** Opening the link changes nothing; looking begins with a click that the browser of the staff member makes. */
export function lookPage(setting: Setting, { name, organization, reason }: Look): Answered {
  const t = languages[setting.language];
  return framed({
    language: setting.language,
    title: t.lookTitle(name),
    brand: organization,
    cookies: setting.form.cookies,
    body: html`<div class="card">
      <h1>${t.lookTitle(name)}</h1>
      <p class="soft">${t.lookLead}</p>
      <dl>
        <dt>${t.lookReason}</dt>
        <dd>${reason}</dd>
      </dl>
      <form method="post">${formToken(setting.form.token)}<button type="submit">${t.lookButton}</button></form>
    </div>`,
  });
}
