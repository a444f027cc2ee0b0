/**
 * The one table of error codes. `status` is what HTTP says, `retryable` whether the same call may succeed later
 * without anyone changing anything. Features add their codes with `defineErrors` and are listed in `registry.ts`.
 */
export interface ErrorRow {
  readonly status: number;
  readonly retryable?: boolean;
  /** What the code means, for the documentation; the message of an error says what happened this time. */
  readonly describe: string;
}

export function defineErrors<const T extends Record<string, ErrorRow>>(rows: T): T {
  return rows;
}

export const commonErrors = defineErrors({
  'invalid-input': {
    status: 400,
    describe: 'The input does not fit its schema; `details.fields` names each field and what is wrong with it.',
  },
  unauthenticated: { status: 401, describe: 'Nobody is signed in, or the token or key is not valid any more.' },
  forbidden: { status: 403, describe: 'The caller is known but may not do this.' },
  'not-found': { status: 404, describe: 'There is no such thing, or the caller may not see it.' },
  'method-not-allowed': { status: 405, describe: 'The path exists, but not with this method.' },
  'conflict.version': { status: 412, describe: 'The thing was changed meanwhile; read it again and repeat.' },
  'precondition-required': { status: 428, describe: 'An edit must name the version it edits with If-Match.' },
  'conflict.state': { status: 409, describe: 'The thing is not in a state in which this can be done.' },
  'idempotency.key-reused': { status: 422, describe: 'The Idempotency-Key was used before with other input.' },
  'idempotency.in-progress': {
    status: 409,
    retryable: true,
    describe: 'The same call with the same Idempotency-Key is still running.',
  },
  'payload-too-large': { status: 413, describe: 'The body is larger than allowed.' },
  'unsupported-media-type': { status: 415, describe: 'The body must be application/json.' },
  'rate-limited': { status: 429, retryable: true, describe: 'Too many calls; Retry-After says when to try again.' },
  'cursor.invalid': { status: 400, describe: 'The cursor is not one this list gave out, or its position is gone.' },
  internal: { status: 500, describe: 'A fault of ours. The correlation id finds it in the logs.' },
  unavailable: { status: 503, retryable: true, describe: 'The service that answers this is away for the moment.' },
  timeout: {
    status: 503,
    retryable: true,
    describe: 'The service did not answer in time; a change may or may not have been made: repeat with the same Idempotency-Key.',
  },
});

export type CommonErrorCode = keyof typeof commonErrors;

/** What crosses the wire for a failed call. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details?: Record<string, unknown>;
}

/** The only error the platform throws on purpose. `message` is for a person and says what to do next. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  toBody(): ErrorBody {
    return Object.keys(this.details).length === 0
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, details: this.details };
  }
}
