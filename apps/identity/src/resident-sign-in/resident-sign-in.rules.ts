import type { OrgId, PersonId } from '@leasewire/contracts';
import { accountKey } from '../sign-in/device.rules.js';

/** A person whom an e-mail address could be: several may share one, and one person may live with two organizations. */
export interface Candidate {
  readonly orgId: OrgId;
  readonly personId: PersonId;
  readonly state: 'active' | 'archived' | 'closed';
  readonly passwordMatches: boolean;
}

export type ResidentDecision<C> = { kind: 'refused' } | { kind: 'choose'; among: C[] } | { kind: 'account'; account: C };

/** Who is it? Whose password it is not is not offered: one of a couple does not learn what the other's account is. */
export function decideResident<C extends Candidate>(candidates: readonly C[], wanted: PersonId | undefined): ResidentDecision<C> {
  const matching = candidates.filter(
    ({ state, passwordMatches, personId }) =>
      state === 'active' && passwordMatches && (wanted === undefined || wanted === personId),
  );
  const [only] = matching;
  if (!only) return { kind: 'refused' };
  return matching.length === 1 ? { kind: 'account', account: only } : { kind: 'choose', among: matching };
}

/** Apart from staff of the same address: guessing at one slows down nobody at the other. */
export const residentKey = (email: string): string => accountKey(residentSubject(email));
export const residentSubject = (email: string): string => `resident|${email}`;
