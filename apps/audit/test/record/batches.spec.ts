import { setImmediate as turn } from 'node:timers/promises';
import { Batches } from '../../src/record/batches.js';

const tooBad = new Error('bad item');
function setUp(options: { most?: number; parallel?: number; bad?: number[]; away?: boolean; longestMs?: number } = {}) {
  const done: [string, number[]][] = [];
  let release = (): void => undefined;
  let gate = Promise.resolve();
  const batches = new Batches<string, number>({
    most: options.most ?? 100,
    parallel: options.parallel ?? 2,
    work: async (key, items) => {
      await gate;
      if (items.some((item) => options.bad?.includes(item))) throw tooBad;
      done.push([key, [...items]]);
    },
    isBlameable: () => !options.away,
    longestMs: options.longestMs ?? 60_000,
    overdue: (key, items) => new Error(`${items} of ${key} are overdue`),
  });
  const hold = (): void => {
    gate = new Promise((resolve) => (release = resolve));
  };
  return { batches, done, hold, release: () => release() };
}

describe('batches', () => {
  it('take what arrives together, and what arrives while one is worked on', async () => {
    const { batches, done, hold, release } = setUp();
    hold();
    const first = [1, 2].map((item) => batches.submit('a', item));
    await turn();
    const second = [3, 4, 5].map((item) => batches.submit('a', item));
    release();
    await Promise.all([...first, ...second]);
    expect(done).toEqual([
      ['a', [1, 2]],
      ['a', [3, 4, 5]],
    ]);
  });
  it('are no larger than allowed, and keep the order', async () => {
    const { batches, done } = setUp({ most: 2 });
    await Promise.all([1, 2, 3, 4, 5].map((item) => batches.submit('a', item)));
    expect(done).toEqual([
      ['a', [1, 2]],
      ['a', [3, 4]],
      ['a', [5]],
    ]);
  });
  it('of several keys go side by side, and a busy key keeps none from its turn', async () => {
    const { batches, done } = setUp({ most: 1, parallel: 1 });
    await Promise.all([...[1, 2, 3].map((item) => batches.submit('a', item)), batches.submit('b', 9)]);
    expect(done.map(([key]) => key).join('')).toBe('abaa');
  });
  it('let one bad item fail alone', async () => {
    const { batches, done } = setUp({ bad: [2] });
    const results = await Promise.allSettled([1, 2, 3].map((item) => batches.submit('a', item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(done.map(([, items]) => items)).toEqual([[1], [3]]);
  });
  it('fail together when it is not the fault of an item', async () => {
    const { batches } = setUp({ bad: [2], away: true });
    const results = await Promise.allSettled([1, 2, 3].map((item) => batches.submit('a', item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
  it('that do not end are given up after a while, and the next goes on', async () => {
    const { batches, done, hold, release } = setUp({ away: true, longestMs: 10 });
    hold();
    const lost = [1, 2].map((item) => batches.submit('a', item));
    await turn();
    const next = batches.submit('a', 3);
    const results = await Promise.allSettled(lost);
    expect(results.map((result) => result.status === 'rejected' && String(result.reason))).toEqual(
      Array(2).fill('Error: 2 of a are overdue'),
    );
    release();
    await next;
    expect(done.at(-1)).toEqual(['a', [3]]);
  });
  it('go on after a failure', async () => {
    const { batches, done } = setUp({ bad: [1] });
    await expect(batches.submit('a', 1)).rejects.toBe(tooBad);
    await batches.submit('a', 2);
    expect(done).toEqual([['a', [2]]]);
  });
});
