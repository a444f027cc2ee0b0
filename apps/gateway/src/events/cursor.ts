import { DomainError } from '@leasewire/contracts';
import { z } from 'zod';

/** A place in all streams at once: of each service, the sequence of the last event that was looked at. */
export type Positions = Readonly<Record<string, number>>;

const longest = 1000;
const Encoded = z.record(z.string().regex(/^[a-z]+(-[a-z]+)*$/), z.int().nonnegative());

/** Opaque to callers, and safe to bend: it only names where to go on reading, what is shown is decided anew each time. */
export function encodeCursor(positions: Positions): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url');
}

export function decodeCursor(text: string): Positions {
  const parsed = Encoded.safeParse(text.length > longest || !/^[\w-]+$/.test(text) ? undefined : jsonIn(text));
  if (parsed.success) return parsed.data;
  throw new DomainError(
    'cursor.invalid',
    'This is not a cursor of the events feed. Use the last `nextCursor` or `id:`, or leave it out to begin.',
    {
      given: text.slice(0, 60),
    },
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
