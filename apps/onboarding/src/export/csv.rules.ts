import type { Account } from '@leasewire/contracts';
import { csvLine } from '@leasewire/service-kit';

type Cell = string | number | null | undefined;

const columns: Readonly<Record<string, (account: Account, propertyNames: ReadonlyMap<string, string>) => Cell>> = {
  person: ({ personId }) => personId,
  name: ({ name }) => name,
  'e-mail': ({ email }) => email,
  properties: ({ residents }, names) => residents.map(({ propertyId }) => names.get(propertyId) ?? propertyId).join('; '),
  'user types': ({ residents }) => [...new Set(residents.flatMap(({ userTypes }) => userTypes))].join('; '),
  status: ({ status, bounced }) => (bounced ? `${status} (bounced)` : status),
  'invited at': ({ invitedAt }) => invitedAt,
  'expires at': ({ expiresAt }) => expiresAt,
  'activated at': ({ activatedAt }) => activatedAt,
  mail: ({ mail }) => mail?.state,
  'mail reason': ({ mail }) => mail?.reason,
  'accepted terms': ({ terms }) => terms?.version,
  'terms of': ({ terms }, names) => terms && whoseTerms(terms, names),
};

function whoseTerms({ propertyId, version }: NonNullable<Account['terms']>, names: ReadonlyMap<string, string>): string {
  if (propertyId !== null) return names.get(propertyId) ?? propertyId;
  return version === 0 ? 'the platform' : 'the organization';
}

export const header = (): string => csvLine(Object.keys(columns));
export const accountLine = (account: Account, propertyNames: ReadonlyMap<string, string>): string =>
  csvLine(Object.values(columns).map((cell) => cell(account, propertyNames)));
