import type { TemplateLanguage } from '@leasewire/contracts';
import type { Channel } from '../compose/category.rules.js';
import { fieldRow, fieldsOfEveryone, type FieldName } from '../compose/field-registry.js';
import { parseFields, placeholdersIn, type Piece, type Placeholder } from '../compose/merge-field.rules.js';
import { readHtml } from '../compose/read-html.rules.js';
import { isPlaceholder, placeholdersOf, type Block, type RichText } from '../compose/rich-text.rules.js';
import type { SystemTemplate } from './system/define-template.js';

export interface TextSource {
  readonly subject: string;
  readonly preheader: string;
  readonly body: string;
  readonly sms?: string | null | undefined;
}

/** A text of a template, read once and filled many times. */
export interface TemplateParts {
  readonly subject: readonly Piece[];
  readonly preheader: readonly Piece[];
  readonly body: RichText;
  /** Line by line; null: no text message. */
  readonly sms: readonly (readonly Piece[])[] | null;
}
export interface ReadTemplate {
  readonly parts: TemplateParts;
  /** What was left out of the body. */
  readonly removed: readonly string[];
  readonly problems: readonly string[];
}

/** Of staff less is known than of residents: they have no unit and no lease. */
const fieldsOfStaff: readonly FieldName[] = ['organization.name', 'property.name', 'recipient.name'];

export function readTemplate(source: TextSource): ReadTemplate {
  const subject = parseFields(source.subject);
  const preheader = parseFields(source.preheader);
  const body = readHtml(source.body);
  const sms =
    source.sms === null || source.sms === undefined || source.sms === '' ? null : source.sms.split('\n').map(parseFields);
  return {
    parts: {
      subject: subject.pieces,
      preheader: preheader.pieces,
      body: body.text,
      sms: sms && sms.map(({ pieces }) => pieces),
    },
    removed: body.removed,
    problems: [
      ...subject.problems.map((problem) => `Subject: ${problem}`),
      ...preheader.problems.map((problem) => `Preheader: ${problem}`),
      ...body.problems,
      ...(sms ?? []).flatMap(({ problems }) => problems.map((problem) => `Text message: ${problem}`)),
    ],
  };
}

export const fieldsFor = (template: SystemTemplate): FieldName[] => {
  const known = template.audience === 'resident' ? fieldsOfEveryone : fieldsOfStaff;
  const own = [...Object.values(template.required).flat(), ...template.optional];
  return [...new Set([...own, ...known])];
};

/** What keeps this text from being sent as this template, in words for whoever wrote it. */
export function problemsOf(template: SystemTemplate, source: TextSource): string[] {
  const { parts, problems } = readTemplate(source);
  const allowed = new Set(fieldsFor(template));
  const used = fieldsIn(parts);
  const strange = [...new Set([...used.header, ...used.email, ...used.sms])].filter((field) => !allowed.has(field));
  return [
    ...problems,
    ...strange.map((field) => `{{ ${field} }} is not known when “${template.label}” is sent. Take it out.`),
    ...secretsOf(used.header).map(
      (field) => `{{ ${field} }} is a secret: everybody sees subjects and previews. Take it out of there.`,
    ),
    ...missing(template, 'email', used.email).map(
      (field) => `The mail is of no use without {{ ${field} }} (${lowered(fieldRow(field).describe)}). Put it into the text.`,
    ),
    ...smsProblems(template, parts, used.sms),
    ...bodySlotProblems(parts.body),
    ...(parts.body.blocks.length === 0 ? ['The text is empty.'] : []),
  ];
}

function smsProblems(template: SystemTemplate, { sms }: TemplateParts, used: readonly FieldName[]): string[] {
  if (sms === null) return [];
  if (!template.channels.includes('sms')) return [`“${template.label}” is never sent as a text message. Leave that text out.`];
  return missing(template, 'sms', used).map(
    (field) =>
      `The text message is of no use without {{ ${field} }} (${lowered(fieldRow(field).describe)}). Put it into the text.`,
  );
}

/** The message itself is put in as it was written, with its lists and links: it needs a paragraph for itself. */
function bodySlotProblems({ blocks }: RichText): string[] {
  const inside = placeholdersOf({ blocks: blocks.filter((block) => !isBodySlot(block)) });
  return inside.some(({ field }) => field === 'message.body') || blocks.filter(isBodySlot).length > 1
    ? ['{{ message.body }} stands once, alone in its paragraph.']
    : [];
}
export function isBodySlot(block: Block): boolean {
  if (block.kind !== 'paragraph') return false;
  const [only] = block.runs;
  return block.runs.length === 1 && only !== undefined && isPlaceholder(only.content) && only.content.field === 'message.body';
}

interface Used {
  readonly header: readonly FieldName[];
  readonly email: readonly FieldName[];
  readonly sms: readonly FieldName[];
}
function fieldsIn({ subject, preheader, body, sms }: TemplateParts): Used {
  const names = (placeholders: readonly Placeholder[]): FieldName[] => placeholders.map(({ field }) => field);
  return {
    header: names([...placeholdersIn(subject), ...placeholdersIn(preheader)]),
    email: names(placeholdersOf(body)),
    sms: names((sms ?? []).flatMap(placeholdersIn)),
  };
}

const missing = ({ required }: SystemTemplate, channel: Channel, used: readonly FieldName[]): FieldName[] =>
  (required[channel] ?? []).filter((field) => !used.includes(field));
const secretsOf = (used: readonly FieldName[]): FieldName[] =>
  [...new Set(used)].filter((field) => fieldRow(field).secret === true);
const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Every merge field that a text needs and that nothing stands in for, by channel: who lacks one cannot receive it. */
export function placeholdersFor({ subject, preheader, body, sms }: TemplateParts, channel: Channel): Placeholder[] {
  if (channel === 'sms') return (sms ?? []).flatMap(placeholdersIn);
  return [...placeholdersIn(subject), ...placeholdersIn(preheader), ...placeholdersOf(body)];
}

export type LanguageTexts<T> = Readonly<Partial<Record<TemplateLanguage, T>>>;
