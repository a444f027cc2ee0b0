import { commonErrors, DomainError, errorTable, type ErrorRow } from '@leasewire/contracts';
import { HttpException } from '@nestjs/common';
import { isError } from './is-error.js';

const table: Readonly<Record<string, ErrorRow | undefined>> = errorTable;

/** What a code means; an unknown one is a fault of ours. */
export const rowOf = (code: string): ErrorRow => table[code] ?? commonErrors.internal;
export const statusOf = (code: string): number => rowOf(code).status;
export const isRetryable = (code: string): boolean => rowOf(code).retryable ?? false;

/** RFC 9457. `code` is what programs switch on, `detail` what people read. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly correlationId?: string;
  /** Which inputs are wrong and why. */
  readonly fields?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

export const problemMediaType = 'application/problem+json';

export interface ProblemPlace {
  readonly instance?: string;
  readonly correlationId?: string;
}

/** A DomainError, or what crossed the wire of one, as HTTP says it. */
export function problemOf(
  error: { code: string; message: string; details?: Record<string, unknown> },
  place: ProblemPlace = {},
): Problem {
  const { status, describe } = rowOf(error.code);
  const { fields, ...details } = error.details ?? {};
  return {
    type: `/docs/errors#${error.code}`,
    title: describe,
    status,
    detail: error.message,
    code: error.code,
    ...place,
    ...(fields === undefined ? {} : { fields }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'invalid-input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  503: 'unavailable',
};

/** What a framework throws by itself (no such route, body too large) as one of ours; undefined for a real surprise. */
export function fromFramework(error: unknown): DomainError | undefined {
  if (!isError(error)) return undefined;
  const code = codeOfStatus[statusIn(error)];
  return code === undefined ? undefined : new DomainError(code, error.message, {}, { cause: error });
}

function statusIn(error: Error): number {
  if ('statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  if (error instanceof HttpException) return error.getStatus();
  return 0;
}
