import type { Diagnosis } from './connector.js';
import { VendorError } from './vendor-error.js';

/** What a connector's words are for what somebody typed into its form. */
export interface FormWords {
  readonly vendor: string;
  /** 'the subdomain' */
  readonly address: string;
  /** 'the API key' */
  readonly key: string;
}

export const allWell = (message: string): Diagnosis => ({ ok: true, code: 'ok', message });

/** Every way a test can fail, in words that say what to do. */
export function diagnose(error: unknown, words: FormWords, vendorSays?: Diagnosis['code']): Diagnosis {
  const code = vendorSays ?? codeFor(error);
  return { ok: false, code, message: messageFor(code, words, error) };
}

function codeFor(error: unknown): Diagnosis['code'] {
  if (!(error instanceof VendorError)) return 'unexpected-answer';
  switch (error.code) {
    case 'unreachable':
    case 'refused':
      if (error.field === 'address') return 'wrong-address';
      if (error.field === 'method') return 'method-not-permitted';
      return error.code === 'refused' ? 'unexpected-answer' : 'unreachable';
    case 'timeout':
      return 'unreachable';
    case 'unauthorized':
      return 'wrong-key';
    case 'forbidden':
      return error.field === 'property' ? 'property-not-permitted' : 'method-not-permitted';
    case 'rate-limited':
      return 'rate-limited';
    case 'too-large':
    case 'not-readable':
    case 'paging':
      return 'unexpected-answer';
  }
}

function messageFor(code: Diagnosis['code'], { vendor, address, key }: FormWords, error: unknown): string {
  const detail = error instanceof VendorError ? ` ${error.message}` : '';
  switch (code) {
    case 'ok':
      return `${vendor} answers.`;
    case 'wrong-address':
      return `Check ${address}: nobody of that name answers at ${vendor}.${detail}`;
    case 'wrong-key':
      return `${vendor} does not accept ${key}. Check it for typing errors, and that it was not revoked.`;
    case 'method-not-permitted':
      return `${vendor} knows us but does not permit a method that we need.${detail} Have it enabled for our API user.`;
    case 'property-not-permitted':
      return `${vendor} knows us but permits no property. Choose the properties for our API user there.`;
    case 'rate-limited':
      return `${vendor} allows no more requests for now${waitWords(error)}. The credentials may well be right; try again later.`;
    case 'unreachable':
      return `${vendor} does not answer at the moment. Check ${address}, or try again in a few minutes.${detail}`;
    case 'unexpected-answer':
      return `${vendor} answered something that we do not understand.${detail}`;
  }
}

function waitWords(error: unknown): string {
  const ms = error instanceof VendorError ? error.retryAfterMs : undefined;
  if (ms === undefined || ms < 1000) return '';
  return ms < 120_000 ? ` (${Math.ceil(ms / 1000)} seconds)` : ` (${Math.ceil(ms / 60_000)} minutes)`;
}
