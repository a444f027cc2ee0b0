import fc from 'fast-check';
import { brake, growthWarning } from '../../src/hold/brake.rules.js';

const ids = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`);
const policy = { brakeShare: 0.1, brakeCount: 5 };

describe('the brake, when', () => {
  it.each([
    ['few of few vanish', 5, 10, 0, false, 5, 0, false],
    ['few of many vanish', 6, 100, 0, false, 6, 0, false],
    ['more than the share and the count vanish', 11, 100, 0, false, 0, 11, true],
    ['nobody vanishes', 0, 100, 0, false, 0, 0, false],
    ['the answer is empty, however few were known', 3, 3, 0, true, 0, 3, true],
    ['staff keep all who vanish', 20, 100, 20, false, 0, 20, false],
    ['staff keep some and few others vanish', 20, 100, 17, false, 3, 17, false],
    ['staff keep some and many others vanish', 40, 100, 20, false, 0, 40, true],
  ])('%s', (_name, gone, livingHere, kept, empty, go, held, asks) => {
    const braked = brake({ unannounced: ids(gone), kept: ids(kept), livingHere, empty }, policy);
    expect([braked.go.length, braked.held.length, braked.asks]).toEqual([go, held, asks]);
  });

  it('never loses anybody, and never lets go whom staff keep', () => {
    const some = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(some, some, fc.nat(200), fc.boolean(), (unannounced, kept, livingHere, empty) => {
        const { go, held } = brake({ unannounced, kept, livingHere, empty }, policy);
        expect([...go, ...held].sort()).toEqual([...unannounced].sort());
        expect(go.filter((id) => kept.includes(id))).toEqual([]);
        expect(empty ? go.length : Math.min(0, go.length - Math.max(5, livingHere))).toBeLessThanOrEqual(0);
      }),
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
