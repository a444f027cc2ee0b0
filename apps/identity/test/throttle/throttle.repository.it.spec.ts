import { newId } from '@leasewire/messaging';
import { freshDatabase } from '@leasewire/testing';
import fc from 'fast-check';
import { ThrottleRepository, type ThrottleKey } from '../../src/throttle/throttle.repository.js';
import {
  attempt,
  throttlePolicies,
  type Attempt,
  type ThrottleName,
  type ThrottleRow,
} from '../../src/throttle/throttle.rules.js';

const start = new Date('2026-11-20T09:00:00Z');
let throttles: ThrottleRepository;
beforeAll(async () => {
  throttles = new ThrottleRepository(await freshDatabase());
});

const someKey = (name: ThrottleName): ThrottleKey => ({ name, of: newId('x') });

describe('the database counts', () => {
  it('as the rule does', async () => {
    const names = Object.keys(throttlePolicies) as ThrottleName[];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.integer({ min: 0, max: 1_200_000 }), { maxLength: 20 }),
        async (name, gaps) => {
          const key = someKey(name);
          let row: ThrottleRow | null = null;
          let ms = 0;
          for (const gap of [0, 0, 0, ...gaps]) {
            ms += gap;
            const now = new Date(start.getTime() + ms);
            const expected: Attempt = attempt(row, throttlePolicies[name], now);
            expect(await throttles.attempt(key, now)).toMatchObject(expected);
            if (expected.granted) row = expected.row;
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a crowd that comes at once, clocks a little apart, one by one', async () => {
    const key = someKey('pair');
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, n) => throttles.attempt(key, new Date(start.getTime() - (n % 7)))),
    );
    expect(tries.filter((tried) => tried.granted)).toHaveLength(throttlePolicies.pair.free + 1);
  });

  it('and forgets what a success ends', async () => {
    const key = someKey('pair');
    for (let at = 0; at <= throttlePolicies.pair.free; at++) await throttles.attempt(key, start);
    expect((await throttles.attempt(key, start)).granted).toBe(false);
    await throttles.settle({ clear: [key] }, start);
    expect(await throttles.attempt(key, start)).toMatchObject({ granted: true, row: { failures: 1 } });
  });

  it('and takes back what went well', async () => {
    const key = someKey('address');
    for (let round = 0; round < 200; round++) {
      expect((await throttles.attempt(key, start)).granted).toBe(true);
      await throttles.settle({ takeBack: [key] }, start);
    }
  });
});
