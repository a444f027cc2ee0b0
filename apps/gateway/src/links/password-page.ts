import type { DomainError, OutputOf, showLink } from '@leasewire/contracts';
import { errorRow } from '../problem/codes.js';
import { newPasswordFields, personNameField, summaryOf, usernameFor, type Problems } from '../resident-pages/fields.js';
import { framed } from '../resident-pages/frame.js';
import { html, type Part } from '../resident-pages/html.js';
import { languages } from '../resident-pages/texts/languages.js';
import type { Answered } from '../routing/answer.js';

type Link = OutputOf<typeof showLink>;

/** What the person typed and what is wrong with it. A password is never sent back. */
interface Typed {
  readonly name?: string;
  readonly nameProblem?: string;
  readonly password?: string;
  readonly repeated?: string;
}

/** Staff read English. */
const t = languages.en;

/** The page behind an invitation of staff or a link to a new password. */
export class PasswordPage {
  form(link: Link, typed: Typed = {}): Answered {
    const invited = link.purpose === 'invitation';
    const title = invited ? `Welcome to ${link.organization}` : 'Set a new password';
    const problems: Problems = { name: typed.nameProblem, password: typed.password, repeated: typed.repeated };
    const wrong = Object.values(problems).some((problem) => problem !== undefined);
    return page(wrong ? 422 : 200, title, wrong, [
      html`<p class="soft">
        ${
          invited
            ? `Choose a password for ${link.email}. You sign in with it from now on.`
            : `For ${link.email} at ${link.organization}. All other sessions end.`
        }
      </p>`,
      summaryOf(t, problems),
      html`<form method="post">
        ${usernameFor(link.email)} ${invited && personNameField('Your name', typed.name ?? link.name, problems['name'])}
        ${newPasswordFields(t, problems, t.password)}
        <button type="submit">${invited ? 'Set password and join' : 'Set password'}</button>
      </form>`,
    ]);
  }

  done(link: Link): Answered {
    return page(200, 'Your password is set', false, [
      html`<p>You can now sign in as <strong>${link.email}</strong>. This page can be closed.</p>`,
    ]);
  }

  failed(error: DomainError): Answered {
    const over = error.code === 'link.invalid';
    return page(errorRow(error.code)?.status ?? 500, over ? 'This link no longer works' : t.errorTitle, false, [
      html`<p role="alert">${error.message}</p>`,
      over && html`<p>Ask whoever invited you for a new link, or request a new password where you sign in.</p>`,
    ]);
  }
}

const page = (status: number, title: string, wrong: boolean, parts: readonly Part[]): Answered =>
  framed({
    language: 'en',
    title,
    status,
    wrong,
    body: html`<div class="card">
      <h1>${title}</h1>
      ${parts}
    </div>`,
  });
