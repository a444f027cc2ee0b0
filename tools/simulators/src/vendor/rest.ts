import { collapsed, type Quirks } from '../faults/quirks.js';
import type { Reply } from '../http/exchange.js';

/** The reply of a vendor that speaks plain JSON, with the quirks that concern its looks. */
export function ok(body: unknown, quirks: Quirks, headers: Record<string, string> = {}): Reply {
  if (quirks.has('string-result')) return { status: 200, headers, body: 'The request was accepted for processing.' };
  return { status: 200, headers, body: quirks.has('single-object') ? collapsed(body) : body };
}

export function wholeNumber(text: string | null, otherwise: number, least: number, most: number): number {
  const number = Math.trunc(Number(text ?? otherwise));
  return Number.isNaN(number) ? otherwise : Math.min(Math.max(number, least), most);
}
