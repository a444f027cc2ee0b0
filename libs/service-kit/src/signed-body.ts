import { createHmac, timingSafeEqual } from 'node:crypto';

/** A body, and what proves that whoever knows the secret wrote it, and when. */
export interface SignedBody {
  readonly secret: string;
  /** Seconds, milliseconds or ISO 8601. */
  readonly timestamp: string;
  readonly signature: string;
  /** As it came: a body that was parsed and written anew has other bytes. */
  readonly body: string;
}

/** An older one is a replay. Whoever repeats what was not answered signs anew. */
export const oldestSignatureMs = 5 * 60_000;

/** base64 of HMAC-SHA256 over `timestamp.body`. */
export function isSignedBody({ secret, timestamp, signature, body }: SignedBody, now: Date): boolean {
  const at = /^\d{9,11}$/.test(timestamp)
    ? Number(timestamp) * 1000
    : /^\d{12,14}$/.test(timestamp)
      ? Number(timestamp)
      : Date.parse(timestamp);
  if (!(Math.abs(now.getTime() - at) <= oldestSignatureMs)) return false;
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export const signBody = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('base64');
