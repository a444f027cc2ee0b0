import fc from 'fast-check';
import { beginning, hashOf, nextAfter, type ChainPosition } from '../../src/chain/chain.rules.js';
import { ChainWalk, type KnownHead } from '../../src/verify/chain-walk.rules.js';
import { chainOf, rechained, unchained, type Chained } from '../chain/chain.factory.js';

const headOf = (entry: ChainPosition): KnownHead => ({ seq: entry.seq, hash: entry.hash, at: 'noon' });

/** Walks like the service does: the database gives entries by seq, and heads are told as they come up. */
function walk(
  stored: readonly Chained[],
  head: KnownHead | null,
  signed: readonly KnownHead[] = [],
  start: ChainPosition = beginning,
): ChainWalk {
  const walked = new ChainWalk(start, head);
  const heads = [...signed].sort((a, b) => a.seq - b.seq);
  for (const entry of [...stored].sort((a, b) => a.seq - b.seq)) {
    while (heads[0] && heads[0].seq <= entry.seq) walked.tell(heads.shift()!);
    walked.step({ ...entry, id: entry._id, sound: hashOf(entry) === entry.hash });
  }
  for (const rest of heads) walked.tell(rest);
  walked.finish();
  return walked;
}
const found = (walked: ChainWalk): string[] => walked.faults.map((f) => `${f.kind} ${f.seq} ${f.entryId ?? '-'}`);

const chain = chainOf(6);
const at = (seq: number): Chained => chain[seq - 1]!;
const head = headOf(at(6));
const without = (...seqs: number[]): Chained[] => chain.filter((e) => !seqs.includes(e.seq));
const changed = (seq: number, change: Partial<Chained>): Chained[] => chain.map((e) => (e.seq === seq ? { ...e, ...change } : e));
const rehashed = (entry: Chained): Chained => ({ ...entry, hash: hashOf(entry) });
const replaced = (seq: number): Chained[] => chain.map((e) => (e.seq === seq ? rehashed({ ...e, content: 'lie' }) : e));
const rewrittenFrom = (seq: number): Chained[] => {
  const lie = chain.slice(seq - 1).map((e) => (e.seq === seq ? { ...e, content: 'lie' } : e));
  return [...chain.slice(0, seq - 1), ...rechained(lie, seq === 1 ? beginning : at(seq - 1))];
};
const extra = nextAfter(at(6), unchained(99));

