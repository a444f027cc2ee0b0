export type VendorErrorCode =
  'unreachable' | 'timeout' | 'unauthorized' | 'forbidden' | 'rate-limited' | 'too-large' | 'not-readable' | 'refused' | 'paging';

export interface AboutVendorError {
  /** Which part of the answer could not be read. */
  readonly field?: string;
  readonly retryAfterMs?: number;
  /** The vendor's own code, for support. */
  readonly vendorCode?: string;
}

/** What went wrong at a vendor. The message is for a person and holds no credential and nobody's data. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly field?: string;
  readonly retryAfterMs?: number;
  readonly vendorCode?: string;

  constructor(
    readonly code: VendorErrorCode,
    message: string,
    about: AboutVendorError = {},
  ) {
    super(message);
    if (about.field !== undefined) this.field = about.field;
    if (about.retryAfterMs !== undefined) this.retryAfterMs = about.retryAfterMs;
    if (about.vendorCode !== undefined) this.vendorCode = about.vendorCode;
  }
}
