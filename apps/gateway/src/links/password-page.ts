import { createHash } from 'node:crypto';
import type { DomainError, OutputOf, showLink } from '@leasewire/contracts';
import { errorRow } from '../problem/codes.js';
import type { Answered } from '../routing/answer.js';

type Link = OutputOf<typeof showLink>;

/** What the person typed and what is wrong with it. A password is never sent back. */
interface Typed {
  readonly name?: string;
  readonly nameProblem?: string;
  readonly password?: string;
  readonly repeated?: string;
}

const style = `
:root{color-scheme:light dark;--ink:#1a2230;--soft:#4a5568;--paper:#fff;--line:#8a94a6;--accent:#0b5cad;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#eef2f7;--soft:#b6c2d2;--paper:#141a22;--line:#7c889b;--accent:#8cc2ff;--bad:#ffb4ab}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
p{margin:.25rem 0 1rem;color:var(--soft)}
label{display:block;font-weight:600;margin:1.25rem 0 .35rem}
input{width:100%;font:inherit;padding:.7rem .75rem;border:1px solid var(--line);border-radius:.5rem;background:transparent;color:inherit}
input[aria-invalid=true]{border-color:var(--bad);border-width:2px}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.hint{font-size:.9375rem;margin:.35rem 0 0}
.bad{color:var(--bad);font-weight:600;margin:.35rem 0 0}
button{width:100%;margin-top:1.75rem;padding:.8rem;font:inherit;font-weight:600;border:0;border-radius:.5rem;background:var(--accent);color:var(--paper);cursor:pointer}
`;
const styleHash = createHash('sha256').update(style).digest('base64');
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
} as const;

/** The page behind an invitation or a password-reset link: server-rendered, no script, made for a phone and a screen reader. */
export class PasswordPage {
  form(link: Link, typed: Typed = {}): Answered {
    const invited = link.purpose === 'invitation';
    const title = invited ? `Welcome to ${link.organization}` : 'Set a new password';
    const wrong = [typed.nameProblem, typed.password, typed.repeated].some((problem) => problem !== undefined);
    return page(wrong ? 422 : 200, wrong ? `Please correct: ${title}` : title, [
      `<h1>${escape(title)}</h1>`,
      `<p>${escape(invited ? `Choose a password for ${link.email}. You sign in with it from now on.` : `For ${link.email} at ${link.organization}. All other sessions end.`)}</p>`,
      wrong ? '<p class="bad" role="alert">Please correct what is marked below.</p>' : '',
      '<form method="post" autocomplete="on">',
      `<input type="text" name="username" autocomplete="username" value="${escape(link.email)}" readonly hidden>`,
      invited ? nameField(typed.name ?? link.name, typed.nameProblem) : '',
      passwordField('password', 'Password', 'At least 12 characters. A few words in a row are easy to remember.', typed.password),
      passwordField('repeated', 'The same again', undefined, typed.repeated),
      `<button type="submit">${invited ? 'Set password and join' : 'Set password'}</button>`,
      '</form>',
    ]);
  }

  done(link: Link): Answered {
    return page(200, 'Your password is set', [
      '<h1>Your password is set</h1>',
      `<p>You can now sign in as <strong>${escape(link.email)}</strong>. This page can be closed.</p>`,
    ]);
  }

  failed(error: DomainError): Answered {
    const row = errorRow(error.code);
    const title = error.code === 'link.invalid' ? 'This link no longer works' : 'That did not work';
    return page(row?.status ?? 500, title, [
      `<h1>${title}</h1>`,
      `<p role="alert">${escape(error.message)}</p>`,
      error.code === 'link.invalid'
        ? '<p>Ask whoever invited you for a new link, or request a new password where you sign in.</p>'
        : '',
    ]);
  }
}

function page(status: number, title: string, parts: readonly string[]): Answered {
  return {
    status,
    headers: pageHeaders,
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escape(title)} · Leasewire</title><style>${style}</style></head><body><main>${parts.join('')}</main></body></html>`,
  };
}

function nameField(value: string, problem: string | undefined): string {
  return `<label for="name">Your name</label><input id="name" name="name" required maxlength="120" autocomplete="name" value="${escape(value)}"${describedBy('name', undefined, problem)}>${problemText('name', problem)}`;
}

function passwordField(name: string, label: string, hint: string | undefined, problem: string | undefined): string {
  return [
    `<label for="${name}">${label}</label>`,
    `<input id="${name}" name="${name}" type="password" required minlength="12" maxlength="256" autocomplete="new-password"${describedBy(name, hint, problem)}>`,
    hint === undefined ? '' : `<p class="hint" id="${name}-hint">${escape(hint)}</p>`,
    problemText(name, problem),
  ].join('');
}

function describedBy(name: string, hint: string | undefined, problem: string | undefined): string {
  const ids = [...(hint === undefined ? [] : [`${name}-hint`]), ...(problem === undefined ? [] : [`${name}-problem`])];
  return `${ids.length === 0 ? '' : ` aria-describedby="${ids.join(' ')}"`}${problem === undefined ? '' : ' aria-invalid="true"'}`;
}

function problemText(name: string, problem: string | undefined): string {
  return problem === undefined ? '' : `<p class="bad" id="${name}-problem">${escape(problem)}</p>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? '');
