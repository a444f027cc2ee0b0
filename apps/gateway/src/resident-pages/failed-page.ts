import type { DomainError } from '@leasewire/contracts';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { troublePage } from './entry-pages.js';
import { languageOf, languages, type Texts } from './texts/languages.js';

/** What a page says of what its handler did not foresee: in the visitor's language, and never more than they can use. */
export function failedPage(exchange: Exchange, error: DomainError, status: number): Answered {
  const language = languageOf(null, exchange.header('accept-language'));
  return troublePage(language, status, messageOf(languages[language], error.code));
}

/** For an address that nothing answers. */
export function nothingHerePage(acceptLanguage: string | undefined, status: number): Answered {
  const language = languageOf(null, acceptLanguage);
  return troublePage(language, status, languages[language].notFound);
}

function messageOf(t: Texts, code: string): string {
  switch (code) {
    case 'origin.refused':
    case 'invalid-input':
      return t.formOld;
    case 'rate-limited':
    case 'sign-in.throttled':
      return t.tooMany;
    case 'not-found':
      return t.notFound;
    default:
      return t.unavailable;
  }
}
