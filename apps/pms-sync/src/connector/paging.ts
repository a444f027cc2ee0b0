import { VendorError } from './vendor-error.js';

export interface VendorPage<T> {
  readonly items: readonly T[];
  /** Of all pages, where the vendor says it. */
  readonly total: number | null;
  /** Whether the vendor says that this is the last page; null: it does not say. */
  readonly last: boolean | null;
  /** The vendor sent nothing where a list belongs, and did not say that there is none. */
  readonly unexplained?: boolean;
}

export interface Pages<T> {
  readonly what: string;
  /** null: a row that does not say who it is counts and cannot be told from another. */
  idOf(item: T): string | null;
  fetch(page: number, alreadySeen: number): Promise<VendorPage<T>>;
  readonly maxPages?: number;
}

/** Whether everything arrived. When not, what did arrive is true, and absence means nothing. */
export interface Verdict {
  readonly complete: boolean;
  readonly why?: string;
}

/**
 * Reads page after page, each row once, until the vendor says that it was the last, everything announced is there, or a page
 * is empty. A page that is only repetition while more was announced is a loop: VendorError('paging').
 */
export async function readAllPages<T>(pages: Pages<T>, take: (items: readonly T[]) => void): Promise<Verdict> {
  const { what, maxPages = 10_000 } = pages;
  const seen = new Set<string>();
  const doubts = new Set<string>();
  let count = 0;
  let total: number | null = null;
  let repeated = false;
  let promised = false;

  for (let number = 1; number <= maxPages; number++) {
    const page = await pages.fetch(number, count);
    if (page.total !== null) {
      if (total !== null && total !== page.total) doubts.add(`the number of ${what} changed while it was read`);
      total = page.total;
    }
    const fresh = page.items.filter((item) => isFresh(seen, pages.idOf(item)));
    if (fresh.length < page.items.length) repeated = true;
    count += fresh.length;
    take(fresh);
    const enough = total !== null && count >= total;
    if (page.items.length > 0 && fresh.length === 0 && enough) {
      doubts.add(`the PMS sends pages of ${what} beyond the last`);
      break;
    }
    if (page.items.length > 0 && fresh.length === 0) {
      if (total !== null || page.last === false)
        throw new VendorError('paging', `The PMS sends the same page of ${what} again and again.`);
      doubts.add(`the PMS sent a page of ${what} twice`);
      break;
    }
    if (page.items.length === 0 && promised) doubts.add(`a page of ${what} that the PMS announced was empty`);
    promised = page.last === false;
    if (page.unexplained) doubts.add(`the PMS sent an empty answer about ${what}`);
    if (page.items.length === 0 && page.last === false)
      doubts.add(`the PMS sent an empty page of ${what} and says that there are more`);
    if (page.items.length === 0 || page.last === true || (enough && page.last === null)) return verdict();
  }
  if (doubts.size === 0) throw new VendorError('paging', `The pages of ${what} do not end.`);
  return verdict();

  function verdict(): Verdict {
    if (total !== null && count !== total) doubts.add(`the PMS announced ${total} ${what} and sent ${count}`);
    if (repeated && total === null) doubts.add(`some ${what} came twice, so others may be missing`);
    return doubts.size === 0 ? { complete: true } : { complete: false, why: `Not complete: ${[...doubts].join('; ')}.` };
  }
}

function isFresh(seen: Set<string>, id: string | null): boolean {
  if (id === null) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return true;
}

export const bothOf = (...verdicts: readonly Verdict[]): Verdict => {
  const doubts = verdicts.filter((verdict) => !verdict.complete).map((verdict) => verdict.why ?? 'Not complete.');
  return doubts.length === 0 ? { complete: true } : { complete: false, why: [...new Set(doubts)].join(' ') };
};

export function totalOf(headers: Headers): number | null {
  const text = headers.get('x-total-count')?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** RFC 8288: whether there is a `rel="next"`; null: no Link at all. */
export function isLastByLink(headers: Headers): boolean | null {
  const link = headers.get('link');
  if (link === null || link.trim() === '') return null;
  return !/;\s*rel\s*=\s*"?[^",;]*\bnext\b/i.test(link);
}
