import { announceAt, type Announcing } from '../../src/chain/heads.rules.js';

const now = new Date('2026-11-20T10:00:00.000Z');
const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const [work, announcement] = ['identity.staff.changed.v1', 'audit.head.signed.v1'];
const quiet: Announcing = { seq: 10, announced: { seq: 10, at: at(-300) } };

describe('a head is announced', () => {
  it.each<[string, Announcing, { seq: number; types: string[] }, Date | null]>([
    ['at once, the first time', { seq: 0, announced: null }, { seq: 1, types: [work] }, now],
    ['at once after a pause', quiet, { seq: 11, types: [work] }, now],
    ['a minute after the one before', { seq: 10, announced: { seq: 10, at: at(-20) } }, { seq: 11, types: [work] }, at(40)],
    ['when it was to be announced anyway', { ...quiet, due: { at: at(30) } }, { seq: 11, types: [work] }, at(30)],
    ['at once after a thousand entries', { ...quiet, due: { at: at(30) } }, { seq: 1011, types: [work] }, now],
    ['no later than it was due', { ...quiet, due: { at: at(-1) } }, { seq: 1011, types: [work] }, at(-1)],
    ['not for an announcement', quiet, { seq: 11, types: [announcement] }, null],
    ['for what came with an announcement', quiet, { seq: 12, types: [announcement, work] }, now],
    ['as planned when only an announcement came', { ...quiet, due: { at: at(30) } }, { seq: 11, types: [announcement] }, at(30)],
  ])('%s', (_name, chain, recorded, when) => {
    expect(announceAt(chain, recorded, now, 60_000)).toEqual(when);
  });
});
