import type { ChainFault } from '@leasewire/contracts';
import type { ChainPosition } from '../chain/chain.rules.js';

/** An entry as verification sees it. */
export interface WalkedEntry {
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
  readonly previousHash: string;
  /** Its content fits its own hash. */
  readonly sound: boolean;
}

/** A head whose signature was found genuine. */
export interface KnownHead extends ChainPosition {
  readonly at: string;
}

type Fault = Omit<ChainFault, 'entryId'> & { readonly entryId: string | null };

export const mostFaults = 100;
/** More entries than this under one number are not kept while the right one is looked for. */
const mostRivals = 16;

/** All entries that claim one number; more than one only where somebody put some there. */
type Rivals = readonly [WalkedEntry, ...WalkedEntry[]];

/**
 * Walks along a chain in the order of its sequence, with constant memory. It judges an entry only when it has seen all
 * that claims the next number: what follows (or a signed head) tells which of several rivals was recorded, and that an
 * entry was replaced by one that fits itself.
 */
export class ChainWalk {
  readonly faults: Fault[] = [];
  /** Entries seen, whether right or wrong. */
  entries = 0;
  /** Complete, and judged when `#latest` is. */
  #waiting: Rivals | null = null;
  #latest: Rivals | null = null;
  #next: number;
  #lastHash: string | null;
  #signed: KnownHead[] = [];
  #rewritten = false;
  #lastProved: number;

  /**
   * @param start the anchor that retention left, or the beginning
   * @param head where the chain ends by its own signed head; null when that is missing or forged
   */
  constructor(
    private readonly start: ChainPosition,
    private readonly head: KnownHead | null,
  ) {
    this.#next = start.seq + 1;
    this.#lastHash = start.hash;
    this.#lastProved = start.seq;
  }

  get isFull(): boolean {
    return this.faults.length >= mostFaults;
  }

  /** The highest number that an entry of the chain had, or a signed head. */
  get lastSeen(): number {
    return this.#next - 1;
  }

  /** Another signed head: in the order of seq, and before the first entry that is beyond it. */
  tell(head: KnownHead): void {
    if (head.seq > this.start.seq) this.#signed.push(head);
  }

  /** The next entry in the order of seq. */
  step(entry: WalkedEntry): void {
    this.entries += 1;
    if (!Number.isSafeInteger(entry.seq) || entry.seq <= this.start.seq || (this.head && entry.seq > this.head.seq)) {
      this.#inserted(entry);
    } else if (this.#latest?.[0].seq === entry.seq) {
      if (this.#latest.length < mostRivals) this.#latest = [...this.#latest, entry];
      else this.#inserted(entry);
    } else {
      this.#settle(this.#waiting, claimsOf(this.#waiting, this.#latest));
      this.#waiting = this.#latest;
      this.#latest = [entry];
    }
  }

  /** The end: what should still come is cut off. In a stretch of a chain nothing may be missing up to there. */
  finish(upTo = this.start.seq): void {
    this.#settle(this.#waiting, claimsOf(this.#waiting, this.#latest));
    const endsHere = this.head && this.head.seq === this.#latest?.[0].seq;
    this.#settle(this.#latest, endsHere ? [this.head.hash] : []);
    this.#missing(upTo);
    if (this.head) this.#cut(this.head);
    for (const head of this.#signed) this.#cut(head);
  }

  /** Decides which rival was recorded, now that it is known what the next ones say about it, and judges that one. */
  #settle(rivals: Rivals | null, claims: readonly string[]): void {
    if (!rivals) return;
    const [first] = rivals;
    this.#missing(first.seq - 1);
    const heads = this.#signed.filter((head) => head.seq === first.seq);
    this.#signed = this.#signed.filter((head) => head.seq > first.seq);

    const merit = (rival: WalkedEntry): number =>
      (claims.includes(rival.hash) ? 8 : 0) +
      (heads.some((head) => head.hash === rival.hash) ? 4 : 0) +
      (rival.sound ? 2 : 0) +
      (rival.previousHash === this.#lastHash ? 1 : 0);
    const recorded = rivals.reduce((best, rival) => (merit(rival) > merit(best) ? rival : best));
    for (const rival of rivals) if (rival !== recorded) this.#inserted(rival);
    this.#judge(recorded, claims, heads);
    this.#next = recorded.seq + 1;
    this.#lastHash = recorded.hash;
  }

  #judge(entry: WalkedEntry, claims: readonly string[], heads: readonly KnownHead[]): void {
    const { seq, id } = entry;
    const told = heads.find((head) => head.hash !== entry.hash);
    if (!entry.sound) {
      this.#report('changed', seq, id, `Entry ${seq} is not what was recorded: it does not fit its hash.`);
    } else if (claims.length > 0 && !claims.includes(entry.hash)) {
      this.#report('changed', seq, id, `Entry ${seq} was replaced: what comes after it was chained to another one.`);
    } else if (seq === this.start.seq + 1 && entry.previousHash !== this.start.hash) {
      this.#report('changed', seq, id, `Entry ${seq} was replaced: it does not continue what was before it.`);
    } else if (told) {
      this.#contradicted(entry, told);
    } else if (heads.length > 0) {
      this.#lastProved = seq;
    }
  }

  /** It all fits together, but not what was signed: somebody wrote a whole new chain. Heads after the first say the same. */
  #contradicted(entry: WalkedEntry, told: KnownHead): void {
    if (this.#rewritten) return;
    this.#rewritten = true;
    const between = `between ${this.#lastProved + 1} and ${entry.seq}`;
    const message = `Entries ${between} were rewritten: entry ${entry.seq} is not the one that was signed at ${told.at}.`;
    this.#report('changed', entry.seq, entry.id, message);
  }

  #missing(until: number): void {
    if (this.#next > until) return;
    const what = this.#next === until ? `Entry ${until} is` : `Entries ${this.#next} to ${until} are`;
    this.#report('removed', this.#next, null, `${what} gone.`);
    this.#next = until + 1;
    this.#lastHash = null;
  }

  #cut(head: KnownHead): void {
    const from = this.#next;
    if (from > head.seq) return;
    const what = from === head.seq ? `Entry ${from} at the end is` : `Entries ${from} to ${head.seq} at the end are`;
    this.#report('cut', from, null, `${what} gone; they were signed for at ${head.at}.`);
    this.#next = head.seq + 1;
  }

  #inserted(entry: WalkedEntry): void {
    this.#report('inserted', Math.trunc(entry.seq), entry.id, `Entry ${entry.id} at ${entry.seq} was never recorded.`);
  }

  #report(kind: Fault['kind'], seq: number, entryId: string | null, message: string): void {
    if (!this.isFull) this.faults.push({ kind, seq, entryId, message });
  }
}

/** What the entries of the next number say about the hash before them. One that was changed itself is no witness. */
function claimsOf(rivals: Rivals | null, next: Rivals | null): string[] {
  if (!rivals || !next || next[0].seq !== rivals[0].seq + 1) return [];
  return next.filter((entry) => entry.sound).map((entry) => entry.previousHash);
}
