import { defineErrors, findError, type ErrorRow } from '@leasewire/contracts';

/** Codes that only the gateway answers. */
export const gatewayErrors = defineErrors({
  'cursor.expired': {
    status: 410,
    describe:
      'Events after this cursor are no longer kept, so some would be missed. `details.oldest` is a cursor to begin again from; read lists afresh first.',
  },
  'stream.too-many': {
    status: 429,
    retryable: true,
    describe: 'Too many streams or waiting requests are open for this caller; close one first.',
  },
  'origin.refused': { status: 403, describe: 'The session cookie may only be used by the pages of this installation.' },
  'uri-too-long': { status: 414, describe: 'The address is longer than allowed.' },
  'header-too-large': { status: 431, describe: 'The header fields are larger than allowed.' },
  'malformed-request': { status: 400, describe: 'What arrived is not a proper HTTP request, or not proper JSON.' },
  'request-timeout': { status: 408, describe: 'The request did not arrive in time.' },
});

const own = new Map<string, ErrorRow>(Object.entries(gatewayErrors));

export function errorRow(code: string): ErrorRow | undefined {
  return own.get(code) ?? findError(code);
}

/** Every code that a reply may hold, for the documentation. */
export function rowsOf(codes: readonly string[]): (ErrorRow & { readonly code: string })[] {
  return codes.map((code) => {
    const row = errorRow(code);
    if (!row) throw new Error(`“${code}” is in no table of errors`);
    return { code, ...row };
  });
}
