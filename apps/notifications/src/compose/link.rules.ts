import { parseFields } from './merge-field.rules.js';
import { fieldRow } from './field-registry.js';
import type { Href } from './rich-text.rules.js';

export type ReadLink = { readonly href: Href } | { readonly problem: string };

const merged = /^(?:https?:\/\/)?(\{\{.*\}\})$/su;

/** Links lead to https pages, addresses and phones. A merge field may be the whole of a link, never a part of it. */
export function readLink(raw: string): ReadLink {
  const said = decoded(raw.trim());
  if (said.startsWith('tel:')) return phoneLink(said.slice('tel:'.length));
  if (said.includes('{{')) return mergedLink(said);
  if (/[\u0000-\u0020\u007f-\u00a0]/u.test(raw.trim()))
    return { problem: `The link “${short(raw)}” has spaces or control signs in it.` };
  if (!URL.canParse(raw.trim())) return { problem: `The link “${short(raw)}” is not complete. It must begin with https://.` };
  const url = new URL(raw.trim());
  switch (url.protocol) {
    case 'https:':
      return webLink(url, raw);
    case 'http:':
      return { problem: `The link “${short(raw)}” is not encrypted. Use its https:// address.` };
    case 'mailto:':
      return mailLink(url);
    default:
      return { problem: `Links lead to https pages, e-mail addresses (mailto:) and phones (tel:), not to “${short(raw)}”.` };
  }
}

/** What is shown as an address must be where it leads: anything else is what phishing looks like, to people and to filters. */
export function shownElsewhere(label: string, href: string): string | null {
  const shown = /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#:].*)?$/iu.exec(label.trim())?.[1]?.toLowerCase();
  if (shown === undefined || !href.startsWith('https:')) return null;
  const leads = new URL(href).hostname;
  const bare = (host: string): string => host.replace(/^www\./, '');
  if (bare(shown) === bare(leads)) return null;
  return `A link shows ${shown} but leads to ${leads}. Let it show where it leads, or give it a name in words.`;
}

function mergedLink(said: string): ReadLink {
  const whole = merged.exec(said)?.[1];
  const { pieces, problems } = parseFields(whole ?? '');
  const [problem] = problems;
  if (problem !== undefined) return { problem };
  const [only] = pieces;
  if (pieces.length !== 1 || only === undefined || typeof only === 'string')
    return { problem: 'A merge field inside a link would give data of residents to another site. Link without it.' };
  if (fieldRow(only.field).kind !== 'link') return { problem: `{{ ${only.field} }} is not a link.` };
  if (only.fallback !== undefined) return { problem: `A link has no default; write {{ ${only.field} }} alone.` };
  return { href: only };
}

function webLink(url: URL, raw: string): ReadLink {
  if (url.username !== '' || url.password !== '') return { problem: `The link “${short(raw)}” has a user name in it.` };
  if (!url.hostname.includes('.')) return { problem: `The link “${short(raw)}” leads to no public site.` };
  return { href: url.href };
}

function mailLink(url: URL): ReadLink {
  const to = decoded(url.pathname);
  if (!/^[^\s@,;:<>"']+@[^\s@,;:<>"']+\.[^\s@,;:<>"']+$/u.test(to))
    return { problem: `“${short(to)}” is not one e-mail address.` };
  const subject = url.searchParams.get('subject')?.replaceAll(/\s+/gu, ' ');
  return { href: `mailto:${to}${subject === undefined ? '' : `?subject=${encodeURIComponent(subject)}`}` };
}

function phoneLink(said: string): ReadLink {
  const number = said.replaceAll(/[\s().-]/gu, '');
  return /^\+?\d{3,15}$/.test(number) ? { href: `tel:${number}` } : { problem: `“${short(said)}” is not a phone number.` };
}

/** Editors write braces as %7B%7B. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
