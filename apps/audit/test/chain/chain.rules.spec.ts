import { hashOf, inOrder, nextAfter } from '../../src/chain/chain.rules.js';
import { chainOf, unchained } from './chain.factory.js';

describe('the hash of an entry', () => {
  it('never changes: it is written into every chain there is', () => {
    const entry = nextAfter({ seq: 41, hash: 'f'.repeat(64) }, unchained(7));
    expect(entry.hash).toBe('2f01c242b30a255054219d7bcd6a9d73e75b572b6ac03e034bdefa921afffcf7');
  });

  const entry = { ...unchained(7), seq: 7, previousHash: 'p' };
  it.each(Object.keys(entry).filter((key) => key !== 'personal') as (keyof typeof entry)[])('depends on %s', (key) => {
    const value = entry[key];
    const other =
      value instanceof Date ? new Date(value.getTime() + 1) : typeof value === 'number' ? value + 1 : `${JSON.stringify(value)}x`;
    expect(hashOf({ ...entry, [key]: other })).not.toBe(hashOf(entry));
  });
  it.each(['person', 'box', 'digest'])('depends on the %s of what is personal', (key) => {
    const [first] = entry.personal;
    expect(hashOf({ ...entry, personal: [{ ...first!, [key]: 'x' }] })).not.toBe(hashOf(entry));
    expect(hashOf({ ...entry, personal: [] })).not.toBe(hashOf(entry));
  });
  it('chains without gaps', () => {
    const chain = chainOf(5);
    expect(chain.map((e) => e.seq)).toEqual([1, 2, 3, 4, 5]);
    for (const [i, e] of chain.entries()) expect(e.previousHash).toBe(i === 0 ? '0'.repeat(64) : chain[i - 1]!.hash);
  });
});

describe('events of one batch are chained', () => {
  const arrived = (text: string) =>
    text.split(' ').map((word) => ({ entity: word[0]!, epoch: Number(word[1]), version: Number(word[2]) }));
  it.each([
    ['as they arrived', 'a01 b01 a02 c05', 'a01 b01 a02 c05'],
    ['by version where they are about one thing', 'a03 b01 a01 a02', 'a01 b01 a02 a03'],
    ['by epoch before version', 'a11 a09', 'a09 a11'],
    ['as they arrived, of the same version', 'a01 b02 a01', 'a01 b02 a01'],
  ])('%s', (_name, before, after) => {
    expect(inOrder(arrived(before))).toEqual(arrived(after));
  });
});
