import fc from 'fast-check';
import { bannerOf, brake, countedSince, growthWarning } from '../../src/hold/brake.rules.js';

const ids = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`);
const policy = { brakeShare: 0.1, brakeCount: 5 };

describe('the brake, when', () => {
  it.each([
    ['few of few vanish', 5, 10, 0, 0, false, 5, 0, false],
    ['few of many vanish', 6, 100, 0, 0, false, 6, 0, false],
    ['more than the share and the count vanish', 11, 100, 0, 0, false, 0, 11, true],
    ['nobody vanishes', 0, 100, 0, 0, false, 0, 0, false],
    ['nobody vanishes after many', 0, 100, 0, 50, false, 0, 0, false],
    ['few vanish after few', 5, 95, 0, 5, false, 5, 0, false],
    ['one vanishes after as many as may', 1, 90, 0, 10, false, 0, 1, true],
    ['few of few vanish after few', 1, 5, 0, 5, false, 0, 1, true],
    ['nobody is left, however few were known', 3, 3, 0, 0, true, 0, 3, true],
    ['nobody is left, and staff keep all', 3, 3, 3, 0, true, 0, 3, false],
    ['staff keep all who vanish', 20, 100, 20, 0, false, 0, 20, false],
    ['staff keep some and few others vanish', 20, 100, 17, 0, false, 3, 17, false],
    ['staff keep some and many others vanish', 40, 100, 20, 0, false, 0, 40, true],
  ])('%s', (_name, gone, livingHere, kept, recent, emptied, go, held, asks) => {
    const braked = brake({ unannounced: ids(gone), kept: ids(kept), livingHere, recent, emptied }, policy);
    expect([braked.go.length, braked.held.length, braked.asks]).toEqual([go, held, asks]);
  });

  it('never loses anybody, and never lets go whom staff keep', () => {
    const some = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(some, some, fc.nat(200), fc.nat(20), fc.boolean(), (unannounced, kept, livingHere, recent, emptied) => {
        const { go, held } = brake({ unannounced, kept, livingHere, recent, emptied }, policy);
        expect([...go, ...held].sort()).toEqual([...unannounced].sort());
        expect(go.filter((id) => kept.includes(id))).toEqual([]);
        if (go.length > 0)
          expect(go.length + recent).toBeLessThanOrEqual(Math.max(policy.brakeCount, policy.brakeShare * (livingHere + recent)));
      }),
    );
  });

  it('lets as many go in many small runs as in one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 30 }),
        fc.integer({ min: 50, max: 400 }),
        (runs, living) => {
          let gone = 0;
          for (const [n, size] of runs.entries()) {
            const unannounced = Array.from({ length: size }, (_, at) => `r${n}c${at}`);
            const removals = { unannounced, kept: [], livingHere: living - gone, recent: gone, emptied: false };
            gone += brake(removals, policy).go.length;
          }
          expect(gone).toBeLessThanOrEqual(Math.max(policy.brakeCount, policy.brakeShare * living));
        },
      ),
    );
  });
});

it.each([
  ['the first import', 200, 0, false],
  ['a few', 5, 8, false],
  ['a jump', 60, 100, true],
])('growth: %s', (_name, added, living, warns) => {
  expect(growthWarning(added, living, { growthShare: 0.5, brakeCount: 5 }) !== null).toBe(warns);
});

describe('removals count together', () => {
  const day = 86_400_000;
  const now = new Date(30 * day);
  const hold = (state: string, upstreamId = 'c1') => ({ state, openedAt: new Date(10 * day), people: [{ upstreamId }] });
  it.each([
    ['for a day', null, 29],
    ['since before they were held, while nobody answered', hold('open'), 9],
    ['since before they were held, when the hold expired', hold('expired'), 9],
    ['for a day, after staff decided', hold('approved'), 29],
    ['for a day, when others are held', hold('open', 'c2'), 29],
  ])('%s', (_name, open, since) => {
    expect(countedSince(open, new Set(['c1']), now)).toEqual(new Date(since * day));
  });
});

it.each([
  [{ people: 70, livingHere: 215, units: 0 }, '70 of 215 people vanished from Entrata. Nobody was moved out; look and decide.'],
  [
    { people: 1, livingHere: 0, units: 2 },
    '1 of 1 person and 2 units vanished from Entrata. Nobody was moved out; look and decide.',
  ],
  [{ people: 0, livingHere: 9, units: 1 }, '1 unit vanished from Entrata. Nothing was changed; look and decide.'],
])('the banner says what vanished', (vanished, banner) => {
  expect(bannerOf(vanished, 'Entrata')).toBe(banner);
});
