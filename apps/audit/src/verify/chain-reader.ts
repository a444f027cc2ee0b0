import type { ChainHead, OrgId } from '@leasewire/contracts';
import { ChainHead as ChainHeadSchema } from '@leasewire/contracts';
import { Database } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { chainsDef } from '../chain/chain.repository.js';
import { entriesDef } from '../chain/entry.repository.js';
import { headsDef } from '../chain/head.repository.js';
import type { WalkedEntry } from './chain-walk.rules.js';
import { walked } from './stored-entry.rules.js';

/** Newer heads say what older ones said; so many are plenty to tell where a rewritten chain parted. */
export const mostHeads = 10_000;
const batch = 250;
/** No number is below it; what is none is neither above nor below. */
const least = Number.NEGATIVE_INFINITY;

type Session = ReturnType<Database['client']['startSession']>;
type Raw = Readonly<Record<string, unknown>>;

/** Of the numbers of a chain. */
export interface Stretch {
  /** Null for all there are, also those that no entry should have. */
  readonly after: number | null;
  readonly upTo: number;
}

/** The document of a chain, as far as it is what it should be. */
export interface StoredChain {
  readonly seq: unknown;
  readonly hash: unknown;
  readonly head: ChainHead | null;
  readonly anchor: ChainHead | null;
  readonly hasAnchor: boolean;
}

/**
 * Reads a chain while it grows and is retired. Not at one moment: a long chain takes minutes, and the server keeps the past for
 * seconds only. What is read later may know more, and within the session never less. By the bare driver: what is read here is
 * not to be trusted to fit a schema.
 */
@Injectable()
export class ChainReader {
  constructor(private readonly db: Database) {}

  async reading<T>(orgId: OrgId, read: (reading: ChainReading) => Promise<T>): Promise<T> {
    const session = this.db.client.startSession({ causalConsistency: true });
    try {
      return await read(new ChainReading(this.db, orgId, session));
    } finally {
      await session.endSession();
    }
  }
}

export class ChainReading {
  constructor(
    private readonly db: Database,
    private readonly orgId: OrgId,
    private readonly session: Session,
  ) {}

  async chain(): Promise<StoredChain | null> {
    const { orgId, session } = this;
    const raw = await this.db.db.collection<{ _id: string }>(chainsDef.name).findOne({ orgId, _id: orgId }, { session });
    if (!raw) return null;
    const { seq, hash, head, anchor }: Raw = { ...raw };
    return { seq, hash, head: headIn(head), anchor: headIn(anchor), hasAnchor: anchor !== null && anchor !== undefined };
  }

  /** By sequence, a page at a time: each is asked for anew, so none is too old to be read on. */
  async *pages({ after, upTo }: Stretch): AsyncGenerator<WalkedEntry[]> {
    const unnumbered = after === null ? await this.#rows({ $not: { $gt: least } }, 1, batch) : [];
    if (unnumbered.length > 0) yield unnumbered.map(walked);
    let from: object = { $gt: after ?? least };
    /** With the last number: where somebody made it no longer unique, a page may end between two of one number. */
    let seen: Raw[] = [];
    for (;;) {
      const page = await this.#rows({ ...from, $lte: upTo }, 1, batch + seen.length);
      const fresh = page.filter(({ _id }) => !seen.some((row) => String(row['_id']) === String(_id)));
      if (fresh.length === 0) return;
      yield fresh.map(walked);
      const last = fresh.at(-1)?.['seq'];
      from = { $gte: last };
      seen = [...seen, ...fresh].filter(({ seq }) => sameNumber(seq, last));
      await new Promise(setImmediate);
    }
  }

  /** The last entry after that number, up to this one. */
  async last(after: number, upTo: number): Promise<WalkedEntry | undefined> {
    return (await this.#rows({ $gt: after, $lte: upTo }, -1, 1)).map(walked)[0];
  }

  /** The highest numbers above this one. */
  async beyond(seq: number, limit: number): Promise<WalkedEntry[]> {
    return (await this.#rows({ $gt: seq }, -1, limit)).reverse().map(walked);
  }

  #rows(seq: object, direction: 1 | -1, limit: number): Promise<Raw[]> {
    const { orgId, session } = this;
    return this.db.db
      .collection(entriesDef.name)
      .find({ orgId, seq }, { session, sort: { seq: direction }, limit, batchSize: limit + 1, projection: { terms: 0 } })
      .toArray();
  }

  /** The newest announced heads, oldest first. */
  async heads(): Promise<(ChainHead | null)[]> {
    const { orgId, session } = this;
    const rows = await this.db.db
      .collection(headsDef.name)
      .find({ orgId }, { session, sort: { seq: -1 }, limit: mostHeads })
      .toArray();
    return rows.reverse().map(headIn);
  }
}

/** A long or decimal number is an object here. */
const sameNumber = (a: unknown, b: unknown): boolean => Number(String(a)) === Number(String(b));

const headIn = (value: unknown): ChainHead | null => ChainHeadSchema.safeParse(value).data ?? null;
