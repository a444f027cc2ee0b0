import { isUtf8 } from 'node:buffer';
import { DomainError } from '@leasewire/contracts';
import { invalid } from '../routing/problems-of-input.js';

/** A form as a page sends it; only routes for pages take one. */
export class FormBody {
  constructor(readonly fields: Readonly<Record<string, string>>) {}
}

/**
 * Bytes to a value, refusing what no honest client sends and what trips up those behind: broken UTF-8, keys that would
 * reach a prototype, NUL, half characters. undefined for an empty body.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8.');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is not proper JSON.');
  }
  // Only escapes can hold what is looked for; a body without them, nearly every one, is not walked.
  if (text.includes('\\u') || text.includes('__proto__') || text.includes('constructor') || deepAt(text))
    assertDecent(value, '', 0);
  return value;
}

const deepest = 40;
/** Many opening brackets may mean a deep body: worth a look, which also bounds the stack of whoever walks it later. */
const deepAt = (text: string): boolean => countOf('{', text) + countOf('[', text) > deepest && isDeep(text);

/** Up to what is asked of it: a body of a thousand rows is not counted to its end. */
function countOf(bracket: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(bracket); at >= 0 && count <= deepest; at = text.indexOf(bracket, at + 1)) count++;
  return count;
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x5b || char === 0x7b) {
      if (++depth > deepest) return true;
    } else if ((char === 0x5d || char === 0x7d) && depth > 0) depth--;
  }
  return false;
}

const half = /\p{Surrogate}/u;

function assertDecent(value: unknown, path: string, depth: number): void {
  if (depth > deepest) throw malformed('The body is nested too deeply.');
  if (typeof value === 'string') assertText(value, path);
  if (typeof value !== 'object' || value === null) return;
  const parts: readonly [string, unknown][] = Object.entries(value);
  for (const [key, part] of parts) {
    const at = path === '' ? key : `${path}.${key}`;
    assertText(key, at);
    if (
      key === '__proto__' ||
      (key === 'constructor' && typeof part === 'object' && part !== null && Object.hasOwn(part, 'prototype'))
    )
      throw invalid([{ path: at.slice(0, 60), message: 'is not a field known here' }]);
    assertDecent(part, at, depth + 1);
  }
}

function assertText(text: string, path: string): void {
  if (text.includes('\0')) throw invalid([{ path: path.slice(0, 60).replaceAll('\0', ''), message: 'must not contain NUL' }]);
  if (half.test(text))
    throw invalid([{ path: half.test(path) ? '' : path.slice(0, 60), message: 'contains half a character (a lone surrogate)' }]);
}

export const malformed = (message: string): DomainError => new DomainError('malformed-request', message);

export function parseFormBody(bytes: Buffer): FormBody {
  return formOf(new URLSearchParams(bytes.toString('utf8')));
}

/** Fields only; what somebody uploads is not taken anywhere. */
export async function parseMultipartBody(bytes: Buffer, contentType: string): Promise<FormBody> {
  const parts: [string, string][] = [];
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- a library for uploads would be more than the two words of a mailbox ask for; the body limit holds
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
    form.forEach((value, name) => {
      if (typeof value === 'string') parts.push([name, value]);
    });
  } catch {
    throw malformed('The form is not proper multipart/form-data.');
  }
  return formOf(parts);
}

function formOf(given: Iterable<[string, string]>): FormBody {
  const fields: Record<string, string> = {};
  for (const [name, value] of given) {
    if (Object.hasOwn(fields, name)) throw invalid([{ path: name.slice(0, 60), message: 'is given more than once' }]);
    if (name === '__proto__' || value.includes('\0')) throw malformed('The form holds what no form holds.');
    fields[name] = value;
  }
  return new FormBody(fields);
}
