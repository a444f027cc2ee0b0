import { createHash, randomBytes } from 'node:crypto';
import { DomainError } from '@leasewire/contracts';

export type LinkPurpose = 'invitation' | 'password-reset' | 'email-change';
const hour = 3_600_000;
export const validForMs: Record<LinkPurpose, number> = {
  invitation: 7 * 24 * hour,
  'password-reset': hour,
  'email-change': 24 * hour,
};
/** Someone who clicks twice, or whose reply got lost, is told that it worked, when the password is the same. */
export const repeatWithinMs = 120_000;

export type LinkState = { state: 'open' } | { state: 'used'; at: Date } | { state: 'replaced'; at: Date };
export interface LinkLike {
  readonly purpose: LinkPurpose;
  readonly expiresAt: Date;
  readonly life: LinkState;
}

/** 256 random bits; nothing but the hash is kept, so nothing that is stored or published opens an account. */
export const newLinkToken = (): string => randomBytes(32).toString('base64url');
export const hashLinkToken = (token: string): string => createHash('sha256').update(`link|${token}`).digest('base64url');

export const linkUrl = (publicUrl: string, token: string): string => `${publicUrl.replace(/\/$/, '')}/staff-link/${token}`;

export function assertOpen(link: LinkLike | null, now: Date): asserts link is LinkLike {
  if (!link)
    throw invalid('unknown', 'This link is not one of ours, or it is long gone. Copy the whole link, or ask for a new one.');
  if (link.life.state === 'used')
    throw invalid('used', 'This link was used already. Sign in with your password, or ask for a new link.');
  if (link.life.state === 'replaced')
    throw invalid('replaced', 'A newer link replaced this one. Use the newest, or ask for a new one.');
  if (link.expiresAt <= now)
    throw invalid(
      'expired',
      link.purpose === 'invitation'
        ? 'This invitation has expired. Ask whoever invited you for a new link.'
        : 'This link has expired. Ask for a new one.',
    );
}

/** Used a moment ago: maybe by the same click. Whether it was the same person, their password shows. */
export function mayBeRepeat(link: LinkLike | null, now: Date): link is LinkLike {
  return link?.life.state === 'used' && now.getTime() - link.life.at.getTime() <= repeatWithinMs;
}

const invalid = (why: 'unknown' | 'used' | 'replaced' | 'expired', message: string): DomainError =>
  new DomainError('link.invalid', message, { why });
