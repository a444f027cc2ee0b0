import { z } from 'zod';
import type { FieldProblem } from './problems-of-input.js';

/** How the text of a query parameter becomes what the schema wants. */
export type QueryKind = 'text' | 'number' | 'boolean' | 'list';

/** A schema that coerces by itself (or takes text) gets the text as it came. */
export function kindOf(schema: z.core.$ZodType): QueryKind {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return kindOf(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return kindOf(schema.def.in);
  if (schema instanceof z.ZodArray) return 'list';
  if (schema instanceof z.ZodNumber) return schema.def.coerce === true ? 'text' : 'number';
  if (schema instanceof z.ZodBoolean) return schema.def.coerce === true ? 'text' : 'boolean';
  return 'text';
}

/**
 * Reads a query string into `into`. Unknown names, a scalar given twice and broken escapes are problems: ignoring any of
 * them would answer another question than the one asked.
 */
export function readQuery(text: string, kinds: ReadonlyMap<string, QueryKind>, into: Record<string, unknown>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = decode(at < 0 ? part : part.slice(0, at));
    const value = decode(at < 0 ? '' : part.slice(at + 1));
    if (name === undefined || value === undefined) {
      problems.push({ path: part.slice(0, at < 0 ? 60 : Math.min(at, 60)), message: 'is not properly percent-encoded text' });
      continue;
    }
    const kind = kinds.get(name);
    if (kind === undefined) problems.push({ path: name.slice(0, 60), message: 'is not a parameter of this operation' });
    else if (kind === 'list') into[name] = [...listOf(into[name]), ...value.split(',').filter((item) => item !== '')];
    else if (Object.hasOwn(into, name)) problems.push({ path: name, message: 'is given more than once' });
    else into[name] = convert(kind, value);
  }
  return problems;
}

/** What cannot be converted stays text, so that the schema says what is wrong with it. */
function convert(kind: QueryKind, text: string): unknown {
  if (kind === 'number') return /^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text;
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** undefined for what is no text: broken escapes, and NUL, which nothing we ask for holds and databases choke on. */
function decode(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}
