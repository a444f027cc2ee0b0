import type { ChainReading, Stretch, StoredChain } from './chain-reader.js';
import { mostFaults, type ChainWalk, type KnownHead, type WalkedEntry } from './chain-walk.rules.js';

interface Path {
  readonly walk: ChainWalk;
  /** As it was before the first entry was read. */
  readonly chain: StoredChain | null;
  /** Where it ended then; null when that is not known, or not within the stretch. */
  readonly head: KnownHead | null;
  readonly stretch: Stretch;
  /** Nothing may be missing up to there; null where the head alone says so. */
  readonly wholeUpTo: number | null;
  /** Whatever signed heads there are. */
  readonly heads: readonly KnownHead[];
  readonly isLate: () => boolean;
}

/**
 * Takes a walk along a chain that may grow and be retired meanwhile. `overtaken` means that what it found may come of that
 * and is worth nothing; `late` that the time was over.
 */
export async function walkAlong(reading: ChainReading, path: Path): Promise<'done' | 'overtaken' | 'late'> {
  const { walk, chain, head, stretch, wholeUpTo, isLate } = path;
  const heads = [...path.heads].sort((a, b) => b.seq - a.seq);
  const tellUpTo = (seq: number): void => {
    for (let next = heads.at(-1); next && next.seq <= seq; next = heads.at(-1)) {
      walk.tell(next);
      heads.pop();
    }
  };
  const step = (entry: WalkedEntry): void => {
    tellUpTo(entry.seq);
    walk.step(entry);
  };
  let looked = 0;
  for await (const page of reading.pages(stretch)) {
    page.forEach(step);
    if (walk.faults.length > looked && isOvertaken(walk, chain, await reading.chain())) return 'overtaken';
    looked = walk.faults.length;
    if (walk.isFull) return 'done';
    if (isLate()) return 'late';
  }
  const beyond = head ? await reading.beyond(head.seq, mostFaults) : [];
  // read after these, so it covers what was recorded meanwhile
  const now = await reading.chain();
  for (const entry of beyond) if (!wasRecorded(entry, head, now)) step(entry);
  tellUpTo(Number.POSITIVE_INFINITY);
  walk.finish(wholeUpTo ?? undefined);
  return isOvertaken(walk, chain, now) ? 'overtaken' : 'done';
}

const wasRecorded = ({ seq }: WalkedEntry, head: KnownHead | null, now: StoredChain | null): boolean =>
  head !== null && seq > head.seq && typeof now?.seq === 'number' && seq <= now.seq;

/** Retention took away what the walk had not seen yet, or the chain began while it was walked. */
function isOvertaken(walk: ChainWalk, before: StoredChain | null, now: StoredChain | null): boolean {
  if (!before) return now !== null;
  const [retired, retiredNow] = [before.anchor?.seq ?? 0, now?.anchor?.seq ?? 0];
  return walk.faults.some(({ kind, seq }) => (kind === 'removed' || kind === 'cut') && seq > retired && seq <= retiredNow);
}
