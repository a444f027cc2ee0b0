import type { Asked, Reply } from '../../http/exchange.js';
import { pageOf, type Quirks } from '../../faults/quirks.js';
import { ok } from '../rest.js';

/** What is wrong with a request, in Buildium's words: 400 for what is malformed, 422 for what is out of range. */
export class BadRequest extends Error {
  constructor(
    readonly status: 400 | 404 | 422,
    readonly key: string,
    message: string,
  ) {
    super(message);
  }
}

export function failure(status: number, code: string, message: string, errors: { Key: string; Value: string }[] = []): Reply {
  return { status, body: { UserMessage: message, ErrorCode: code, Errors: errors } };
}

export function refusalOf(bad: BadRequest): Reply {
  const code = { 400: 'BadRequest', 404: 'NotFound', 422: 'UnprocessableEntity' }[bad.status];
  return failure(bad.status, code, bad.message, [{ Key: bad.key, Value: bad.message }]);
}

/** Arrays come as a repeated parameter (`explode`). */
export function ids({ query }: Asked, name: string): Set<string> | null {
  const given = query.getAll(name);
  if (given.length === 0) return null;
  for (const id of given) if (!/^\d+$/.test(id)) throw new BadRequest(400, name, `'${id}' is not a valid identifier.`);
  return new Set(given);
}

export function words({ query }: Asked, name: string, allowed: readonly string[]): Set<string> | null {
  const given = query.getAll(name);
  if (given.length === 0) return null;
  for (const word of given)
    if (!allowed.includes(word)) throw new BadRequest(400, name, `'${word}' is not one of ${allowed.join(', ')}.`);
  return new Set(given);
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `lastupdatedfrom` and `-to`: UTC, `YYYY-MM-DDTHH:MM:SSZ`, nothing else. */
export function updated({ query }: Asked): Span | null {
  const from = query.get('lastupdatedfrom');
  const to = query.get('lastupdatedto');
  if (from === null && to === null) return null;
  return {
    from: from === null ? 0 : instant('lastupdatedfrom', from),
    to: to === null ? Number.MAX_SAFE_INTEGER : instant('lastupdatedto', to),
  };
}

function instant(name: string, text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new BadRequest(400, name, `'${text}' must be in UTC and formatted as YYYY-MM-DDTHH:MM:SSZ.`);
  return at;
}

/** Stamps are told to the second, so they are compared to the second. */
export function within(span: Span | null, at: Date): boolean {
  if (span === null) return true;
  const second = Math.floor(at.getTime() / 1_000) * 1_000;
  return second >= span.from && second <= span.to;
}

export function checkPaging(asked: Asked): { offset: number; limit: number } {
  const offset = whole(asked, 'offset', 0);
  const limit = whole(asked, 'limit', 50);
  if (offset < 0) throw new BadRequest(422, 'offset', 'The offset must not be negative.');
  if (limit < 1 || limit > 1_000) throw new BadRequest(422, 'limit', 'The limit must be between 1 and 1000.');
  return { offset, limit };
}

function whole({ query }: Asked, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^-?\d+$/.test(text)) throw new BadRequest(400, name, `'${text}' is not a whole number.`);
  return Number(text);
}

/** The array itself is the body; the total stands in `X-Total-Count`. */
export function list<T>(asked: Asked, rows: readonly T[], view: (row: T) => unknown, quirks: Quirks): Reply {
  const { offset, limit } = checkPaging(asked);
  const found = quirks.has('empty-success') || quirks.has('empty-list') ? [] : rows;
  const spoilt = quirks.has('page-loop') || quirks.has('duplicate-page') || quirks.has('shrinking-total');
  const page = spoilt ? pageOf(found, Math.floor(offset / limit) + 1, limit, quirks) : null;
  const shown = page?.rows ?? found.slice(offset, offset + limit);
  return ok(shown.map(view), quirks, { 'X-Total-Count': String(page?.total ?? found.length) });
}
