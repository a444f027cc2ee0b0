import { DomainError } from '@leasewire/contracts';
import type { z } from 'zod';
import { inWords } from './issue-words.js';

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

const most = 50;

export function invalid(fields: readonly FieldProblem[]): DomainError {
  const named = fields.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const more = fields.length > named.length ? `, and ${fields.length - named.length} more` : '';
  return new DomainError('invalid-input', `Please correct the request: ${named.join('; ')}${more}.`, {
    fields: fields.slice(0, most),
  });
}

/** What zod found beside the problems there are: nothing is told twice of one field. */
export function withMore(fields: readonly FieldProblem[], error: z.core.$ZodError | undefined): FieldProblem[] {
  const told = new Set(fields.map(({ path }) => path));
  const more = (error?.issues.slice(0, most) ?? []).flatMap((issue) => inWords(issue)).filter(({ path }) => !told.has(path));
  return [...fields, ...more];
}

export function invalidBy(error: z.core.$ZodError): DomainError {
  return invalid(error.issues.slice(0, most).flatMap((issue) => inWords(issue)));
}
