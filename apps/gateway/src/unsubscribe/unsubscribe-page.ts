import type { DomainError, OutputOf, showUnsubscribe } from '@leasewire/contracts';
import { errorRow } from '../problem/codes.js';
import { troublePage } from '../resident-pages/entry-pages.js';
import { framed } from '../resident-pages/frame.js';
import { html, type Html, type Part } from '../resident-pages/html.js';
import { languages, type Language, type Texts } from '../resident-pages/texts/languages.js';
import type { Answered } from '../routing/answer.js';

type Facts = OutputOf<typeof showUnsubscribe>;
export interface Choice {
  readonly value: 'stop' | 'stop-all' | 'receive';
  /** As they stand on the page, and in the ledger of consents. */
  readonly words: string;
}

/** What makes a difference now. */
export function choicesOf(language: Language, { category, standing }: Facts): readonly Choice[] {
  const t = languages[language].mails;
  const refused = standing[category] === 'refused';
  const all = standing.operational === 'refused' && standing.marketing === 'refused';
  const others = category === 'marketing' ? 'operational' : 'marketing';
  return [
    refused ? { value: 'receive', words: t.receive(t.about[category]) } : { value: 'stop', words: t.stop(t.about[category]) },
    ...(all ? [] : [{ value: 'stop-all' as const, words: refused ? t.stopOthers(t.about[others]) : t.stopAll }]),
  ];
}

/** The end of a mail, in the language of whoever reads it: nothing is chosen before somebody chooses. */
export class UnsubscribePage {
  form(language: Language, facts: Facts, problem?: string): Answered {
    const t = languages[language];
    return page(language, t.mails.title, problem !== undefined, [
      html`<p class="soft">${stateOf(t, facts)}</p>`,
      choiceForm(language, facts, problem),
    ]);
  }

  done(language: Language, facts: Facts, choice: Choice['value']): Answered {
    const t = languages[language];
    return page(language, choice === 'receive' ? t.mails.again : t.mails.stopped, false, [
      html`<p class="soft" role="status">${stateOf(t, facts)} ${t.mails.close}</p>`,
      html`<h2>${t.mails.changed}</h2>`,
      choiceForm(language, facts),
    ]);
  }

  failed(language: Language, error: DomainError): Answered {
    const t = languages[language].mails;
    const status = errorRow(error.code)?.status ?? 500;
    return error.code === 'unsubscribe.invalid'
      ? troublePage(language, status, t.badLink, t.badLinkTitle)
      : troublePage(language, status, t.nothingChanged);
  }
}

function page(language: Language, title: string, wrong: boolean, parts: readonly Part[]): Answered {
  return framed({
    language,
    title,
    wrong,
    status: wrong ? 422 : 200,
    body: html`<div class="card">
      <h1>${title}</h1>
      ${parts}
      <p class="small soft after">${languages[language].mails.always}</p>
    </div>`,
  });
}

function stateOf({ mails }: Texts, { category, mail, standing }: Facts): string {
  const says = standing[category] === 'refused' ? mails.receivesNot : mails.receives;
  return says(mail, mails.about[category]);
}

function choiceForm(language: Language, facts: Facts, problem?: string): Html {
  const t = languages[language].mails;
  return html`<form method="post">
    <fieldset ${problem !== undefined && html`aria-describedby="problem"`}>
      <legend>${t.question}</legend>
      ${problem !== undefined && html`<p class="problem" id="problem" role="alert">${problem}</p>`}
      ${choicesOf(language, facts).map(
        ({ value, words }) =>
          html`<label class="tick"><input type="radio" name="choice" value="${value}" required /><span>${words}</span></label>`,
      )}
    </fieldset>
    <button type="submit">${t.save}</button>
  </form>`;
}
