import { newId } from '@leasewire/messaging';
import type { Principal } from '@leasewire/contracts';
import { CallerCache } from '../src/auth/caller-cache.js';
import { Caller } from '../src/auth/caller.js';
import { concerns, invalidationOf, type Invalidation } from '../src/auth/invalidation.js';

const orgId = newId('org');
const staffId = newId('stf');
const sessionId = newId('ses');
const principal: Principal = {
  ref: `staff:${staffId}`,
  orgId,
  name: 'Ana',
  permissions: {},
  properties: 'all',
  roleIds: [],
  sessionId,
  expiresAt: null,
};
const keyId = newId('key');
const ofKey: Principal = { ...principal, ref: `api-key:${keyId}`, sessionId: null };
const caller = new Caller(principal, Infinity);
const roleChanged: Invalidation = { who: 'everyone', orgId };

describe('an event of identity', () => {
  const staff = { id: staffId };
  it.each<[string, unknown, boolean, boolean]>([
    ['identity.session.ended.v1', { session: { id: sessionId } }, true, false],
    ['identity.session.ended.v1', { session: { id: newId('ses') } }, false, false],
    ['identity.session.ended.v1', 'unreadable', true, true],
    ['identity.session.started.v1', { session: { id: sessionId } }, false, false],
    ['identity.staff.access-changed.v1', { staff }, true, true],
    ['identity.staff.access-changed.v1', { staff: { id: newId('stf') } }, false, true],
    ['identity.staff.archived.v2', { staff }, true, true],
    ['identity.staff.sign-in-refused.v1', { staff }, false, false],
    ['identity.api-key.revoked.v1', { apiKey: { id: keyId } }, false, true],
    ['identity.api-key.revoked.v1', { apiKey: { id: newId('key') } }, false, false],
    ['identity.role.changed.v1', { role: {} }, true, true],
    ['identity.something.of-tomorrow.v1', {}, true, true],
    ['audit.head.signed.v1', {}, false, false],
  ])('%s %j makes us ask again: staff %s, key %s', (type, data, forgetsStaff, forgetsKey) => {
    const invalidation = invalidationOf(type, orgId, data);
    expect(invalidation !== undefined && concerns(invalidation, principal)).toBe(forgetsStaff);
    expect(invalidation !== undefined && concerns(invalidation, ofKey)).toBe(forgetsKey);
  });

  it('of another organization concerns nobody here', () => {
    expect(concerns({ who: 'everyone', orgId: newId('org') }, principal)).toBe(false);
  });
});

describe('what is remembered', () => {
  it('is asked for once by all who wait, and then known', async () => {
    const cache = new CallerCache();
    let asked = 0;
    const question = () => Promise.resolve((asked++, caller));
    await Promise.all([cache.ask('a', question), cache.ask('a', question)]);
    expect([asked, cache.get('a')]).toEqual([1, caller]);
  });

  it('is forgotten when something concerns it', async () => {
    const cache = new CallerCache();
    await cache.ask('a', () => Promise.resolve(caller));
    cache.invalidate({ who: 'session', orgId, id: newId('ses') });
    expect(cache.get('a')).toBe(caller);
    cache.invalidate(roleChanged);
    expect(cache.get('a')).toBeUndefined();
  });

  it('never outlives a change that overtook the answer', async () => {
    const cache = new CallerCache();
    let answer: (caller: Caller) => void = () => undefined;
    const asked = cache.ask('a', () => new Promise((resolve) => (answer = resolve)));
    cache.invalidate(roleChanged);
    answer(caller);
    expect(await asked).toBe(caller);
    expect(cache.get('a')).toBeUndefined();
  });

  it('is kept when the change that came meanwhile concerned somebody else', async () => {
    const cache = new CallerCache();
    let answer: (caller: Caller) => void = () => undefined;
    const asked = cache.ask('a', () => new Promise((resolve) => (answer = resolve)));
    cache.invalidate({ who: 'everyone', orgId: newId('org') });
    answer(caller);
    await asked;
    expect(cache.get('a')).toBe(caller);
  });

  it('does not hold a refusal', async () => {
    const cache = new CallerCache();
    await expect(cache.ask('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(cache.ask('a', () => Promise.resolve(caller))).resolves.toBe(caller);
  });

  it('is bounded, and who is used stays', async () => {
    const cache = new CallerCache(100);
    for (let n = 0; n < 1000; n++) {
      await cache.ask(`c${n}`, () => Promise.resolve(new Caller({ ...principal, sessionId: newId('ses') }, Infinity)));
      if (n > 0) cache.get('c0');
    }
    expect(cache.size).toBeLessThanOrEqual(101);
    expect(cache.get('c0')).toBeDefined();
    expect(cache.get('c999')).toBeDefined();
  });
});
