import { newId } from '@leasewire/messaging';
import fc from 'fast-check';
import {
  hashOf,
  isGenuine,
  newFamilyKey,
  newNonce,
  newRefreshSecret,
  parseRefreshToken,
  successorOf,
  writeRefreshToken,
} from '../../src/session/refresh-token.rules.js';
import {
  absoluteMs,
  expiryOf,
  graceMs,
  idleMs,
  onRefresh,
  type RefreshDecision,
  type RefreshState,
} from '../../src/session/session.rules.js';

const start = new Date('2026-11-20T09:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const session: RefreshState = {
  startedAt: start,
  expiresAt: after(idleMs),
  ended: null,
  refreshHash: 'current',
  previous: { hash: 'previous', rotatedAt: start },
};
const ended: RefreshState = { ...session, ended: { at: start, cause: 'revoked' } };

describe('a refresh token', () => {
  it.each<[string, RefreshState, { hash: string; genuine: boolean }, number, RefreshDecision]>([
    ['that is current rotates', session, { hash: 'current', genuine: true }, 1, 'rotate'],
    ['from before, within the grace, gives the same again', session, { hash: 'previous', genuine: true }, graceMs, 'repeat'],
    ['from before, after the grace, is a theft', session, { hash: 'previous', genuine: true }, graceMs + 1, 'reused'],
    ['from long before is a theft, whenever', session, { hash: 'older', genuine: true }, 1, 'reused'],
    [
      'from before, when its successor was used, is a theft',
      { ...session, previous: { hash: 'current', rotatedAt: start }, refreshHash: 'next' },
      { hash: 'previous', genuine: true },
      1,
      'reused',
    ],
    ['that was invented does nothing', session, { hash: 'whatever', genuine: false }, 1, 'refused'],
    ['of an ended session does nothing', ended, { hash: 'current', genuine: true }, 1, 'ended'],
    ['stolen from an ended session does nothing', ended, { hash: 'older', genuine: true }, 1, 'ended'],
    ['after the end of its time', session, { hash: 'current', genuine: true }, idleMs, 'expired'],
  ])('%s', (_name, state, token, ms, expected) => {
    expect(onRefresh(state, token, after(ms))).toBe(expected);
  });

  it('tells its own older ones from inventions, and its successors are found again', () => {
    const [id, key, secret, nonce] = [newId('ses'), newFamilyKey(), newRefreshSecret(), newNonce()];
    const token = parseRefreshToken(writeRefreshToken(id, secret, key))!;
    expect(token).toMatchObject({ sessionId: id, secret });
    expect(isGenuine(token, key)).toBe(true);
    expect(isGenuine({ ...token, secret: newRefreshSecret() }, key)).toBe(false);
    expect(isGenuine(token, newFamilyKey())).toBe(false);
    expect(successorOf(secret, nonce)).toBe(successorOf(secret, nonce));
    expect(successorOf(secret, newNonce())).not.toBe(successorOf(secret, nonce));
    expect(hashOf(secret)).not.toContain(secret);
    expect(parseRefreshToken(writeRefreshToken(id, successorOf(secret, nonce), key))).not.toBeNull();
  });

  it('is parsed whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseRefreshToken(text)).toBeNull()));
  });
});

describe('a session', () => {
  it('ends a week after its last use, and a month after its begin whatever', () => {
    expect(expiryOf(start, start)).toEqual(after(idleMs));
    expect(expiryOf(start, after(1000))).toEqual(after(1000 + idleMs));
    expect(expiryOf(start, after(absoluteMs - 1))).toEqual(after(absoluteMs));
  });
});
