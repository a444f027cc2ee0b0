import { defaultTreeAdapter as tree, parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { dropped, marks, paragraphs } from './html-tags.js';
import { readLink, shownElsewhere } from './link.rules.js';
import { parseFields } from './merge-field.rules.js';
import { byLink, isBreak, isPlaceholder, lineBreak, plainOf } from './rich-text.rules.js';
import type { Block, Href, Mark, RichText, Run, TableRow } from './rich-text.rules.js';
import { asTyped, spaces, tidied, type Raw } from './white-space.rules.js';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

export interface ReadHtml {
  readonly text: RichText;
  /** What was left out, once each: staff see it before they send. */
  readonly removed: readonly string[];
  /** What must be put right first. */
  readonly problems: readonly string[];
}

const mostCharacters = 200_000;
const deepest = 60;

interface Around {
  readonly marks: readonly Mark[];
  readonly link: Href | null;
  readonly depth: number;
}

export function readHtml(html: string): ReadHtml {
  const reader = new Reader();
  if (html.length > mostCharacters)
    return { text: { blocks: [] }, removed: [], problems: ['The text is too long to be sent as a message. Attach it instead.'] };
  const blocks = reader.blocksOf(parseFragment(html).childNodes, { marks: [], link: null, depth: 0 });
  return { text: { blocks }, removed: [...reader.removed], problems: [...reader.problems] };
}

class Reader {
  readonly removed = new Set<string>();
  readonly problems = new Set<string>();

  blocksOf(nodes: readonly Node[], around: Around): Block[] {
    const blocks: Block[] = [];
    let open: Raw[] = [];
    const flush = (): void => {
      const runs = this.#runsOf(open, false);
      open = [];
      if (runs.length > 0) blocks.push({ kind: 'paragraph', runs });
    };
    const walk = (node: Node, at: Around): void => {
      if (this.#isText(node, at)) return void open.push(...this.#rawOf(node, at));
      if (!this.#isElement(node, at)) return;
      const block = this.#blockOf(node, at);
      if (block !== undefined || paragraphs.has(node.tagName)) flush();
      if (block) blocks.push(block);
      if (block !== undefined) return;
      const inside = this.#inside(node, at);
      for (const child of node.childNodes) walk(child, inside);
      if (paragraphs.has(node.tagName)) flush();
    };
    for (const node of nodes) walk(node, around);
    flush();
    return blocks;
  }

  /** `null`: a block with nothing in it. `undefined`: not a block of its own. */
  #blockOf(node: Element, at: Around): Block | null | undefined {
    const inside = { ...at, depth: at.depth + 1 };
    switch (node.tagName) {
      case 'h1':
      case 'h2':
        return this.#lineOf('heading', node, at, 2);
      case 'h3':
      case 'h4':
      case 'h5':
      case 'h6':
        return this.#lineOf('heading', node, at, 3);
      case 'pre':
        return this.#lineOf('box', node, at, 2);
      case 'ul':
      case 'ol': {
        const items = node.childNodes
          .filter((child) => !tree.isTextNode(child) || child.value.trim() !== '')
          .map((child) => this.blocksOf(tree.isElementNode(child) && child.tagName === 'li' ? child.childNodes : [child], inside))
          .filter((item) => item.length > 0);
        return items.length === 0 ? null : { kind: 'list', ordered: node.tagName === 'ol', items };
      }
      case 'blockquote': {
        const blocks = this.blocksOf(node.childNodes, inside);
        return blocks.length === 0 ? null : { kind: 'quote', blocks };
      }
      case 'table': {
        const rows = this.#rowsOf(node, inside);
        return rows.length === 0 ? null : { kind: 'table', rows };
      }
      case 'hr':
        return { kind: 'rule' };
      default:
        return undefined;
    }
  }

  #lineOf(kind: 'heading' | 'box', node: Element, at: Around, level: 2 | 3): Block | null {
    const runs = this.#runsOf(this.#rawsOf(node.childNodes, this.#inside(node, at)), kind === 'box');
    if (runs.length === 0) return null;
    return kind === 'box' ? { kind, runs } : { kind, level, runs };
  }

  #rowsOf(node: Element, at: Around): TableRow[] {
    if (at.depth > deepest) return [];
    return node.childNodes
      .filter((child) => tree.isElementNode(child))
      .flatMap((child) => {
        if (child.tagName !== 'tr') return this.#rowsOf(child, { ...at, depth: at.depth + 1 });
        const cells = child.childNodes
          .filter((cell) => tree.isElementNode(cell))
          .filter(({ tagName }) => tagName === 'td' || tagName === 'th');
        const runs = cells.map((cell) => this.#runsOf(this.#rawsOf(cell.childNodes, at), false));
        if (runs.every((cell) => cell.length === 0)) return [];
        return [{ header: cells.every((cell) => isTag(cell, 'th')), cells: runs }];
      });
  }

  /** All text below, on one line; blocks inside it are breaks. */
  #rawsOf(nodes: readonly Node[], at: Around): Raw[] {
    return nodes.flatMap((node): Raw[] => {
      if (this.#isText(node, at)) return this.#rawOf(node, at);
      if (!this.#isElement(node, at)) return [];
      const inside = this.#rawsOf(node.childNodes, this.#inside(node, at));
      return paragraphs.has(node.tagName) ? [...inside, { text: '\n', marks: [], link: null }] : inside;
    });
  }

  #isText(node: Node, at: Around): boolean {
    return tree.isTextNode(node) || (isTag(node, 'br') && at.depth <= deepest);
  }

  #rawOf(node: Node, { marks: its, link }: Around): Raw[] {
    if (tree.isTextNode(node)) return [{ text: spaces(node.value), marks: its, link }];
    return [{ text: '\n', marks: [], link: null }];
  }

  #isElement(node: Node, at: Around): node is Element {
    if (!tree.isElementNode(node)) return false;
    const what = dropped.get(node.tagName);
    if (what !== undefined) this.removed.add(`${what} were removed.`);
    if (at.depth > deepest) this.problems.add('The text is nested too deeply. Paste it without its formatting.');
    if (node.tagName === 'font' || node.attrs.some(({ name }) => name === 'style'))
      this.removed.add('Fonts, colours and sizes were removed; the layout has its own.');
    return what === undefined && at.depth <= deepest;
  }

  #inside(node: Element, at: Around): Around {
    const mark = marks.get(node.tagName);
    const link = node.tagName === 'a' ? this.#linkOf(node) : null;
    return {
      marks: mark !== undefined && !at.marks.includes(mark) ? [...at.marks, mark] : at.marks,
      link: link ?? at.link,
      depth: at.depth + 1,
    };
  }

  #linkOf(node: Element): Href | null {
    const raw = node.attrs.find(({ name }) => name === 'href')?.value;
    if (raw === undefined || raw.trim() === '') return null;
    const read = readLink(raw);
    if ('href' in read) return read.href;
    this.problems.add(read.problem);
    return null;
  }

  /** Finds the fields over the borders of tags: editors like to put them into the middle of a name. */
  #runsOf(raws: readonly Raw[], newLines: boolean): Run[] {
    const line = tidied(newLines ? raws.map(asTyped) : raws);
    const whole = line.map(({ text }) => text).join('');
    const { pieces, starts, problems } = parseFields(whole);
    for (const problem of problems) this.problems.add(problem);
    const runs: Run[] = [];
    let [index, passed] = [0, 0];
    for (const [nth, piece] of pieces.entries()) {
      const start = starts[nth] ?? 0;
      const end = starts[nth + 1] ?? whole.length;
      for (let at = start; at < end;) {
        while (passed + (line[index]?.text.length ?? Infinity) <= at) passed += line[index++]?.text.length ?? 0;
        const raw = line[index];
        if (!raw) break;
        const upTo = typeof piece === 'string' ? Math.min(end, passed + raw.text.length) : end;
        const { marks: its, link } = raw;
        if (typeof piece === 'string') runs.push(...withBreaks(whole.slice(at, upTo), its, link));
        else runs.push({ content: piece, marks: its, link });
        at = upTo;
      }
    }
    this.#checkLinks(runs);
    return runs.every(({ content }) => isBreak(content) || (typeof content === 'string' && content.trim() === '')) ? [] : runs;
  }

  #checkLinks(runs: readonly Run[]): void {
    for (const { link, runs: inside } of byLink(runs)) {
      if (typeof link !== 'string' || inside.some(({ content }) => isPlaceholder(content))) continue;
      const problem = shownElsewhere(plainOf(inside), link);
      if (problem !== null) this.problems.add(problem);
    }
  }
}

const isTag = (node: Node, name: string): boolean => tree.isElementNode(node) && node.tagName === name;

function withBreaks(text: string, its: readonly Mark[], link: Href | null): Run[] {
  return text
    .split('\n')
    .flatMap((part, nth): Run[] => [
      ...(nth > 0 ? [{ content: lineBreak, marks: [], link: null }] : []),
      ...(part === '' ? [] : [{ content: part, marks: its, link }]),
    ]);
}
