import { z } from 'zod';

/** Whether a request that failed was taken. `nothing`: it certainly was not. `busy`: nor was it, and there were too many. */
export type Failure =
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'nothing'; readonly message: string }
  | { readonly kind: 'unclear'; readonly message: string };

/** Errors of the library: those of Twilio have a status and mostly a code, those of the network a word. */
const Thrown = z.object({
  status: z.number().optional().catch(undefined),
  code: z.union([z.number(), z.string()]).optional().catch(undefined),
  message: z.string().catch('Twilio could not be asked.'),
});

/** The connection was not made, so nothing was sent over it. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A time-out, a connection that broke and a 5xx are alike: Twilio has no key to ask twice with, so the list is asked first. */
export function failureOf(error: unknown): Failure {
  const read = Thrown.safeParse(error);
  const { status, code, message } = read.success
    ? read.data
    : { status: undefined, code: undefined, message: 'Twilio could not be asked.' };
  if (status === 429 || code === 20_429) return { kind: 'busy' };
  if (status !== undefined && status >= 400 && status < 500)
    return { kind: 'refused', code: typeof code === 'number' ? code : status, message };
  if (typeof code === 'string' && unsent.has(code)) return { kind: 'nothing', message };
  return { kind: 'unclear', message };
}
