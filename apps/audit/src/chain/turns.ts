import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrgId } from '@leasewire/contracts';
import { Database, defineCollection, tenantDoc } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const turnsDef = defineCollection(
  'turns',
  tenantDoc.extend({ holder: z.string(), until: z.date(), wanted: z.boolean() }),
  {
    scope: 'org',
  },
);

interface TurnRow {
  readonly _id: string;
  readonly orgId: OrgId;
  readonly holder: string;
  readonly until: Date;
  /** Somebody else waits for it. */
  readonly wanted: boolean;
}

/** Longer than a batch takes. Whoever holds one and dies is waited for no longer than this. */
const holdMs = 3000;
const pollMs = 8;
/** Time enough for whoever waits to look again. */
const yieldMs = 2 * pollMs;
const patienceMs = 10_000;

/**
 * Whose turn it is to append to a chain, among replicas. Without it they would conflict in the chain's document, and the
 * one that has just finished would nearly always be the next, while the others back off longer and longer.
 * Only politeness: what keeps two appenders apart is that document. So it is written carelessly, and given up when the
 * database does not want it.
 */
@Injectable()
export class Turns {
  readonly #me = randomUUID();

  constructor(private readonly db: Database) {}

  async during<T>(orgId: OrgId, work: () => Promise<T>): Promise<T> {
    const holder = `${this.#me}/${randomUUID()}`;
    await this.#take(orgId, holder);
    try {
      return await work();
    } finally {
      if (await this.#release(orgId, holder)) await sleep(yieldMs);
    }
  }

  async #take(orgId: OrgId, holder: string): Promise<void> {
    const isFree = { $lte: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] };
    const change = {
      orgId,
      holder: { $cond: [isFree, holder, '$holder'] },
      until: { $cond: [isFree, { $add: ['$$NOW', holdMs] }, '$until'] },
      wanted: { $not: [isFree] },
    };
    const giveUpAt = performance.now() + patienceMs;
    while (performance.now() < giveUpAt) {
      const row = await this.#rows
        .findOneAndUpdate({ _id: orgId }, [{ $set: change }], { upsert: true, returnDocument: 'after' })
        .catch(() => undefined);
      if (row === undefined || row?.holder === holder) return;
      await sleep(pollMs);
    }
  }

  /** Does somebody wait for it? */
  async #release(orgId: OrgId, holder: string): Promise<boolean> {
    const row = await this.#rows
      .findOneAndUpdate({ _id: orgId, holder }, [{ $set: { holder: '', until: new Date(0) } }], { returnDocument: 'before' })
      .catch(() => null);
    return row?.wanted ?? false;
  }

  get #rows() {
    return this.db.db.collection<TurnRow>(turnsDef.name, { writeConcern: { w: 1, journal: false } });
  }
}
