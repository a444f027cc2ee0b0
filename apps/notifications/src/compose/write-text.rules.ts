import { written } from './merge-field.rules.js';
import { asButton, byLink, isBreak, isPlaceholder, onceForEverybody } from './rich-text.rules.js';
import type { Block, Href, RichText, Run } from './rich-text.rules.js';

/** The text part: everything that the HTML says, for programs and people that read no HTML. */
export const writeText = ({ blocks }: RichText): string => linesOf(blocks).join('\n').trim();

function linesOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block, nth) => [...(nth > 0 ? [''] : []), ...blockLines(block)]);
}

const blockLines = onceForEverybody(linesOfBlock);

function linesOfBlock(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph': {
      const button = asButton(block.runs);
      // on a line of its own an address can be copied whole
      if (button) return [`${runsText(button.runs.map((run) => ({ ...run, link: null })))}:`, hrefOf(button.href)];
      return runsText(block.runs).split('\n');
    }
    case 'heading':
    case 'box':
      return runsText(block.runs).split('\n');
    case 'quote':
      return linesOf(block.blocks).map((line) => `> ${line}`.trimEnd());
    case 'list':
      return block.items.flatMap((item, nth) => {
        const bullet = block.ordered ? `${nth + 1}. ` : '- ';
        return item.flatMap(itemLines).map((line, at) => (at === 0 ? bullet : ' '.repeat(bullet.length)) + line);
      });
    case 'table':
      return block.rows.map(({ cells }) => cells.map((cell) => runsText(cell).replaceAll('\n', ' ')).join(' | '));
    case 'rule':
      return ['---'];
  }
}

/** What an item begins with is no button: it stands in a list of its like. */
const itemLines = (block: Block, nth: number): string[] =>
  nth === 0 && block.kind === 'paragraph' ? runsText(block.runs).split('\n') : blockLines(block);

function runsText(runs: readonly Run[]): string {
  return byLink(runs)
    .map(({ link, runs: inside }) => {
      const label = inside.map(runText).join('');
      if (link === null) return label;
      const href = hrefOf(link);
      const address = href.replace(/^(mailto|tel):/, '').replace(/\?subject=.*$/, '');
      const same = [href, address, href.replace(/^https?:\/\//, '')].some((one) => sameAddress(one, label));
      return same ? label : `${label} (${address})`;
    })
    .join('');
}

const sameAddress = (a: string, b: string): boolean => bareAddress(a) === bareAddress(b);
const bareAddress = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/\/$/, '')
    .replaceAll(/[\s()-]/g, '');
const runText = ({ content }: Run): string => (isBreak(content) ? '\n' : isPlaceholder(content) ? written(content) : content);
const hrefOf = (href: Href): string => (typeof href === 'string' ? href : written(href));
