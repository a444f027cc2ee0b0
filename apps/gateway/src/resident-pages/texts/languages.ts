import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';

/** What every language must say: the sentences of English, with the same parts to fill in. */
export type Texts = Widened<typeof en>;
type Widened<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Widened<T[K]>;
};

/** One line for each language. */
export const languages = { en, es, fr } as const satisfies Record<string, Texts>;
export type Language = keyof typeof languages;

export const languageCodes: readonly Language[] = Object.keys(languages).filter((code): code is Language => code in languages);

const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code);

/** Which of ours a locale is of; undefined: none. */
export function languageIn(locale: string | null | undefined): Language | undefined {
  const code = locale?.split('-', 1)[0]?.toLowerCase() ?? '';
  return isLanguage(code) ? code : undefined;
}

/** The first of these that we speak: the resident's own language, then what their browser asks for, then English. */
export function languageOf(ownLocale: string | null | undefined, acceptLanguage: string | undefined): Language {
  return languageIn(ownLocale) ?? byWeight(acceptLanguage ?? '').find(isLanguage) ?? 'en';
}

const mostRanges = 20;

function byWeight(header: string): string[] {
  return header
    .slice(0, 500)
    .split(',', mostRanges)
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().split(';');
      const q = parameters
        .map((parameter) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(parameter)?.[1])
        .find((found) => found !== undefined);
      return { code: tag.split('-', 1)[0]?.toLowerCase() ?? '', weight: q === undefined ? 1 : Number(q) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ code }) => code);
}
