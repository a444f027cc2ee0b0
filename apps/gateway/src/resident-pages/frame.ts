import type { Answered } from '../routing/answer.js';
import { Html, html, type Part } from './html.js';
import { policy, style } from './style.js';
import { languageCodes, languages, type Language, type Texts } from './texts/languages.js';

export interface Page {
  readonly language: Language;
  readonly title: string;
  /** The property, or whoever runs it; nobody is named to strangers. */
  readonly brand?: string | undefined;
  readonly status?: number;
  readonly wrong?: boolean;
  /** Above everything: staff who look, and how they stop. */
  readonly banner?: Part;
  /** Which of the signed-in pages this is; none shows no navigation. */
  readonly at?: 'home' | 'account' | undefined;
  /** Where the page is to be had in other languages. */
  readonly languagesAt?: string | undefined;
  readonly body: Part;
  readonly cookies?: readonly string[];
}

/** Ours, so it goes in as it is. With its tags: its hash stands in the policy, and a blank more is another hash. */
const styleSheet = new Html(`<style>${style}</style>`);

const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect width="32" height="32" rx="9" fill="currentColor" opacity=".16"></rect>
  <path
    d="M7.5 15.5 16 8l8.5 7.5M10 14v9.5h12V14"
    fill="none"
    stroke="currentColor"
    stroke-width="2.4"
    stroke-linecap="round"
    stroke-linejoin="round"
  ></path>
  <path
    d="M13 19.6a4.4 4.4 0 0 1 6 0M15.2 22a1.3 1.3 0 0 1 1.6 0"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
  ></path>
</svg>`;

/** One document, as every page of residents is: no script, nothing loaded, never stored, and no referrer to anybody. */
export function framed({
  language,
  title,
  brand,
  status = 200,
  wrong = false,
  banner,
  at,
  languagesAt,
  body,
  cookies,
}: Page): Answered {
  const t = languages[language];
  const name = brand ?? 'Leasewire';
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no" />
        <title>${wrong ? `${t.correct} ` : ''}${title} · ${name}</title>
        ${styleSheet}
      </head>
      <body>
        <a class="skip" href="#content">${t.skip}</a>
        ${banner}
        <header>${mark}<span class="brand">${name}</span></header>
        ${at && navigation(t, at)}${languagesAt !== undefined && languageLinks(language, languagesAt)}
        <main id="content">${body}</main>
        <footer>${t.privacy}</footer>
      </body>
    </html>`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      vary: 'Accept-Language, Cookie',
    },
    ...(cookies && { cookies }),
    body: document.text,
  };
}

const navigation = (t: Texts, at: 'home' | 'account'): Html =>
  html`<nav aria-label="${t.accountTitle}">
    <a href="/my" ${at === 'home' && current}>${t.home}</a><a href="/my/account" ${at === 'account' && current}>${t.account}</a>
  </nav>`;
const current = html` aria-current="page"`;

/** Each by the name that its readers know it by. */
const languageLinks = (shown: Language, path: string): Html =>
  html`<nav aria-label="${languages[shown].languageTitle}">
    ${languageCodes.map(
      (code) =>
        html`<a href="${path}?language=${code}" lang="${code}" hreflang="${code}" ${code === shown && current}
          >${languages[code].languageName}</a
        >`,
    )}
  </nav>`;

/** See other: the answer to a form that did something, so that reloading does not send it again. */
export function goTo(place: string, cookies: readonly string[] = []): Answered {
  return {
    status: 303,
    headers: { location: place, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
    cookies,
  };
}
