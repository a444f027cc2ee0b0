import { randomUUID } from 'node:crypto';
import type { OrgId } from '@leasewire/contracts';
import type { ClientSession, Collection, Filter } from 'mongodb';
import type { Database } from '../database/database.js';
import type { Due } from './due.js';

export interface DueRow {
  readonly _id: string;
  readonly orgId?: OrgId;
  readonly due?: Due;
}

export interface Claimed {
  readonly id: string;
  readonly orgId: OrgId | undefined;
  readonly at: Date;
  readonly claim: string;
  /** This one included. */
  readonly attempts: number;
  /** Those of them that count: without what waited for something that was away. */
  readonly tries: number;
  readonly failedBefore: boolean;
}

/** What is known of a row from its claim on. */
const known = { _id: 1, orgId: 1, 'due.at': 1, 'due.attempts': 1, 'due.waits': 1, 'due.lastError': 1 } as const;

/** The `due` part of the documents of one collection, over all organizations. */
export class DueStore {
  readonly #rows: Collection<DueRow>;

  constructor(db: Database, collection: string) {
    this.#rows = db.db.collection<DueRow>(collection);
  }

  /** Claims the next ones: any replica may, each document goes to one. */
  async claim(now: Date, horizon: Date, leaseUntil: Date, limit: number): Promise<Claimed[]> {
    const free: Filter<DueRow> = claimable(now, horizon);
    // the index has all of the filter, so that what others have claimed costs next to nothing to pass over
    const candidates = await this.#rows.find(free, { sort: { 'due.at': 1 }, limit, projection: known }).toArray();
    if (candidates.length === 0) return [];
    const claim = randomUUID();
    const ids = candidates.map((row) => row._id);
    const { modifiedCount } = await this.#rows.updateMany(
      { _id: { $in: ids }, ...free },
      { $set: { 'due.claim': claim, 'due.leaseUntil': leaseUntil }, $inc: { 'due.attempts': 1 } },
    );
    const isAll = modifiedCount === candidates.length;
    const ours = isAll ? candidates : await this.#rows.find({ 'due.claim': claim }, { projection: known }).toArray();
    return ours.flatMap(({ _id: id, orgId, due }) => {
      if (!due) return [];
      const { at, waits = 0, lastError } = due;
      const attempts = isAll ? due.attempts + 1 : due.attempts;
      return [{ id, orgId, at, claim, attempts, tries: attempts - waits, failedBefore: lastError !== undefined }];
    });
  }

  /** Those that are still ours and still due: whoever cancelled or moved one meanwhile has taken the claim off it. */
  stillOurs(claimed: readonly Claimed[], session?: ClientSession): Promise<DueRow[]> {
    return this.#rows.find(those(claimed), session && { session }).toArray();
  }

  /** Done, unless its handler gave it another time already. */
  async finish(claimed: readonly Claimed[], session?: ClientSession): Promise<void> {
    await this.#update(claimed, { $unset: { due: '' } }, session);
  }

  async retryAt(claimed: Claimed, at: Date, lastError: string, counts: boolean): Promise<void> {
    await this.#update([claimed], {
      $set: { 'due.at': at, 'due.lastError': lastError },
      ...(!counts && { $inc: { 'due.waits': 1 } }),
      $unset: { 'due.claim': '', 'due.leaseUntil': '' },
    });
  }

  /** Gives back what was claimed and not begun. */
  async release(claimed: readonly Claimed[]): Promise<void> {
    await this.#update(claimed, { $unset: { 'due.claim': '', 'due.leaseUntil': '' }, $inc: { 'due.attempts': -1 } });
  }

  async renew(claims: readonly string[], leaseUntil: Date): Promise<void> {
    if (claims.length > 0)
      await this.#rows.updateMany({ 'due.claim': { $in: [...claims] } }, { $set: { 'due.leaseUntil': leaseUntil } });
  }

  async #update(claimed: readonly Claimed[], change: object, session?: ClientSession): Promise<void> {
    if (claimed.length > 0) await this.#rows.updateMany(those(claimed), change, session && { session });
  }
}

/** Due until then, and nobody is at it. */
export const claimable = (now: Date, horizon: Date) => ({
  'due.at': { $lte: horizon },
  'due.leaseUntil': { $not: { $gte: now } },
});

const those = (claimed: readonly Claimed[]): Filter<DueRow> => ({
  _id: { $in: claimed.map(({ id }) => id) },
  'due.claim': { $in: [...new Set(claimed.map(({ claim }) => claim))] },
});
