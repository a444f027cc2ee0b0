/** What a route takes beside JSON: a file, or a body whose bytes are signed. */
export type RawKind = 'csv' | 'signed';

/** A body as it came, for those routes that ask for it. */
export class RawBody {
  constructor(
    readonly kind: RawKind,
    readonly bytes: Buffer,
  ) {}
}

/** How browsers and programs name a CSV file; Windows calls it a spreadsheet. */
export const csvTypes = ['text/csv', 'text/plain', 'application/vnd.ms-excel', 'application/octet-stream'] as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The bytes of its JSON are signed, so they are kept as they came. */
    keepsBytes?: boolean;
    takesForm?: boolean;
  }
}
