import { DomainError } from '@leasewire/contracts';
import type { z } from 'zod';

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

export function invalidBy(error: z.core.$ZodError): DomainError {
  return invalid(error.issues.slice(0, most).flatMap(inWords));
}

function inWords(issue: z.core.$ZodIssue): FieldProblem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'is not a field known here' }));
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return [{ path, message: 'is missing' }];
  return [{ path, message: issue.message.replace(/^Invalid input: /, '') }];
}
