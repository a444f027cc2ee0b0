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

type Session = ReturnType<Database['client']['startSession']>;

/** The document of a chain, as far as it is what it should be. */
export interface StoredChain {
  readonly seq: unknown;
  readonly hash: unknown;
  readonly head: ChainHead | null;
  readonly anchor: ChainHead | null;
  readonly hasAnchor: boolean;
}

/**
 * Reads a chain at one moment, whatever is recorded or retired meanwhile. By the bare driver: what is read here is not to
 * be trusted to fit a schema.
 */
@Injectable()
export class ChainReader {
  constructor(private readonly db: Database) {}

  async reading<T>(orgId: OrgId, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const session = this.db.client.startSession({ snapshot: true });
    try {
      return await read(new Snapshot(this.db, orgId, session));
    } finally {
      await session.endSession();
    }
  }
}

/** The driver gives a snapshot session the client's read concern, which is another; so it must be said with each read. */
const atThatMoment = { readConcern: { level: 'snapshot' } } as const;

export class Snapshot {
  constructor(
    private readonly db: Database,
    private readonly orgId: OrgId,
    private readonly session: Session,
  ) {}

  async chain(): Promise<StoredChain | null> {
    const { orgId, session } = this;
    const raw = await this.db.db
      .collection<{ _id: string }>(chainsDef.name, atThatMoment)
      .findOne({ orgId, _id: orgId }, { session });
    if (!raw) return null;
    const { seq, hash, head, anchor }: Readonly<Record<string, unknown>> = { ...raw };
    return { seq, hash, head: headIn(head), anchor: headIn(anchor), hasAnchor: anchor !== null && anchor !== undefined };
  }

  /** By sequence. Gives the other work of the service its turn now and then. */
  async *entries(): AsyncGenerator<WalkedEntry> {
    const { orgId, session } = this;
    const cursor = this.db.db
      .collection(entriesDef.name, atThatMoment)
      .find({ orgId }, { session, sort: { seq: 1 }, projection: { terms: 0 }, batchSize: batch });
    let n = 0;
    for await (const raw of cursor) {
      yield walked(raw);
      if (++n % batch === 0) await new Promise(setImmediate);
    }
  }

  /** The newest announced heads, oldest first. */
  async heads(): Promise<(ChainHead | null)[]> {
    const { orgId, session } = this;
    const rows = await this.db.db
      .collection(headsDef.name, atThatMoment)
      .find({ orgId }, { session, sort: { seq: -1 }, limit: mostHeads })
      .toArray();
    return rows.reverse().map(headIn);
  }
}

const headIn = (value: unknown): ChainHead | null => ChainHeadSchema.safeParse(value).data ?? null;
