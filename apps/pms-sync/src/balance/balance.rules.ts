import type { Money } from '@leasewire/contracts';

export interface Balance {
  readonly balance: Money;
  readonly owesSince: Date | null;
}

/** What is to be kept after the PMS said what somebody owes; null: nothing new. What it does not say takes nothing back. */
export function afterSaying(before: Balance | null, said: Money | null | undefined, now: Date): Balance | null {
  if (!said) return null;
  if (before?.balance.amount === said.amount && before.balance.currency === said.currency) return null;
  return { balance: said, owesSince: said.amount > 0 ? (before?.owesSince ?? now) : null };
}

/** Of a first balance of nothing nobody needs to hear. */
export const isNews = (before: Balance | null, after: Balance): boolean => before !== null || after.balance.amount !== 0;
