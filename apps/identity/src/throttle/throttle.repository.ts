import { Database, defineCollection, systemDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { delayTable, never, throttlePolicies, type Attempt, type ThrottleName } from './throttle.rules.js';

/** Of nobody's organization: who guesses is not known, and the address they guess may be nobody's. */
export const throttleDef = defineCollection(
  'throttles',
  systemDoc.extend({ failures: z.int(), blockedUntil: z.date(), forgetAt: z.date(), granted: z.boolean() }),
  { scope: 'system', indexes: [{ keys: { forgetAt: 1 }, expireAfterSeconds: 0 }] },
);
type ThrottleDoc = DocOf<typeof throttleDef>;

export interface ThrottleKey {
  readonly name: ThrottleName;
  /** Hashed by the caller where it would say who tried: rows are no log of visitors. */
  readonly of: string;
}

/**
 * `attempt` of throttle.rules.ts as one atomic step of the database, so that it holds across replicas and restarts. Not a
 * repository of documents: every write is conditional on the row itself, and none belongs to a transaction.
 */
@Injectable()
export class ThrottleRepository {
  readonly #rows: ReturnType<typeof rowsOf>;

  constructor(db: Database) {
    this.#rows = rowsOf(db);
  }

  async attempt(key: ThrottleKey, now: Date): Promise<Attempt> {
    const row = await this.#upsert(key, now);
    if (!row.granted) return { granted: false, retryAfterMs: row.blockedUntil.getTime() - now.getTime() };
    return { granted: true, row };
  }

  /** It went well: records are ended, or what was counted beforehand is taken back. One write for all. */
  async settle(
    { clear = [], takeBack = [] }: { clear?: readonly ThrottleKey[]; takeBack?: readonly ThrottleKey[] },
    now: Date,
  ): Promise<void> {
    if (clear.length + takeBack.length === 0) return;
    const oneLess = [{ $set: { failures: { $subtract: ['$failures', 1] }, blockedUntil: never, updatedAt: now } }];
    await this.#rows.bulkWrite(
      [
        ...clear.map((key) => ({ deleteOne: { filter: { _id: idOf(key) } } })),
        ...takeBack.map((key) => ({ updateOne: { filter: { _id: idOf(key), failures: { $gt: 0 } }, update: oneLess } })),
      ],
      { ordered: false },
    );
  }

  async #upsert(key: ThrottleKey, now: Date): Promise<ThrottleDoc> {
    for (;;) {
      try {
        const row = await this.#rows.findOneAndUpdate({ _id: idOf(key) }, stepOf(key.name, now), {
          upsert: true,
          returnDocument: 'after',
        });
        if (row) return row;
      } catch (error) {
        if (!isDuplicate(error)) throw error; // two first attempts at once: one made the row, the other now finds it
      }
    }
  }
}

const rowsOf = (db: Database) => db.db.collection<ThrottleDoc>(throttleDef.name);

/** The rule in the database's words. A test runs both side by side. */
function stepOf(name: ThrottleName, now: Date): object[] {
  const policy = throttlePolicies[name];
  const delays = delayTable(policy);
  const known = { $gt: [{ $ifNull: ['$forgetAt', now] }, now] };
  return [
    {
      $set: {
        granted: { $lte: [{ $ifNull: ['$blockedUntil', now] }, now] },
        failures: { $cond: [known, '$failures', 0] },
        version: { $add: [{ $ifNull: ['$version', 0] }, 1] },
        createdAt: { $ifNull: ['$createdAt', now] },
        updatedAt: now,
      },
    },
    { $set: { failures: { $add: ['$failures', { $cond: ['$granted', 1, 0] }] } } },
    { $set: { delay: { $arrayElemAt: [delays, { $min: ['$failures', delays.length - 1] }] } } },
    {
      $set: {
        blockedUntil: { $cond: ['$granted', { $cond: ['$delay', { $add: [now, '$delay'] }, never] }, '$blockedUntil'] },
        forgetAt: { $cond: ['$granted', new Date(now.getTime() + policy.forgetAfterMs), '$forgetAt'] },
      },
    },
    { $unset: 'delay' },
  ];
}

const idOf = ({ name, of }: ThrottleKey): string => `${name}|${of}`;
const isDuplicate = (error: unknown): boolean => error instanceof Error && Reflect.get(error, 'code') === 11000;
