import { afterFailure, neverFinishes, Undeliverable, usualPatience, type Patience } from '../src/delivery.rules.js';
import { ignoreOlder } from '../src/index.js';

const patience: Patience = { maxDeliver: 4, backoffMs: [10, 20] };
const failed = new Error('no');

describe('an event whose handler failed', () => {
  it.each([
    ['for the first time waits the first pause', failed, 1, { then: 'retry', afterMs: 10 }],
    ['for the second time waits the second', failed, 2, { then: 'retry', afterMs: 20 }],
    ['once more waits the last again', failed, 3, { then: 'retry', afterMs: 20 }],
    ['on its last try is set aside', failed, 4, { then: 'set-aside', reason: 'failed' }],
    ['beyond its last try is set aside', failed, 5, { then: 'set-aside', reason: 'failed' }],
    [
      'because it is no JSON is set aside at once',
      new Undeliverable('undecodable', ''),
      1,
      { then: 'set-aside', reason: 'undecodable' },
    ],
    [
      'because of its envelope is set aside at once',
      new Undeliverable('invalid-envelope', ''),
      1,
      { then: 'set-aside', reason: 'invalid-envelope' },
    ],
    [
      'because of its data is set aside at once',
      new Undeliverable('invalid-data', ''),
      1,
      { then: 'set-aside', reason: 'invalid-data' },
    ],
    [
      'because its type is new is given to a newer replica',
      new Undeliverable('unknown-type', ''),
      1,
      { then: 'retry', afterMs: 10 },
    ],
    [
      'because nobody knows its type is set aside in the end',
      new Undeliverable('unknown-type', ''),
      4,
      { then: 'set-aside', reason: 'unknown-type' },
    ],
  ])('%s', (_name, error, deliveries, verdict) => {
    expect(afterFailure(error, deliveries, patience)).toEqual(verdict);
  });

  it('without any back-off still waits a second', () => {
    expect(afterFailure(failed, 1, { maxDeliver: 2, backoffMs: [] })).toEqual({ then: 'retry', afterMs: 1000 });
  });

  it('is usually tried five times within twenty seconds and for more than an hour', () => {
    const pauses = Array.from({ length: usualPatience.maxDeliver - 1 }, (_, i) => afterFailure(failed, i + 1, usualPatience)).map(
      (verdict) => (verdict.then === 'retry' ? verdict.afterMs : 0),
    );
    const sum = (of: number[]) => of.reduce((a, b) => a + b, 0);
    expect(sum(pauses.slice(0, 5))).toBeLessThan(20_000);
    expect(sum(pauses)).toBeGreaterThan(3_600_000);
  });
});

describe('an event that never even fails', () => {
  it.each([
    [8, false],
    [9, true],
  ])('after %d deliveries is taken for one that kills the process: %s', (deliveries, verdict) => {
    expect(neverFinishes(deliveries, patience)).toBe(verdict);
  });
});

describe('ignoring what is older', () => {
  const fact = { version: { epoch: 1, version: 5 } };
  it.each([
    ['nothing known', undefined, false],
    ['an older version', { epoch: 1, version: 4 }, false],
    ['the same version, told by another event of the same change', { epoch: 1, version: 5 }, false],
    ['a newer version', { epoch: 1, version: 6 }, true],
    ['a higher version from before a restore', { epoch: 0, version: 99 }, false],
    ['a lower version from after a restore', { epoch: 2, version: 1 }, true],
  ])('with %s', (_name, known, ignored) => {
    expect(ignoreOlder(fact, known)).toBe(ignored);
  });
});
