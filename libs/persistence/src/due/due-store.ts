import { randomUUID } from 'node:crypto';
import type { Collection, Filter } from 'mongodb';
import type { Database } from '../database/database.js';
import type { Due } from './due.js';

export interface DueRow {
  readonly _id: string;
  readonly due?: Due;
}

export interface Claimed {
  readonly id: string;
  readonly at: Date;
  readonly claim: string;
}

/** The `due` part of the documents of one collection, over all organizations. */
export class DueStore {
  readonly #rows: Collection<DueRow>;

  constructor(db: Database, collection: string) {
    this.#rows = db.db.collection<DueRow>(collection);
  }

  /** Claims the next ones: any replica may, each document goes to one. */
  async claim(now: Date, horizon: Date, leaseUntil: Date, limit: number): Promise<Claimed[]> {
    const free: Filter<DueRow> = { 'due.at': { $lte: horizon }, 'due.leaseUntil': { $not: { $gte: now } } };
    // covered by the index, so that what others have claimed costs next to nothing to pass over
    const candidates = await this.#rows
      .find(free, { sort: { 'due.at': 1 }, limit, projection: { _id: 1, 'due.at': 1 } })
      .toArray();
    if (candidates.length === 0) return [];
    const claim = randomUUID();
    const ids = candidates.map((row) => row._id);
    const { modifiedCount } = await this.#rows.updateMany(
      { _id: { $in: ids }, ...free },
      { $set: { 'due.claim': claim, 'due.leaseUntil': leaseUntil }, $inc: { 'due.attempts': 1 } },
    );
    const ours = modifiedCount === candidates.length ? candidates : await this.#claimedBy(claim);
    return ours.flatMap(({ _id, due }) => (due ? [{ id: _id, at: due.at, claim }] : []));
  }

  /** Those that are still ours and still due: whoever cancelled or moved one meanwhile has taken the claim off it. */
  stillOurs(claimed: readonly Claimed[]): Promise<DueRow[]> {
    return this.#rows.find({ _id: { $in: idsOf(claimed) }, 'due.claim': { $in: claimsOf(claimed) } }).toArray();
  }

  /** Done, unless its handler gave it another time already. */
  async finish(claimed: readonly Claimed[]): Promise<void> {
    await this.#update(claimed, { $unset: { due: '' } });
  }

  async retryAt(claimed: Claimed, at: Date, lastError: string): Promise<void> {
    await this.#update([claimed], {
      $set: { 'due.at': at, 'due.lastError': lastError },
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

  #claimedBy(claim: string): Promise<DueRow[]> {
    return this.#rows.find({ 'due.claim': claim }, { projection: { _id: 1, 'due.at': 1 } }).toArray();
  }

  async #update(claimed: readonly Claimed[], change: object): Promise<void> {
    if (claimed.length > 0)
      await this.#rows.updateMany({ _id: { $in: idsOf(claimed) }, 'due.claim': { $in: claimsOf(claimed) } }, change);
  }
}

const idsOf = (claimed: readonly Claimed[]): string[] => claimed.map(({ id }) => id);
const claimsOf = (claimed: readonly Claimed[]): string[] => [...new Set(claimed.map(({ claim }) => claim))];
