import { html, type Html, type Part } from './html.js';
import { languageCodes, languages, type Language, type Texts } from './texts/languages.js';

/** Field → what is wrong with it. Nothing that was typed into a password is ever sent back. */
export type Problems = Readonly<Partial<Record<string, string>>>;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: Part;
  readonly problem?: string | undefined;
}

const described = ({ name, hint, problem }: Field): Html => {
  const ids = [hint ? `${name}-hint` : '', problem === undefined ? '' : `${name}-problem`].filter((id) => id !== '').join(' ');
  return html`${ids !== '' && html` aria-describedby="${ids}"`}${problem !== undefined && html` aria-invalid="true"`}`;
};
const around = (field: Field, input: Html): Html =>
  html`<label for="${field.name}">${field.label}</label>
    ${field.hint && html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`} ${input}
    ${field.problem !== undefined && html`<p class="problem" id="${field.name}-problem">${field.problem}</p>`}`;

export const emailField = (field: Field & { readonly value?: string; readonly autocomplete?: 'username' | 'email' }): Html =>
  around(
    field,
    html`<input
      id="${field.name}"
      name="${field.name}"
      type="email"
      inputmode="email"
      autocapitalize="none"
      spellcheck="false"
      required
      maxlength="254"
      autocomplete="${field.autocomplete ?? 'username'}"
      value="${field.value ?? ''}"
      ${described(field)}
    />`,
  );

export const personNameField = (label: string, value: string, problem?: string): Html =>
  around(
    { name: 'name', label, problem },
    html`<input
      id="name"
      name="name"
      type="text"
      required
      maxlength="120"
      autocomplete="name"
      value="${value}"
      ${described({ name: 'name', label, problem })}
    />`,
  );

export const currentPasswordField = (field: Field): Html =>
  around(
    field,
    html`<input
      id="${field.name}"
      name="${field.name}"
      type="password"
      required
      maxlength="256"
      autocomplete="current-password"
      ${described(field)}
    />`,
  );

/** The rule stands there before anything is typed; pasting and managers are welcome. */
export function newPasswordFields(t: Texts, problems: Problems, label = t.newPassword): Html {
  const input = (field: Field): Html =>
    around(
      field,
      html`<input
        id="${field.name}"
        name="${field.name}"
        type="password"
        required
        minlength="12"
        maxlength="256"
        autocomplete="new-password"
        passwordrules="minlength: 12;"
        ${described(field)}
      />`,
    );
  return html`${input({ name: 'password', label, hint: `${t.passwordRule} ${t.passwordPaste}`, problem: problems['password'] })}
  ${input({ name: 'repeated', label: t.again, problem: problems['repeated'] })}`;
}

/** What they read now is chosen already: sent as it is, it changes nothing. */
export const languageField = (t: Texts, shown: Language, problem?: string): Html =>
  around(
    { name: 'language', label: t.languageTitle, hint: t.languageLead, problem },
    html`<select id="language" name="language" ${described({ name: 'language', label: '', hint: t.languageLead, problem })}>
      ${languageCodes.map(
        (code) =>
          html`<option value="${code}" lang="${code}" ${code === shown && html`selected`}>
            ${languages[code].languageName}
          </option>`,
      )}
    </select>`,
  );

/** For password managers, which save the password under it; not used by us. */
export const usernameFor = (email: string): Html =>
  html`<input type="text" name="username" autocomplete="username" value="${email}" readonly hidden />`;

export const formToken = (token: string): Html => html`<input type="hidden" name="form" value="${token}" />`;

export const summaryOf = (t: Texts, problems: Problems): Part =>
  Object.values(problems).some((problem) => problem !== undefined) && html`<p class="alert" role="alert">${t.correctBelow}</p>`;

/** Never ticked beforehand; the words beside it are what is written down. */
export const textsTick = (wording: string, problem?: string): Html =>
  html`<label class="tick small" for="texts"
      ><input
        id="texts"
        name="texts"
        type="checkbox"
        value="agree"
        ${problem !== undefined && html` aria-invalid="true" aria-describedby="texts-problem"`}
      /><span>${wording}</span></label
    >
    ${problem !== undefined && html`<p class="problem" id="texts-problem">${problem}</p>`}`;
