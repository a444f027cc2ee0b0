import { codeThrownBy, thrownBy } from '../code-thrown.js';
import {
  assertOpen,
  hashLinkToken,
  mayBeRepeat,
  newLinkToken,
  repeatWithinMs,
  type LinkLike,
} from '../../src/link/link.rules.js';

const now = new Date('2026-11-20T09:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const open: LinkLike = { purpose: 'invitation', expiresAt: later(1), life: { state: 'open' } };
const used: LinkLike = { ...open, life: { state: 'used', at: now } };

describe('a link', () => {
  it.each<[string, LinkLike | null, RegExp | null]>([
    ['that is open holds', open, null],
    ['that nobody made', null, /not one of ours/],
    ['that was used says to sign in', used, /Sign in with your password/],
    ['that was replaced says to use the newest', { ...open, life: { state: 'replaced', at: now } }, /newer link/],
    ['that has expired says whom to ask', { ...open, expiresAt: now }, /Ask whoever invited you/],
    ['for a new password that has expired', { ...open, purpose: 'password-reset', expiresAt: now }, /Ask for a new one/],
  ])('%s', (_name, link, message) => {
    const use = () => assertOpen(link, now);
    expect(codeThrownBy(use)).toBe(message ? 'link.invalid' : null);
    if (message) expect(thrownBy(use)?.message).toMatch(message);
  });

  it('used a moment ago may be a double click', () => {
    expect(mayBeRepeat(used, later(repeatWithinMs))).toBe(true);
    expect(mayBeRepeat(used, later(repeatWithinMs + 1))).toBe(false);
    expect(mayBeRepeat(open, now)).toBe(false);
    expect(mayBeRepeat(null, now)).toBe(false);
  });

  it('has 256 random bits, of which nothing is kept', () => {
    const token = newLinkToken();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(hashLinkToken(token)).not.toContain(token);
    expect(newLinkToken()).not.toBe(token);
  });
});
