import type { Look } from '../../compose/write-html.rules.js';
import { light } from './palette.js';

export const sans = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Courier New',monospace";
const text = `font-family:${sans};font-size:16px;line-height:1.55;color:${light.text}`;
const attributes = (name: string, style: string): string => ` class="${name}" style="${style}"`;

/**
 * Everything inline, for Outlook and Gmail drop style sheets; the classes are what dark mode and small screens take hold of where
 * style sheets are read.
 */
export function mailLook(copyLink: string, accent: string = light.accent): Look {
  return {
    attributes: {
      p: attributes('t', `margin:0 0 16px;${text}`),
      h2: attributes(
        't h',
        `margin:0 0 18px;font-family:${sans};font-size:24px;line-height:1.25;font-weight:700;letter-spacing:-.2px;color:${light.text}`,
      ),
      h3: attributes(
        't',
        `margin:24px 0 10px;font-family:${sans};font-size:18px;line-height:1.35;font-weight:700;color:${light.text}`,
      ),
      pre: attributes(
        't b',
        `margin:0 0 20px;padding:16px 18px;background:${light.box};border:1px solid ${light.line};border-radius:8px;font-family:${mono};font-size:17px;line-height:1.6;color:${light.text};white-space:pre-wrap;word-break:break-word`,
      ),
      ul: attributes('t', `margin:0 0 16px;padding:0 0 0 22px;${text}`),
      ol: attributes('t', `margin:0 0 16px;padding:0 0 0 24px;${text}`),
      li: attributes('t', `margin:0 0 8px;${text}`),
      blockquote: attributes('q', `margin:0 0 16px;padding:2px 0 0 16px;border-left:4px solid ${light.line}`),
      table: ` class="d" cellspacing="0" cellpadding="0" border="0" width="100%" style="margin:0 0 20px;border-collapse:collapse"`,
      th: attributes(
        't l',
        `padding:8px 12px 8px 0;border-bottom:2px solid ${light.line};text-align:left;font-weight:700;${text}`,
      ),
      td: attributes(
        't l',
        `padding:8px 12px 8px 0;border-bottom:1px solid ${light.line};text-align:left;vertical-align:top;${text}`,
      ),
      hr: attributes('r', `margin:24px 0;border:0;border-top:1px solid ${light.line};height:0`),
      a: attributes('a', `color:${accent};text-decoration:underline;word-break:break-word`),
      code: attributes('t', `font-family:${mono};font-size:.95em`),
    },
    button: (href, label) => button(href, label, copyLink, accent),
  };
}

/** `mso-padding-alt`: Word, which draws for Outlook, gives a link no padding of its own. */
function button(href: string, label: string, copyLink: string, accent: string): string {
  return (
    `<table role="presentation" class="w" cellspacing="0" cellpadding="0" border="0" style="margin:8px 0 14px"><tr>` +
    `<td class="k" align="center" bgcolor="${accent}" style="border-radius:8px;background:${accent};mso-padding-alt:14px 28px">` +
    `<a class="k" href="${href}" style="display:inline-block;padding:14px 28px;border-radius:8px;background:${accent};font-family:${sans};font-size:16px;line-height:20px;font-weight:600;color:${light.onAccent};text-decoration:none">${label}</a>` +
    `</td></tr></table>` +
    `<p class="m" style="margin:0 0 20px;font-family:${sans};font-size:13px;line-height:1.5;color:${light.muted}">${copyLink}<br>` +
    `<a class="m" href="${href}" style="color:${light.muted};text-decoration:underline;word-break:break-all">${href}</a></p>`
  );
}
