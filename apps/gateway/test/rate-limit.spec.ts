import { fixedClock } from '@leasewire/testing';
import fc from 'fast-check';
import { Counters, type Count } from '../src/rate-limit/counters.js';
import { Limiter } from '../src/rate-limit/limiter.js';
import { policies, type Policy } from '../src/rate-limit/policy.js';

const policy: Policy = { name: 'address', limit: 10, windowSeconds: 60 };
const minute = 60_000;
const start = 1000 * minute;
const windowOf = () => 60;
const hits = (counters: Counters, times: number, now: number): number =>
  Array.from({ length: times }, () => counters.hit(policy, 'a', now).allowed).filter(Boolean).length;

describe('a limit', () => {
  it('lets through what is allowed and no more', () => {
    expect(hits(new Counters(), 25, start)).toBe(10);
  });

  it.each([
    ['at the end of the window', minute - 1, 0],
    ['as the next begins', minute, 0],
    ['in the middle of the next', 1.5 * minute, 5],
    ['when the one before has slid out', 2 * minute, 10],
  ])('counts over a window that slides: %s', (_when, after, allowed) => {
    const counters = new Counters();
    hits(counters, 10, start);
    expect(hits(counters, 20, start + after)).toBe(allowed);
  });

  it('says when the next one is allowed, and then it is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 10, maxLength: 60 }), (pauses) => {
        const counters = new Counters();
        let now = start;
        for (const pause of pauses) {
          now += pause;
          const verdict = counters.hit(policy, 'a', now);
          if (verdict.allowed) continue;
          expect(verdict.retryAfterSeconds).toBeGreaterThan(0);
          expect(counters.look(policy, 'a', now + verdict.retryAfterSeconds * 1000 + 1).allowed).toBe(true);
          return;
        }
      }),
    );
  });

  it('does not count what it refused', () => {
    const counters = new Counters();
    hits(counters, 1000, start);
    expect(hits(counters, 20, start + 2 * minute)).toBe(10);
  });

  it('forgets keys that no longer count, and is bounded by the oldest', () => {
    const counters = new Counters(100);
    for (let n = 0; n < 500; n++) counters.hit(policy, String(n), start);
    expect(counters.size).toBe(100);
    counters.sweep(start + 2 * minute);
    expect(counters.size).toBe(0);
  });
});

describe('replicas that tell one another', () => {
  const exchange = (
    replicas: readonly Counters[],
    now: number,
    lost: (from: number, to: number) => boolean = () => false,
  ): void => {
    const said = replicas.map((replica) => replica.drain());
    said.forEach((counts, from) => {
      replicas.forEach((replica, to) => {
        if (from !== to && !lost(from, to)) replica.merge(String(from), counts, windowOf, now);
      });
    });
  };

  it('count together', () => {
    const [a, b] = [new Counters(), new Counters()];
    hits(a, 6, start);
    exchange([a, b], start);
    expect(hits(b, 10, start)).toBe(4);
  });

  it('let through at most what may come between two exchanges too much', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 30 }), (rounds) => {
        const replicas = [new Counters(), new Counters(), new Counters()];
        let allowed = 0;
        for (const round of rounds) {
          round.forEach((times, at) => (allowed += hits(replicas[at]!, times, start)));
          exchange(replicas, start);
        }
        expect(allowed).toBeLessThanOrEqual(policy.limit + 2 * 4); // two others, at most four each since the last exchange
      }),
    );
  });

  it('agree whatever is lost, repeated or late, once a message about the key gets through', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.boolean(), fc.boolean()), { maxLength: 40 }), (steps) => {
        const big: Policy = { ...policy, limit: 1000 };
        const replicas = [new Counters(), new Counters(), new Counters()];
        const own = [0, 0, 0];
        const late: [number, number, readonly Count[]][] = [];
        for (const [from, to, isLost, again] of steps) {
          replicas[from]!.hit(big, 'a', start);
          own[from]!++;
          const counts = replicas[from]!.all();
          if (!isLost && from !== to) replicas[to]!.merge(String(from), counts, windowOf, start);
          if (again) late.push([from, to, counts]);
        }
        for (const [from, to, counts] of late.reverse())
          if (from !== to) replicas[to]!.merge(String(from), counts, windowOf, start);
        for (const [from, replica] of replicas.entries())
          for (const [to, other] of replicas.entries())
            if (from !== to) other.merge(String(from), replica.all(), windowOf, start);
        const total = own[0]! + own[1]! + own[2]!;
        for (const replica of replicas) expect(replica.look(big, 'a', start).remaining).toBe(1000 - total - 1);
      }),
    );
  });

  it('learn what was counted before they began', () => {
    const [old, young] = [new Counters(), new Counters()];
    hits(old, 4, start - minute);
    hits(old, 6, start);
    young.merge('old', old.all(), windowOf, start);
    expect(young.look(policy, 'a', start).remaining).toBe(old.look(policy, 'a', start).remaining);
  });

  it('ignore windows that are over or have not begun', () => {
    const counters = new Counters();
    counters.merge(
      'b',
      [
        ['address a', 999 - 5, 10],
        ['address a', 1000 + 1, 10],
      ],
      windowOf,
      start,
    );
    expect(hits(counters, 20, start)).toBe(10);
  });
});

describe('the limiter', () => {
  const limits = { credential: 2, organization: 0, address: 5, 'sign-in': 5, refused: 1 };
  it('answers the headers of the draft', () => {
    const limiter = new Limiter(new Counters(), policies(limits), fixedClock('2026-11-20T09:00:18.000Z'));
    expect(limiter.take('credential', 'ses_1')?.headers).toEqual([
      'ratelimit-policy',
      '"credential";q=2;w=60',
      'ratelimit',
      '"credential";r=1;t=42',
    ]);
  });

  it('refuses with the time to wait, and counts nothing where there is no limit', () => {
    const limiter = new Limiter(new Counters(), policies(limits), fixedClock());
    expect(limiter.take('organization', 'org_1')).toBeUndefined();
    limiter.take('refused', '203.0.113.7');
    expect(() => limiter.check('refused', '203.0.113.7')).toThrow(/Try again in \d+ s/);
    expect(limiter.take('refused', '203.0.113.7')?.refusal?.details).toMatchObject({ limit: 'refused', quota: 1 });
  });
});
