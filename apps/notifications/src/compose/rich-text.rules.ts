import type { Placeholder } from './merge-field.rules.js';

/**
 * A text as a tree that cannot say anything unsafe: there is no node for a script, a style, an image or an attribute, so nothing of
 * the kind can come out of it whatever went in. Editors write HTML, `read-html.rules.ts` reads it into this, and everything that is
 * sent is written from this.
 */
export type Mark = 'strong' | 'em' | 'u' | 's' | 'code';
export type Href = string | Placeholder;
export interface Run {
  readonly content: string | Placeholder | typeof lineBreak;
  readonly marks: readonly Mark[];
  readonly link: Href | null;
}
export const lineBreak = { break: true } as const;

export type Block =
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly runs: readonly Run[] }
  /** A box in letters of one width: a network’s name and password, a code. */
  | { readonly kind: 'box'; readonly runs: readonly Run[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'table'; readonly rows: readonly TableRow[] }
  | { readonly kind: 'rule' };
export interface TableRow {
  readonly header: boolean;
  readonly cells: readonly (readonly Run[])[];
}
export interface RichText {
  readonly blocks: readonly Block[];
}

export const isBreak = (content: Run['content']): content is typeof lineBreak =>
  typeof content === 'object' && 'break' in content;
export const isPlaceholder = (value: Run['content'] | Href | null): value is Placeholder =>
  typeof value === 'object' && value !== null && 'field' in value;

/** Every placeholder of a text, links included, in the order they come. */
export function placeholdersOf({ blocks }: RichText): Placeholder[] {
  return blocks.flatMap((block) => runsOf(block)).flatMap(({ content, link }) => [link, content].filter(isPlaceholder));
}

function runsOf(block: Block): readonly Run[] {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
    case 'box':
      return block.runs;
    case 'list':
      return block.items.flat().flatMap(runsOf);
    case 'quote':
      return block.blocks.flatMap(runsOf);
    case 'table':
      return block.rows.flatMap(({ cells }) => cells.flat());
    case 'rule':
      return [];
  }
}

/** Those that were found to be the same for every reader, and those that were not. */
const looked = new WeakMap<Block, boolean>();
/** No field is put in. Looked once: a text is filled for ten thousand. */
export function isForEverybody(block: Block): boolean {
  const known = looked.get(block);
  if (known !== undefined) return known;
  const answer = placeholdersOf({ blocks: [block] }).length === 0;
  looked.set(block, answer);
  return answer;
}

/** Writes what everybody gets once, and the rest each time. */
export function onceForEverybody<T>(write: (block: Block) => T): (block: Block) => T {
  const written = new WeakMap<Block, { readonly as: T }>();
  return (block) => {
    if (looked.get(block) !== true) return write(block);
    const known = written.get(block);
    if (known) return known.as;
    const as = write(block);
    written.set(block, { as });
    return as;
  };
}

/** Runs that belong to one link, or to none: what stands between `<a>` and `</a>`. */
export function byLink(runs: readonly Run[]): { readonly link: Href | null; readonly runs: readonly Run[] }[] {
  const groups: { link: Href | null; runs: Run[] }[] = [];
  for (const run of runs) {
    const last = groups.at(-1);
    if (last && last.link === run.link) last.runs.push(run);
    else groups.push({ link: run.link, runs: [run] });
  }
  return groups;
}

/** What a person reads of it, placeholders left out. */
export const plainOf = (runs: readonly Run[]): string =>
  runs.map(({ content }) => (typeof content === 'string' ? content : isBreak(content) ? '\n' : '')).join('');

/** A link that has a paragraph for itself is a button. One that shows its own address is not: it is there to be copied. */
export function asButton(runs: readonly Run[]): { readonly href: Href; readonly runs: readonly Run[] } | null {
  const groups = byLink(runs).filter(
    ({ link, runs: inside }) => link !== null || plainOf(inside).trim() !== '' || hasField(inside),
  );
  const [only] = groups;
  if (groups.length !== 1 || !only || only.link === null) return null;
  if (/^(https?:|www\.|mailto:|tel:)|@/i.test(plainOf(only.runs).trim())) return null;
  if (typeof only.link === 'string' && !only.link.startsWith('https:') && !only.link.startsWith('http:')) return null;
  return { href: only.link, runs: only.runs };
}

const hasField = (runs: readonly Run[]): boolean => runs.some(({ content }) => isPlaceholder(content));
