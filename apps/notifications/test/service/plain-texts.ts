import type { MessageCategory } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import { fill, fillPlain, type Filling } from '../../src/compose/fill.rules.js';
import { headerText } from '../../src/compose/header.rules.js';
import { parseFields, placeholdersIn, type Piece, type Placeholder } from '../../src/compose/merge-field.rules.js';
import { readHtml } from '../../src/compose/read-html.rules.js';
import { placeholdersOf, type RichText } from '../../src/compose/rich-text.rules.js';
import { escapeHtml, writeHtml, bare } from '../../src/compose/write-html.rules.js';
import { writeText } from '../../src/compose/write-text.rules.js';
import { Texts, type Around, type Place, type Rendered, type Writing, type Written } from '../../src/text/texts.js';

interface Parts {
  readonly language: string;
  readonly subject: readonly Piece[];
  readonly body: RichText;
  readonly sms: readonly Piece[];
}

/** Texts without a layout and without templates. */
@Injectable()
export class PlainTexts extends Texts {
  override template(_of: Place & { readonly name: string }): Promise<Writing | null> {
    return Promise.resolve(null);
  }

  override composed({ texts }: Place & { readonly category: MessageCategory; readonly texts: readonly Written[] }): Promise<{
    writing: Writing;
    problems: string[];
  }> {
    const problems: string[] = [];
    const parts = texts.map(({ language, subject, body, sms }): Parts => {
      const [line, rich, short] = [parseFields(subject), readHtml(body), parseFields(sms)];
      problems.push(...line.problems, ...rich.problems, ...short.problems);
      return { language, subject: line.pieces, body: rich.text, sms: short.pieces };
    });
    return Promise.resolve({ writing: writingOf(parts), problems: [...new Set(problems)] });
  }
}

function writingOf(parts: readonly Parts[]): Writing {
  const placeholders = (channel: 'email' | 'sms'): Placeholder[] =>
    parts.flatMap(({ subject, body, sms }) =>
      channel === 'sms' ? placeholdersIn(sms) : [...placeholdersIn(subject), ...placeholdersOf(body)],
    );
  const partOf = (language: string): Parts => {
    const part = parts.find((one) => one.language === language) ?? parts[0];
    if (!part) throw new Error('A message has no text');
    return part;
  };
  return {
    version: null,
    languages: parts.map(({ language }) => language),
    fields: placeholders,
    render: (language, filling, around) => rendered(partOf(language), filling, around),
    sms: (language, filling) => fillPlain(partOf(language).sms, filling),
  };
}

function rendered({ language, subject, body, sms }: Parts, filling: Filling, { unsubscribe }: Around): Rendered {
  const filled = fill(body, filling);
  const title = headerText(fillPlain(subject, filling));
  const end = unsubscribe === null ? '' : `<p><a href="${escapeHtml(unsubscribe)}">Unsubscribe</a></p>`;
  const html = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>${writeHtml(filled, bare)}${end}</body></html>`;
  const text = [writeText(filled), ...(unsubscribe === null ? [] : [`Unsubscribe: ${unsubscribe}`])].join('\n\n');
  return { subject: title, html, text, sms: fillPlain(sms, filling) };
}
