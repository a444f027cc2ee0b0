import { Freshness } from '../src/auth/freshness.js';

const beat = (lastSeq: number, oldestUnpublishedMs = 0) => ({ lastSeq, oldestUnpublishedMs });

describe('what is remembered of permissions is believed', () => {
  it.each<[string, (f: Freshness) => void, number, string | undefined]>([
    ['not before identity was heard', () => undefined, 0, 'silence'],
    ['when it was heard and all it said was read', (f) => (f.reached(7, 0), f.beat(beat(7), 0)), 100, undefined],
    ['when more was read than it knew', (f) => (f.reached(9, 0), f.beat(beat(7), 0)), 100, undefined],
    ['for five seconds of silence', (f) => (f.reached(7, 0), f.beat(beat(7), 0)), 5000, undefined],
    ['not after them', (f) => (f.reached(7, 0), f.beat(beat(7), 0)), 5001, 'silence'],
    ['for a moment while an event is on its way', (f) => (f.reached(6, 0), f.beat(beat(7), 0)), 250, undefined],
    ['not when it does not come', (f) => (f.reached(6, 0), f.beat(beat(7), 0)), 251, 'behind'],
    ['again when it has come', (f) => (f.reached(6, 0), f.beat(beat(7), 0), f.reached(7, 300)), 301, undefined],
    ['not while changes wait to be published', (f) => (f.reached(7, 0), f.beat(beat(7, 501), 0)), 100, 'delayed'],
    ['not because another replica knows of no delay', (f) => (f.reached(7, 0), f.beat(beat(7, 900), 0), f.beat(beat(7, 0), 200)), 300, 'delayed'],
    ['again when the delay is over', (f) => (f.reached(7, 0), f.beat(beat(7, 900), 0), f.beat(beat(7, 0), 1400)), 1501, undefined],
    ['not after the stream began anew, until the next beat', (f) => (f.reached(7, 0), f.beat(beat(7), 0), f.restart(0)), 10, 'silence'],
    ['by what a beat of the new stream says', (f) => (f.reached(7, 0), f.beat(beat(7), 0), f.restart(2), f.beat(beat(2), 20)), 30, undefined],
    ['not after this process stood still', (f) => (f.reached(7, 0), f.tick(0), f.beat(beat(7), 0), f.tick(1500)), 1501, 'silence'],
    ['when it ran all the time', (f) => (f.reached(7, 0), f.tick(0), f.beat(beat(7), 0), f.tick(250), f.tick(500)), 600, undefined],
  ])('%s', (_when, happened, now, why) => {
    const freshness = new Freshness();
    happened(freshness);
    expect(freshness.why(now)).toBe(why);
  });
});
