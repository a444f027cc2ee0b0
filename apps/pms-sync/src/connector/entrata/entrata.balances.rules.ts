import type { Money } from '@leasewire/contracts';
import type { UpstreamPerson } from '../connector.js';
import { readCents } from '../money.rules.js';
import { idOf, listUnder, textOf, type Json } from '../vendor-json.rules.js';

/** What is owed: by lease where the ledgers are the lease's, by customer where they are drawn inside the customers. */
export interface Balances {
  readonly currency: string;
  /** null: a ledger that could not be read, so nothing is known. */
  readonly byLease: Map<string, number | null>;
  readonly byCustomer: Map<string, number | null>;
}

export const noBalances = (currency: string): Balances => ({ currency, byLease: new Map(), byCustomer: new Map() });

export function addArLease(balances: Balances, lease: Json): void {
  const leaseId = idOf(lease['id'] ?? lease['leaseId']);
  const own = listUnder(lease['ledgers'], 'ledger');
  if (leaseId !== null && own.length > 0) add(balances.byLease, leaseId, sumOfLedgers(own));
  if (own.length > 0) return;
  for (const customer of listUnder(lease['customers'], 'customer')) {
    const customerId = idOf(customer['id']);
    const ledgers = listUnder(customer['ledgers'], 'ledger');
    if (customerId !== null && ledgers.length > 0) add(balances.byCustomer, customerId, sumOfLedgers(ledgers));
  }
}

function add(balances: Map<string, number | null>, id: string, cents: number | null): void {
  const before = balances.get(id) ?? 0;
  balances.set(id, cents === null || balances.get(id) === null ? null : before + cents);
}

function sumOfLedgers(ledgers: readonly Json[]): number | null {
  return ledgers
    .map((ledger) => readCents(ledger['balance']))
    .reduce<number | null>((sum, cents) => (sum === null || cents === null ? null : sum + cents), 0);
}

const signs = new Set<UpstreamPerson['role']>(['primary', 'co-applicant']);
const owes = new Set(['current', 'notice', 'past', 'future']);

/**
 * Who signed owes what the lease owes. `complete`: a lease that is not in the list owes nothing (the default lists open items only);
 * otherwise nothing is known of it.
 */
export function balanceOf(person: UpstreamPerson, balances: Balances, complete: boolean): Money | null {
  const money = (amount: number | null | undefined) => (amount == null ? null : { amount, currency: balances.currency });
  if (balances.byCustomer.has(person.upstreamId)) return money(balances.byCustomer.get(person.upstreamId));
  if (!signs.has(person.role)) return null;
  const leases = [
    ...new Set(person.stays.filter((stay) => owes.has(stay.status)).map((stay) => stay.leaseId.split(':')[0] ?? '')),
  ];
  const parts = leases.map((leaseId) =>
    balances.byLease.has(leaseId) ? (balances.byLease.get(leaseId) ?? null) : complete ? 0 : null,
  );
  return money(parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0));
}

export const currencyIn = (result: Json, fallback: string): string => {
  const written = textOf(result['currencyCode'])?.toUpperCase() ?? '';
  return /^[A-Z]{3}$/.test(written) ? written : fallback;
};
