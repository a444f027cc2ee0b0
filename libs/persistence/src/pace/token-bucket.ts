import type { Collection } from 'mongodb';
import { reaching } from '../database/availability.js';
import type { Database } from '../database/database.js';
import type { EffectPace } from '../effects/effects.js';
import { leasesDef } from '../own-collections.js';

interface BucketRow {
  readonly _id: string;
  readonly left: number;
  readonly at: Date;
}

/**
 * So many in a second, shared by all replicas: a bucket that fills by the clock of the database, and is taken from before a batch is
 * claimed. What a replica takes and does not use goes back.
 */
export class TokenBucket implements EffectPace {
  readonly #rows: Collection<BucketRow>;
  readonly #id: string;

  constructor(
    db: Database,
    name: string,
    /** `burst`: how much it holds, so how many may go at once after a rest. */
    private readonly size: { readonly perSecond: number; readonly burst: number },
  ) {
    this.#rows = db.db.collection<BucketRow>(leasesDef.name);
    this.#id = `pace:${name}`;
  }

  /** `reserve`: so much is left for others. */
  async take(most: number, reserve = 0): Promise<number> {
    const { perSecond, burst } = this.size;
    const passed = { $divide: [{ $subtract: ['$$NOW', { $ifNull: ['$at', new Date(0)] }] }, 1000] };
    const full = { $min: [burst, { $add: [{ $ifNull: ['$left', burst] }, { $multiply: [passed, perSecond] }] }] };
    const row = await reaching(() =>
      this.#rows.findOneAndUpdate(
        { _id: this.#id },
        [
          {
            $set: {
              at: '$$NOW',
              granted: { $max: [0, { $min: [most, { $floor: { $subtract: [full, reserve] } }] }] },
              left: full,
            },
          },
          { $set: { left: { $subtract: ['$left', '$granted'] } } },
        ],
        { upsert: true, returnDocument: 'after' },
      ),
    );
    return row && 'granted' in row && typeof row.granted === 'number' ? row.granted : 0;
  }

  async giveBack(count: number): Promise<void> {
    await reaching(() => this.#rows.updateOne({ _id: this.#id }, { $inc: { left: count } }));
  }
}
