import { STATUS_CODES } from 'node:http';
import { DomainError } from '@leasewire/contracts';
import { z } from 'zod';
import { errorRow } from './codes.js';

/** RFC 9457. `code` is what programs go by; `detail` is for people and may change. */
export const Problem = z
  .object({
    type: z.string().describe('Where the code is explained'),
    title: z.string().describe('The HTTP status in words'),
    status: z.int(),
    code: z.string().describe('Stable: decide by this'),
    detail: z.string().describe('What happened and what to do next, for people'),
    correlationId: z.string().describe('Finds this request in logs and audit'),
    retryable: z.boolean().optional().describe('true: the same request may succeed later without anyone changing anything'),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('More for programs; `fields` names each field and what is wrong'),
  })
  .meta({ id: 'Problem', description: 'An error, as RFC 9457 has it' });
export type Problem = z.infer<typeof Problem>;

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

const refusedWithoutARow = 400; // an owner newer than this gateway: it refused the call on purpose, so it is no fault of ours

export function toProblem(error: DomainError, correlationId: string): ProblemAnswer {
  const row = errorRow(error.code);
  const status = row?.status ?? refusedWithoutARow;
  const problem: Problem = {
    type: `/docs/errors#${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    correlationId,
    ...(row?.retryable === true && { retryable: true }),
    ...(Object.keys(error.details).length > 0 && { details: error.details }),
  };
  return { problem, headers: headersOf(error, status, row?.retryable === true) };
}

export const internalError = (): DomainError =>
  new DomainError('internal', 'Something went wrong on our side. Try again; if it stays, tell us the correlation id.');

function headersOf(error: DomainError, status: number, retryable: boolean): Record<string, string> {
  const { retryAfterSeconds, allow } = error.details;
  if (status === 401) return { 'www-authenticate': 'Bearer realm="leasewire"' };
  if (status === 405 && typeof allow === 'string') return { allow };
  if (typeof retryAfterSeconds === 'number') return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return retryable ? { 'retry-after': '1' } : {};
}
