import { VendorError } from './vendor-error.js';

/** Errors of the network in plain words. Their own texts may hold addresses and headers; ours do not. */
export function explainFailure(error: unknown, host: string, what: string): VendorError {
  if (error instanceof VendorError) return error;
  const code = codeOf(error);
  if (code === 'ENOTFOUND') return new VendorError('unreachable', `There is no ${host}.`, { field: 'address', vendorCode: code });
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|EPROTO|ALTNAME/.test(code)) {
    return new VendorError('unreachable', `${host} cannot prove that it is ${host} (its certificate).`, {
      field: 'address',
      vendorCode: code,
    });
  }
  if (code.startsWith('ERR_INVALID')) {
    return new VendorError('unauthorized', 'The credentials hold characters that cannot be sent.', { field: 'credentials' });
  }
  if (code === 'ETIMEDOUT') return new VendorError('timeout', `${host} did not answer in time (${what}).`, { vendorCode: code });
  if (/^Z_|^ERR__ERROR_FORMAT|BROTLI/.test(code)) {
    return new VendorError('not-readable', `The answer about ${what} cannot be unpacked.`, { field: 'body' });
  }
  return new VendorError('unreachable', `${host} cannot be reached (${what}).`, { vendorCode: code || 'unknown' });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** A wrong address, a wrong key and an answer that is too large stay so. */
export function isWorthAnotherTry(error: VendorError): boolean {
  if (error.field === 'address' || error.field === 'credentials') return false;
  return error.code === 'unreachable' || error.code === 'timeout' || error.code === 'rate-limited';
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;

/** Doubling, with jitter over the upper half: replicas that failed together do not come back together. */
export function pauseBefore(attempt: number, jitter: number): number {
  const most = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 2));
  return Math.round(most / 2 + (most / 2) * jitter);
}
