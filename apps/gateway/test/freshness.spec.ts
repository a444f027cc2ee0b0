import { Freshness } from '../src/auth/freshness.js';

type Step =
  | readonly ['read to', seq: number, at: number]
  | readonly ['beat', lastSeq: number, at: number, oldestUnpublishedMs?: number]
  | readonly ['began anew at', seq: number]
  | readonly ['tick', at: number];

function take(freshness: Freshness, step: Step): void {
  switch (step[0]) {
    case 'read to':
      freshness.reached(step[1], step[2]);
      return;
    case 'beat':
      freshness.beat({ lastSeq: step[1], oldestUnpublishedMs: step[3] ?? 0 }, step[2]);
      return;
    case 'began anew at':
      freshness.restart(step[1]);
      return;
    case 'tick':
      freshness.tick(step[1]);
  }
}

const known: readonly Step[] = [
  ['read to', 7, 0],
  ['beat', 7, 0],
];

describe('what is remembered of permissions is believed', () => {
  it.each<[string, readonly Step[], number, string | undefined]>([
    ['not before identity was heard', [], 0, 'silence'],
    ['when it was heard and all it said was read', known, 100, undefined],
    [
      'when more was read than it knew',
      [
        ['read to', 9, 0],
        ['beat', 7, 0],
      ],
      100,
      undefined,
    ],
    ['for five seconds of silence', known, 5000, undefined],
    ['not after them', known, 5001, 'silence'],
    [
      'for a moment while an event is on its way',
      [
        ['read to', 6, 0],
        ['beat', 7, 0],
      ],
      250,
      undefined,
    ],
    [
      'not when it does not come',
      [
        ['read to', 6, 0],
        ['beat', 7, 0],
      ],
      251,
      'behind',
    ],
    [
      'again when it has come',
      [
        ['read to', 6, 0],
        ['beat', 7, 0],
        ['read to', 7, 300],
      ],
      301,
      undefined,
    ],
    [
      'not while changes wait to be published',
      [
        ['read to', 7, 0],
        ['beat', 7, 0, 501],
      ],
      100,
      'delayed',
    ],
    [
      'not because another replica knows of no delay',
      [
        ['read to', 7, 0],
        ['beat', 7, 0, 900],
        ['beat', 7, 200],
      ],
      300,
      'delayed',
    ],
    [
      'again when the delay is over',
      [
        ['read to', 7, 0],
        ['beat', 7, 0, 900],
        ['beat', 7, 1400],
      ],
      1501,
      undefined,
    ],
    ['not after the stream began anew, until the next beat', [...known, ['began anew at', 0]], 10, 'silence'],
    ['by what a beat of the new stream says', [...known, ['began anew at', 2], ['beat', 2, 20]], 30, undefined],
    ['not after this process stood still', [['tick', 0], ...known, ['tick', 1500]], 1501, 'silence'],
    ['when it ran all the time', [['tick', 0], ...known, ['tick', 250], ['tick', 500]], 600, undefined],
  ])('%s', (_when, steps, now, why) => {
    const freshness = new Freshness();
    for (const step of steps) take(freshness, step);
    expect(freshness.why(now)).toBe(why);
  });
});
