import type { TemplateLanguage } from '@leasewire/contracts';
import { escapeHtml } from '../../compose/write-html.rules.js';
import { frameWords } from './frame-words.js';
import { sans } from './look.js';
import { alarm, light } from './palette.js';
import { styleSheet } from './style-sheet.js';

/** Whose mail it is and why somebody has it: what stands around the text. */
export interface Frame {
  /** Of the layout’s own words. */
  readonly language: TemplateLanguage;
  /** Of the text, which staff may have written in any language. */
  readonly textLanguage: string;
  /** As the reader knows it: the property, else the organization. */
  readonly sender: string;
  readonly address: string | null;
  readonly phone: string | null;
  readonly reader: 'resident' | 'staff' | 'other';
  readonly emergency: boolean;
  readonly answersAreRead: boolean;
  /** Where one may stop such mail; null where the category does not allow it. */
  readonly unsubscribe: string | null;
  /** Where staff choose their alerts. */
  readonly alertSettings: string | null;
}

export interface Inside {
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
}

export function frameHtml(frame: Frame, { subject, preheader, html }: Inside): string {
  const accent = frame.emergency ? alarm.light : light.accent;
  return (
    headOf(frame) +
    `<title>${escapeHtml(subject)}</title></head>` +
    `<body class="g" style="margin:0;padding:0;background:${light.page};word-spacing:normal">` +
    `<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;font-size:1px;line-height:1px;color:${light.page}">${escapeHtml(preheader)}${filler}</div>` +
    `<div role="article" aria-roledescription="email" aria-label="${escapeHtml(subject)}" lang="${escapeHtml(frame.textLanguage)}">` +
    `<table role="presentation" class="g" width="100%" cellspacing="0" cellpadding="0" border="0" bgcolor="${light.page}" style="background:${light.page}"><tr><td class="o" align="center" style="padding:32px 16px 40px">` +
    `<!--[if mso]><table role="presentation" width="600" cellspacing="0" cellpadding="0" border="0"><tr><td><![endif]-->` +
    `<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" style="max-width:600px;margin:0 auto">` +
    `<tr><td style="padding:0 4px 16px">${letterhead(frame, accent)}</td></tr>` +
    `<tr><td class="s" bgcolor="${light.card}" style="background:${light.card};border:1px solid ${light.line};border-radius:12px">` +
    (frame.emergency ? emergencyBar(frame) : '') +
    `<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0"><tr><td class="c" align="left" style="padding:36px 40px 20px">${html}</td></tr></table>` +
    `</td></tr>` +
    `<tr><td class="f" align="left" lang="${frame.language}" style="padding:20px 40px 0">${footer(frame)}</td></tr></table>` +
    `<!--[if mso]></td></tr></table><![endif]-->` +
    `</td></tr></table></div></body></html>`
  );
}

/** What the plain text part ends with: the same as the footer says. */
export function frameText(frame: Frame, text: string): string {
  const words = frameWords[frame.language];
  const lines = footerLines(frame);
  if (frame.unsubscribe !== null) lines.push(`${words.unsubscribe}: ${frame.unsubscribe}`);
  if (frame.alertSettings !== null) lines.push(`${words.alertSettings}: ${frame.alertSettings}`);
  const top = frame.emergency ? `${words.emergency.toUpperCase()}: ${frame.sender}\n\n` : '';
  return `${top}${text}\n\n-- \n${lines.join('\n')}\n`;
}

/** So that mailboxes show nothing of the text after the preheader: signs of no width. */
const filler = '&#847;&zwnj;&nbsp;'.repeat(48);

const heads = new Map<string, string>();
function headOf({ language, emergency }: Frame): string {
  const key = `${language} ${emergency}`;
  const known = heads.get(key);
  if (known !== undefined) return known;
  const head =
    `<!doctype html><html lang="${language}" dir="ltr" xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>` +
    `<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<meta name="x-apple-disable-message-reformatting"><meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">` +
    `<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">` +
    `<!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript>` +
    `<style>table{border-collapse:collapse}td,p,h2,h3,li,a{font-family:'Segoe UI',Arial,sans-serif!important}</style><![endif]-->` +
    `<style>${styleSheet(emergency)}</style>`;
  heads.set(key, head);
  return head;
}

/** A letter in a square instead of a picture: pictures are blocked by default where mail is read most. */
function letterhead({ sender }: Frame, accent: string): string {
  const [initial = ''] = sender.trim();
  return (
    `<table role="presentation" cellspacing="0" cellpadding="0" border="0"><tr>` +
    `<td class="k" width="36" height="36" align="center" valign="middle" bgcolor="${accent}" aria-hidden="true" style="width:36px;height:36px;border-radius:9px;background:${accent};font-family:${sans};font-size:18px;line-height:36px;font-weight:700;color:${light.onAccent}">${escapeHtml(initial.toUpperCase())}</td>` +
    `<td class="t" valign="middle" style="padding:0 0 0 12px;font-family:${sans};font-size:16px;line-height:1.3;font-weight:600;color:${light.text}">${escapeHtml(sender)}</td>` +
    `</tr></table>`
  );
}

function emergencyBar({ language }: Frame): string {
  return (
    `<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0"><tr>` +
    `<td class="k e" bgcolor="${alarm.light}" style="padding:12px 40px;border-radius:11px 11px 0 0;background:${alarm.light};font-family:${sans};font-size:14px;line-height:20px;font-weight:700;letter-spacing:.6px;text-transform:uppercase;color:${light.onAccent}">${frameWords[language].emergency}</td>` +
    `</tr></table>`
  );
}

function footerLines({ language, sender, address, phone, reader, answersAreRead }: Frame): string[] {
  const words = frameWords[language];
  const why = { resident: words.residentOf, staff: words.staffOf, other: words.addressed }[reader](sender);
  const place = [sender, address, phone].filter((part) => part !== null && part.trim() !== '').join(' · ');
  return [place, answersAreRead ? why : `${why} ${words.noReply}`];
}

function footer(frame: Frame): string {
  const words = frameWords[frame.language];
  const style = `font-family:${sans};font-size:13px;line-height:1.55;color:${light.muted}`;
  const link = (href: string, label: string): string =>
    `<p class="m" style="margin:0 0 8px;${style}"><a class="m" href="${escapeHtml(href)}" style="color:${light.muted};text-decoration:underline">${label}</a></p>`;
  return (
    footerLines(frame)
      .map((line) => `<p class="m" style="margin:0 0 8px;${style}">${escapeHtml(line)}</p>`)
      .join('') +
    (frame.unsubscribe === null ? '' : link(frame.unsubscribe, words.unsubscribe)) +
    (frame.alertSettings === null ? '' : link(frame.alertSettings, words.alertSettings))
  );
}
