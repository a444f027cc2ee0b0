import { createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 6238 with what every authenticator app assumes: SHA-1, 30 seconds, six digits. */
const periodSeconds = 30;
export const secretBytes = 20; // RFC 4226, 4: as long as the hash

export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / periodSeconds);

export function totp(secret: Uint8Array, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/**
 * The step whose code this is: the current one, or one before or after for a clock that is a little off. Each code counts
 * once: a step that was used, or an earlier one, is not accepted again (RFC 6238, 5.2).
 */
export function acceptedStep(secret: Uint8Array, code: string, now: Date, usedStep: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const current = stepAt(now);
  let accepted: number | null = null;
  for (const step of [current - 1, current, current + 1]) {
    const same = timingSafeEqual(Buffer.from(totp(secret, step)), Buffer.from(code));
    if (same && step > usedStep) accepted = step;
  }
  return accepted;
}

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 without padding: how authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32Alphabet.charAt(parseInt(five.padEnd(5, '0'), 2))).join('');
}

export function fromBase32(text: string): Buffer {
  const bits = [...text].map((char) => base32Alphabet.indexOf(char).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** What the QR code says; the label names organization and address, so that two accounts can be told apart in the app. */
export function otpauthUrl(secret: string, email: string, organization: string): string {
  const label = `${encodeURIComponent(organization)}:${encodeURIComponent(email)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(organization)}&algorithm=SHA1&digits=6&period=${periodSeconds}`;
}
