import { DomainError, type OrgId } from '@leasewire/contracts';

/** An account of the e-mail address somebody signs in with; there is one per organization they work for. */
export interface Candidate {
  readonly orgId: OrgId;
  readonly state: 'invited' | 'active' | 'archived';
  readonly passwordMatches: boolean;
}

export type SignInDecision<C> =
  | { kind: 'refused'; known: C[]; reason: 'password' | 'archived' }
  | { kind: 'choose'; among: C[] }
  | { kind: 'account'; account: C };

/** Who is it? An archived or invited account is no account, whatever the password. */
export function decideSignIn<C extends Candidate>(candidates: readonly C[], wanted: OrgId | undefined): SignInDecision<C> {
  const asked = wanted === undefined ? candidates : candidates.filter((candidate) => candidate.orgId === wanted);
  const matching = asked.filter((candidate) => candidate.state === 'active' && candidate.passwordMatches);
  const [only] = matching;
  if (!only) {
    const known = asked.filter((candidate) => candidate.state !== 'invited');
    return { kind: 'refused', known, reason: known.some((candidate) => candidate.state === 'active') ? 'password' : 'archived' };
  }
  return matching.length === 1 ? { kind: 'account', account: only } : { kind: 'choose', among: matching };
}

/** Whether no other account of the address has another password: a failure could then be no guess at somebody else's. */
export const provesAll = (all: readonly { passwordHash: string | null; passwordMatches: boolean }[]): boolean =>
  all.every(({ passwordHash, passwordMatches }) => passwordHash === null || passwordMatches);

export const refused = (): DomainError =>
  new DomainError(
    'sign-in.refused',
    'E-mail address and password do not belong together. Check both, or ask for a new password.',
  );
