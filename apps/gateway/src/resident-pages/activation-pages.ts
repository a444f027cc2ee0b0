import type { Answered } from '../routing/answer.js';
import { isWrong, page, textsOf, type Setting } from './entry-pages.js';
import { emailField, formToken, newPasswordFields, summaryOf, textsTick, usernameFor, type Problems } from './fields.js';
import { html, type Html, type Part } from './html.js';
import type { Language } from './texts/languages.js';

interface ShownTerms {
  /** null: of the organization, or of the platform. */
  readonly propertyId: string | null;
  readonly version: number;
  readonly title: string;
  readonly text: string;
}

/** Which terms a tick is for. Each property counts its own versions, and so does the organization. */
export const markOf = ({ propertyId, version }: Pick<ShownTerms, 'propertyId' | 'version'>): string =>
  `${propertyId ?? 'organization'}:${version}`;

/** What activation shows, as onboarding has it. */
export interface OpenActivation {
  readonly token: string;
  /** The language that was picked on the page; else it is the one that they are known to read. */
  readonly picked: Language | undefined;
  readonly propertyName: string;
  /** null: it is not to be had at the moment. */
  readonly organizationName: string | null;
  readonly name: string;
  readonly firstName: string;
  readonly email: string;
  readonly terms: ShownTerms;
  /** What they may agree to about text messages; null: no number is known, or they have said already. */
  readonly textsWording: string | null;
}

export function activationPage(
  setting: Setting,
  shown: OpenActivation,
  { problems = {}, note, status = 422 }: { readonly problems?: Problems; readonly note?: string; readonly status?: number } = {},
): Answered {
  const t = textsOf(setting);
  const { title, version, text } = shown.terms;
  const wrong = isWrong(problems);
  return page(setting, {
    title: t.welcome(shown.propertyName),
    brand: shown.propertyName,
    languagesAt: at(shown),
    status: wrong || note !== undefined ? status : 200,
    wrong,
    body: html`<div class="card">
      <h1>${t.welcome(shown.propertyName)}</h1>
      <p class="soft">${t.welcomeLead(shown.firstName)}</p>
      ${shown.organizationName !== null && html`<p class="soft small">${t.accountWith(shown.organizationName)}</p>`}
      ${note !== undefined && html`<p class="note" role="alert">${note}</p>`} ${summaryOf(t, problems)}
      <dl>
        <dt>${t.signInWith}</dt>
        <dd>${shown.email}</dd>
      </dl>
      <form method="post" action="${at(shown)}" autocomplete="on">
        ${formToken(setting.form.token)}${pickedField(shown)}${usernameFor(shown.email)}
        ${newPasswordFields(t, problems, t.password)}
        <details>
          <summary>${t.terms(title, version)}</summary>
          <div class="terms" tabindex="0" role="region" aria-label="${t.terms(title, version)}">${text}</div>
        </details>
        <label class="tick" for="terms"
          ><input
            id="terms"
            name="terms"
            type="checkbox"
            value="${markOf(shown.terms)}"
            required${problems['terms'] !== undefined && html` aria-invalid="true" aria-describedby="terms-problem"`}
          /><span>${t.agree(title, version)}</span></label
        >
        ${problems['terms'] !== undefined && html`<p class="problem" id="terms-problem">${problems['terms']}</p>`}
        ${shown.textsWording !== null && textsTick(shown.textsWording)}
        <button type="submit">${t.activate}</button>
      </form>
      <p class="soft small after">${t.notYou(shown.name)}</p>
      ${stopReminders(setting, shown)}
    </div>`,
  });
}

interface Around {
  readonly token: string;
  readonly picked: Language | undefined;
}
const at = ({ token }: Around): string => `/activate/${encodeURIComponent(token)}`;
const pickedField = ({ picked }: Around): Html => html`<input type="hidden" name="language" value="${picked ?? ''}" />`;

/** A box must be ticked: a mail scanner that sends forms as they are asks for nothing. */
function stopReminders(setting: Setting, around: Around): Part {
  const t = textsOf(setting);
  return html`<form method="post" action="${at(around)}/no-reminders" class="after">
    ${formToken(setting.form.token)}${pickedField(around)}
    <label class="tick small" for="stop"
      ><input id="stop" name="stop" type="checkbox" value="yes" required /><span>${t.stopTick}</span></label
    >
    <button class="quiet" type="submit">${t.stopButton}</button>
  </form>`;
}

export function remindersStoppedPage(setting: Setting): Answered {
  const t = textsOf(setting);
  return page(setting, {
    title: t.stoppedTitle,
    body: html`<div class="card">
      <h1>${t.stoppedTitle}</h1>
      <p class="soft">${t.stoppedLead}</p>
    </div>`,
  });
}

export type ActivationOver = 'used' | 'replaced' | 'expired' | 'withdrawn' | 'unknown';

/** A link that works no more says why, and what to do now. */
export function activationOverPage(
  setting: Setting,
  {
    state,
    brand,
    canAskAgain,
    ...around
  }: Around & { readonly state: ActivationOver; readonly brand: string | undefined; readonly canAskAgain: boolean },
): Answered {
  const t = textsOf(setting);
  if (state === 'used')
    return page(setting, {
      title: t.usedTitle,
      brand,
      languagesAt: at(around),
      status: 410,
      body: html`<div class="card">
        <h1>${t.usedTitle}</h1>
        <p class="soft">${t.usedLead}</p>
        <a class="button" href="/sign-in">${t.signInTitle}</a>
        <a class="button quiet" href="/password/forgot">${t.forgotLink}</a>
      </div>`,
    });
  const status = state === 'unknown' ? 404 : 410;
  const title = t[`${state}Title`];
  return page(setting, {
    title,
    brand,
    languagesAt: at(around),
    status,
    body: html`<div class="card">
        <h1>${title}</h1>
        <p class="soft">${canAskAgain ? t[`${state}Lead`] : t.noNewLink}</p>
        ${!canAskAgain && html`<a class="button" href="/sign-in">${t.signInTitle}</a>`}
        ${state === 'expired' && stopReminders(setting, around)}
      </div>
      ${canAskAgain && newLinkCard(setting, {})}`,
  });
}

/** An address must be typed: a mail scanner that sends forms as they are asks for nothing. */
function newLinkCard(setting: Setting, problems: Problems): Part {
  const t = textsOf(setting);
  return html`<div class="card">
    <h2>${t.newLinkTitle}</h2>
    <form method="post" action="/password/forgot">
      ${formToken(setting.form.token)}
      ${emailField({ name: 'email', label: t.email, hint: t.newLinkHint, problem: problems['email'] })}
      <button type="submit">${t.newLinkButton}</button>
    </form>
  </div>`;
}
