import { fill, fillPlain, type Filling } from '../compose/fill.rules.js';
import { headerText } from '../compose/header.rules.js';
import type { RichText } from '../compose/rich-text.rules.js';
import { writeHtml, type Look } from '../compose/write-html.rules.js';
import { writeText } from '../compose/write-text.rules.js';
import { withPlainSigns } from '../sms/plain-sms.rules.js';
import { frameWords } from './layout/frame-words.js';
import { mailLook } from './layout/look.js';
import { frameHtml, frameText, type Frame } from './layout/mail-frame.rules.js';
import { alarm } from './layout/palette.js';
import { isBodySlot, type TemplateParts } from './read-template.rules.js';

export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
const longestPreheader = 150;

/** A whole mail: the texts of a template with every field put in, within the layout. */
export function renderMail(parts: TemplateParts, filling: Filling, frame: Frame): RenderedMail {
  const body = fill(parts.body, filling);
  const subject = headerText(fillPlain(parts.subject, filling));
  const text = writeText(body);
  const said = headerText(fillPlain(parts.preheader, filling), longestPreheader);
  const preheader = said === '' ? headerText(text.slice(0, 2 * longestPreheader), longestPreheader) : said;
  const html = writeHtml(body, lookFor(frame));
  return { subject, html: frameHtml(frame, { subject, preheader, html }), text: frameText(frame, text) };
}

/** Null where the template says nothing by text message. */
export function renderSms({ sms }: TemplateParts, filling: Filling): string | null {
  if (sms === null) return null;
  const lines = sms.map((line) => fillPlain(line, filling)).filter((line) => line !== '');
  return withPlainSigns(lines.join('\n'));
}

/** The message that staff wrote, within what the organization puts around its messages. */
export function within(around: TemplateParts, message: Omit<TemplateParts, 'preheader'>): TemplateParts {
  const blocks = around.body.blocks.flatMap((block) => (isBodySlot(block) ? message.body.blocks : [block]));
  return { subject: message.subject, preheader: around.preheader, body: { blocks } satisfies RichText, sms: message.sms };
}

const looks = new Map<string, Look>();
function lookFor({ language, emergency }: Frame): Look {
  const key = `${language} ${emergency}`;
  const known = looks.get(key);
  if (known) return known;
  const look = mailLook(frameWords[language].copyLink, emergency ? alarm.light : undefined);
  looks.set(key, look);
  return look;
}
