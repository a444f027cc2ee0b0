import type { PersonId } from '@leasewire/contracts';
import type { ResidentDoc } from './resident.repository.js';

export type Addressed = Pick<ResidentDoc, 'email' | 'personId' | 'state'>;
/** The people of one address, as far as it matters whether they are one: the first and the last in the order of ids. */
export interface Sharers {
  readonly email: string;
  readonly least: PersonId;
  readonly most: PersonId;
}

/** The addresses of which this change may make a shared one, or end one. */
export function addressesAt(before: Addressed | null, after: Addressed): string[] {
  const [was, is] = [before && addressOf(before), addressOf(after)];
  if (was === is && before?.personId === after.personId) return [];
  return [was, is].filter((address) => address !== null);
}

/** Whoever has left shares with nobody. */
const addressOf = ({ email, state }: Addressed): string | null => (state === 'archived' ? null : email);

/** Those of these addresses that more than one person has: of all others, and of those who are written now. */
export function sharedAddresses(others: readonly Sharers[], written: readonly Addressed[]): Set<string> {
  const people = new Map<string, Set<PersonId>>();
  const add = (email: string | null, ...who: PersonId[]): void => {
    if (email !== null) people.set(email, new Set([...(people.get(email) ?? []), ...who]));
  };
  for (const { email, least, most } of others) add(email, least, most);
  for (const one of written) add(addressOf(one), one.personId);
  return new Set([...people].filter(([, who]) => who.size > 1).map(([email]) => email));
}

type Issues = ResidentDoc['issues'];
export function withSharing(issues: Issues, is: boolean): Issues {
  return [...issues.filter((issue) => issue !== 'shared-email'), ...(is ? ['shared-email' as const] : [])];
}
export const shares = (one: Addressed, shared: ReadonlySet<string>): boolean => {
  const address = addressOf(one);
  return address !== null && shared.has(address);
};
