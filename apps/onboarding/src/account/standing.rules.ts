import type { EmailAddress, InvitationId } from '@leasewire/contracts';
import type { z } from 'zod';

export type Email = z.output<typeof EmailAddress>;

/** Where somebody stands between being imported and having an account. */
export type Standing =
  | { readonly status: 'not-invited' }
  | {
      readonly status: 'pending-activation';
      readonly invitationId: InvitationId;
      readonly email: Email;
      readonly sentAt: Date;
      readonly expiresAt: Date;
    }
  | {
      readonly status: 'activation-expired';
      readonly invitationId: InvitationId;
      readonly email: Email;
      readonly sentAt: Date;
      readonly expiresAt: Date;
    }
  | { readonly status: 'live'; readonly at: Date };

export const notInvited: Standing = { status: 'not-invited' };

export interface Sent {
  readonly invitationId: InvitationId;
  readonly email: Email;
  readonly at: Date;
  readonly validForSeconds: number;
}

/** A mail with a link went out. Whoever is live needs none, so null. */
export function invited(before: Standing, { invitationId, email, at, validForSeconds }: Sent): Standing | null {
  if (before.status === 'live') return null;
  const expiresAt = new Date(at.getTime() + validForSeconds * 1000);
  return { status: 'pending-activation', invitationId, email, sentAt: at, expiresAt };
}

/** To the second: at the moment the link ends it works no more. */
export const isOpen = (standing: Standing, invitationId: InvitationId, now: Date): boolean =>
  standing.status === 'pending-activation' && standing.invitationId === invitationId && now < standing.expiresAt;

export function activated(before: Standing, invitationId: InvitationId, now: Date): Standing | null {
  return isOpen(before, invitationId, now) ? { status: 'live', at: now } : null;
}

export function expired(before: Standing, now: Date): Standing | null {
  return before.status === 'pending-activation' && now >= before.expiresAt ? { ...before, status: 'activation-expired' } : null;
}

/** Address or person are not what the link was made for any more. An account that lives is not touched by that. */
export function withdrawn(before: Standing): Standing | null {
  return before.status === 'pending-activation' || before.status === 'activation-expired' ? notInvited : null;
}

/** They closed their account themselves: from then on they are as if nobody had invited them. */
export function closed(before: Standing): Standing | null {
  return before.status === 'live' ? notInvited : null;
}

/** Every step there is; what is not in it never happens. */
export const steps: Readonly<Record<Standing['status'], readonly Standing['status'][]>> = {
  'not-invited': ['pending-activation'],
  'pending-activation': ['pending-activation', 'live', 'activation-expired', 'not-invited'],
  'activation-expired': ['pending-activation', 'not-invited'],
  live: ['not-invited'],
};
