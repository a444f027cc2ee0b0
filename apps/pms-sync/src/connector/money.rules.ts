import type { Money } from '@leasewire/contracts';
import { numberOf, textOf } from './vendor-json.rules.js';

/** '1,234.50', '$12.00', '(5.00)', -5 → cents; null when it is not an amount. Currencies of two decimals, as all of ours. */
export function readCents(written: unknown): number | null {
  const text = textOf(written)
    ?.replace(/[$\s]/g, '')
    .replace(/,(?=\d{3}(\D|$))/g, '');
  if (text === undefined) return null;
  const bracketed = /^\((.*)\)$/.exec(text);
  const amount = numberOf(bracketed ? bracketed[1] : text);
  if (amount === null) return null;
  const cents = Math.round(Math.abs(amount) * 100 + 1e-6);
  if (!Number.isSafeInteger(cents)) return null;
  return cents === 0 ? 0 : bracketed || amount < 0 ? -cents : cents;
}

/** One thing that cannot be read, or a second currency, makes the sum unknown; nothing is no sum. */
export function sumOf(parts: readonly (Money | null)[]): Money | null {
  const [first] = parts;
  if (!first || parts.some((part) => part?.currency !== first.currency)) return null;
  return { amount: parts.reduce((sum, part) => sum + (part?.amount ?? 0), 0), currency: first.currency };
}
