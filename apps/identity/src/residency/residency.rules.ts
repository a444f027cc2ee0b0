import type { Resident } from '@leasewire/contracts';

export interface AccountLike {
  readonly state: 'active' | 'archived' | 'closed';
  readonly email: string;
  readonly emailSource: 'directory' | 'resident';
  readonly name: string;
}
export interface ResidencyLike {
  readonly state: Resident['state'];
  readonly email: string | null;
}

/** What a change of one residency means for the account of its person; null: nothing. */
export type AccountChange = {
  readonly event: 'archived' | 'restored' | 'email-changed' | 'renamed';
  readonly account: Pick<AccountLike, 'state' | 'email' | 'emailSource' | 'name'>;
};

/** Of whom nothing is known, nothing is said either. */
export const livesNowhere = (all: readonly Pick<ResidencyLike, 'state'>[]): boolean =>
  all.length > 0 && all.every(({ state }) => state === 'archived');

/**
 * `before` is what was known of this residency, `all` what is known of every residency of the person now. Someone who lives
 * nowhere here any more cannot sign in; when they are back, they can, with the password they had. The address follows
 * directory where the account had directory's address: an own one is not taken back by an older sync.
 */
export function followed(
  account: AccountLike,
  before: ResidencyLike | null,
  now: Pick<Resident, 'email' | 'displayName'>,
  all: readonly ResidencyLike[],
): AccountChange[] {
  const { state, email, emailSource, name } = account;
  if (livesNowhere(all)) return state === 'active' ? [{ event: 'archived', account: { ...account, state: 'archived' } }] : [];
  const changes: AccountChange[] = [];
  let kept = { state, email, emailSource, name };
  if (state === 'archived') changes.push({ event: 'restored', account: (kept = { ...kept, state: 'active' }) });
  if (now.email !== null && now.email !== email && before?.email === email)
    changes.push({ event: 'email-changed', account: (kept = { ...kept, email: now.email, emailSource: 'directory' }) });
  if (now.displayName !== name && now.displayName.trim() !== '')
    changes.push({ event: 'renamed', account: { ...kept, name: now.displayName } });
  return changes;
}
