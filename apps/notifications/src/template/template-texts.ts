import { SystemTemplateName, type MessageCategory } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import type { Filling } from '../compose/fill.rules.js';
import { parseFields, type Placeholder } from '../compose/merge-field.rules.js';
import { readHtml } from '../compose/read-html.rules.js';
import { languageOf } from '../schedule/when.rules.js';
import { Texts, type Around, type Place, type Rendered, type Writing, type Written } from '../text/texts.js';
import { languages, type Layered } from './layers.rules.js';
import { frameOf, Letterheads, type Letterhead } from './letterheads.js';
import { placeholdersFor, readTemplate, type TemplateParts } from './read-template.rules.js';
import { renderMail, renderSms, within } from './render.rules.js';
import { systemTemplates } from './system/system-templates.js';
import { TemplateStore, type TemplatePlace } from './template-store.js';

interface Part {
  readonly language: string;
  readonly parts: TemplateParts;
}
interface Whose {
  readonly letterhead: Letterhead;
  readonly audience: 'resident' | 'staff' | null;
  readonly emergency: boolean;
}

/** The real texts: the registry with what staff wrote over it, within the layout. */
@Injectable()
export class TemplateTexts extends Texts {
  constructor(
    private readonly store: TemplateStore,
    private readonly letterheads: Letterheads,
  ) {
    super();
  }

  override async template({ orgId, propertyId, name, version }: Place & { readonly name: string }): Promise<Writing | null> {
    const known = SystemTemplateName.safeParse(name);
    if (!known.success) return null;
    const place = { orgId, propertyId, name: known.data };
    const { layers, pin } = await this.#layers(place, version);
    const letterhead = await this.letterheads.of(orgId, propertyId);
    const parts = languages.map((language) => ({ language, parts: readTemplate(layers.texts[language]).parts }));
    return writingOf(parts, { letterhead, audience: systemTemplates[place.name].audience, emergency: false }, `${name}@${pin}`);
  }

  override async composed({
    orgId,
    propertyId,
    category,
    texts,
    version,
  }: Place & { readonly category: MessageCategory; readonly texts: readonly Written[] }): Promise<{
    writing: Writing;
    problems: string[];
  }> {
    const { layers, pin } = await this.#layers({ orgId, propertyId, name: 'message' }, version);
    const letterhead = await this.letterheads.of(orgId, propertyId);
    const problems = new Set<string>();
    const parts = texts.map(({ language, ...text }): Part => {
      const around = readTemplate(layers.texts[languageOf(language)]).parts;
      const { read, wrong } = readWritten(text);
      for (const problem of wrong) problems.add(problem);
      return { language, parts: within(around, read) };
    });
    const writing = writingOf(parts, { letterhead, audience: null, emergency: category === 'emergency' }, `message@${pin}`);
    return { writing, problems: [...problems] };
  }

  /** Those it was pinned to, else those of now. */
  async #layers(place: TemplatePlace, version: string | null | undefined): Promise<{ layers: Layered; pin: string }> {
    const pin = version?.slice(version.indexOf('@') + 1);
    const pinned = pin === undefined ? null : await this.store.at(place, pin);
    if (pinned && pin !== undefined) return { layers: pinned, pin };
    await this.store.keepSystemText(place);
    const now = await this.store.now(place);
    return { layers: now, pin: now.pin };
  }
}

function readWritten({ subject, body, sms }: Omit<Written, 'language'>): {
  read: Omit<TemplateParts, 'preheader'>;
  wrong: string[];
} {
  const [line, rich] = [parseFields(subject), readHtml(body)];
  const short = sms.trim() === '' ? null : sms.split('\n').map(parseFields);
  return {
    read: { subject: line.pieces, body: rich.text, sms: short && short.map(({ pieces }) => pieces) },
    wrong: [...line.problems, ...rich.problems, ...(short ?? []).flatMap(({ problems }) => problems)],
  };
}

function writingOf(all: readonly Part[], whose: Whose, version: string): Writing {
  const partOf = (language: string): Part => {
    const part = all.find((one) => one.language === language) ?? all[0];
    if (!part) throw new Error('A message has no text');
    return part;
  };
  return {
    version,
    languages: all.map(({ language }) => language),
    fields: (channel): Placeholder[] => all.flatMap(({ parts }) => placeholdersFor(parts, channel)),
    render: (language, filling, around) => rendered(partOf(language), whose, filling, around),
    sms: (language, filling) => renderSms(partOf(language).parts, filling) ?? '',
  };
}

function rendered(
  { language, parts }: Part,
  { letterhead, audience, emergency }: Whose,
  filling: Filling,
  around: Around,
): Rendered {
  const { values } = filling;
  // an additional recipient of a message has no home here, and is not told so
  const reader = audience ?? (values['unit.name'] === undefined ? 'other' : 'resident');
  const frame = frameOf(letterhead, { textLanguage: language, reader, emergency, values, around });
  return { ...renderMail(parts, filling, frame), sms: renderSms(parts, filling) ?? '' };
}
