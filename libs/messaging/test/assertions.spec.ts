import { newId, via, type Call, type SystemCause } from '../src/index.js';
import { org, staff, TestClock, Trust } from './fixtures.js';

const clock = new TestClock();
const trust = new Trust(['gateway', 'identity', 'audit'], clock);
const gateway = trust.assertions('gateway');
const identity = trust.assertions('identity');

describe('an assertion of who acts', () => {
  it('brings the actor to the owner of the data as the gateway knows them', () => {
    const actor = staff({ properties: [newId('prop')], sessionId: newId('ses'), name: 'Ana' });
    expect(identity.verify(gateway.forActor(actor))).toEqual(actor);
  });

  it('of a service for itself holds every permission, in one organization or none', () => {
    expect(trust.assertions('audit').verify(identity.forService(org))).toEqual({
      ref: 'service:identity',
      orgId: org,
      permissions: 'all',
      properties: 'all',
    });
    expect(gateway.verify(identity.forService(null)).orgId).toBeNull();
  });

  it('for a person is not made by anyone but the gateway', () => {
    expect(() => identity.forActor(staff())).toThrow('may not speak for staff:');
  });

  it('for another service is not made', () => {
    expect(() => gateway.forActor({ ref: 'service:identity', orgId: null, permissions: 'all', properties: 'all' })).toThrow(
      'may not speak',
    );
  });

  it.each([
    ['a member of staff, signed by a service that is not the gateway', { ref: staff().ref, org, perms: 'all', props: 'all' }],
    ['another service', { ref: 'service:audit', org, perms: 'all', props: 'all' }],
    ['a permission nobody knows', { ref: 'service:identity', org, perms: { 'everything.at-once': 'full' }, props: 'all' }],
    ['nobody', { org, perms: 'all', props: 'all' }],
  ])('for %s is refused, however well it is signed', (_name, claims) => {
    const forged = trust.signer('identity').sign('actor', claims, 60);
    expect(() => gateway.verify(forged)).toThrow(expect.objectContaining({ code: 'unauthenticated' }) as Error);
  });

  it('is no access token, and an access token is none', () => {
    const token = trust.signer('gateway').sign('access', { ref: staff().ref, org, perms: 'all', props: 'all' }, 60);
    expect(() => gateway.verify(token)).toThrow('not a token of the kind “actor”');
  });

  it('is made again after 20 s and only then: signing is dear', () => {
    const actor = staff();
    const first = gateway.forActor(actor);
    clock.pass(19);
    expect(gateway.forActor({ ...actor })).toBe(first);
    clock.pass(2);
    expect(gateway.forActor(actor)).not.toBe(first);
  });

  it('is another one as soon as the permissions change', () => {
    const actor = staff();
    const first = gateway.forActor(actor);
    const changed = gateway.forActor({ ...actor, permissions: {} });
    expect(changed).not.toBe(first);
    expect(identity.verify(changed).permissions).toEqual({});
  });
});

describe('calling on', () => {
  const call = (assertion: string, idempotencyKey?: string) =>
    ({
      kind: 'call',
      method: 'identity.invite',
      actor: staff(),
      assertion,
      correlationId: 'c-1',
      idempotencyKey,
    }) as unknown as Call;

  it('hands on the assertion of the caller while it lives', () => {
    const assertion = gateway.forActor(staff());
    expect(via(call(assertion), identity)).toMatchObject({ assertion, correlationId: 'c-1' });
  });

  it('speaks for the service itself when the caller’s assertion is over', () => {
    const assertion = gateway.forActor(staff());
    clock.pass(61);
    expect(gateway.verify(via(call(assertion), identity).assertion).ref).toBe('service:identity');
  });

  it('from work of the service itself speaks for the service in that organization', () => {
    const cause: SystemCause = {
      kind: 'system',
      service: 'identity',
      orgId: org,
      correlationId: 'c-2',
      actor: 'service:identity',
    };
    expect(gateway.verify(via(cause, identity).assertion)).toMatchObject({ ref: 'service:identity', orgId: org });
  });

  it('from something that may be repeated has a base for keys that stay the same', () => {
    const assertion = gateway.forActor(staff());
    expect(via(call(assertion, 'k'), identity).idempotencyBase).toBeDefined();
    expect(via(call(assertion), identity).idempotencyBase).toBeUndefined();
  });
});
