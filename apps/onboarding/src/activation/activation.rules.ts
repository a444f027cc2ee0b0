import type { InvitationState } from '@leasewire/contracts';
import { isOpen, type Standing } from '../account/standing.rules.js';

export interface InvitationLike {
  readonly _id: `invi_${string}`;
  readonly state: InvitationState;
  readonly expiresAt: Date | null;
  readonly endedAt: Date | null;
  readonly updatedAt: Date;
}

export type Link =
  | { readonly state: 'open'; readonly expiresAt: Date }
  | { readonly state: 'used' | 'replaced' | 'expired' | 'withdrawn'; readonly at: Date };

/** By the clock, not by whether anybody has noted yet that the time is over. */
export function linkOf(invitation: InvitationLike, standing: Standing, now: Date): Link {
  const { state, expiresAt, endedAt, updatedAt } = invitation;
  if (state === 'open' && expiresAt !== null && isOpen(standing, invitation._id, now)) return { state: 'open', expiresAt };
  if (state === 'open' || state === 'expired') return { state: 'expired', at: expiresAt ?? updatedAt };
  if (state === 'planned') return { state: 'replaced', at: updatedAt };
  return { state, at: endedAt ?? updatedAt };
}

/** Whoever was invited once and has no account yet may ask for a link; whoever lives here and was not, may not. */
export const mayAskForLink = (standing: Standing): boolean =>
  standing.status === 'pending-activation' || standing.status === 'activation-expired';

/** Most mails in 24 hours to one person because a page was asked for them: anybody can ask, for whomever. */
export const askedPerDay = 5;
