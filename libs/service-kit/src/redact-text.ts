import { holdsSpaces, isOurId, isSecretName } from './secret-names.js';

export const blot = '[redacted]';

/** Texts are cut at this length. The search goes further than the cut, so that it never sees only half of a secret. */
const longest = 8_000;
const searched = longest + 4_000;

const mayHoldSecret = /[:=@%/]|eyJ|S[A-Z][A-Z2-7]{40}|lw_|ses_|bearer|basic|\w{4}-\w{4}-\w{4}-\w{4}/i;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** `user:pass@` up to the last @ of the run, for passwords that nobody escaped; or `token@` up to the path. */
const userInfo = /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/:@"'<>]*:[^\s"'<>]*|[^\s/?#"'<>]*)@/gi;
const bearer = /\b(bearer)(\s+|%20|\+)[^\s,;"'<>]+/gi;
const basic = /\b(basic)(\s+|%20)([A-Za-z0-9+/_-]{4,}={0,2})/gi;
const nkeySeed = /S[A-Z][A-Z2-7]{54,}/g;
/** A base64url of `{"…`: JSON web tokens, our own access tokens and assertions. */
const signedToken = /eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)*/g;
const sealedValue = /\bsealed:[^\s"'<>]+/g;
/** Our API keys; the first characters are shown to people anyway. */
const apiKey = /\b(lw_[A-Za-z0-9]{4})[A-Za-z0-9_-]{8,}/g;
/** Our refresh tokens; whose session it is may be read. */
const refreshToken = /\b(ses_[0-9a-z]{26})\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g;
/** Four groups in the letters of our ids. */
const recoveryCode = /(?<![\w-])[0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){3}(?![\w-])/gi;
/** Somebody proves themselves by it; the code of an error looks otherwise. */
const typedCode =
  /(?<![\w.-])(code\\*["'`]?\]?\s*(?:=>|[:=]|%3[AD])\s*\\*["'`]?)(?:\d{6}|[0-9a-z]{4}(?:[ +-]?[0-9a-z]{4}){3})(?![\w-])/gi;
/** Of links in our mails: the gateway tests that each of its paths is known here. */
const linkPath =
  /(\/(?:activate|email|look|u|[a-z]+-link|invites?|invitations?|links?|password|reset|join)\/)([A-Za-z0-9_-]{16,})/gi;

/** Blots out of a text what gives itself away as a secret. `hidden` are values that are known to be secret. */
export function redactText(text: string, hidden: readonly string[] = []): string {
  let out = text.length > searched ? text.slice(0, searched) : text;
  for (const secret of hidden) if (out.includes(secret)) out = out.replaceAll(secret, blot);
  if (mayHoldSecret.test(out)) {
    out = redactNamed(out.replace(privateKey, blot).replace(userInfo, `$1${blot}@`))
      .replace(bearer, `$1$2${blot}`)
      .replace(basic, (all: string, word: string, gap: string, value: string) =>
        Buffer.from(value, 'base64').includes(':') ? `${word}${gap}${blot}` : all,
      )
      .replace(nkeySeed, blot)
      .replace(signedToken, blot)
      .replace(sealedValue, blot)
      .replace(apiKey, `$1${blot}`)
      .replace(refreshToken, `$1.${blot}`)
      .replace(recoveryCode, blot)
      .replace(typedCode, `$1${blot}`)
      .replace(linkPath, (all: string, path: string, value: string) => (isOurId(value) ? all : `${path}${blot}`));
  }
  return text.length > longest ? `${out.slice(0, longest)}… (${text.length} characters)` : out;
}

/** A word that is nothing but the name of a secret, as in `['authorization', 'Bearer …']`. */
export const namesASecret = (text: string): boolean => text.length <= 40 && /^[\w.-]+$/.test(text) && isSecretName(text);

/** `name=`, `"name": `, `name%3D`, `a[name]=`, also where quotes are escaped because it is JSON within JSON. */
const nameOfValue = /(?<![\w.-])([\w.-]+)\\*["'`]?\]?\s*(?:=>|[:=]|%3[AD])\s*/gi;

/** Blots the value out of every `password=…` of a text. One pass: what a harmless name holds is searched like the rest. */
function redactNamed(text: string): string {
  nameOfValue.lastIndex = 0;
  let out = '';
  let copied = 0;
  for (let match = nameOfValue.exec(text); match; match = nameOfValue.exec(text)) {
    const name = match[1] ?? '';
    if (!isSecretName(name)) continue;
    const start = nameOfValue.lastIndex;
    const quote = matchAt(quoted, text, start) ?? '';
    const end = quote === '' ? endOfBare(text, start, holdsSpaces(name)) : endOfQuoted(text, start, quote);
    if (end === start || text.startsWith(blot, start + quote.length)) continue;
    out += text.slice(copied, start) + quote + blot + quote; // what was JSON stays JSON
    copied = end;
    nameOfValue.lastIndex = end;
  }
  return out + text.slice(copied);
}

const quoted = /\\*(["'`])/y;
const word = /[^\s&]+/y;
const line = /[^\r\n]+/y;

function endOfBare(text: string, start: number, toEndOfLine: boolean): number {
  if (text[start] === '[' || text[start] === '{') return endOfBrackets(text, start);
  return start + (matchAt(toEndOfLine ? line : word, text, start)?.length ?? 0);
}

/** Up to the same quote with as many backslashes before it as the first has; the whole rest when there is none. */
function endOfQuoted(text: string, start: number, opening: string): number {
  const quote = opening.slice(-1);
  for (let at = text.indexOf(quote, start + opening.length); at !== -1; at = text.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    const sameDepth = opening.length === 1 ? slashes % 2 === 0 : slashes === opening.length - 1;
    if (sameDepth) return at + 1;
  }
  return text.length;
}

function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '[' || char === '{') depth++;
    else if ((char === ']' || char === '}') && --depth === 0) return at + 1;
  }
  return text.length;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
