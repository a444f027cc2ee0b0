import { randomBytes } from 'node:crypto';
import { idAlphabet } from '@leasewire/contracts';

/** Identifiers are injected, so that a test can name them beforehand. */
export interface Ids {
  next<P extends string>(prefix: P): `${P}_${string}`;
}

const randomBytesLength = 10;
let lastMs = 0;
let random = new Uint8Array(randomBytesLength);

/**
 * A prefix and 26 characters that sort by time: 48 bits of milliseconds, 80 random. Within one millisecond the random
 * part counts up, so ids made in a row by one process sort in that order; a clock that steps back does not break it.
 */
export function newId<P extends string>(prefix: P): `${P}_${string}` {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    random = randomBytes(randomBytesLength);
    random[0] = (random[0] ?? 0) & 0x7f; // room to count up without running over
  } else {
    countUp(random);
  }
  return `${prefix}_${encodeTime(lastMs)}${encodeRandom(random)}`;
}

export const systemIds: Ids = { next: newId };

function countUp(bytes: Uint8Array): void {
  for (let at = bytes.length - 1; at >= 0; at--) {
    const next = ((bytes[at] ?? 0) + 1) & 0xff;
    bytes[at] = next;
    if (next !== 0) return;
  }
}

/** 48 bits as ten characters. */
function encodeTime(ms: number): string {
  let text = '';
  let rest = ms;
  for (let i = 0; i < 10; i++) {
    text = idAlphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** 80 bits as sixteen characters: five bytes make eight. */
function encodeRandom(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += idAlphabet.charAt((held >>> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
