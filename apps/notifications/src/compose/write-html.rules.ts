import { written } from './merge-field.rules.js';
import { asButton, byLink, isBreak, isPlaceholder, onceForEverybody } from './rich-text.rules.js';
import type { Block, Href, Mark, RichText, Run } from './rich-text.rules.js';

/** How tags look where they go: the editor’s are bare, a mail’s carry their styles, for mail programs drop style sheets. */
export interface Look {
  /** What is written inside the tag, after its name. */
  readonly attributes: Readonly<Partial<Record<Tag, string>>>;
  readonly button: ((href: string, label: string) => string) | null;
}
export type Tag = 'p' | 'h2' | 'h3' | 'pre' | 'ul' | 'ol' | 'li' | 'blockquote' | 'table' | 'th' | 'td' | 'hr' | 'a' | Mark;

export const bare: Look = { attributes: {}, button: null };

/** As it is stored and given back to the editor. */
export const canonicalHtml = (text: RichText): string => writeHtml(text, bare);

export function writeHtml({ blocks }: RichText, look: Look): string {
  return blocks.map(writerFor(look)).join('');
}

const writers = new WeakMap<Look, (block: Block) => string>();
function writerFor(look: Look): (block: Block) => string {
  const known = writers.get(look);
  if (known) return known;
  const writer = onceForEverybody((block) => blockHtml(block, look));
  writers.set(look, writer);
  return writer;
}

export const escapeHtml = (text: string): string =>
  /[&<>"']/.test(text)
    ? text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;')
    : text;

function blockHtml(block: Block, look: Look): string {
  const tag = (name: Tag, inside: string): string => tagged(name, inside, look);
  switch (block.kind) {
    case 'paragraph': {
      const button = look.button && asButton(block.runs);
      if (look.button && button) return look.button(escapeHtml(hrefOf(button.href)), runsHtml(unlinked(button.runs), look));
      return tag('p', runsHtml(block.runs, look));
    }
    case 'heading':
      return tag(block.level === 2 ? 'h2' : 'h3', runsHtml(block.runs, look));
    case 'box':
      return tag('pre', runsHtml(block.runs, look));
    case 'quote':
      return tag('blockquote', writeHtml(block, look));
    case 'list':
      return tag(block.ordered ? 'ol' : 'ul', block.items.map((item) => tag('li', itemHtml(item, look))).join(''));
    case 'table':
      return tag(
        'table',
        block.rows
          .map(({ header, cells }) => `<tr>${cells.map((cell) => tag(header ? 'th' : 'td', runsHtml(cell, look))).join('')}</tr>`)
          .join(''),
      );
    case 'rule':
      return `<hr${look.attributes.hr ?? ''}>`;
  }
}

/** An item of one paragraph needs no paragraph: its space around would tear the list apart. */
function itemHtml(item: readonly Block[], look: Look): string {
  const [first, ...rest] = item;
  if (first?.kind !== 'paragraph') return writeHtml({ blocks: item }, look);
  return runsHtml(first.runs, look) + writeHtml({ blocks: rest }, look);
}

function runsHtml(runs: readonly Run[], look: Look): string {
  return byLink(runs)
    .map(({ link, runs: inside }) => {
      const html = inside.map((run) => runHtml(run, look)).join('');
      return link === null ? html : `<a href="${escapeHtml(hrefOf(link))}"${look.attributes.a ?? ''}>${html}</a>`;
    })
    .join('');
}

function runHtml({ content, marks }: Run, look: Look): string {
  if (isBreak(content)) return '<br>';
  const text = escapeHtml(isPlaceholder(content) ? written(content) : content);
  return marks.reduceRight((html, mark) => tagged(mark, html, look), text);
}

const tagged = (name: Tag, inside: string, { attributes }: Look): string =>
  `<${name}${attributes[name] ?? ''}>${inside}</${name}>`;
const hrefOf = (href: Href): string => (typeof href === 'string' ? href : written(href));
const unlinked = (runs: readonly Run[]): Run[] => runs.map((run) => ({ ...run, link: null }));
