import { z } from 'zod';
import type { Asked, Reply } from '../../http/exchange.js';
import { collapsed, type Page, type Quirks } from '../../faults/quirks.js';

/** research/pms-apis.md 1.3: what is chosen stands in the body; every call is a POST. */
export const Body = z.looseObject({
  auth: z.looseObject({ type: z.string() }),
  requestId: z.union([z.string(), z.number()]).optional(),
  method: z.looseObject({
    name: z.string(),
    version: z.string().default('r1'),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  }),
});
export type Body = z.infer<typeof Body>;
export type Params = Body['method']['params'];

/** Seen in the wild for every empty list. */
export const nothingFound = 'No records found with mentioned preferences.';

export function success(
  requestId: string,
  result: unknown,
  quirks: Quirks = new Set(),
  headers: Record<string, string> = {},
): Reply {
  return { status: 200, headers, body: { response: { requestId, code: 200, result: shaped(result, quirks) } } };
}

function shaped(result: unknown, quirks: Quirks): unknown {
  if (quirks.has('string-result')) return 'The request was accepted for processing.';
  if (quirks.has('empty-success')) return nothingFound;
  return quirks.has('single-object') ? collapsed(result) : result;
}

export function failure(requestId: string, status: number, code: number, message: string): Reply {
  return { status, body: { response: { requestId, error: { code, message } } } };
}

export function param(params: Params, name: string): string | null {
  const value = params[name];
  if (value === undefined) return null;
  const text = String(value).trim();
  return text === '' ? null : text;
}

export function isOn(params: Params, name: string): boolean {
  return ['1', 'true'].includes(param(params, name) ?? '0');
}

export interface PageAsked {
  readonly page: number;
  /** `null`: not paged, all at once. */
  readonly size: number | null;
}

const mostPerPage = 1_000;

export function pageAsked({ query }: Asked): PageAsked {
  const page = Math.max(1, Math.trunc(Number(query.get('page_no') ?? 1)) || 1);
  const size = Math.trunc(Number(query.get('per_page') ?? 0)) || 0;
  return { page, size: size > 0 ? Math.min(size, mostPerPage) : query.has('page_no') ? 100 : null };
}

/** `X-Total-Count` and `Link`, as the documentation names them. */
export function pageHeaders(asked: Asked, page: Page<unknown>): Record<string, string> {
  const at = (number: number) => `${asked.base}${asked.path}?page_no=${number}&per_page=${page.size}`;
  const links = [`<${at(1)}>; rel="first"`, `<${at(page.lastPage)}>; rel="last"`];
  if (page.page > 1) links.push(`<${at(page.page - 1)}>; rel="prev"`);
  if (page.hasNext) links.push(`<${at(page.page + 1)}>; rel="next"`);
  return { 'X-Total-Count': String(page.total), Link: links.join(', ') };
}
