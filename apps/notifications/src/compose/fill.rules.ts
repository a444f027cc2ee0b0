import { dayIn, momentAndZoneIn } from '../schedule/when.rules.js';
import { fieldRow, type FieldName, type FieldRow, type FieldValue, type FieldValues, type Line } from './field-registry.js';
import type { Piece, Placeholder } from './merge-field.rules.js';
import { isForEverybody, isPlaceholder, placeholdersOf } from './rich-text.rules.js';
import type { Block, Href, RichText, Run } from './rich-text.rules.js';

/** For whom: how days are written, and whose clocks moments are shown by. */
export interface Reader {
  readonly locale: string;
  readonly timeZone: string;
}
export interface Filling extends Reader {
  readonly values: FieldValues;
  /** `masked`: as it is kept and shown once it was sent. */
  readonly secrets: 'shown' | 'masked';
}

export const mask = '••••••••';

/** The fields that this recipient lacks and that nothing stands in for: then they cannot receive it. */
export function lacking(placeholders: readonly Placeholder[], values: FieldValues): FieldName[] {
  const needed = placeholders.filter(({ fallback, optional }) => fallback === undefined && optional !== true);
  return [...new Set(needed.map(({ field }) => field))].filter((field) => !has(values, field));
}

/**
 * The text with every field put in, once: a value that looks like a field stays what it is. Values become text of the tree, so what
 * is in them is escaped with everything else when the tree is written.
 */
export function fill({ blocks }: RichText, filling: Filling): RichText {
  return { blocks: blocks.flatMap((block) => filledBlock(block, filling)) };
}

/** The same for one line of plain text, such as a subject or an SMS: with a missing optional field, the line is left out. */
export function fillPlain(pieces: readonly Piece[], filling: Filling): string {
  const dropped = pieces.some((piece) => typeof piece !== 'string' && left(piece, filling));
  if (dropped) return '';
  return pieces.map((piece) => (typeof piece === 'string' ? piece : said(piece, filling))).join('');
}

function filledBlock(block: Block, filling: Filling): Block[] {
  switch (block.kind) {
    case 'paragraph': {
      if (isForEverybody(block)) return [block];
      const lines = linesAlone(block.runs, filling);
      if (lines) return lines;
      return drops(block, filling) ? [] : [{ ...block, runs: block.runs.map((run) => filledRun(run, filling)) }];
    }
    case 'heading':
    case 'box':
      if (isForEverybody(block)) return [block];
      return drops(block, filling) ? [] : [{ ...block, runs: block.runs.map((run) => filledRun(run, filling)) }];
    case 'quote': {
      const blocks = block.blocks.flatMap((inside) => filledBlock(inside, filling));
      return blocks.length === 0 ? [] : [{ ...block, blocks }];
    }
    case 'list': {
      const items = block.items
        .map((item) => item.flatMap((inside) => filledBlock(inside, filling)))
        .filter((item) => item.length > 0);
      return items.length === 0 ? [] : [{ ...block, items }];
    }
    case 'table': {
      const kept = block.rows.filter(({ cells }) => !cells.flat().some((run) => runDrops(run, filling)));
      const rows = kept.map((row) => ({ ...row, cells: row.cells.map((cell) => cell.map((run) => filledRun(run, filling))) }));
      return rows.length === 0 ? [] : [{ ...block, rows }];
    }
    case 'rule':
      return [block];
  }
}

const drops = (block: { readonly runs: readonly Run[] }, filling: Filling): boolean =>
  block.runs.some((run) => runDrops(run, filling));
const runDrops = ({ content, link }: Run, filling: Filling): boolean =>
  [content, link].filter(isPlaceholder).some((placeholder) => left(placeholder, filling));
const left = ({ field, optional }: Placeholder, { values }: Filling): boolean => optional === true && !has(values, field);

function filledRun({ content, marks, link }: Run, filling: Filling): Run {
  return {
    content: isPlaceholder(content) ? said(content, filling) : content,
    marks,
    link: isPlaceholder(link) ? href(link, filling) : link,
  };
}

/** A digest’s lines that stand alone become a list. */
function linesAlone(runs: readonly Run[], { values }: Filling): Block[] | null {
  const [only] = runs;
  if (runs.length !== 1 || !only || !isPlaceholder(only.content) || fieldRow(only.content.field).kind !== 'lines') return null;
  const lines = linesOf(values[only.content.field]);
  const items = lines.map(({ text, link }): Block[] => [
    { kind: 'paragraph', runs: [{ content: text, marks: only.marks, link: link === undefined ? null : webAddress(link) }] },
  ]);
  return items.length === 0 ? [] : [{ kind: 'list', ordered: false, items }];
}

function said({ field, fallback }: Placeholder, { values, secrets, locale, timeZone }: Filling): string {
  const row = fieldRow(field);
  const value = values[field];
  if (value === undefined || !has(values, field)) return fallback ?? '';
  if (row.secret && secrets === 'masked') return mask;
  return shown(row, value, { locale, timeZone });
}

function href({ field }: Placeholder, { values, secrets }: Filling): Href | null {
  const value = values[field];
  if (typeof value !== 'string') return null;
  return fieldRow(field).secret && secrets === 'masked' ? null : webAddress(value);
}

function shown({ kind }: FieldRow, value: FieldValue, { locale, timeZone }: Reader): string {
  if (typeof value === 'object')
    return 'amount' in value
      ? money(value, locale)
      : linesOf(value)
          .map(({ text }) => text)
          .join('; ');
  if (kind === 'day') return dayIn(value, locale);
  if (kind === 'moment') return momentAndZoneIn(new Date(value), timeZone, locale);
  return value.trim();
}

/** `$1,250.00 AUD`: the code is written out, for a dollar is not everywhere the same. */
function money({ amount, currency }: { amount: number; currency: string }, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code' });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits).replaceAll(/\s/gu, ' ');
}

export function has(values: FieldValues, field: FieldName): boolean {
  const value = values[field];
  if (value === undefined) return false;
  return typeof value === 'string' ? value.trim() !== '' : 'amount' in value || value.length > 0;
}

const linesOf = (value: FieldValue | undefined): readonly Line[] => (typeof value === 'object' && 'length' in value ? value : []);

/** A link that a service gave. Of the platform's own pages some are http where it runs on one’s own machine. */
function webAddress(value: string): string | null {
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}

export interface Lack {
  readonly field: FieldName;
  readonly describe: string;
  readonly count: number;
  /** Some of them, to look at. */
  readonly examples: readonly string[];
}

/** Counts over every recipient of a blast who lacks what; the examples are their ids. */
export class Lacks {
  readonly #placeholders: readonly Placeholder[];
  readonly #found = new Map<FieldName, { count: number; examples: string[] }>();

  constructor(...texts: readonly (RichText | readonly Piece[])[]) {
    this.#placeholders = texts.flatMap((text) =>
      'blocks' in text ? placeholdersOf(text) : text.filter((piece) => typeof piece !== 'string'),
    );
  }

  /** Whether this one lacks nothing. */
  check(id: string, values: FieldValues): boolean {
    const missing = lacking(this.#placeholders, values);
    for (const field of missing) {
      const found = this.#found.get(field) ?? { count: 0, examples: [] };
      found.count += 1;
      if (found.examples.length < 20) found.examples.push(id);
      this.#found.set(field, found);
    }
    return missing.length === 0;
  }

  report(): Lack[] {
    return [...this.#found].map(([field, { count, examples }]) => ({
      field,
      describe: fieldRow(field).describe,
      count,
      examples,
    }));
  }
}
