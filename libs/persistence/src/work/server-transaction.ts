import { MongoError, type ClientSession, type TransactionOptions } from 'mongodb';
import { valueAt } from '../collections/places.js';
import { isSocketError } from '../database/availability.js';
import type { Database } from '../database/database.js';
import { backoffMs, sleep, type Backoff } from '../pace/backoff.js';
import type { AbandonedTransactions } from './abandoned-transactions.js';

/** Serializable enough for us: a snapshot, and two writers of one document cannot both commit. */
const options: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
  maxCommitTimeMS: 10_000,
};

/** Between attempts: long enough for the other to finish, short enough that a crowd at one document moves on. */
export const betweenTries: Backoff = { firstMs: 4, mostMs: 64 };

/** The transactions of one unit of work, one attempt after the other, on one session. */
export class ServerTransaction {
  #session: ClientSession;
  #leftOpen = false;

  constructor(
    private readonly db: Database,
    private readonly abandoned: AbandonedTransactions,
  ) {
    this.#session = db.client.startSession();
  }

  /** Of the attempt that is under way. */
  get session(): ClientSession {
    return this.#session;
  }

  begin(): void {
    this.#leftOpen = false; // the server ends the one before when it hears of this one
    this.session.startTransaction(options);
  }

  /** Committing again is harmless and tells how the first time went. False when it stays unknown for as long as there is time. */
  async commit(leftMs: () => number): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.session.commitTransaction();
        return true;
      } catch (error) {
        if (!isUnknown(error)) throw error;
        if (leftMs() <= 0) {
          this.giveUp();
          return false;
        }
        await sleep(backoffMs(attempt, betweenTries));
      }
    }
  }

  /** Where the server cannot be told now, nobody waits until it can: what comes next has a session of its own. */
  async abort(): Promise<void> {
    if (this.#leftOpen) {
      this.end();
      this.#session = this.db.client.startSession();
      this.#leftOpen = false;
      return;
    }
    if (this.session.inTransaction()) await this.session.abortTransaction().catch(() => undefined);
  }

  /** The server cannot be told now, so it is told when it is back: it may still hold the transaction open, with its locks. */
  giveUp(): void {
    this.#leftOpen = true;
  }

  /** Nobody waits for this: when the database is away, it would take as long as everything before. */
  end(): void {
    const { session, abandoned } = this;
    const ended = this.#leftOpen ? abandoned.end(session) : Promise.resolve();
    void ended.then(() => session.endSession()).catch(() => undefined);
  }
}

/** It may have been committed, or not. */
function isUnknown(error: unknown): boolean {
  return isSocketError(error) || (error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult'));
}

/** The server gave the transaction up for a passing reason, perhaps hidden behind an error that says more to a person. */
export function isTransient(error: unknown): boolean {
  for (let cause = error; cause !== undefined; cause = valueAt(cause, 'cause'))
    if (isSocketError(cause) || (cause instanceof MongoError && cause.hasErrorLabel('TransientTransactionError'))) return true;
  return false;
}