describe('walking along a chain', () => {
  it.each<[string, readonly Chained[], KnownHead | null, string[]]>([
    ['an intact one', chain, head, []],
    ['an empty one', [], { ...headOf(beginning) }, []],
    ['one that never began', [], null, []],
    ['changed content', changed(3, { content: 'lie' }), head, ['changed 3 aud_3']],
    ['a changed actor', changed(6, { actor: 'staff:stf_9' }), head, ['changed 6 aud_6']],
    ['a changed time', changed(1, { at: new Date(0) }), head, ['changed 1 aud_1']],
    ['a changed box of personal fields', changed(2, { personal: [] }), head, ['changed 2 aud_2']],
    ['a changed hash', changed(3, { hash: 'f'.repeat(64) }), head, ['changed 3 aud_3']],
    ['a changed previous hash', changed(3, { previousHash: 'f'.repeat(64) }), head, ['changed 3 aud_3']],
    ['content changed with its hash', replaced(3), head, ['changed 3 aud_3']],
    ['the first changed with its hash', replaced(1), head, ['changed 1 aud_1']],
    ['the last changed with its hash', replaced(6), head, ['changed 6 aud_6']],
    ['everything written anew from the third', rewrittenFrom(3), head, ['changed 6 aud_6']],
    ['one removed', without(3), head, ['removed 3 -']],
    ['the first removed', without(1), head, ['removed 1 -']],
    ['several removed together', without(2, 3, 4), head, ['removed 2 -']],
    ['several removed apart', without(2, 5), head, ['removed 2 -', 'removed 5 -']],
    ['the end cut off', without(5, 6), head, ['cut 5 -']],
    ['all cut off', [], head, ['cut 1 -']],
    ['one removed, the rest moved up and chained anew', rechained(without(3), beginning), head, ['cut 6 -']],
    ['one put at the end', [...chain, extra], head, ['inserted 7 aud_99']],
    ['one put below the beginning', [rehashed({ ...at(1), _id: 'aud_x', seq: 0 }), ...chain], head, ['inserted 0 aud_x']],
    ['one put between two numbers', [...chain, rehashed({ ...at(2), _id: 'aud_x', seq: 2.5 })], head, ['inserted 2 aud_x']],
    ['a rival after the right one', [...chain, rehashed({ ...at(3), _id: 'aud_x' })], head, ['inserted 3 aud_x']],
    ['a rival before the right one', [rehashed({ ...at(3), _id: 'aud_x' }), ...chain], head, ['inserted 3 aud_x']],
    ['a rival of the last', [rehashed({ ...at(6), _id: 'aud_x' }), ...chain], head, ['inserted 6 aud_x']],
    [
      'two swapped',
      chain.map((e) => (e.seq === 2 ? { ...e, seq: 5 } : e.seq === 5 ? { ...e, seq: 2 } : e)),
      head,
      ['changed 2 aud_5', 'changed 5 aud_2'],
    ],
    ['a forged head', chain, null, []],
  ])('%s', (_name, stored, ownHead, faults) => {
    expect(found(walk(stored, ownHead))).toEqual(faults);
  });

  describe('that was written anew together with its head is contradicted by a head kept elsewhere:', () => {
    const rewritten = rewrittenFrom(3);
    const newHead = headOf(rewritten[5]!);
    it.each([
      ['none, and nobody knows', [], []],
      ['one before the change proves nothing', [headOf(at(2))], []],
      ['one after it', [headOf(at(2)), headOf(at(4))], ['changed 4 aud_4']],
      ['of several only the first is told', [headOf(at(3)), headOf(at(4)), headOf(at(6))], ['changed 3 aud_3']],
    ])('%s', (_name, signed, faults) => {
      const walked = walk(rewritten, newHead, signed);
      expect(found(walked)).toEqual(faults);
    });
    it('and says between which entries', () => {
      expect(walk(rewritten, newHead, [headOf(at(2)), headOf(at(5))]).faults[0]!.message).toContain('between 3 and 5');
    });
  });

  it('set back to an older head is contradicted by a newer one', () => {
    expect(found(walk(without(5, 6), headOf(at(4)), [headOf(at(3)), headOf(at(6))]))).toEqual(['cut 5 -']);
    expect(found(walk([], null, [headOf(at(6))]))).toEqual(['cut 1 -']);
  });

  describe('that retention shortened', () => {
    const start = { seq: 3, hash: at(3).hash };
    it.each<[string, readonly Chained[], string[]]>([
      ['begins after its anchor', without(1, 2, 3), []],
      ['has lost its new beginning', without(1, 2, 3, 4), ['removed 4 -']],
      ['begins with another entry', [rehashed({ ...at(4), previousHash: 'f'.repeat(64) }), at(5), at(6)], ['changed 4 aud_4']],
      ['still has a retired one', without(1, 2), ['inserted 3 aud_3']],
    ])('%s', (_name, stored, faults) => {
      expect(found(walk(stored, head, [headOf(at(2))], start))).toEqual(faults);
    });
  });

  it('in a stretch misses what should be there up to its end', () => {
    const stretch = new ChainWalk(at(2), null);
    stretch.step({ ...at(3), id: 'aud_3', sound: true });
    stretch.finish(5);
    expect(found(stretch)).toEqual(['removed 4 -']);
  });

  it('stops telling after a hundred faults', () => {
    const long = chainOf(250).map((e) => ({ ...e, content: 'lie' }));
    expect(walk(long, headOf(long[249]!)).faults).toHaveLength(100);
  });

  describe('of any length, with any one thing done to it', () => {
    const scene = fc.integer({ min: 1, max: 30 }).chain((length) =>
      fc.record({
        length: fc.constant(length),
        seq: fc.integer({ min: 1, max: length }),
        heads: fc.uniqueArray(fc.integer({ min: 1, max: length })),
      }),
    );
    const field = fc.constantFrom<keyof Chained>(
      '_id',
      'actor',
      'type',
      'entity',
      'content',
      'eventId',
      'correlationId',
      'propertyId',
      'hash',
      'previousHash',
    );

    it('names exactly the changed entry', () => {
      fc.assert(
        fc.property(scene, field, ({ length, seq, heads }, key) => {
          const stored = chainOf(length);
          const signed = heads.map((n) => headOf(stored[n - 1]!));
          const end = headOf(stored[length - 1]!);
          stored[seq - 1] = { ...stored[seq - 1]!, [key]: 'lie' };
          expect(found(walk(stored, end, signed))).toEqual([`changed ${seq} ${stored[seq - 1]!._id}`]);
        }),
      );
    });
    it('names exactly the replaced entry', () => {
      fc.assert(
        fc.property(scene, ({ length, seq, heads }) => {
          const stored = chainOf(length);
          const signed = heads.map((n) => headOf(stored[n - 1]!));
          const end = headOf(stored[length - 1]!);
          stored[seq - 1] = rehashed({ ...stored[seq - 1]!, content: 'lie' });
          expect(found(walk(stored, end, signed))).toEqual([`changed ${seq} aud_${seq}`]);
        }),
      );
    });
    it('names exactly the hole, or the cut', () => {
      fc.assert(
        fc.property(scene, fc.integer({ min: 1, max: 30 }), ({ length, seq, heads }, count) => {
          const stored = chainOf(length);
          const signed = heads.map((n) => headOf(stored[n - 1]!));
          const end = headOf(stored[length - 1]!);
          const last = Math.min(seq + count - 1, length);
          stored.splice(seq - 1, last - seq + 1);
          expect(found(walk(stored, end, signed))).toEqual([last === length ? `cut ${seq} -` : `removed ${seq} -`]);
        }),
      );
    });
    it('names exactly the inserted entry, wherever the database puts it', () => {
      fc.assert(
        fc.property(scene, fc.boolean(), fc.boolean(), ({ length, seq, heads }, first, knowsThePrevious) => {
          const genuine = chainOf(length);
          const before: ChainPosition = seq === 1 ? beginning : genuine[seq - 2]!;
          const lie = nextAfter(knowsThePrevious ? before : { seq: seq - 1, hash: 'a'.repeat(64) }, unchained(99));
          const stored = first ? [lie, ...genuine] : [...genuine, lie];
          const signed = heads.map((n) => headOf(genuine[n - 1]!));
          expect(found(walk(stored, headOf(genuine[length - 1]!), signed))).toEqual([`inserted ${seq} aud_99`]);
        }),
      );
    });
    it('finds a swap of two', () => {
      fc.assert(
        fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), fc.nat(), (length, a, b) => {
          const stored = chainOf(length);
          const [i, j] = [a % length, b % length];
          fc.pre(i !== j);
          const end = headOf(stored[length - 1]!);
          [stored[i], stored[j]] = [
            { ...stored[j]!, seq: i + 1 },
            { ...stored[i]!, seq: j + 1 },
          ];
          const seqs = [i + 1, j + 1].sort((x, y) => x - y);
          expect(walk(stored, end).faults.map((f) => `${f.kind} ${f.seq}`)).toEqual(seqs.map((n) => `changed ${n}`));
        }),
      );
    });
    it('finds a chain written anew from any entry on, as soon as a later head is known elsewhere', () => {
      fc.assert(
        fc.property(scene, fc.nat(), ({ length, seq }, later) => {
          const genuine = chainOf(length);
          const lie = genuine.slice(seq - 1).map((e) => (e.seq === seq ? { ...e, content: 'lie' } : e));
          const stored = [...genuine.slice(0, seq - 1), ...rechained(lie, seq === 1 ? beginning : genuine[seq - 2]!)];
          const known = seq + (later % (length - seq + 1));
          expect(found(walk(stored, headOf(stored[length - 1]!), [headOf(genuine[known - 1]!)]))).toEqual([
            `changed ${known} aud_${known}`,
          ]);
        }),
      );
    });
  });
});
