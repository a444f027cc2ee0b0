import { createHash } from 'node:crypto';
import type { DomainError, OutputOf, showUnsubscribe } from '@leasewire/contracts';
import { escape } from '../links/password-page.js';
import { errorRow } from '../problem/codes.js';
import type { Answered } from '../routing/answer.js';

type Facts = OutputOf<typeof showUnsubscribe>;
export interface Choice {
  readonly value: 'stop' | 'stop-all' | 'receive';
  readonly words: string;
}

const mails: Readonly<Record<Facts['category'], string>> = {
  operational: 'mails about living here',
  marketing: 'mails about offers and events',
};

/** What makes a difference now. */
export function choicesOf({ category, standing }: Facts): readonly Choice[] {
  const refused = standing[category] === 'refused';
  const all = standing.operational === 'refused' && standing.marketing === 'refused';
  const others = category === 'marketing' ? 'operational' : 'marketing';
  return [
    refused
      ? { value: 'receive', words: `Send me ${mails[category]} again` }
      : { value: 'stop', words: `No more ${mails[category]}` },
    ...(all
      ? []
      : [
          {
            value: 'stop-all' as const,
            words: refused
              ? `No more ${mails[others]} either`
              : 'No more of either: neither about living here nor about offers and events',
          },
        ]),
  ];
}

const style = `
:root{color-scheme:light dark;--ink:#1a2230;--soft:#4a5568;--paper:#fff;--line:#6b7688;--accent:#0b5cad;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#eef2f7;--soft:#b6c2d2;--paper:#141a22;--line:#8d99ac;--accent:#8cc2ff;--bad:#ffb4ab}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto;padding:2rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
p{margin:.25rem 0 1rem;color:var(--soft)}
fieldset{border:0;margin:1.5rem 0 0;padding:0}
legend{font-weight:600;padding:0 0 .5rem}
label{display:flex;gap:.75rem;align-items:flex-start;padding:.75rem;margin:0 0 .5rem;border:1px solid var(--line);border-radius:.5rem;cursor:pointer}
input{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:var(--accent)}
input:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.bad{color:var(--bad);font-weight:600}
button{width:100%;min-height:3rem;margin-top:1rem;padding:.8rem;font:inherit;font-weight:600;border:0;border-radius:.5rem;background:var(--accent);color:var(--paper);cursor:pointer}
`;
const styleHash = createHash('sha256').update(style).digest('base64');
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
} as const;

/** The end of a mail, server-rendered: no script, readable at 320 pixels, nothing chosen before somebody chooses. */
export class UnsubscribePage {
  form(facts: Facts, problem?: string): Answered {
    const title = 'Which mails do you want?';
    return page(problem === undefined ? 200 : 422, problem === undefined ? title : `Please choose: ${title}`, [
      `<h1>${title}</h1>`,
      `<p>${escape(stateOf(facts))}</p>`,
      choiceForm(facts, problem),
      always,
    ]);
  }

  done(facts: Facts, choice: Choice['value']): Answered {
    const title = choice === 'receive' ? 'You will receive these mails again' : 'You will not receive these mails any more';
    return page(200, title, [
      `<h1>${title}</h1>`,
      `<p role="status">${escape(stateOf(facts))} This page can be closed.</p>`,
      '<h2>Changed your mind?</h2>',
      choiceForm(facts),
      always,
    ]);
  }

  failed(error: DomainError): Answered {
    const invalid = error.code === 'unsubscribe.invalid';
    const title = invalid ? 'This link does not work' : 'That did not work';
    return page(errorRow(error.code)?.status ?? 500, title, [
      `<h1>${title}</h1>`,
      `<p role="alert">${escape(invalid ? error.message : 'Nothing was changed. Please try again in a minute.')}</p>`,
    ]);
  }
}

const always =
  '<p>Mails about emergencies and about the security of your account always come, as you asked for them or need them to be safe.</p>';

function stateOf({ category, mail, standing }: Facts): string {
  const which = standing[category] === 'refused' ? 'does not receive' : 'may receive';
  return `${mail} ${which} ${mails[category]}.`;
}

function choiceForm(facts: Facts, problem?: string): string {
  const described = problem === undefined ? '' : ' aria-describedby="problem"';
  return [
    `<form method="post"><fieldset${described}><legend>What would you like?</legend>`,
    problem === undefined ? '' : `<p class="bad" id="problem" role="alert">${escape(problem)}</p>`,
    ...choicesOf(facts).map(
      ({ value, words }) =>
        `<label><input type="radio" name="choice" value="${value}" required> <span>${escape(words)}</span></label>`,
    ),
    '</fieldset><button type="submit">Save my choice</button></form>',
  ].join('');
}

function page(status: number, title: string, parts: readonly string[]): Answered {
  return {
    status,
    headers: pageHeaders,
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escape(title)}</title><style>${style}</style></head><body><main>${parts.join('')}</main></body></html>`,
  };
}
