import { DomainError, type SessionId } from '@leasewire/contracts';
import { hashOf, newFamilyKey, newNonce, newRefreshSecret, successorOf, writeRefreshToken } from './refresh-token.rules.js';

const minute = 60_000;
const day = 24 * 60 * minute;

/** An access token is believed by the gateway without asking; what it may do is asked for and told by events. */
export const accessTokenSeconds = 600;
/** A browser that was not used for a week signs in again; one that is used, once a month. */
export const idleMs = 7 * day;
export const absoluteMs = 30 * day;
/** A reply may get lost and two tabs may refresh at once: for so long the token before the last still gives the last one. */
export const graceMs = 10_000;
/** "Last used" is known to the minute; knowing it better would cost a write per request. */
export const touchEveryMs = minute;

/** Pages without script have their token replaced on the way, when it is this old. */
export const rotatesAfterMs = 10 * minute;
/** Nobody has so many devices; a program that signs in for every request has. Its oldest sessions end. */
export const mostOpenSessions = 50;
const keepEndedMs = 90 * day;

export type EndCause = 'signed-out' | 'revoked' | 'expired' | 'token-reused' | 'password-changed' | 'archived';

export interface RefreshState {
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly ended: { readonly at: Date; readonly cause: string } | null;
  /** The hash of the token that refreshes now. */
  readonly refreshHash: string;
  /** The one before it, whose reply may still be on its way. */
  readonly previous: { readonly hash: string; readonly rotatedAt: Date } | null;
}

export function expiryOf(startedAt: Date, usedAt: Date): Date {
  return new Date(Math.min(usedAt.getTime() + idleMs, startedAt.getTime() + absoluteMs));
}

/**
 * What a refresh token means. `rotate`: it is the current one. `repeat`: it was the current one a moment ago and its
 * successor was not used, so the same successor is given again. `reused`: it is genuine and older, so there are two
 * holders, one of them a thief, and the session ends. `refused`: it was never ours; a stranger who knows the id of a
 * session can do nothing to it.
 */
export type RefreshDecision = 'rotate' | 'repeat' | 'reused' | 'expired' | 'ended' | 'refused';

export function onRefresh(session: RefreshState, token: { hash: string; genuine: boolean }, now: Date): RefreshDecision {
  if (!token.genuine) return 'refused';
  if (session.ended) return 'ended';
  if (session.expiresAt <= now) return 'expired';
  if (token.hash === session.refreshHash) return 'rotate';
  const { previous } = session;
  if (previous?.hash === token.hash && now.getTime() - previous.rotatedAt.getTime() <= graceMs) return 'repeat';
  return 'reused';
}

export interface Client {
  readonly address: string;
  readonly userAgent: string;
}

export const shortened = (client: Client): Client => ({
  address: client.address.slice(0, 64),
  userAgent: client.userAgent.slice(0, 300),
});

/** A new session, and the token that refreshes it: shown this once. */
export function begun(_id: SessionId, client: Client, now: Date) {
  const [secret, familyKey] = [newRefreshSecret(), newFamilyKey()];
  const session = {
    startedAt: now,
    lastUsedAt: now,
    expiresAt: expiryOf(now, now),
    ...shortened(client),
    familyKey,
    refreshHash: hashOf(secret),
    previous: null,
    ended: null,
    purgeAt: null,
  };
  return { session, refreshToken: writeRefreshToken(_id, secret, familyKey) };
}

/** The fields that change when the token with this secret is replaced by its successor. */
export function rotated(session: Pick<RefreshState, 'startedAt'>, secret: string, client: Client, now: Date) {
  const nonce = newNonce();
  return {
    refreshHash: hashOf(successorOf(secret, nonce)),
    previous: { hash: hashOf(secret), nonce, rotatedAt: now },
    lastUsedAt: now,
    expiresAt: expiryOf(session.startedAt, now),
    ...shortened(client),
  };
}

/** The fields that change when a session ends. Ended ones are kept for a while, for those who look into something. */
export function over<C extends string>(cause: C, now: Date) {
  return { ended: { at: now, cause }, due: undefined, purgeAt: new Date(now.getTime() + keepEndedMs) };
}

export const sessionOver = (): DomainError => new DomainError('session.ended', 'Your session has ended. Sign in again.');
